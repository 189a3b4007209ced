"""What nobody states, read out of the words: each field by a small function that may well say nothing.

What the document or its source states stays as it is, and a source's ``enrich`` says what may be guessed at
all. A guessed concept is marked as such; of any other field a warning tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
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
CONCEPTS: Mapping[Guess, Callable[[Wording], tuple[Any, ...]]] = {
    Guess.PLACES: guess_places,
    Guess.PEOPLE: guess_people,
    Guess.ORGANISATIONS: guess_organisations,
    Guess.SUBJECTS: guess_subjects,
}


def enrich(draft: Draft, raw: RawFile) -> Draft:
    """The draft with what its words tell; of one that takes a story back, the language alone."""
    wanted = raw.source.enrich
    if Guess.LANGUAGE in wanted and not draft.language and (language := guess_language(draft)):
        draft = _told(draft, f"language guessed: {language}", language=language)
    if draft.pub_status is PubStatus.CANCELED or wanted <= {Guess.LANGUAGE}:
        return draft
    wording = wording_of(draft)
    if Guess.URGENCY in wanted and draft.urgency is None and (marked := guess_urgency(wording)):
        draft = _told(draft, f"urgency guessed: {marked[0]} ({marked[1]})", urgency=marked[0])
    if Guess.KEYWORDS in wanted and not draft.keywords and (keywords := guess_keywords(wording)):
        draft = _told(draft, "keywords guessed", keywords=keywords)
    found = _concepts(draft, wording, wanted)
    return replace(draft, **found) if found else draft


def _told(draft: Draft, warning: str, **found: Any) -> Draft:
    """The draft with what was guessed, and a warning that it was."""
    return replace(draft, warnings=(*draft.warnings, warning), **found)


def _concepts(draft: Draft, wording: Wording, wanted: frozenset[Guess]) -> dict[str, Any]:
    """Concepts and location that the draft leaves open, as far as its words tell them."""
    found: dict[str, Any] = {}
    for guess, read in CONCEPTS.items():
        if guess in wanted and not getattr(draft, guess) and (concepts := read(wording)):
            found[guess] = concepts
    if Guess.PLACES in wanted and draft.located is None and draft.dateline:
        found["located"] = guess_location(draft.dateline, wording.language)
    return found


def settle_urgency(draft: Draft, raw: RawFile) -> Draft:
    """The draft with its source's urgency, unless it or its words have their own."""
    if draft.urgency is not None or raw.source.urgency is None:
        return draft
    return replace(draft, urgency=raw.source.urgency)
