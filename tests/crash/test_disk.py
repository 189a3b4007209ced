"""The disk fills up, or refuses every write, and is well again: nothing is lost, nothing is begun anew."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.harness import copydesk
from tests.harness.copydesk import Item
from tests.harness.daemon import Daemon
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

BEFORE = [copydesk.newsml(number) for number in range(1, 6)]
MEANWHILE = [copydesk.newsml(number) for number in range(6, 26)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def running(root: Path) -> Iterator[Daemon]:
    daemon = Daemon(root, warm_start=True)
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.end()
        print(daemon.tail())


def staged(daemon: Daemon, items: list[Item]) -> None:
    """Write files where they can be renamed into the inbox later."""
    for item in items:
        (daemon.staging / item.name).write_bytes(item.data)


def rename_in(daemon: Daemon, items: list[Item]) -> None:
    for item in items:
        (daemon.staging / item.name).rename(daemon.inbox / item.name)


def unwell(daemon: Daemon) -> bool:
    return daemon.get("/health").status == 503


def all_there(daemon: Daemon) -> bool:
    return set(daemon.titles()) == {item.headline for item in (*BEFORE, *MEANWHILE)}


def assert_nothing_is_missing(daemon: Daemon) -> None:
    eventually(lambda: all_there(daemon), limit_s=30, what="every story in the feed")
    eventually(lambda: not unwell(daemon), limit_s=30, what="the daemon is well again")
    eventually(lambda: not daemon.inbox_files(), what="the inbox is empty")
    assert daemon.wire("audit").returncode == 0, daemon.wire("audit").stdout
    assert not list(daemon.outbox.rglob(".*"))


def test_a_disk_that_fills_up_and_has_room_again(small_disk: Path) -> None:
    with running(small_disk / "desk") as daemon:
        for item in BEFORE:
            daemon.drop_item(item)
        eventually(lambda: len(daemon.titles()) == len(BEFORE), what="the first stories")
        staged(daemon, MEANWHILE)
        filler = small_disk / "filler"
        with filler.open("wb") as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(bytes(65536))
                file.flush()
        rename_in(daemon, MEANWHILE)
        eventually(lambda: unwell(daemon), limit_s=20, what="the daemon says that it is unwell")
        assert len(daemon.titles()) >= len(BEFORE)  # feeds are served all the same
        filler.unlink()
        assert_nothing_is_missing(daemon)


def test_a_disk_that_cannot_be_written_and_can_again(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        assert not os.environ.get("CI"), "strace is missing; .ci/run installs it"
        pytest.skip("strace is not installed")
    with running(tmp_path / "desk") as daemon:
        for item in BEFORE:
            daemon.drop_item(item)
        eventually(lambda: len(daemon.titles()) == len(BEFORE), what="the first stories")
        staged(daemon, MEANWHILE)
        with read_only(daemon):
            rename_in(daemon, MEANWHILE)
            eventually(lambda: unwell(daemon), limit_s=20, what="the daemon says that it is unwell")
            assert len(daemon.titles()) == len(BEFORE)
        assert_nothing_is_missing(daemon)


@contextmanager
def read_only(daemon: Daemon) -> Iterator[None]:
    """Every write to the database fails as on a file system that was remounted read-only."""
    tracer = subprocess.Popen(
        [
            *("strace", "-f", "-p", str(daemon.pid), "-o", os.devnull, "-e", "trace=pwrite64"),
            *("-e", "inject=pwrite64:error=EROFS:when=1+"),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr is not None
    assert "attached" in tracer.stderr.readline()
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)  # it lets go of the daemon
        tracer.wait()
