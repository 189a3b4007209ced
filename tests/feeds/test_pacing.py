"""How long a feed counts as fresh."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.feeds.stories import HOUSE, START, make_revision
from wire.publish.feeds.entries import KeptEntry
from wire.publish.feeds.pacing import max_age_s


def entries(*minutes: float) -> list[KeptEntry]:
    """Entries that changed so many minutes after the start."""
    return [
        KeptEntry(make_revision(number, updated=START + timedelta(minutes=at)), HOUSE)
        for number, at in enumerate(minutes, 1)
    ]


@pytest.mark.parametrize(
    ("minutes", "fresh_s"),
    [
        ((), 60),
        ((0,), 60),
        ((0, 1, 2), 60),
        ((0, 60, 120), 360),
        ((120, 0, 60), 360),
        ((0, 1440), 900),
        ((0, 0), 60),
    ],
    ids=["empty", "one", "busy", "hourly", "in any order", "daily", "at once"],
)
def test_a_copy_is_fresh_for_a_tenth_of_the_feeds_pace(minutes: tuple[float, ...], fresh_s: int) -> None:
    assert max_age_s(entries(*minutes)) == fresh_s


def test_only_the_latest_changes_tell_the_pace() -> None:
    assert max_age_s(entries(*range(-100_000, 0, 10_000), *range(20))) == 60


def test_a_copy_is_fresh_for_as_long_as_the_feed_itself_says() -> None:
    assert max_age_s(entries(0, 1, 2), 1800) == 1800
