"""When versions are made findable, so that no story waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.flow.indexing import Indexing, portion


class Shelf:
    """Versions that wait, as the indexer sees them; each transaction's size is noted, and each rest."""

    def __init__(self) -> None:
        self.commits = self.waiting = 0
        self.done: list[int | str] = []
        self.indexing = Indexing(cast(Any, self), lambda: self.commits, lambda: 0.0, lambda _s: self.rest())

    def arrive(self, number: int) -> None:
        self.commits += number
        self.waiting += number

    def rest(self) -> None:
        self.done.append("rest")

    def lag(self) -> int:
        return self.waiting

    def index(self, limit: int) -> int:
        taken = min(limit, self.waiting)
        self.waiting -= taken
        self.done.append(taken)
        return taken

    def ticks(self, *arrivals: int) -> list[int | str]:
        return list(self._ticks(arrivals))

    def _ticks(self, arrivals: tuple[int, ...]) -> Iterator[int | str]:
        for number in arrivals:
            self.arrive(number)
            self.done.clear()
            self.indexing.tick()
            yield from self.done


def test_a_single_story_is_findable_once_it_is_quiet() -> None:
    assert Shelf().ticks(1, 0) == [1]


def test_stories_that_come_one_by_one_wait_for_few_versions_at_a_time() -> None:
    assert Shelf().ticks(23) == [10, "rest", 10, "rest", 3]


def test_a_rush_is_left_alone_until_it_is_over() -> None:
    assert Shelf().ticks(200, 200, 0) == [100, 100, 100, 100, 0]


def test_nothing_is_looked_at_while_nothing_is_committed() -> None:
    shelf = Shelf()
    shelf.ticks(1, 0)
    shelf.waiting = 5
    assert shelf.ticks(0) == []


@pytest.mark.parametrize(
    ("behind", "new", "waited_s", "at_once"),
    [
        (300, 0, 0.0, 100),
        (300, -5, 0.0, 100),
        (3, 3, 9.0, 0),
        (3, 3, 10.0, 10),
        (10, 3, 0.0, 10),
        (500, 100, 59.0, 0),
        (500, 100, 60.0, 100),
    ],
)
def test_how_many_at_once(behind: int, new: int, waited_s: float, at_once: int) -> None:
    assert portion(behind, new, waited_s) == at_once


@given(st.lists(st.integers(0, 99), max_size=20))
def test_whatever_comes_one_by_one_is_findable_two_quiet_looks_later(arrivals: list[int]) -> None:
    shelf = Shelf()
    shelf.ticks(*arrivals, 0, 0)
    assert shelf.waiting == 0
