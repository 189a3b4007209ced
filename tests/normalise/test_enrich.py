"""Enriching: what nobody states is read out of the words, marked, and left out when the words do not tell."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.parse.reading import raw_file
from wire.iptc import media_topics
from wire.normalise.normaliser import StoryNormaliser
from wire.normalise.tables import DATA, lines
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


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


FOOTBALL = paragraphs(
    "The goalkeeper saved a penalty in stoppage time as the home team won the Champions League.",
    "The striker scored twice and the midfielder once; the coach praised them all before 40,000 fans.",
)
COURT = paragraphs(
    "A judge sentenced the former accountant to four years in prison for fraud on Tuesday.",
    "Prosecutors said he had embezzled money from a fund; his lawyer said he would appeal the verdict.",
)


@pytest.mark.parametrize(
    ("language", "body", "finest"),
    [
        ("en", FOOTBALL, "medtop:20001065"),
        ("en-GB", FOOTBALL, "medtop:20001065"),
        ("en", COURT, "medtop:02000000"),
        (
            "de",
            paragraphs(
                "Das Gericht verurteilte den Angeklagten am Dienstag zu vier Jahren Haft wegen Betrugs.",
                "Die Staatsanwaltschaft hatte mehr gefordert; der Anwalt will das Urteil anfechten.",
            ),
            "medtop:02000000",
        ),
        (
            "fr",
            paragraphs(
                "L’équipe a gagné le match en finale du championnat, devant un stade plein de supporters.",
                "L’entraîneur a félicité ses joueurs, dont l’auteur de deux buts pendant la saison.",
            ),
            "medtop:15000000",
        ),
        (
            "sv",
            paragraphs(
                "Regeringen lade fram ett förslag till riksdagen om nya regler för väljare i höstens val.",
                "Statsministern sade att partierna är överens, men oppositionen vill se en ny utredning.",
            ),
            "medtop:11000000",
        ),
    ],
)
def test_a_story_is_about_what_its_words_speak_of(language: str, body: str, finest: str) -> None:
    found = enriched(headline="News", language=language, body_html=body).subjects
    assert finest in {subject.qcode for subject in found}
    assert all(subject.guessed and subject.name for subject in found)


def test_a_finer_topic_stands_before_its_top_level_one() -> None:
    found = enriched(headline="A late goal", language="en", body_html=FOOTBALL).subjects
    assert [subject.qcode for subject in found][-1] == "medtop:15000000"


def test_topics_are_named_in_the_storys_language() -> None:
    found = enriched(
        headline="x", language="de", body_html=paragraphs("Fußball Bundesliga Trainer Tor Stürmer " * 6)
    )
    assert found.subjects[-1].name == "Sport"


@pytest.mark.parametrize(
    "body",
    [
        paragraphs("The river is long and the night was quiet, and everyone went home in the end."),
        paragraphs("Goal."),
        paragraphs(
            "A judge of the flower show said the roses were better than in any other year he could recall."
        ),
    ],
)
def test_words_that_do_not_tell_say_nothing(body: str) -> None:
    assert enriched(headline="Short notes", language="en", body_html=body).subjects == ()


def test_stated_subjects_stay_alone() -> None:
    stated = (Concept(qcode="medtop:17000000"),)
    assert enriched(headline="x", subjects=stated, language="en", body_html=FOOTBALL).subjects == stated


def test_every_topic_of_a_lexicon_is_live_and_named_as_the_vocabulary_names_it() -> None:
    for path in sorted(DATA.glob("topics.*.txt")):
        for line in lines(path.stem):
            code, _, name = line.partition(": ")[0].partition(" ")
            assert media_topics.label(f"medtop:{code}") == name, line[:60]
            assert not media_topics.is_retired(f"medtop:{code}")


def test_every_entry_of_a_lexicon_is_a_word_and_how_loud_it_is() -> None:
    for path in sorted(DATA.glob("topics.*.txt")):
        for line in lines(path.stem):
            for entry in line.partition(": ")[2].split(", "):
                assert re.fullmatch(r"[^*]+?(\*[123])?", entry), f"{path.name}: {entry}"
                assert entry == entry.lower(), f"{path.name}: {entry}"
