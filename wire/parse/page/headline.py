"""The headline of a web page: what most of the places that give one agree on.

A page says its headline up to six times: in JSON-LD, for OpenGraph and Twitter, as ``title`` and as ``h1``.
Some are cut, some edited for search engines, some carry the site's name. What counts is which wording has
most weight behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from wire.parse.page.blocks import Block
from wire.parse.page.features import squeezed

_WEIGHT = {
    "ld": 1.3,
    "h1": 0.95,
    "og:title": 0.8,
    "item": 0.4,
    "twitter:title": 0.35,
    "title": 0.3,
    "name": 0.2,
}
_OTHER = 0.25
_PARTING = re.compile(r"\s+[|–—·•«»*:-]+\s+|\s*[|｜]\s*|：(?=[^：]{2,20}$)")
_LONGEST_NAME = 45  #: characters of a site's name, its section in front
_HOME = re.compile(r"(?:https?://[^/]+)?/?(?:index\.\w+)?")
_SHORTEST = 8  #: characters
#: Characters that a headline in bold type has more than; at most, as all above copy.
_BOLD, _PARAGRAPH = 20, 140
_LONGEST = 1_000  #: characters


def find_headline(stated: Iterable[tuple[str, str]], h1s: Sequence[str], site: str | None) -> str | None:
    """The wording with most weight behind it, without the site's name; None when there is none at all.

    stated  (source, text) as the metadata gives them
    h1s     the texts of the page's first-level headings
    site    the publisher's name
    """
    own = squeezed(site or "")
    given = [(source, text[:_LONGEST]) for source, text in stated if text and squeezed(text) != own]
    known = [squeezed(text) for source, text in given if source != "title"]
    told = [text for text in h1s if _may_be(text, known)]
    given += [("h1", text) for text in told[:1]]
    texts = {text for _, text in given}
    votes: dict[str, dict[str, float]] = {}
    for source, text in given:
        bare = without_site(text, texts, site)
        if key := squeezed(bare):
            wordings = votes.setdefault(key, {})
            wordings[bare] = wordings.get(bare, 0.0) + _WEIGHT.get(source, _OTHER)
    if not votes:
        return None
    wordings = max(votes.values(), key=lambda found: sum(found.values()))
    return max(wordings, key=wordings.__getitem__)


def without_site(text: str, others: Iterable[str], site: str | None) -> str:
    """A title without what the site appends to it: its name, a section, a byline.

    A part is cut off its end when the rest stands somewhere else as the whole title, when it is the site's
    name, or when nothing else on the page can tell and it is no longer than a name.
    """
    whole = {squeezed(other) for other in others}
    name = squeezed(site or "")
    parts = list(_PARTING.finditer(text))
    for part in parts:
        rest, tail = text[: part.start()].rstrip(), text[part.end() :]
        if squeezed(rest) in whole or (len(rest) >= _SHORTEST and _is_name(tail, name)):
            return rest
    if parts and len(whole) == 1 and not name:
        rest, tail = text[: parts[-1].start()], text[parts[-1].end() :]
        return rest if len(tail) <= min(_LONGEST_NAME, len(rest)) else text
    return text


def _is_name(tail: str, site: str) -> bool:
    """Whether the end of a title is the site's name, a section around it or not."""
    appended = squeezed(tail)
    if not site or len(tail) > _LONGEST_NAME:
        return False
    return site in appended or (len(appended) > 3 and appended in site)


def headings_of(blocks: Sequence[Block]) -> list[str]:
    """The texts of the first-level headings that do not lead home; else of a line in bold above all copy."""
    if found := [block.text for block in blocks if block.heading == 1 and not _leads_home(block)]:
        return found
    above = takewhile(lambda block: block.links or len(block.text) <= _PARAGRAPH, blocks)
    return [block.text for block in above if block.strong and not block.links and len(block.text) > _BOLD][:1]


def _leads_home(block: Block) -> bool:
    """Whether it is the site's name in a link to its front page."""
    return block.links == 1 and any(run.href and _HOME.fullmatch(run.href) for run in block.runs)


def _may_be(text: str, known: Sequence[str]) -> bool:
    """Whether a first-level heading can be the headline: it shares its words with what the metadata says."""
    if not known:
        return len(text) >= _SHORTEST
    words = set(re.findall(r"\w+", text.lower()))
    if squeezed(text) in known:
        return True
    joined = " ".join(known)
    shared = sum(word in joined for word in words if len(word) > 3)
    return len(text) >= 2 * _SHORTEST and shared >= 0.3 * sum(len(word) > 3 for word in words)
