"""Documents as files in a folder."""

from __future__ import annotations

import os
import resource
import threading
from pathlib import Path

import pytest

from tests.deliver.conftest import delivery
from tests.harness.waiting import eventually
from wire.deliver.filing import Files
from wire.deliver.folder import FolderTransport
from wire.errors import Refused, Unreachable
from wire.story import Action


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_version_is_a_file_named_by_our_own_ids(tmp_path: Path) -> None:
    transport = FolderTransport(path=tmp_path)
    receipt = transport.send(delivery(1, version=1, body=b"one"), deadline_s=5)
    transport.send(delivery(2, version=2, action=Action.KILL, body=b"killed"), deadline_s=5)
    assert names(tmp_path) == ["flood1-v1.xml", "flood1-v2.xml"]
    assert (tmp_path / "flood1-v2.xml").read_bytes() == b"killed"
    assert receipt.detail == "flood1-v1.xml"


def test_a_repeat_changes_nothing(tmp_path: Path) -> None:
    transport = FolderTransport(path=tmp_path)
    for attempt in (1, 2):
        transport.send(delivery(attempt=attempt), deadline_s=5)
    assert names(tmp_path) == ["flood1-v1.xml"]


def test_a_half_written_file_of_a_crash_is_replaced_and_never_seen_under_its_name(tmp_path: Path) -> None:
    (tmp_path / ".flood1-v1.xml.part").write_bytes(b"ha")
    FolderTransport(path=tmp_path).send(delivery(body=b"whole"), deadline_s=5)
    assert names(tmp_path) == ["flood1-v1.xml"]
    assert (tmp_path / "flood1-v1.xml").read_bytes() == b"whole"


def test_a_missing_folder_is_made_and_a_missing_parent_is_not(tmp_path: Path) -> None:
    FolderTransport(path=tmp_path / "new").send(delivery(), deadline_s=5)
    assert names(tmp_path / "new") == ["flood1-v1.xml"]
    with pytest.raises(Unreachable, match="No such file"):
        FolderTransport(path=tmp_path / "unmounted" / "new").send(delivery(), deadline_s=5)


def test_a_file_in_the_folders_place_is_to_be_retried(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("no folder")
    with pytest.raises(Unreachable):
        FolderTransport(path=tmp_path / "out").send(delivery(), deadline_s=5)


def test_a_disk_without_room_is_to_be_retried_and_leaves_nothing_behind(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(Unreachable, match="too large"):
            FolderTransport(path=tmp_path).send(delivery(body=b"x" * 100), deadline_s=5)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names(tmp_path) == []


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not ours")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / ".flood1-v1.xml.part").symlink_to(outside)
    (folder / "flood1-v1.xml").symlink_to(outside)
    FolderTransport(path=folder).send(delivery(body=b"ours"), deadline_s=5)
    assert outside.read_text() == "not ours"
    assert (folder / "flood1-v1.xml").read_bytes() == b"ours"


@pytest.mark.parametrize("story", ["../escape", "a/b", "", "A", "a\n", ".hidden"])
def test_no_other_name_is_ever_written(tmp_path: Path, story: str) -> None:
    with pytest.raises(Refused, match="file name"):
        FolderTransport(path=tmp_path).send(delivery(story=story), deadline_s=5)
    assert names(tmp_path) == []


def test_a_probe_writes_nothing_and_tells_what_is_wrong(tmp_path: Path) -> None:
    FolderTransport(path=tmp_path).probe()
    FolderTransport(path=tmp_path / "new").probe()
    assert names(tmp_path) == []
    with pytest.raises(Unreachable, match="no folder"):
        FolderTransport(path=tmp_path / "unmounted" / "new").probe()


@pytest.mark.skipif(os.geteuid() == 0, reason="rights do not bind root")
def test_a_folder_without_rights_is_to_be_retried(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Unreachable, match="Permission denied"):
        FolderTransport(path=tmp_path).send(delivery(), deadline_s=5)


def test_a_story_may_have_one_file_that_a_kill_replaces_or_removes(tmp_path: Path) -> None:
    for files, left in (("latest", ["flood1.xml"]), ("live", [])):
        folder = tmp_path / files
        transport = FolderTransport(path=folder, files=files)
        transport.send(delivery(1, version=1, body=b"one"), deadline_s=5)
        transport.send(delivery(2, version=2, body=b"two"), deadline_s=5)
        assert (folder / "flood1.xml").read_bytes() == b"two"
        for _ in range(2):
            receipt = transport.send(delivery(3, version=3, action=Action.KILL, body=b"killed"), deadline_s=5)
        assert names(folder) == left
    assert receipt.detail == "flood1.xml removed"


class OnADiskThatHangs(FolderTransport):
    """A network's disk: what is written waits until the network is there."""

    def __init__(self, path: Path, files: Files = "versions") -> None:
        super().__init__(path=path, files=files)
        self.there = threading.Event()

    def put(self, name: str, body: bytes) -> None:
        self.there.wait(30)
        super().put(name, body)


def test_a_disk_that_hangs_costs_no_more_than_the_deadline_and_one_thread(tmp_path: Path) -> None:
    transport = OnADiskThatHangs(tmp_path)
    with pytest.raises(Unreachable, match=r"did not answer within 0\.05 s"):
        transport.send(delivery(1, version=1, body=b"one"), deadline_s=0.05)
    threads = threading.active_count()
    for _ in range(3):
        with pytest.raises(Unreachable, match="has not answered since"):
            transport.send(delivery(2, version=2, body=b"two"), deadline_s=5)
    assert threading.active_count() == threads
    transport.there.set()


def test_what_was_left_behind_ends_before_anything_newer_begins(tmp_path: Path) -> None:
    transport = OnADiskThatHangs(tmp_path, "latest")
    with pytest.raises(Unreachable):
        transport.send(delivery(1, version=1, body=b"one"), deadline_s=0.05)
    transport.there.set()

    def sent() -> bool:
        try:
            return bool(transport.send(delivery(2, version=2, body=b"two"), deadline_s=5))
        except Unreachable:
            return False

    eventually(sent, what="the disk is back")
    assert (tmp_path / "flood1.xml").read_bytes() == b"two"
