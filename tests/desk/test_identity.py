"""Identity is assigned once and depends on nothing that may change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wire.desk.identity import identity, own_guid, story_id
from wire.story import Origin, Story

MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))


def story(**said: object) -> Story:
    origin = Origin(format="text", source="agency", file="flood.txt", sha256="0" * 64)
    return Story(origin=origin, **said)  # type: ignore[arg-type]


def test_a_stated_guid_wins_over_the_file_name() -> None:
    assert identity(story(guid="urn:x:1")) == "guid urn:x:1"


def test_without_a_guid_the_same_name_from_the_same_source_is_the_same_story() -> None:
    assert identity(story(headline="One")) == identity(story(headline="Two")) == "file agency/flood.txt"


@given(MOMENTS, st.integers(min_value=0, max_value=2**64))
def test_ids_are_safe_in_urls_and_file_names(moment: datetime, random: int) -> None:
    made = story_id(moment, random)
    assert len(made) == 20
    assert made.isascii() and made.isalnum() and made == made.lower()


@given(MOMENTS, st.integers(0, 2**50 - 1), st.integers(0, 2**50 - 1))
def test_ids_rise_with_time(moment: datetime, one: int, two: int) -> None:
    assert story_id(moment, one) < story_id(moment + timedelta(milliseconds=2), two)


def test_our_own_guid_is_a_tag_uri() -> None:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    assert own_guid("news.example", moment, "abc") == "tag:news.example,2026-03-02:abc"
