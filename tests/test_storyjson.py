"""The story as JSON: the form the store keeps and scripts read."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given

from tests.strategies import FEW, moments, stories
from wire import storyjson
from wire.story import OPEN_ENDED, Concept, Origin, Story

ORIGIN = Origin(format="text", source="agency", file="flood.txt", sha256="0" * 64)
STORY = Story(
    guid="tag:news.example,2026:flood",
    version=1,
    headline="River rises above the quay",
    body_html="<p>The river rose.</p>",
    word_count=3,
    origin=ORIGIN,
)


@pytest.mark.slow
@FEW
@given(stories())
def test_every_story_comes_back_as_it_was(story: Story) -> None:
    assert storyjson.load(storyjson.dump(story)) == story
    assert storyjson.loads(storyjson.dumps(story)) == story
    assert storyjson.loads(storyjson.dumps(story).encode()) == story


@pytest.mark.slow
@FEW
@given(stories())
def test_what_the_store_keeps_is_the_story_and_its_digest(story: Story) -> None:
    digest, text = storyjson.encoded(story)
    assert digest == storyjson.content_sha256(story)
    assert storyjson.loads(text) == story
    assert json.loads(text) == storyjson.dump(story)


@pytest.mark.slow
@FEW
@given(stories())
def test_a_story_is_one_line_of_json(story: Story) -> None:
    text = storyjson.dumps(story)
    assert "\n" not in text
    assert json.loads(text) == storyjson.dump(story)


@pytest.mark.slow
@FEW
@given(stories())
def test_nothing_unknown_is_written(story: Story) -> None:
    def empties(value: Any) -> bool:
        if isinstance(value, dict):
            return not value or any(empties(item) for item in value.values())
        if isinstance(value, list):
            return not value or any(empties(item) for item in value)
        return value is None or value == ""

    assert not empties(storyjson.dump(story))


def test_only_what_is_always_known_is_always_there() -> None:
    assert storyjson.dump(Story(origin=ORIGIN)) == {
        "pub_status": "usable",
        "word_count": 0,
        "origin": {"format": "text", "source": "agency", "file": "flood.txt", "sha256": "0" * 64},
    }


def test_every_field_of_a_story_has_its_place() -> None:
    described = {name for name, _, _ in storyjson._FIELDS}
    assert described == {field.name for field in fields(Story)}


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00Z"),
        (datetime(2026, 3, 1, 12, 0, 0, 5000, tzinfo=UTC), "2026-03-01T12:00:00.005000Z"),
        (
            datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
            "2026-03-01T12:00:00-03:30",
        ),
        (datetime(1880, 1, 1, tzinfo=timezone(timedelta(minutes=-1, seconds=-15))), "1880-01-01T00:01:15Z"),
        (datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=14))), "2026-03-01T12:00:00+14:00"),
        (datetime(2026, 3, 1, 12, tzinfo=timezone(-timedelta(hours=23, minutes=59))), "2026-03-02T11:59:00Z"),
    ],
)
def test_times_are_rfc_3339_with_their_zone(moment: datetime, text: str) -> None:
    assert storyjson.rfc3339(moment) == text


@given(moments())
def test_a_written_time_is_the_same_instant(moment: datetime) -> None:
    assert datetime.fromisoformat(storyjson.rfc3339(moment)) == moment


def test_an_embargo_without_an_end_is_the_last_second_of_the_calendar() -> None:
    fields = storyjson.dump(replace(STORY, embargoed=OPEN_ENDED))
    assert fields["embargoed"] == "9999-12-31T23:59:59Z"
    assert storyjson.load(fields).embargoed == OPEN_ENDED


def test_what_we_guessed_says_so() -> None:
    story = replace(STORY, places=(Concept(name="Syria", guessed=True), Concept(name="Iraq")))
    assert storyjson.dump(story)["places"] == [{"name": "Syria", "guessed": True}, {"name": "Iraq"}]


def test_fields_that_are_not_ours_are_ignored() -> None:
    assert storyjson.load(storyjson.dump(STORY) | {"_file": "flood.txt"}) == STORY


@pytest.mark.parametrize(
    "text", ["[]", "3", '"guid"', "{}", "not json", '{"origin": {}}', '{"origin": 1, "expires": "noon"}']
)
def test_json_that_is_no_story_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        storyjson.loads(text)


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "tag:news.example,2026:other"},
        {"version": 2},
        {"version_created": datetime(2026, 3, 1, tzinfo=UTC)},
        {"word_count": 4},
        {"origin": replace(ORIGIN, file="again.txt", sha256="1" * 64)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_same_copy_under_another_identity_has_the_same_digest(change: dict[str, Any]) -> None:
    assert storyjson.content_sha256(replace(STORY, **change)) == storyjson.content_sha256(STORY)


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "River falls"},
        {"body_html": "<p>The river fell.</p>"},
        {"ed_notes": ("Updates level",)},
        {"embargoed": OPEN_ENDED},
        {"places": (Concept(name="Syria"),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_that_somebody_reads_changes_the_digest(change: dict[str, Any]) -> None:
    assert storyjson.content_sha256(replace(STORY, **change)) != storyjson.content_sha256(STORY)


def test_the_digest_never_changes_between_releases() -> None:
    assert storyjson.content_sha256(STORY) == (
        "f992d6d53b1fa22663d1fc7de19ebb6ee0f5d43347dc80f69715d60f06ac1022"
    )
