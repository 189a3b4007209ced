"""When people are called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.common.alarms import (
    Alarm,
    Disk,
    Kind,
    Limits,
    Observed,
    Pace,
    conditions,
    grows,
    learn,
    patience,
    span,
    turned,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def pace_of(gaps: list[timedelta], start: datetime = NOW - 30 * DAY) -> Pace:
    pace, at = learn(None, start), start
    for gap in gaps:
        at += gap
        pace = learn(pace, at)
    return pace


def kinds(seen: Observed, limits: Limits | None = None) -> list[tuple[str, str]]:
    return [alarm.key for alarm in conditions(seen, limits or Limits())]


@pytest.mark.parametrize("kind", Kind)
def test_every_alarm_says_what_to_do(kind: Kind) -> None:
    told = Alarm(kind=kind, about="cms", message="cms is not well", since=NOW).told()
    assert told["since"] == "2026-03-02T12:00:00+00:00"
    assert told["advice"].endswith(".")


def test_unread_files_and_the_queue_of_an_endpoint_named_inbox_are_two_alarms() -> None:
    seen = Observed(
        now=NOW,
        unread=7,
        oldest_unread=timedelta(minutes=6),
        queued={"inbox": [1000, 1010, 1020, 1030, 1040]},
    )
    inbox, endpoint = conditions(seen, Limits())
    assert inbox.key != endpoint.key
    assert "restart wire" in inbox.advice and "Test the endpoint" in endpoint.advice


def test_a_source_is_quiet_after_twice_its_longest_gap() -> None:
    pace = pace_of([HOUR, 8 * HOUR, HOUR] * 20)
    assert pace.longest == pytest.approx(8 * HOUR, rel=0.05)
    inside = Observed(now=pace.last + 15 * HOUR, paces={"dpa": pace})
    beyond = Observed(now=pace.last + 17 * HOUR, paces={"dpa": pace})
    assert kinds(inside) == []
    assert kinds(beyond) == [("quiet-source", "dpa")]


def test_too_little_is_known_of_a_new_source() -> None:
    assert patience(pace_of([HOUR] * 10), None) is None, "too few arrivals"
    assert patience(pace_of([timedelta(minutes=1)] * 60), None) is None, "too short a time"


def test_a_configured_gap_needs_no_learning_and_wins_over_what_was_learnt() -> None:
    pace = learn(None, NOW - HOUR)
    limits = Limits(quiet={"dpa": timedelta(minutes=30)})
    assert kinds(Observed(now=NOW, paces={"dpa": pace}), limits) == [("quiet-source", "dpa")]
    patient = Limits(quiet={"dpa": 900 * DAY})
    known = pace_of([HOUR] * 100)
    assert kinds(Observed(now=known.last + 100 * DAY, paces={"dpa": known}), patient) == []


def test_without_learning_only_configured_sources_are_missed() -> None:
    known = pace_of([HOUR] * 100)
    seen = Observed(now=known.last + 100 * DAY, paces={"dpa": known})
    assert kinds(seen, Limits(learn=False)) == []


def test_a_long_gap_is_forgotten_by_and_by() -> None:
    pace = pace_of([60 * HOUR] + [HOUR] * 24 * 60)
    assert pace.longest < 20 * HOUR


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=50))
def test_the_longest_gap_is_never_shorter_than_the_last_nor_longer_than_any(seconds: list[int]) -> None:
    gaps = [timedelta(seconds=each) for each in seconds]
    pace = pace_of(gaps)
    assert gaps[-1] <= pace.longest <= max(gaps)
    assert pace.arrivals == len(gaps) + 1


def test_an_arrival_out_of_order_changes_nothing_for_the_worse() -> None:
    pace = learn(learn(None, NOW), NOW - HOUR)
    assert (pace.last, pace.longest) == (NOW, timedelta())


def test_a_file_that_lies_unread_is_told() -> None:
    seen = Observed(now=NOW, unread=7, oldest_unread=timedelta(minutes=6))
    [alarm] = conditions(seen, Limits())
    assert (alarm.key, alarm.since) == (("unread", "inbox"), NOW - timedelta(minutes=6))
    assert "7 files" in alarm.message
    assert kinds(Observed(now=NOW, unread=900, oldest_unread=timedelta(minutes=4))) == []


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([10, 20, 30, 40, 50], True),
        ([10, 20, 20, 20, 50], True),
        ([50, 50, 50, 50, 50], False),
        ([50, 40, 30, 60, 70], False),
        ([10, 20, 30, 40], False),
        ([1, 2, 3, 4, 5], False),
        ([90, 10, 20, 30, 40, 50], True),
    ],
)
def test_a_queue_grows_when_it_is_long_and_has_only_risen(looks: list[int], expected: bool) -> None:
    assert grows(looks, 5 + 4) is expected


def test_an_endpoint_that_took_nothing_for_long_or_is_switched_off_fails() -> None:
    seen = Observed(
        now=NOW,
        failing={"cms": NOW - HOUR, "new": NOW - timedelta(minutes=1)},
        disabled=frozenset({"gone"}),
    )
    assert sorted(kinds(seen)) == [("failing-endpoint", "cms"), ("failing-endpoint", "gone")]


def test_an_endpoint_switched_off_after_failing_is_told_once() -> None:
    seen = Observed(now=NOW, failing={"cms": NOW - HOUR}, disabled=frozenset({"cms"}))
    assert kinds(seen) == [("failing-endpoint", "cms")]


def test_a_disk_that_fills_is_told_with_what_is_left() -> None:
    disks = {
        "inbox": Disk(path="/a", free=900_000_000, total=10**12),
        "outbox": Disk(path="/b", free=2 * 10**9, total=10**12),
        "store": Disk(path="/c", free=900_000_000, total=2 * 10**9),  # a small one, with plenty left of it
    }
    [alarm] = conditions(Observed(now=NOW, disks=disks), Limits())
    assert alarm.about == "inbox"
    assert "900 MB" in alarm.message


def alarm(about: str, since: datetime = NOW, message: str = "x") -> Alarm:
    return Alarm(kind=Kind.BACKLOG, about=about, message=message, since=since)


def test_an_alarm_is_raised_once_and_ends_once() -> None:
    first = turned({}, [alarm("a")])
    assert ([one.about for one in first.raised], first.over) == (["a"], ())
    second = turned(first.standing, [alarm("a", NOW + HOUR, "worse")])
    assert (second.raised, second.over) == ((), ())
    assert second.standing["backlog", "a"].since == NOW, "it keeps its beginning"
    assert second.standing["backlog", "a"].message == "worse"
    third = turned(second.standing, [])
    assert ([one.about for one in third.over], third.standing) == (["a"], {})


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=12), "12 min"),
        (3 * HOUR, "3 h"),
        (2 * DAY, "2 days"),
    ],
)
def test_times_are_told_in_words(time: timedelta, words: str) -> None:
    assert span(time) == words
