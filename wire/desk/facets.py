"""What a story is in each respect that a ``where`` table may ask for: sets of plain values.

Subjects come with everything above them, language tags with their shorter forms, sluglines with all that they
begin with. Nearly every field of a rule is then one question: does the story have one of the rule's values?
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from wire.common.words import html_to_text
from wire.config import Where
from wire.iptc import media_topics
from wire.story import Concept, Story

Value = str | int | bool

_LONGEST_SLUGLINE = 100  #: characters of a slugline that rules are held against
_EXACT = frozenset({"subject", "source", "urgency", "picture"})  # facets whose values are no words of people
_RUN = re.compile(r"\w+")
#: Scripts that write no blanks between words: what is said may begin anywhere.
_UNSPACED = re.compile("[\u0e01-\u0eae\u1000-\u102a\u1780-\u17a2\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@lru_cache(maxsize=4096)
def _lineage(qcode: str) -> tuple[str, ...]:
    return (qcode, *media_topics.ancestors(qcode))


def _subjects(story: Story) -> Iterable[str]:
    """The topics with everything above them, so that a rule's topic takes what lies below it."""
    topics: set[str] = set()
    return topics.union(*(_lineage(concept.qcode) for concept in story.subjects if concept.qcode))


@lru_cache(maxsize=4096)
def _shorter_forms(tag: str) -> tuple[str, ...]:
    """``en-gb`` and ``en`` for ``en-GB`` (basic filtering, RFC 4647, 3.3.1)."""
    parts = tag.lower().split("-")
    return tuple("-".join(parts[:length]) for length in range(1, len(parts) + 1))


def _names_and_codes(concepts: Iterable[Concept]) -> Iterator[str]:
    return (text.casefold() for concept in concepts for text in (concept.name, concept.qcode) if text)


def _beginnings(story: Story) -> Iterable[str]:
    slugline = (story.slugline or "")[:_LONGEST_SLUGLINE].casefold()
    return [slugline[:length] for length in range(1, len(slugline) + 1)]


#: The values of a story in each respect, under the name of the rules' field.
FACETS: Mapping[str, Callable[[Story], Iterable[Value]]] = {
    "source": lambda story: (story.origin.source,),
    "provider": lambda story: (story.provider.casefold(),) if story.provider else (),
    "subject": _subjects,
    "genre": lambda story: _names_and_codes(story.genres),
    "language": lambda story: _shorter_forms(story.language) if story.language else (),
    "place": lambda story: _names_and_codes(story.places),
    "urgency": lambda story: (story.urgency,) if story.urgency else (),
    "keyword": lambda story: [word.casefold() for word in story.keywords],
    "slugline": _beginnings,
    "picture": lambda story: (bool(story.pictures),),
}


def wanted(field: str, where: Where) -> frozenset[Value]:
    """A rule's values of a facet, in the form in which the facet holds them; empty when it has none."""
    found = getattr(where, field)
    values: tuple[Value, ...] = found if isinstance(found, tuple) else () if found is None else (found,)
    return frozenset(values if field in _EXACT else (str(value).casefold() for value in values))


def copy_of(story: Story) -> str:
    """Headline, standfirst and body as rules on ``text`` look at them."""
    return "\n".join(
        (story.headline or "", story.description or "", html_to_text(story.body_html))
    ).casefold()


def says(copy: str, text: str) -> bool:
    """Whether the copy says a text, both casefolded, from the beginning of a word on."""
    at = copy.find(text)
    if at > 0 and _RUN.match(text) and not _UNSPACED.match(text):
        while at > 0 and (copy[at - 1].isalnum() or copy[at - 1] == "_"):
            at = copy.find(text, at + 1)
    return at >= 0


def clue(text: str) -> tuple[str, bool] | None:
    """The word that a text begins with, and whether it is a whole one; None when it may begin anywhere."""
    run = _RUN.match(text)
    if run is None or _UNSPACED.match(text):
        return None
    return run[0], run.end() < len(text)


def words_of(copy: str) -> set[str]:
    """The different words of the copy, to which `clue` leads."""
    return set(_RUN.findall(copy))
