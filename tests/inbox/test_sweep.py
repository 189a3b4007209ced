"""What the sweep takes, refuses, leaves alone and removes."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.inbox.conftest import MAX_WAIT_S, SETTLE_S, Folder
from wire.errors import NotAStory, TooLarge
from wire.inbox.naming import CLAIM_PREFIX, shown

ROOT = os.geteuid() == 0


def test_a_taken_file_carries_bytes_name_source_time_and_digest(folder: Folder) -> None:
    folder.move_in("story.txt", b"A story.")
    (taken,) = folder.sweep().taken
    raw = taken.raw
    assert (raw.data, raw.name, raw.source.id) == (b"A story.", "story.txt", "inbox")
    assert raw.sha256 == hashlib.sha256(b"A story.").hexdigest()
    assert raw.arrived_at.tzinfo is not None


def test_a_taken_file_stays_until_it_is_discarded_and_is_not_taken_twice(folder: Folder) -> None:
    folder.move_in("story.txt")
    (taken,) = folder.sweep().taken
    assert (folder.path / "story.txt").exists()
    folder.pass_time(SETTLE_S)
    assert not folder.sweep().taken
    assert folder.inbox.discard(taken)
    assert folder.names() == []


def test_a_file_given_back_is_taken_again(folder: Folder) -> None:
    folder.move_in("story.txt")
    (taken,) = folder.sweep().taken
    folder.inbox.give_back(taken)
    assert len(folder.sweep().taken) == 1


def test_discarding_removes_nothing_that_took_the_names_place(folder: Folder) -> None:
    folder.move_in("story.txt", b"first")
    (taken,) = folder.sweep().taken
    folder.move_in("story.txt", b"other")
    assert not folder.inbox.discard(taken)
    assert folder.take_all() == [b"other"]


def test_what_takes_the_names_place_in_the_very_instant_is_put_back(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.move_in("story.txt", b"first")
    (taken,) = folder.sweep().taken
    rename = os.rename

    def overtaken(*names: str, **folders: int) -> None:
        monkeypatch.undo()
        folder.move_in("story.txt", b"other")
        rename(*names, **folders)

    monkeypatch.setattr(os, "rename", overtaken)
    assert not folder.inbox.discard(taken)
    assert folder.names() == ["story.txt"]
    assert folder.take_all() == [b"other"]


def test_folders_are_looked_into_down_to_the_sixteenth(folder: Folder) -> None:
    deepest = folder.path.joinpath(*(f"f{number}" for number in range(17)))
    deepest.mkdir(parents=True)
    for place in (deepest.parent, deepest):
        (place / "story.txt").write_bytes(place.name.encode())
    folder.sweep()
    folder.pass_time(SETTLE_S)
    assert folder.take_all() == [b"f15"]


def test_discarding_a_file_that_somebody_removed_is_no_error(folder: Folder) -> None:
    folder.move_in("story.txt")
    (taken,) = folder.sweep().taken
    (folder.path / "story.txt").unlink()
    assert folder.inbox.discard(taken)


def test_a_claim_left_by_a_crash_comes_in_again(folder: Folder) -> None:
    folder.write(f"{CLAIM_PREFIX}1-0-ff")
    folder.pass_time(SETTLE_S)
    assert folder.take_all() == [b"A story."]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden",
        "story~",
        "story.part",
        "story.TMP",
        "a.filepart",
        "b.crdownload",
        "desktop.ini",
        "Thumbs.db",
    ],
)
def test_names_of_unfinished_files_and_litter_are_left_alone(folder: Folder, name: str) -> None:
    folder.move_in(name)
    folder.pass_time(MAX_WAIT_S)
    sweep = folder.sweep()
    assert (sweep.taken, sweep.refused, sweep.waiting) == ((), (), 0)
    assert sweep.next_look_s is None


def test_folders_below_the_inbox_are_sources(folder: Folder) -> None:
    for name in ("agency", "agency/2026/11", "unknown"):
        (folder.path / name).mkdir(parents=True)
    folder.write("agency/a.txt", b"a")
    folder.write("agency/2026/11/b.txt", b"b")
    folder.write("unknown/c.txt", b"c")
    folder.pass_time(SETTLE_S)
    sources = {taken.raw.name: taken.raw.source for taken in folder.sweep().taken}
    assert {name: source.id for name, source in sources.items()} == {
        "a.txt": "ap",
        "2026/11/b.txt": "ap",
        "c.txt": "unknown",
    }
    assert sources["a.txt"].provider == "Example Agency"


def test_a_file_moved_into_a_known_folder_is_taken_at_once(folder: Folder) -> None:
    (folder.path / "agency").mkdir()
    folder.sweep()
    folder.move_in("agency/a.txt")
    assert len(folder.sweep().taken) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_links_pipes_and_sockets_are_refused_once_and_never_opened(folder: Folder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for us")
    (folder.path / "link.txt").symlink_to(secret)
    (folder.path / "endless.txt").symlink_to("/dev/zero")
    (folder.path / "linked-folder").symlink_to(tmp_path)
    os.mkfifo(folder.path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as sock:
        os.chdir(folder.path)
        sock.bind("socket.txt")
        os.chdir("/")
        sweep = folder.sweep()
    reasons = {file.name: str(file.error) for file in sweep.refused}
    assert reasons == {
        "link.txt": "it is a symbolic link, no file",
        "endless.txt": "it is a symbolic link, no file",
        "linked-folder": "it is a symbolic link, no file",
        "pipe.txt": "it is a named pipe, no file",
        "socket.txt": "it is a socket, no file",
    }
    assert all(isinstance(file.error, NotAStory) for file in sweep.refused)
    assert not sweep.taken
    folder.pass_time(SETTLE_S)
    assert folder.sweep().refused == ()


def test_a_refused_link_is_set_aside_without_touching_what_it_points_to(
    folder: Folder, tmp_path: Path
) -> None:
    secret, aside = tmp_path / "secret.txt", tmp_path / "aside"
    secret.write_text("not for us")
    aside.mkdir()
    (folder.path / "link.txt").symlink_to(secret)
    (refused,) = folder.sweep().refused
    target = folder.inbox.set_aside(refused.found, aside, "1")
    assert target is not None
    assert target.is_symlink()
    assert secret.read_text() == "not for us"
    assert folder.names() == []


def test_a_file_that_changed_since_it_was_refused_is_not_set_aside(folder: Folder, tmp_path: Path) -> None:
    (folder.path / "story.txt").symlink_to("/nowhere")
    (refused,) = folder.sweep().refused
    (folder.path / "story.txt").unlink()
    folder.move_in("story.txt")
    assert folder.inbox.set_aside(refused.found, tmp_path, "1") is None
    assert folder.take_all() == [b"A story."]


def test_a_terabyte_is_refused_without_being_read(folder: Folder) -> None:
    with (folder.path / "huge.txt").open("wb") as file:
        file.truncate(1 << 40)
    folder.pass_time(SETTLE_S)
    began = time.process_time()
    (refused,) = folder.sweep().refused
    assert isinstance(refused.error, TooLarge)
    assert "1,099,511,627,776 bytes" in refused.reason
    assert time.process_time() - began < 5  # reading it would take minutes


@pytest.mark.skipif(ROOT, reason="rights do not bind root")
def test_a_file_without_read_rights_is_told_once_backs_off_and_comes_in_later(folder: Folder) -> None:
    folder.move_in("story.txt")
    (folder.path / "story.txt").chmod(0)
    folder.move_in("other.txt", b"other")
    sweep = folder.sweep()
    assert [(file.name, file.passing) for file in sweep.refused] == [("story.txt", True)]
    assert [taken.raw.name for taken in sweep.taken] == ["other.txt"]
    for _ in range(5):
        folder.pass_time(10)
        assert folder.sweep().refused == ()
    (folder.path / "story.txt").chmod(0o600)
    folder.pass_time(600)
    assert [taken.raw.name for taken in folder.sweep().taken] == ["story.txt"]


def test_an_unreadable_file_is_not_looked_at_again_before_its_time(folder: Folder, monkeypatch) -> None:
    # Root reads everything, so the refusal comes from the one place that opens files.
    from wire.inbox import opening, sweep

    attempts: list[str] = []

    def refuse(name: str, folder_fd: int) -> object:
        attempts.append(name)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sweep, "open_file", refuse)
    folder.move_in("story.txt")
    (told,) = folder.sweep().refused
    assert told.passing
    assert "Permission denied" in told.reason
    folder.sweep()
    assert attempts == ["story.txt"]
    folder.pass_time(1.5)
    assert folder.sweep().refused == ()
    assert attempts == ["story.txt"] * 2
    monkeypatch.setattr(sweep, "open_file", opening.open_file)
    folder.pass_time(10)
    assert folder.take_all() == [b"A story."]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (b"new\nline.txt", r"new\x0aline.txt"),
        (b"\xff\xfe.txt", r"\xff\xfe.txt"),
        (b"-rf.txt", "-rf.txt"),
        (b"%00..%2f.txt", "%00..%2f.txt"),
        (b"<script>.txt", "<script>.txt"),
        (b"x" * 251 + b".txt", "x" * 251 + ".txt"),
        ("\u202etxt.exe".encode(), r"\u202etxt.exe"),
        ("Zürich – Übersicht.txt".encode(), "Zürich – Übersicht.txt"),
    ],
)
def test_hostile_names_are_taken_shown_harmlessly_and_removed(
    folder: Folder, name: bytes, label: str
) -> None:
    folder.write(name)
    folder.pass_time(SETTLE_S)
    (taken,) = folder.sweep().taken
    assert taken.raw.name == label
    assert folder.inbox.discard(taken)
    assert folder.names() == []


def test_a_shown_name_is_always_plain_text() -> None:
    for code in (*range(0x300), 0x2028, 0xDC80, 0xDCFF, 0xE0001, 0x1F600):
        text = shown(f"a{chr(code)}b")
        assert text.isprintable()
        text.encode("utf-8")


def test_a_missing_inbox_is_told_and_found_again(folder: Folder) -> None:
    folder.path.rmdir()
    trouble = folder.sweep().trouble
    assert trouble is not None
    assert str(folder.path) in trouble
    folder.path.mkdir()
    folder.move_in("story.txt")
    folder.pass_time(SETTLE_S)
    sweep = folder.sweep()
    assert (sweep.trouble, len(sweep.taken)) == (None, 1)


def test_an_inbox_replaced_by_another_folder_is_followed(folder: Folder) -> None:
    shutil.move(folder.path, folder.path.with_name("old"))
    folder.path.mkdir()
    folder.sweep()
    folder.move_in("story.txt")
    folder.pass_time(SETTLE_S)
    assert len(folder.sweep().taken) == 1


def test_a_sweep_is_bounded_and_the_next_one_goes_on(folder: Folder) -> None:
    for number in range(10):
        folder.write(f"{number}.txt", b"%d" % number)
    folder.pass_time(SETTLE_S)
    first = folder.sweep(limit=4)
    assert (len(first.taken), first.next_look_s) == (4, 0.0)
    rest = folder.take_all(limit=4)
    assert len(rest) == 6


@pytest.mark.slow
def test_ten_thousand_waiting_files_all_come_in_and_keep_no_new_one_waiting(folder: Folder) -> None:
    for number in range(10_000):
        folder.write(f"{number}.txt", b"%d" % number)
    folder.pass_time(SETTLE_S)
    folder.renames.drain()
    bodies: list[bytes] = []
    for sweeps in range(1, 1000):
        if sweeps == 3:
            folder.move_in("urgent.txt", b"urgent")
        sweep = folder.sweep()
        for taken in sweep.taken:
            bodies.append(taken.raw.data)
            folder.inbox.discard(taken)
        if sweeps == 3:
            assert b"urgent" in bodies
        if sweep.next_look_s is None:
            break
    assert len(bodies) == len(set(bodies)) == 10_001
    assert folder.names() == []


@pytest.mark.slow
def test_files_that_vanish_during_the_sweep_are_no_error(folder: Folder) -> None:
    names = [f"{number}.txt" for number in range(2000)]
    for name in names:
        folder.write(name)
    folder.pass_time(SETTLE_S)
    remover = threading.Thread(
        target=lambda: [(folder.path / name).unlink(missing_ok=True) for name in reversed(names)]
    )
    remover.start()
    sweeps = [folder.sweep() for _ in range(12)]
    remover.join()
    assert all(sweep.trouble is None and sweep.refused == () for sweep in sweeps)


def test_what_was_seen_waiting_and_is_gone_is_forgotten(folder: Folder) -> None:
    folder.write("story.txt")
    assert folder.sweep().waiting == 1
    (folder.path / "story.txt").unlink()
    assert folder.sweep().waiting == 0


def test_a_folder_of_an_odd_name_is_a_source_whose_name_every_store_holds(folder: Folder) -> None:
    odd = "\x01" * 200
    (folder.path / odd).mkdir()
    folder.sweep()
    folder.move_in(f"{odd}/story.txt")
    folder.pass_time(SETTLE_S)
    (taken,) = folder.sweep().taken
    assert taken.raw.source.id.startswith("\\x01") and len(taken.raw.source.id) <= 255
