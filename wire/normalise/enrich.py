"""What nobody states, read out of the words: each field by a small function that may well say nothing.

What the document or its source states stays as it is, and a source's ``enrich`` says what may be guessed at
all. A guessed concept is marked as such; of any other field a warning tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from wire.normalise.language import guess_language
from wire.normalise.places import guess_location, guess_places
from wire.normalise.topics import guess_subjects
from wire.normalise.wording import Wording, wording_of
from wire.story import Draft, Guess, PubStatus, RawFile

#: Concepts, which carry the mark that they were guessed.
CONCEPTS: Mapping[Guess, Callable[[Wording], tuple[Any, ...]]] = {
    Guess.PLACES: guess_places,
    Guess.SUBJECTS: guess_subjects,
}


def enrich(draft: Draft, raw: RawFile) -> Draft:
    """The draft with what its words tell; of one that takes a story back, the language alone."""
    wanted = raw.source.enrich
    if Guess.LANGUAGE in wanted and not draft.language and (language := guess_language(draft)):
        warnings = (*draft.warnings, f"language guessed: {language}")
        draft = replace(draft, language=language, warnings=warnings)
    if draft.pub_status is PubStatus.CANCELED or not wanted:
        return draft
    found = _guessed(draft, wanted)
    return replace(draft, **found) if found else draft


def _guessed(draft: Draft, wanted: frozenset[Guess]) -> dict[str, Any]:
    """Fields that the draft leaves open, as far as its words fill them."""
    wording = wording_of(draft)
    found: dict[str, Any] = {}
    for guess, read in CONCEPTS.items():
        if guess in wanted and not getattr(draft, guess) and (concepts := read(wording)):
            found[guess] = concepts
    if Guess.PLACES in wanted and draft.located is None and draft.dateline:
        found["located"] = guess_location(draft.dateline, wording.language)
    return found
