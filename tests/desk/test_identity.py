"""Identity is assigned once and depends on nothing that may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wire.desk.identity import identity, own_guid, story_id
from wire.story import Origin, Source, Story

ARRIVED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))


def story(**said: object) -> Story:
    origin = Origin(format="text", source="agency", file="flood.txt", sha256="0" * 64)
    return Story(origin=origin, **said)  # type: ignore[arg-type]


def _identity(made: Story, arrived_at: datetime = ARRIVED, number: int = 1, **known: Any) -> str:
    return identity(made, Source(id="agency", **known), arrived_at, number)


def test_a_stated_guid_wins_over_the_file_name() -> None:
    assert _identity(story(guid="urn:x:1")) == "guid urn:x:1"


LONG = st.tuples(st.text(min_size=1), st.text()).map(lambda parts: parts[0] * 500 + parts[1])


@given(LONG, LONG)
def test_however_long_a_guid_is_its_identity_is_short_and_its_own(one: str, other: str) -> None:
    identities = [_identity(story(guid=guid)) for guid in (one, other)]
    assert (one == other) == (identities[0] == identities[1])
    assert max(map(len, identities)) <= 600


def test_without_a_guid_the_same_name_from_the_same_source_is_the_same_story() -> None:
    assert _identity(story(headline="One")) == _identity(story(headline="Two")) == "file agency/flood.txt"


def test_stories_of_one_file_that_state_no_guid_are_stories_of_their_own() -> None:
    first, second, again = (_identity(story(), number=number) for number in (1, 2, 1))
    assert (first == again, first == second) == (True, False)


def test_a_part_of_the_name_may_tell_the_story() -> None:
    assert _identity(story(), story_in_name=r"^(\w+)\.") == "file agency/flood"
    assert _identity(story(), story_in_name=r"^\w+") == "file agency/flood"
    assert _identity(story(), story_in_name=r"-v\d+") == "file agency/flood.txt"


def test_a_slugline_tells_the_story_for_a_day_whatever_separates_its_words() -> None:
    by_slug = {"same_story": "slugline", "timezone": "Europe/Oslo"}
    first = _identity(story(slugline="Storm-Norway"), **by_slug)
    assert first == _identity(story(slugline="STORM / Norway"), **by_slug)
    late = ARRIVED.replace(hour=23)  # midnight has passed in Oslo
    assert first != _identity(story(slugline="Storm-Norway"), late, **by_slug)
    assert _identity(story(), **by_slug) == "file agency/flood.txt"


def test_where_nothing_tells_every_file_is_a_story_of_its_own() -> None:
    other = replace(story(), origin=replace(story().origin, sha256="1" * 64))
    assert _identity(story(), same_story="nothing") != _identity(other, same_story="nothing")


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
