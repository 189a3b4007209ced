"""Who wrote it: names in metadata brought into form, and names printed beside the headline.

What the page states is believed, organisations too. A byline printed on the page is looked for when it
states nobody, or nobody but its publisher.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wire.parse.copied.bylines import signed_within
from wire.parse.page.blocks import Block, Scope
from wire.parse.page.features import squeezed
from wire.parse.page.metadata import Statements
from wire.parse.page.places import places_of

_PREFIX = re.compile(
    r"(?<!\w)(?:(?:written|reported|story|text|words|posted|published|analysis|opinion|report|review|column)\s+by|by|von|por|par|"
    r"di|door|av|af|od|autor(?:in)?|author|auteur|autore|text(?:o)?|ein(?:e)?\s+\w+\s+von)\b\s*:?\s+|By(?=[A-Z])|"
    r"(?:author|autor(?:in)?|text|texto|foto|автор)\s*:\s*|(?:מאת|כתבה?|كتبت?|بقلم)(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[,;|•·/]|\s[-–—]\s|\b(?:and|und|y|et|e|och|og|en|i|и|with|mit|con|avec)\s(?=[A-ZÀ-ÖØ-ÞА-Я])|&|\n)\s*"
)
_MAIL = re.compile(r"\S+@\S+|@\w+|https?://\S+")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]]")
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|columnist|writer|contributor|producer|journalist|redakteur(?:in)?|"
    r"korrespondent(?:in)?|reporter(?:in)?|chef(?:in)?|redactora?|periodista|corresponsal|journaliste|"
    r"rédact\w+|giornalista|inviato|analyst|fellow|professor|director|manager|head of|chief|freelance|"
    r"special to|senior|bureau|updated|published|posted|min read|minutes?|uhr|jr\.?|phd|m\.?d\.?)\b",
    re.IGNORECASE,
)
_NOBODY, _PARTICLE = (
    frozenset(names.split())
    for names in (
        "admin administrator webmaster editor editors redaktion redacción author autor guest user unknown",
        "de del della di da dos das do du des la le van von der den ter ten zu zur af av el al bin ben y e",
    )
)
_DENSE = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,6}(?:[ \u3000][\u3040-\u30ff\u3400-\u9fff]{1,4})?"
)
_WORD = re.compile(r"[^\s]+")
_AUTHOR_PAGE = re.compile(
    r"/(?:[\w-]*authors?|autor(?:es|en|i)?|autore|auteurs?|people|person|staff|by|profiles?|reporters?|contributors?|"
    r"columnists?|writers?|journalists?|journalisten|redakteure?|redaktion|bio)/[^/]",
    re.IGNORECASE,
)
_LONGEST_LIST = 1_000  #: characters of several names
_LONGEST_NAME = 60  #: characters
_LONGEST_LINE = 160  #: characters of a line with a byline in it
_BEFORE, _AFTER = 8, 4  #: blocks around headline and story in which a byline may stand
_LINKED, _PREFIXED, _PLACED = 2.6, 2.2, 1.6  #: worth of a link to an author's page, of "By", of such a place
_STEP, _TOO_EARLY = 0.06, 0.2  #: less for each block between, and for standing above the headline
_LEAST = 1.0
_BESIDE = 6  #: blocks within which several authors stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Writers:
    """The names of those who wrote the story, and the line that says so."""

    names: tuple[str, ...] = ()
    byline: str | None = None  #: as printed
    guessed: bool = False  #: read off the page, not stated

    def own(self, block: Block) -> bool:
        """Whether a block is the byline, or stands in a box about one of them."""
        if block.text == self.byline:
            return len(block.text) <= _LONGEST_NAME
        return block.text.startswith(self.names) and "author" in places_of(block.scope)


def find_writers(
    stated: Statements, blocks: Sequence[Block], headline: int, first: int, last: int
) -> Writers:
    """Who the page says wrote it.

    headline, first, last  blocks: the headline (-1 for none), the first and the last of the story
    """
    site = squeezed(stated.publisher or "")
    named = tuple(names_in(stated.persons, site))
    if not named or all(_is_site(name, site) for name in named):
        named += tuple(name for name in names_in(stated.meta_authors, site) if not _is_site(name, site))
    persons = tuple(name for name in named if not _is_site(name, site))
    desks = tuple(name for name in names_in(stated.desks, "") if not (persons and _is_site(name, site)))
    if persons:
        return Writers(names=_unique((*desks, *persons)))
    printed = _printed(blocks, headline, first, last, site)
    if printed is not None and not any(not _is_site(desk, site) for desk in desks):
        return printed
    rest = (*desks, *named, *names_in(stated.meta_authors, ""))
    return Writers(names=_unique(desks or rest[:1]))


def names_in(texts: Iterable[str], site: str) -> Iterator[str]:
    """The names in what metadata gives as authors; addresses are none.

    site  the publisher's name, squeezed; taken as one name whatever stands in it
    """
    for text in texts:
        if text.startswith(("http:", "https:", "//")):
            continue
        bare = _BRACKETS.sub("", _MAIL.sub(" ", text[:_LONGEST_LIST])).strip()
        if site and _is_site(bare, site):
            yield bare
            continue
        parts = [
            " ".join(part.strip(" .-–—:").split()) for part in _SPLIT.split(_PREFIX.sub("", bare, count=1))
        ]
        yield from (part for part in parts if _may_be_name(part) and not _is_role(part, parts))


def _may_be_name(text: str) -> bool:
    return 1 < len(text) <= _LONGEST_NAME and text.lower() not in _NOBODY


def _is_role(part: str, parts: Sequence[str]) -> bool:
    """Whether a part among others says what somebody is."""
    return len(parts) > 1 and (_ROLE.search(part) is not None or not part[:1].isalnum() or part[:1].isdigit())


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        if key := squeezed(name):
            found.setdefault(key, name)
    return tuple(found.values())


def _is_site(name: str, site: str) -> bool:
    """Whether a name is the publisher's own, in one form or another."""
    key = squeezed(name)
    return bool(site) and (key in site or site in key)


def is_person(name: str) -> bool:
    """Whether a text looks like the name of somebody: two to five words with capitals, or dense script."""
    if _DENSE.fullmatch(name):
        return True
    words = _WORD.findall(name)
    if not 2 <= len(words) <= 5 or len(name) > _LONGEST_NAME or any(char.isdigit() for char in name):
        return False
    if _ROLE.search(name) or (name[-1] in ".!?:" and len(words[-1]) > 3):
        return False
    return all(word.lower() in _PARTICLE or word[0].isupper() or not word[0].isascii() for word in words)


def _printed(blocks: Sequence[Block], headline: int, first: int, last: int, site: str) -> Writers | None:
    """The likeliest byline around headline and story, with those that are set like it beside it."""
    start = headline if headline >= 0 else first
    above = range(max(0, start - _BEFORE), min(len(blocks), first + _AFTER))
    below = range(max(last + 1, above.stop), min(len(blocks), last + 1 + _AFTER))
    found = {n: byline for n in (*above, *below) if (byline := _byline(blocks[n], site)) is not None}
    if not found:
        return _signed(blocks, first, last)

    def worth(n: int) -> float:
        away = abs(n - start) if n in above else _BEFORE + _AFTER
        return found[n][0] - _STEP * away - (_TOO_EARLY if n < start else 0)

    best = max(found, key=worth)
    if worth(best) < _LEAST:
        return None
    beside = (n for n in found if abs(n - best) <= _BESIDE and _alike(blocks[n].scope, blocks[best].scope))
    names = (name for n in (best, *beside) for name in found[n][1])
    return Writers(names=_unique(names), byline=blocks[best].text, guessed=True)


def _signed(blocks: Sequence[Block], first: int, last: int) -> Writers | None:
    """Those who sign within the story's first or last paragraph, or right below it."""
    signed = (signed_within(block.text) for block in (*blocks[first : first + 1], *blocks[last : last + 2]))
    names = next(filter(None, signed), ())
    return Writers(names=names, guessed=True) if names else None


def _alike(one: Scope, other: Scope) -> bool:
    return one.tag == other.tag and one.element.get("class") == other.element.get("class")


def _byline(block: Block, site: str) -> tuple[float, tuple[str, ...]] | None:
    """How surely a block is a byline, and the names in it; None when it is none."""
    text = block.text
    if len(text) > _LONGEST_LINE:
        return None
    links = (run.text for run in block.runs if run.href and _AUTHOR_PAGE.search(run.href))
    if linked := tuple(name for name in names_in(links, site) if is_person(name)):
        return _LINKED, linked
    names = tuple(name for name in names_in([text], site) if is_person(name))
    if names and _PREFIX.match(text):
        return _PREFIXED, names
    placed = block.scope.tag == "address" or "author" in places_of(block.scope)
    return (_PLACED, names) if names and placed else None
