"""Clocks that are set, and hours that come twice or never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.store.conftest import Newsroom, database, newsroom
from wire.common.zones import in_zone
from wire.daemon import ClockSteps
from wire.story import DeliveryState, Outcome

__all__ = ["database", "newsroom"]


def test_a_clock_that_was_set_is_noticed_once_and_drift_is_not() -> None:
    clock, monotonic = [1000.0], [0.0]
    steps = ClockSteps(lambda: clock[0], lambda: monotonic[0])
    clock[0], monotonic[0] = 1005.2, 5.0
    assert steps.seconds() == 0
    clock[0], monotonic[0] = 1010.0 - 3600, 10.0
    assert steps.seconds() == pytest.approx(-3600.2)
    assert steps.seconds() == 0


def test_what_waits_for_a_retry_waits_as_long_as_before_when_the_clock_is_set_back(
    newsroom: Newsroom,
) -> None:
    newsroom.drop()
    [taken] = newsroom.take(limit=1)
    failed = Outcome(
        delivery_id=taken.id,
        state=DeliveryState.DUE,
        started_at=newsroom.now,
        ended_at=newsroom.now,
        next_due=newsroom.now + timedelta(minutes=5),
    )
    newsroom.queue.settle("cms/0", [failed], worker="w")
    newsroom.later(hours=-1)
    newsroom.queue.shift(-3600)
    assert newsroom.queue.ripe(limit=9) == ["paper/0"]
    newsroom.later(minutes=5)
    assert sorted(newsroom.queue.ripe(limit=9)) == ["cms/0", "paper/0"]


@pytest.mark.parametrize(
    ("local", "first", "last"),
    [
        ("2026-07-01T12:00", "10:00", "10:00"),
        ("2026-10-25T02:30", "00:30", "01:30"),  # clocks are set back: it comes twice
        ("2026-03-29T02:30", "01:30", "01:30"),  # clocks are set forward: it never comes
    ],
)
def test_an_embargo_ends_at_the_later_instant_that_its_time_may_mean(
    local: str, first: str, last: str
) -> None:
    moment = datetime.fromisoformat(local)
    usual, latest = (in_zone(moment, "Europe/Berlin", latest=late).astimezone(UTC) for late in (False, True))
    assert (f"{usual:%H:%M}", f"{latest:%H:%M}") == (first, last)


def test_a_time_with_a_zone_of_its_own_keeps_it() -> None:
    moment = datetime.fromisoformat("2026-03-29T02:30+05:00")
    assert in_zone(moment, "Europe/Berlin") == moment
