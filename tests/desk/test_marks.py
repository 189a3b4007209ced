"""Marks in the text propose; they act for trusted sources alone."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from wire.desk.identity import slug_of
from wire.desk.marks import Kind, heed_mark, read_mark, without_mark
from wire.story import Origin, PubStatus, Source, Story

TRUSTED = Source(id="agency", trusted=True)
ANYBODY = Source(id="inbox")


def story(**said: Any) -> Story:
    origin = Origin(format="text", source="agency", file="flood.txt", sha256="0" * 64)
    return Story(**{"headline": "Flood", "body_html": "<p>The water rose.</p>", "origin": origin, **said})


@pytest.mark.parametrize(
    ("said", "kind", "number"),
    [
        ({"slugline": "BC-Flood,1st Ld-Writethru"}, Kind.UPDATE, 1),
        ({"slugline": "Flood, 3rd Ld"}, Kind.UPDATE, 3),
        ({"headline": "Flood (2. Lead)"}, Kind.UPDATE, 2),
        ({"headline": "UPDATE 2-Flood closes bridge"}, Kind.UPDATE, 2),
        ({"headline": "Update: Flood closes bridge"}, Kind.UPDATE, None),
        ({"ed_notes": ("Eds: UPDATES with quotes from the mayor.",)}, Kind.UPDATE, None),
        ({"headline": "CORRECTED-Flood closes bridge"}, Kind.CORRECTION, None),
        ({"headline": "Correction: Flood story"}, Kind.CORRECTION, None),
        ({"headline": "Berichtigung: Hochwasser sperrt Brücke"}, Kind.CORRECTION, None),
        ({"body_html": "<p>(Berichtigung: Die Zahl im zweiten Absatz)</p>"}, Kind.CORRECTION, None),
        ({"ed_notes": ("CORRECTS figure in paragraph 2",)}, Kind.CORRECTION, None),
        ({"headline": "KILL: Flood closes bridge"}, Kind.KILL, None),
        ({"headline": "BULLETIN KILL"}, Kind.KILL, None),
        ({"ed_notes": ("KILL BC-Flood. A substitute will follow.",)}, Kind.KILL, None),
        ({"body_html": "<p>STORY WITHDRAWN: please do not use</p>"}, Kind.KILL, None),
        ({"headline": "WITHHOLD: Flood closes bridge"}, Kind.WITHHOLD, None),
        ({"headline": "ADVISORY: coverage of the flood"}, Kind.ADVISORY, None),
        ({"headline": "MEDIA ADVISORY/ Press talk at noon"}, Kind.ADVISORY, None),
        ({"headline": "UPDATE 2-Flood", "ed_notes": ("KILL BC-Flood",)}, Kind.KILL, None),
    ],
)  # fmt: skip
def test_a_mark_proposes(said: dict[str, Any], kind: Kind, number: int | None) -> None:
    proposal = read_mark(story(**said))
    assert proposal is not None
    assert (proposal.kind, proposal.number) == (kind, number)


@pytest.mark.parametrize(
    "said",
    [
        {"headline": "KILL BILL RETURNS TO CINEMAS"},
        {"headline": "Kill: a novel"},
        {"headline": "Floods kill 3"},
        {"headline": "Weather advisory issued for the coast"},
        {"headline": "ADVISORY BOARD RESIGNS"},
        {"headline": "Band seeks 2nd Lead singer"},
        {"headline": "Update on the flood expected"},
        {"headline": "Correction in share prices continues"},
        {"body_html": "<p>The council said: KILL: is no word to use.</p>"},
        {"ed_notes": ("Photos to follow",)},
    ],
)
def test_ordinary_words_propose_nothing(said: dict[str, Any]) -> None:
    assert read_mark(story(**said)) is None


def test_a_trusted_source_kills_by_text() -> None:
    killed = heed_mark(story(headline="KILL: Flood"), TRUSTED)
    assert killed.pub_status is PubStatus.CANCELED
    assert killed.origin.warnings == ("reads 'KILL', which proposes: kill; done",)


def test_others_are_taken_at_their_fields_and_the_mark_is_noticed() -> None:
    arrived = story(headline="KILL: Flood")
    taken = heed_mark(arrived, ANYBODY)
    assert replace(taken, origin=arrived.origin) == arrived
    assert taken.origin.warnings == (
        "reads 'KILL', which proposes: kill; not done, since its source is not trusted",
    )


def test_an_advisory_is_kept_from_the_public() -> None:
    assert heed_mark(story(headline="ADVISORY: no photos"), TRUSTED).pub_status is PubStatus.WITHHELD


def test_a_numbered_update_is_the_version_after_the_number() -> None:
    made = heed_mark(story(headline="UPDATE 2-Flood"), TRUSTED)
    assert (made.version, made.signals) == (3, ("update",))
    assert heed_mark(story(headline="UPDATE 2-Flood", version=7), TRUSTED).version == 7


def test_what_the_document_says_itself_needs_no_mark() -> None:
    said = story(headline="CORRECTED-Flood", signals=("correction",))
    assert heed_mark(said, TRUSTED) == said


def test_a_slugline_is_the_same_from_lead_to_lead() -> None:
    takes = (
        "BC-Flood",
        "BC-Flood, 1st Ld-Writethru",
        "BC-FLOOD,2nd Ld",
        "UPDATE 1-BC-Flood",
        "CORRECTED: BC-Flood",
    )
    assert {slug_of(take) for take in takes} == {"bc-flood"}
    assert without_mark("CORRECTED-Flood closes bridge") == "Flood closes bridge"


def test_reading_marks_is_linear() -> None:
    began = time.process_time()
    for text in ("(" * 50_000, "9th Ld" * 20_000, "<" * 100_000, "UPDATE " * 20_000, "1st " * 50_000):
        read_mark(story(headline=text, slugline=text, body_html=text, ed_notes=(text,) * 10))
    assert time.process_time() - began < 1
