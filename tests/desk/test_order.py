"""The end state of stories does not depend on the order in which their versions arrive.

Every order of a small set of arrivals is lived through, on one real store, each under guids of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, permutations
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.store.conftest import file_of, newsroom_on, story
from wire.flow.reading import ReadFile
from wire.store.audit import audit
from wire.store.database import Database
from wire.story import Link, PubStatus, Standing

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GUIDS = "abc"
_PUBLIC = {standing.value for standing in (Standing.LIVE, Standing.EMBARGOED, Standing.EXPIRED)}


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A version as its source sends it."""

    guid: str = "a"
    version: int | None = None
    created_h: int | None = None  #: hours from now
    status: PubStatus = PubStatus.USABLE
    embargo_h: int | None = None  #: hours from now
    follows: str | None = None  #: guid of another item
    text: str = "x"

    def said(self, run: int) -> dict[str, Any]:
        """The fields of the story, under guids that only this run uses."""
        links = (Link(rel="irel:previousVersion", residref=f"{run}:{self.follows}"),) if self.follows else ()
        return {
            "guid": f"{run}:{self.guid}",
            "version": self.version,
            "version_created": _at(self.created_h),
            "pub_status": self.status,
            "embargoed": _at(self.embargo_h),
            "links": links,
            "headline": self.text,
        }


def _at(hours: int | None) -> datetime | None:
    return None if hours is None else NOW + timedelta(hours=hours)


def arrivals(**stated: st.SearchStrategy[Any]) -> st.SearchStrategy[Arrival]:
    """Arrivals of which each states its place, and follows only items that come before it in the alphabet."""

    def of(guid: str) -> st.SearchStrategy[Arrival]:
        before = GUIDS[: GUIDS.index(guid)]
        return st.builds(
            Arrival,
            guid=st.just(guid),
            status=st.sampled_from([PubStatus.USABLE] * 3 + [PubStatus.WITHHELD, PubStatus.CANCELED]),
            embargo_h=st.sampled_from([None, None, -1, 1, 2]),
            follows=st.sampled_from([None, *before]),
            text=st.sampled_from("xyz"),
            **stated,
        )

    return st.sampled_from(GUIDS).flatmap(of)


NUMBERED = arrivals(
    version=st.integers(1, 3),
    created_h=st.sampled_from([None, -3, -2, -1]),
)
TIMES = [-4, -3, -2, -1]


@st.composite
def dated(draw: st.DrawFn) -> list[Arrival]:
    """Arrivals without numbers, each created at another time."""
    times = draw(st.permutations(TIMES))
    return [draw(arrivals(created_h=st.just(time))) for time in times[: draw(st.integers(2, 4))]]


@st.composite
def mixed(draw: st.DrawFn) -> list[Arrival]:
    """Arrivals that all state another time, and some a number too, which grows with it.

    A kill has no number here: one that has is outranked by a higher number only, and so by no later time.
    """
    times = draw(st.permutations(TIMES))
    found = []
    for time in times[: draw(st.integers(2, 4))]:
        made = draw(arrivals(created_h=st.just(time)))
        numbered = made.status is not PubStatus.CANCELED and draw(st.booleans())
        found.append(replace(made, version=TIMES.index(time) + 1) if numbered else made)
    return found


def end_states(
    runs: Sequence[Sequence[Arrival]], kept_open: Database, *, at_once: bool = False
) -> list[set[tuple[Any, ...]]]:
    """What is public, or will be by itself, after each run."""
    newsroom = newsroom_on(kept_open, now=NOW)
    turns = _turns(runs)
    for turn in [list(chain(*turns))] if at_once else turns:
        newsroom.accept(*turn)
    assert audit(newsroom.database) == []
    found: list[set[tuple[Any, ...]]] = [set() for _ in runs]
    for row in newsroom.browse.stories(limit=10_000):
        if row.standing in _PUBLIC:
            found[int(row.guid.partition(":")[0])].add((row.standing, row.headline, row.release_at))
    return found


def _turns(runs: Sequence[Sequence[Arrival]]) -> list[list[ReadFile]]:
    """The first arrivals of all runs, then the second ones, and so on."""
    return [
        [
            file_of(f"{run}-{n}", story(f"{run}-{n}", **arrival.said(run)))
            for run, arrival in enumerate(arrivals_of_turn)
        ]
        for n, arrivals_of_turn in enumerate(zip(*runs, strict=True))
    ]


def assert_order_does_not_matter(
    sent: Sequence[Arrival], kept_open: Database, *, at_once: bool = False
) -> None:
    orders = list(permutations(sent))
    states = end_states(orders, kept_open, at_once=at_once)
    for order, state in zip(orders, states, strict=True):
        assert state == states[0], f"{order}\n{state}\nbut {orders[0]}\n{states[0]}"


V1, V2, V3 = (Arrival(version=version, text=str(version)) for version in (1, 2, 3))
KILL_2 = Arrival(version=2, status=PubStatus.CANCELED)


@pytest.mark.slow
@settings(max_examples=12)
@example(sent=[V1, V2, V3], at_once=False)
@example(sent=[V1, V2, KILL_2, V3], at_once=False)
@example(sent=[V1, Arrival(version=2, embargo_h=1), Arrival(version=3, embargo_h=2)], at_once=False)
@example(sent=[V1, Arrival(version=2, text="y"), Arrival(version=2, text="z")], at_once=False)
@example(
    sent=[V1, Arrival(guid="b", version=1, follows="a"), Arrival(guid="c", version=1, follows="b")],
    at_once=False,
)
@example(sent=[V1, KILL_2, Arrival(guid="b", version=1, follows="a"), V3], at_once=False)
@given(sent=st.lists(NUMBERED, min_size=2, max_size=4), at_once=st.booleans())
def test_numbered_versions_end_alike_in_every_order(
    kept_open: Database, sent: list[Arrival], at_once: bool
) -> None:
    assert_order_does_not_matter(sent, kept_open, at_once=at_once)


@pytest.mark.slow
@settings(max_examples=8)
@example(sent=[Arrival(created_h=-2), Arrival(created_h=-3, status=PubStatus.CANCELED)])
@example(sent=[Arrival(created_h=-4), Arrival(created_h=-3, text="y"), Arrival(created_h=-2)])
@given(sent=dated())
def test_dated_versions_end_alike_in_every_order(kept_open: Database, sent: list[Arrival]) -> None:
    assert_order_does_not_matter(sent, kept_open)


@pytest.mark.slow
@settings(max_examples=8)
@example(
    sent=[Arrival(created_h=-4, version=1), Arrival(created_h=-3, text="y"), Arrival(created_h=-2, version=3)]
)
@given(sent=mixed())
def test_numbers_and_times_that_agree_end_alike_in_every_order(
    kept_open: Database, sent: list[Arrival]
) -> None:
    assert_order_does_not_matter(sent, kept_open)


def test_where_numbers_and_times_contradict_each_other_the_order_decides(kept_open: Database) -> None:
    """Each outranks one of the others, by number or by time, so none is the newest: what came last stands."""
    first = Arrival(version=1, created_h=-1, text="first")
    middle = Arrival(created_h=-2, text="middle")
    third = Arrival(version=2, created_h=-3, text="third")
    for sent in permutations((first, middle, third)):
        assert [{headline for _, headline, _ in end_states([sent], kept_open)[0]}] == [{sent[-1].text}]


def test_a_kill_without_a_number_kills_what_comes_before_and_after_it(kept_open: Database) -> None:
    kill = Arrival(status=PubStatus.CANCELED)
    assert end_states([(V1, V3, kill), (kill, V1, V3), (V1, kill, V3)], kept_open) == [set()] * 3
