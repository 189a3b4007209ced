"""Stories as plain text that a person, and our own parser, can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.publish.golden import CASES, FOLDER, revision_of
from tests.strategies import HOUSE
from wire.errors import RenderError
from wire.parse.text import TextParser
from wire.publish.plain import PlainTextRenderer
from wire.story import Concept, RawFile, Source


def rendered(name: str) -> str:
    return PlainTextRenderer().render(revision_of(FOLDER / f"{name}.json"), HOUSE).body.decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden_texts_are_written_byte_for_byte(case: Path) -> None:
    assert rendered(case.stem) == case.with_suffix(".txt").read_text("utf-8")


def test_header_lines_come_first_then_a_blank_line_then_the_body() -> None:
    headers, _, body = rendered("first-version").partition("\n\n")
    assert headers.startswith("Headline: River rises above the quay at Exampleton\n")
    assert body == "The river rose above the quay on Monday.\n\nNobody was hurt, the town said.\n"


def test_notes_to_editors_are_header_lines_and_never_in_the_body() -> None:
    headers, _, body = rendered("every-field").partition("\n\n")
    assert "Note: Eds: second picture follows" in headers
    assert "second picture" not in body


def test_a_value_of_several_lines_becomes_one_header_line() -> None:
    revision = revision_of(FOLDER / "first-version.json")
    told = replace(revision, story=replace(revision.story, ed_notes=("one\n\ntwo\nId: forged",)))
    assert "\nNote: one two Id: forged\n" in PlainTextRenderer().render(told, HOUSE).body.decode()


def test_what_has_no_header_is_reported_as_lost() -> None:
    losses = PlainTextRenderer().render(revision_of(FOLDER / "every-field.json"), HOUSE).losses
    assert {"creators", "located", "people", "links"} <= set(losses)
    assert PlainTextRenderer().render(revision_of(FOLDER / "first-version.json"), HOUSE).losses == ()


@pytest.mark.parametrize("name", ["Opinion:Letters", "16000000"])
def test_a_name_that_would_come_back_as_a_code_is_reported_as_lost(name: str) -> None:
    revision = revision_of(FOLDER / "first-version.json")
    told = replace(revision, story=replace(revision.story, subjects=(Concept(name=name),)))
    assert PlainTextRenderer().render(told, HOUSE).losses == ("subjects",)


def test_our_own_text_parser_reads_what_we_write() -> None:
    raw = RawFile(
        data=rendered("every-field").encode(),
        name="flood.txt",
        source=Source(id="inbox"),
        arrived_at=datetime(2026, 3, 2, tzinfo=UTC),
        sha256="0" * 64,
    )
    [draft] = TextParser().parse(raw)
    story = revision_of(FOLDER / "every-field.json").story
    for name in (
        *("headline", "subheadline", "byline", "dateline", "description", "slugline", "guid", "version"),
        *("urgency", "language", "keywords", "provider", "ed_notes", "expires", "copyright_notice"),
    ):
        assert getattr(draft, name) == getattr(story, name), name


def test_text_that_is_no_unicode_is_refused() -> None:
    revision = revision_of(CASES[0])
    broken = replace(revision, story=replace(revision.story, body_html="<p>a\ud800</p>"))
    with pytest.raises(RenderError, match="cannot be written as text"):
        PlainTextRenderer().render(broken, HOUSE)
