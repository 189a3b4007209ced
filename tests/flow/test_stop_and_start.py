"""A daemon owns its data alone, stops cleanly, and finds everything there once when it comes back."""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import Receiver
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow(3)


def _take_in(daemon: Daemon, *numbers: int) -> list[str]:
    items = [copydesk.newsml(number) for number in numbers]
    for item in items:
        daemon.drop_item(item)
    headlines = [item.headline for item in items]
    eventually(lambda: set(headlines) <= set(daemon.titles()), what="in the feed")
    return headlines


def test_a_second_daemon_on_the_same_data_refuses_to_start(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    daemon.start()
    second = daemon.wire("run", status=3)
    assert second.stderr.strip()
    assert daemon.get("/health").status == 200


def test_sigterm_stops_within_ten_seconds_with_exit_status_0(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of(warm_start=False)
    daemon.start()
    _take_in(daemon, 1, 2)
    stopped = daemon.terminate()
    assert stopped.status == 0
    assert stopped.took_s < 10


def test_sigterm_stops_it_whichever_thread_the_kernel_gives_it_to(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    daemon.start()
    threads = [int(task.name) for task in Path(f"/proc/{daemon.pid}/task").iterdir()]
    other = next(thread for thread in threads if thread != daemon.pid)
    assert ctypes.CDLL(None).tgkill(daemon.pid, other, signal.SIGTERM) == 0
    assert daemon.wait(10) == 0


def test_sigterm_stops_in_time_while_an_endpoint_hangs(
    daemon_of: Callable[..., Daemon], receiver: Receiver
) -> None:
    receiver.control("cms", always="hang")
    daemon = daemon_of(
        endpoints=[{"id": "cms", "type": "http", "url": receiver.url("cms"), "deadline_s": 60}]
    )
    daemon.start()
    _take_in(daemon, 1)
    eventually(lambda: receiver.arrivals("cms"), what="a push under way")
    stopped = daemon.terminate()
    assert (stopped.status, stopped.took_s < 10.5) == (0, True)


@pytest.mark.parametrize("how", ["terminate", "kill9"])
def test_a_restart_shows_everything_once(
    daemon_of: Callable[..., Daemon], receiver: Receiver, how: str
) -> None:
    daemon = daemon_of(
        warm_start=False, endpoints=[{"id": "cms", "type": "http", "url": receiver.url("cms")}]
    )
    daemon.start()
    headlines = _take_in(daemon, 1, 2, 3)
    eventually(lambda: len(receiver.arrivals()) == 3, what="pushed")
    feeds = [daemon.get(f"/feeds/all.{format}").body for format in ("rss", "atom")]
    getattr(daemon, how)()
    daemon.start()
    assert sorted(daemon.titles()) == sorted(headlines)
    assert [daemon.get(f"/feeds/all.{format}").body for format in ("rss", "atom")] == feeds
    more = _take_in(daemon, 4)
    eventually(lambda: len({a.story for a in receiver.arrivals()}) == 4, what="the new one pushed")
    keys = {(a.story, a.version): set() for a in receiver.arrivals()}
    for arrival in receiver.arrivals():
        keys[arrival.story, arrival.version].add(arrival.key)
    assert all(len(found) == 1 for found in keys.values())
    assert sorted(daemon.titles()) == sorted(headlines + more)
    assert daemon.audit().returncode == 0


def test_what_was_dropped_while_it_was_down_is_taken_when_it_is_up(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    item = copydesk.newsml(1)
    daemon.drop_item(item)
    daemon.start()
    eventually(lambda: item.headline in daemon.titles(), what="in the feed")


def test_feed_files_lost_from_the_outbox_come_back_at_the_start(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    daemon.start()
    _take_in(daemon, 1)
    file = daemon.outbox / "feeds" / "all.rss"
    eventually(file.exists, what="feed file")
    daemon.kill9()
    file.unlink()
    daemon.start()
    eventually(
        lambda: file.exists() and file.read_bytes() == daemon.get("/feeds/all.rss").body, what="restored"
    )
