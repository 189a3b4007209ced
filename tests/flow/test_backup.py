"""A backup is taken from a running daemon under load, and gives everything back."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import Receiver
from tests.harness.waiting import eventually
from wire.config import load
from wire.errors import CommandError
from wire.orders.safekeeping import restore

pytestmark = pytest.mark.slow


def backup_of(daemon: Daemon) -> Path:
    return Path(daemon.wire("backup", str(daemon.root / "backups"), status=0).stdout.strip())


def test_a_backup_under_load_comes_back_whole(daemon_of: Callable[..., Daemon], receiver: Receiver) -> None:
    endpoints = [{"id": "cms", "type": "http", "url": receiver.url("cms")}]
    daemon = daemon_of(endpoints=endpoints)
    daemon.start()
    daemon.drop("noise.bin", bytes(range(256)) * 20)
    os.mkfifo(daemon.inbox / "pipe.txt")
    (daemon.inbox / "link.txt").symlink_to("/etc/passwd")
    first = [copydesk.newsml(number) for number in range(20)]
    for item in first:
        daemon.drop_item(item)
    eventually(lambda: len(daemon.titles()) == 20, limit_s=60, what="in the feed")
    enough = threading.Event()

    def load() -> None:
        for number in range(100, 400):
            if enough.wait(0.01):
                return
            daemon.drop_item(copydesk.newsml(number))

    loading = threading.Thread(target=load)
    loading.start()
    try:
        made = backup_of(daemon)
    finally:
        enough.set()
        loading.join()
    eventually(lambda: not daemon.inbox_files(), limit_s=60, what="everything taken")
    assert daemon.audit().returncode == 0, "the copy harmed nobody"
    assert sorted(path.name for path in made.iterdir()) == ["backup.json", "refused", "wire.db", "wire.toml"]
    assert list((made / "refused").iterdir()) == [], "no pipe that would hang, no link that leads elsewhere"

    restored = daemon_of("restored", endpoints=endpoints)
    restored.wire("restore", str(made), status=0)
    restored.start()
    headlines = {row["headline"] for row in restored.stories("--limit", "1000")}
    assert {item.headline for item in first} <= headlines
    assert len(restored.quarantined()) == 3
    assert restored.audit().returncode == 0
    files = {path.name for path in (restored.outbox / "newsml").rglob("*.xml")}
    assert len(files) == len(headlines), "every story file is written anew"
    restored.drop_item(copydesk.newsml(1, 2))
    eventually(
        lambda: any("take 2" in title for title in restored.titles()),
        limit_s=60,
        what="it goes on from there",
    )


def test_nothing_is_overwritten(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    daemon.start()
    daemon.drop_item(copydesk.newsml(1))
    eventually(daemon.titles, limit_s=60, what="in the feed")
    made = backup_of(daemon)
    for folder in ("inbox", "outbox/backups"):
        assert "lies in the" in daemon.wire("backup", str(daemon.root / folder), status=1).stderr
    assert "is there already" in daemon.wire("restore", str(made), status=1).stderr
    daemon.terminate()
    shutil.rmtree(daemon.root / "var")
    assert "may know more" in daemon.wire("restore", str(made), status=1).stderr
    assert not (daemon.root / "var" / "wire.db").exists()
    shutil.rmtree(daemon.outbox)
    daemon.wire("restore", str(made), status=0)
    daemon.start()
    assert len(daemon.titles()) == 1


@pytest.mark.parametrize("what", ["damaged", "gone", "no backup"])
def test_a_backup_that_is_not_as_it_was_written_is_refused(
    daemon_of: Callable[..., Daemon], what: str
) -> None:
    daemon = daemon_of()
    daemon.wire("run", "--once", status=0)
    made = backup_of(daemon)
    store = made / "wire.db"
    if what == "damaged":
        with store.open("r+b") as file:
            file.seek(5000)
            file.write(b"\xff" * 100)
    elif what == "gone":
        store.unlink()
    else:
        (made / "backup.json").write_text(json.dumps({"files": 3}))
    restored = daemon_of("restored")
    done = restored.wire("restore", str(made), status=1)
    assert "backup" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (restored.root / "var" / "wire.db").exists()


def test_a_restore_that_failed_can_be_tried_again(
    daemon_of: Callable[..., Daemon], monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon = daemon_of()
    daemon.wire("run", "--once", status=0)
    unread = daemon.root / "var" / "refused" / "big.bin"
    unread.parent.mkdir(exist_ok=True)
    unread.write_bytes(b"unread")
    made, restored = backup_of(daemon), daemon_of("restored")
    settings = load(restored.config)
    with monkeypatch.context() as full:
        full.setattr("wire.orders.safekeeping.os.sync", Mock(side_effect=OSError(28, "no space left")))
        with pytest.raises(CommandError, match="no space left"):
            restore(settings, made)
    restore(settings, made)
    assert (restored.root / "var" / "refused" / "big.bin").read_bytes() == b"unread"


def test_without_a_store_there_is_nothing_to_back_up(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    done = daemon.wire("backup", "backups", status=1)
    assert "no store" in done.stderr
    assert not list((daemon.root / "backups").glob("*"))
