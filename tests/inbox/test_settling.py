"""When is a file whole?"""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inbox.conftest import MAX_WAIT_S, SETTLE_S, Folder
from wire.inbox.settle import Patience, State, Writer, judge

PATIENCE = Patience(settle_s=SETTLE_S, max_wait_s=MAX_WAIT_S)


def test_a_file_moved_in_is_taken_at_once(folder: Folder) -> None:
    folder.move_in("story.txt")
    assert [taken.raw.data for taken in folder.sweep().taken] == [b"A story."]


def test_a_file_renamed_within_the_inbox_is_taken_at_once(folder: Folder) -> None:
    folder.write(".story.txt")
    (folder.path / ".story.txt").rename(folder.path / "story.txt")
    assert [taken.raw.name for taken in folder.sweep().taken] == ["story.txt"]


def test_a_file_linked_in_is_taken_once_the_other_name_is_gone(folder: Folder) -> None:
    (folder.outside / "part").write_bytes(b"A story.")
    os.link(folder.outside / "part", folder.path / "story.txt")
    assert not folder.sweep().taken  # it can be written to under a name we hear nothing of
    (folder.outside / "part").unlink()
    assert len(folder.sweep().taken) == 1


def test_a_file_moved_over_another_is_taken_once(folder: Folder) -> None:
    folder.write("story.txt", b"old, still settling")
    folder.move_in("story.txt", b"new")
    assert folder.take_all() == [b"new"]
    assert folder.names() == []


def test_a_file_written_in_place_waits_until_it_stood_still(folder: Folder) -> None:
    folder.write("story.txt")
    waiting = folder.sweep()
    assert (waiting.taken, waiting.waiting) == ((), 1)
    assert waiting.next_look_s == pytest.approx(SETTLE_S, abs=0.2)
    folder.pass_time(SETTLE_S)
    assert len(folder.sweep().taken) == 1


def test_a_file_that_lay_there_before_the_start_is_taken_at_first_sight(deaf_folder: Folder) -> None:
    deaf_folder.write("story.txt")
    deaf_folder.pass_time(SETTLE_S)
    assert len(deaf_folder.sweep().taken) == 1


def test_without_events_a_file_moved_in_settles_like_any_other(deaf_folder: Folder) -> None:
    deaf_folder.move_in("story.txt")
    assert not deaf_folder.sweep().taken
    deaf_folder.pass_time(SETTLE_S)
    assert len(deaf_folder.sweep().taken) == 1


@pytest.mark.parametrize("pause_s", [0.01, 0.5, SETTLE_S - 0.05])
def test_a_writer_that_reopens_with_pauses_below_the_settle_time_is_never_taken_half(
    folder: Folder, pause_s: float
) -> None:
    for piece in (b"one ", b"two ", b"three"):
        with (folder.path / "story.txt").open("ab") as file:
            file.write(piece)
        assert not folder.sweep().taken
        folder.pass_time(pause_s)
        assert not folder.sweep().taken
    folder.pass_time(SETTLE_S)
    assert folder.take_all() == [b"one two three"]


@pytest.mark.parametrize("pause_s", [SETTLE_S, SETTLE_S * 5])
def test_a_writer_that_keeps_the_file_open_may_pause_longer_than_the_settle_time(
    folder: Folder, pause_s: float
) -> None:
    with (folder.path / "story.txt").open("wb", buffering=0) as file:
        for piece in (b"one ", b"two ", b"three"):
            file.write(piece)
            assert not folder.sweep().taken
            folder.pass_time(pause_s)
            assert not folder.sweep().taken
    folder.pass_time(SETTLE_S)
    assert folder.take_all() == [b"one two three"]


def test_a_file_moved_in_while_its_writer_goes_on_is_not_taken_half(folder: Folder) -> None:
    with (folder.outside / "part").open("wb", buffering=0) as file:
        file.write(b"one ")
        (folder.outside / "part").rename(folder.path / "story.txt")
        assert not folder.sweep().taken
        file.write(b"two")
    assert not folder.sweep().taken
    folder.pass_time(SETTLE_S)
    assert folder.take_all() == [b"one two"]


def test_changed_rights_do_not_make_a_half_written_file_whole(folder: Folder) -> None:
    folder.write("story.txt", b"half")
    (folder.path / "story.txt").chmod(0o600)
    assert not folder.sweep().taken


def test_a_writer_that_never_closes_is_taken_after_the_longest_wait(folder: Folder) -> None:
    with (folder.path / "story.txt").open("wb", buffering=0) as file:
        file.write(b"A story.")
        folder.sweep()
        folder.pass_time(MAX_WAIT_S)
        assert len(folder.sweep().taken) == 1


def test_a_file_that_grows_after_it_was_taken_comes_in_again_whole(folder: Folder) -> None:
    folder.move_in("story.txt", b"first")
    (taken,) = folder.sweep().taken
    with (folder.path / "story.txt").open("ab") as file:
        file.write(b" and more")
    assert not folder.inbox.discard(taken)
    assert not folder.sweep().taken
    folder.pass_time(SETTLE_S)
    assert folder.take_all() == [b"first and more"]


def test_an_empty_file_waits_the_longest_time_for_its_writer(folder: Folder) -> None:
    folder.move_in("story.txt", b"")
    folder.sweep()
    folder.pass_time(MAX_WAIT_S - 1)
    assert folder.sweep().refused == ()
    folder.write("story.txt", b"at last")
    folder.sweep()
    folder.pass_time(SETTLE_S)
    assert folder.take_all() == [b"at last"]


def test_an_empty_file_is_refused_in_the_end(folder: Folder) -> None:
    folder.write("story.txt", b"")
    folder.sweep()
    folder.pass_time(MAX_WAIT_S)
    assert [file.reason for file in folder.sweep().refused] == ["the file is empty"]


def test_when_the_event_queue_overflows_files_still_come_in(folder: Folder) -> None:
    folder.move_in("story.txt")
    folder.renames.drain()
    folder.renames._note(-1, 0x4000, "")  # IN_Q_OVERFLOW: 16,384 events came before anybody listened
    assert not folder.sweep().taken
    folder.pass_time(SETTLE_S)
    assert folder.take_all() == [b"A story."]


@given(
    size=st.integers(1, 10**9),
    still_s=st.floats(0, SETTLE_S, exclude_max=True),
    untouched_s=st.floats(-1e9, SETTLE_S, exclude_max=True),
    writer=st.sampled_from(Writer),
)
def test_nothing_written_in_place_is_whole_before_the_settle_time(
    size: int, still_s: float, untouched_s: float, writer: Writer
) -> None:
    state = judge(
        size=size, still_s=still_s, untouched_s=untouched_s, writer=writer, moved_in=False, patience=PATIENCE
    )
    assert state is State.WAIT


@given(
    size=st.integers(1, 10**9),
    still_s=st.floats(0, MAX_WAIT_S, exclude_max=True),
    untouched_s=st.floats(0, 1e9),
    moved_in=st.booleans(),
)
def test_nothing_open_for_writing_is_whole_before_the_longest_wait(
    size: int, still_s: float, untouched_s: float, moved_in: bool
) -> None:
    state = judge(
        size=size,
        still_s=still_s,
        untouched_s=untouched_s,
        writer=Writer.ACTIVE,
        moved_in=moved_in,
        patience=PATIENCE,
    )
    assert state is State.WAIT


@given(
    size=st.integers(0, 10**9),
    writer=st.sampled_from(Writer),
    moved_in=st.booleans(),
    untouched_s=st.floats(-1e9, 1e9),
)
def test_nothing_waits_for_ever(size: int, writer: Writer, moved_in: bool, untouched_s: float) -> None:
    state = judge(
        size=size,
        still_s=MAX_WAIT_S,
        untouched_s=untouched_s,
        writer=writer,
        moved_in=moved_in,
        patience=PATIENCE,
    )
    assert state is (State.EMPTY if size == 0 else State.WHOLE)


@pytest.mark.parametrize(
    ("size", "still_s", "untouched_s", "writer", "state"),
    [
        (0, MAX_WAIT_S - 0.1, 0.0, Writer.NONE, State.WAIT),
        (0, MAX_WAIT_S, 0.0, Writer.NONE, State.EMPTY),
        (0, 0.0, MAX_WAIT_S, Writer.NONE, State.EMPTY),
        (9, MAX_WAIT_S - 0.1, 0.0, Writer.ACTIVE, State.WAIT),
        (9, MAX_WAIT_S, 0.0, Writer.ACTIVE, State.WHOLE),
        (9, 0.0, MAX_WAIT_S, Writer.ACTIVE, State.WAIT),
        (9, SETTLE_S - 0.1, 0.0, Writer.NONE, State.WAIT),
        (9, SETTLE_S, 0.0, Writer.NONE, State.WHOLE),
        (9, 0.0, SETTLE_S - 0.1, Writer.NONE, State.WAIT),
        (9, 0.0, SETTLE_S, Writer.NONE, State.WHOLE),
        (9, 0.0, SETTLE_S, Writer.UNKNOWN, State.WAIT),
    ],
)
def test_each_wait_ends_at_its_very_second(
    size: int, still_s: float, untouched_s: float, writer: Writer, state: State
) -> None:
    judged = judge(
        size=size,
        still_s=still_s,
        untouched_s=untouched_s,
        writer=writer,
        moved_in=False,
        patience=PATIENCE,
    )
    assert judged is state
