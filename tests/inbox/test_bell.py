"""The sweep is woken by whoever rings, and at once by a file that comes in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inbox.conftest import Folder
from wire.inbox.bell import Bell
from wire.inbox.renames import Renames

GENEROUS_S = 20


@pytest.fixture
def bell() -> Iterator[Bell]:
    bell = Bell()
    yield bell
    bell.close()


def test_a_ring_before_the_wait_is_not_lost_and_counts_once(bell: Bell) -> None:
    bell.ring()
    bell.ring()
    assert bell.wait(GENEROUS_S)
    assert not bell.wait(0.0)


def test_a_ring_from_another_thread_ends_the_wait(bell: Bell) -> None:
    threading.Timer(0.01, bell.ring).start()
    assert bell.wait(GENEROUS_S)


def test_more_rings_than_a_pipe_holds_block_nobody(bell: Bell) -> None:
    for _ in range(100_000):
        bell.ring()
    assert bell.wait(GENEROUS_S)
    assert not bell.wait(0.0)


@pytest.fixture
def renames(folder: Folder) -> Renames:
    if folder.renames is None:
        pytest.skip("there is no inotify here")
    return folder.renames


@pytest.mark.parametrize("come", ["move_in", "write"])
def test_a_file_that_comes_in_ends_the_wait(folder: Folder, renames: Renames, bell: Bell, come: str) -> None:
    getattr(folder, come)("story.txt", b"")  # of what is created empty more may be heard, or nothing
    assert bell.wait(GENEROUS_S, also=renames.fileno(), enough=renames.heard)


@pytest.mark.parametrize("name", [".story.txt", "story.part", ".wire-taken-1-1-1"])
def test_what_is_no_story_wakes_nobody(folder: Folder, renames: Renames, name: str) -> None:
    folder.move_in(name)
    assert not renames.heard()


def test_our_own_emptying_of_the_inbox_wakes_nobody(folder: Folder, renames: Renames) -> None:
    folder.move_in("story.txt")
    assert folder.take_all() == [b"A story."]
    assert not renames.heard()


def test_what_one_sweep_left_is_heard_of_by_the_next(folder: Folder, renames: Renames, bell: Bell) -> None:
    for number in range(3):
        folder.move_in(f"{number}.txt")
    assert renames.heard()
    assert renames.fresh(2) == [("0.txt",), ("1.txt",)]
    assert bell.wait(GENEROUS_S, also=renames.fileno(), enough=renames.heard)


def test_without_a_folder_only_time_and_rings_end_the_wait(tmp_path: Path, bell: Bell) -> None:
    renames = Renames.open()
    if renames is None:
        pytest.skip("there is no inotify here")
    assert not bell.wait(0.01, also=renames.fileno(), enough=renames.heard)
    renames.close()
