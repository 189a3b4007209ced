"""What nobody states, read out of the words: each field by a small function that may well say nothing.

What the document or its source states stays as it is, and a source's ``enrich`` says what may be guessed at
all. Who states subjects has had the story tagged by people: what they left out is not guessed. A guessed
concept is marked as such; of any other field a warning tells.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from wire.normalise.keywords import guess_keywords
from wire.normalise.language import guess_language
from wire.normalise.names import guess_organisations, guess_people
from wire.normalise.places import guess_location, guess_places
from wire.normalise.topics import guess_subjects
from wire.normalise.urgency import guess_urgency
from wire.normalise.wording import Wording, wording_of
from wire.story import Draft, Guess, PubStatus, RawFile

#: Concepts, which carry the mark that they were guessed.
CONCEPTS: Mapping[str, Callable[[Wording], tuple[Any, ...]]] = {
    "places": guess_places,
    "people": guess_people,
    "organisations": guess_organisations,
    "subjects": guess_subjects,
}
#: What is not guessed of a story that states its subjects.
_TAGGED = frozenset((Guess.PEOPLE, Guess.ORGANISATIONS, Guess.SUBJECTS, Guess.KEYWORDS))


def enrich(draft: Draft, raw: RawFile) -> Draft:
    """The draft with what its words tell; of one that takes a story back, the language alone."""
    allowed = _allowed(raw.source.enrich, bool(draft.subjects))
    wanted = [field for field in allowed if not getattr(draft, field)]
    found: dict[str, Any] = {}
    told: list[str] = []
    if "language" in wanted:
        wanted.remove("language")
        if language := guess_language(draft):
            found["language"] = language
            told.append(f"language guessed: {language}")
    located = "places" in allowed and draft.located is None and draft.dateline
    if draft.pub_status is not PubStatus.CANCELED and (located or wanted):
        wording = wording_of(draft, found.get("language") or draft.language or "")
        told += _read_plain(wording, wanted, found)
        _read_concepts(wording, wanted, found)
        if located:
            found["located"] = guess_location(located, wording.language)
    return replace(draft, warnings=(*draft.warnings, *told), **found) if found else draft


@lru_cache(maxsize=64)
def _allowed(guesses: frozenset[Guess], tagged: bool) -> tuple[str, ...]:
    """The fields that may be guessed of a source's stories; ``tagged`` of those that state their subjects."""
    return tuple(guess.value for guess in guesses if not (tagged and guess in _TAGGED))


def _read_plain(wording: Wording, wanted: Container[str], found: dict[str, Any]) -> Iterator[str]:
    """Add what carries no mark that it was guessed; give the warnings that say so."""
    if "urgency" in wanted and (marked := guess_urgency(wording)):
        found["urgency"], mark = marked
        yield f"urgency guessed: {found['urgency']} ({mark})"
    if "keywords" in wanted and (keywords := guess_keywords(wording)):
        found["keywords"] = keywords
        yield "keywords guessed"


def _read_concepts(wording: Wording, wanted: Container[str], found: dict[str, Any]) -> None:
    for field, read in CONCEPTS.items():
        if field in wanted and (concepts := read(wording)):
            found[field] = concepts


def settle_urgency(draft: Draft, raw: RawFile) -> Draft:
    """The draft with its source's urgency, unless it or its words have their own."""
    if draft.urgency is not None or raw.source.urgency is None:
        return draft
    return replace(draft, urgency=raw.source.urgency)
