"""``wire run --once`` takes in what lies there, publishes, tries what is due, and stops."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import Receiver
from wire.app import App
from wire.config import load
from wire.daemon import run_once
from wire.inbox import opening, sweep

pytestmark = pytest.mark.slow


@pytest.fixture
def daemon(daemon_of: Callable[..., Daemon], receiver: Receiver) -> Daemon:
    return daemon_of(endpoints=[{"id": "cms", "type": "http", "url": receiver.url("cms")}])


def test_good_copy_is_published_and_delivered_and_the_exit_status_is_0(
    daemon: Daemon, receiver: Receiver
) -> None:
    for number in range(5):
        daemon.drop_item(copydesk.newsml(number))
    daemon.wire("run", "--once", status=0)
    assert not daemon.inbox_files()
    assert len(receiver.arrivals("cms")) == 5
    assert len(list(daemon.outbox.glob("newsml/*/*/*/*.xml"))) == 5
    assert copydesk.newsml(3).headline in (daemon.outbox / "feeds" / "all.rss").read_text()
    assert len(daemon.stories()) == 5


def test_a_quarantined_file_makes_the_exit_status_1_and_the_rest_is_done(
    daemon: Daemon, receiver: Receiver
) -> None:
    daemon.drop("empty.txt", b"\n")
    daemon.drop_item(copydesk.newsml(1))
    daemon.wire("run", "--once", status=1)
    assert len(receiver.arrivals("cms")) == 1
    assert [row["name"] for row in daemon.quarantined()] == ["empty.txt"]


def test_a_file_that_cannot_be_read_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root reads everything, so the refusal comes from the one place that opens files.
    def open_file(name: str, folder_fd: int) -> AbstractContextManager[int]:
        if name == "locked.txt":
            raise PermissionError(13, "Permission denied")
        return opening.open_file(name, folder_fd)

    monkeypatch.setattr(sweep, "open_file", open_file)
    (tmp_path / "wire.toml").write_text('[web]\nlisten = "127.0.0.1:0"\n[inbox]\nsettle_s = 0.05\n')
    (tmp_path / "inbox").mkdir()
    for name in ("locked.txt", "other.txt"):
        (tmp_path / "inbox" / name).write_text("Headline: Harbour\n\nOSLO - The harbour is open again.\n")
    assert run_once(App(load(tmp_path / "wire.toml"))) == [
        "left in the inbox: files that cannot be read, as said above"
    ]
    assert [path.name for path in (tmp_path / "inbox").iterdir()] == ["locked.txt"]


def test_an_empty_inbox_is_fine(daemon: Daemon) -> None:
    daemon.wire("run", "--once", status=0)


def test_it_refuses_while_a_daemon_owns_the_data(daemon: Daemon) -> None:
    daemon.start()
    daemon.wire("run", "--once", status=3)
