"""Enriching: what nobody states is read out of the words, marked, and left out when the words do not tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.parse.reading import raw_file
from wire.normalise.normaliser import StoryNormaliser
from wire.story import Concept, Draft, Guess, PubStatus, Source, Story

RAW = raw_file("x")
TALKS = {
    "headline": "Ministers meet in Oslo",
    "body_html": "<p>Ministers of Norway and Sweden met on Monday to talk of fishing in the North Sea.</p>",
}


def enriched(source: Source = RAW.source, **fields: object) -> Story:
    draft = Draft(format="text", **fields)  # type: ignore[arg-type]
    return StoryNormaliser()(draft, replace(RAW, source=source))


def test_guessed_concepts_are_marked() -> None:
    assert enriched(**TALKS).places == (
        Concept(name="Norway", qcode="iso3166-1a2:NO", guessed=True),
        Concept(name="Sweden", qcode="iso3166-1a2:SE", guessed=True),
        Concept(name="Oslo", guessed=True),
    )


@pytest.mark.parametrize("guess", Guess)
def test_a_source_may_forbid_each_guess(guess: Guess) -> None:
    found = enriched(Source(id="s", enrich=frozenset(Guess) - {guess}), **TALKS)
    assert not getattr(found, guess)


def test_a_source_may_forbid_all_guesses() -> None:
    found = enriched(Source(id="s", enrich=frozenset()), dateline="OSLO", **TALKS)
    assert (found.language, found.places, found.located, found.origin.warnings) == (None, (), None, ())


def test_of_a_kill_only_the_language_is_read() -> None:
    found = enriched(guid="g", pub_status=PubStatus.CANCELED, **TALKS)
    assert (found.language, found.places) == ("en", ())


def test_a_headline_in_capitals_names_places_too() -> None:
    assert [place.name for place in enriched(headline="FLOODS REACH GERMANY", language="en").places] == [
        "Germany"
    ]
