"""File events wake the sweep; without them the schedule does."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from watchfiles import Change

from wire.inbox.watch import Watcher, appeared

GENEROUS_S = 20


@pytest.fixture
def woken() -> threading.Event:
    return threading.Event()


@pytest.mark.parametrize("spare", [False, True])
def test_a_new_file_wakes_the_sweep(tmp_path: Path, woken: threading.Event, *, spare: bool) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    watcher = Watcher(inbox, woken.set, spare=spare)
    watcher.start()
    assert watcher.watching.wait(GENEROUS_S)
    assert woken.wait(GENEROUS_S)  # for what came before
    for number in range(3):
        woken.clear()
        (tmp_path / "part").write_text("A story.")
        (tmp_path / "part").rename(inbox / f"{number}.txt")
        assert woken.wait(GENEROUS_S)
    watcher.stop()
    assert not watcher.watching.is_set()


def test_a_folder_that_cannot_be_watched_is_no_error(tmp_path: Path, woken: threading.Event) -> None:
    watcher = Watcher(tmp_path / "missing", woken.set)
    watcher.start()
    watcher.stop()
    assert not woken.is_set()


@pytest.mark.parametrize(
    ("change", "name", "wakes"),
    [
        (Change.added, "story.txt", True),
        (Change.added, ".story.txt", False),
        (Change.added, "story.part", False),
        (Change.added, ".wire-taken-1", False),
        (Change.modified, "story.txt", False),
        (Change.deleted, "story.txt", False),
    ],
)
def test_only_a_new_name_that_may_be_a_story_wakes(change: Change, name: str, wakes: bool) -> None:
    assert appeared(change, f"/inbox/{name}") is wakes
