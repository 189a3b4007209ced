"""Deliveries are retried with the same key, wait as asked, and end visibly when given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import Arrival, Receiver
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow(3)

Make = Callable[..., Daemon]


@pytest.fixture
def started(daemon_of: Make, receiver: Receiver) -> Callable[..., Daemon]:
    """A running daemon with one endpoint, ``cms``, and short waits."""

    def start(delays: tuple[float, ...] = (0.3, 0.3, 0.3), **endpoint: Any) -> Daemon:
        cms = {"id": "cms", "type": "http", "url": receiver.url("cms"), **endpoint}
        daemon = daemon_of(endpoints=[cms], retry={"delays_s": list(delays), "jitter": 0.0})
        daemon.start()
        return daemon

    return start


def _arrived(receiver: Receiver, count: int, limit_s: float = 10) -> list[Arrival]:
    eventually(lambda: len(receiver.arrivals("cms")) >= count, limit_s=limit_s, what=f"{count} arrivals")
    return receiver.arrivals("cms")


def _queued(daemon: Daemon) -> int:
    queued: int = daemon.status()["queued"]
    return queued


@pytest.mark.parametrize("fault", ["500", "reset", "hang"])
def test_a_failed_delivery_is_tried_again_with_the_same_key_and_body(
    started: Callable[..., Daemon], receiver: Receiver, fault: str
) -> None:
    receiver.control("cms", script=[fault])
    daemon = started(deadline_s=1.0)
    daemon.drop_item(copydesk.newsml(1))
    first, second = _arrived(receiver, 2)
    assert (first.key, first.sha256) == (second.key, second.sha256)
    assert second.answer == "200"
    eventually(lambda: _queued(daemon) == 0, what="queue empty")


def test_a_success_whose_answer_is_cut_counts_as_delivered(
    started: Callable[..., Daemon], receiver: Receiver
) -> None:
    receiver.control("cms", script=["cut"])
    daemon = started()
    daemon.drop_item(copydesk.newsml(1))
    _arrived(receiver, 1)
    eventually(lambda: _queued(daemon) == 0, what="queue empty")
    assert len(receiver.arrivals("cms")) == 1


def test_retry_after_is_honoured(started: Callable[..., Daemon], receiver: Receiver) -> None:
    receiver.control("cms", script=["429"])
    daemon = started(delays=(0.1, 0.1))
    daemon.drop_item(copydesk.newsml(1))
    first, second = _arrived(receiver, 2)
    assert second.at - first.at >= 0.95


def test_waits_survive_a_restart(started: Callable[..., Daemon], receiver: Receiver) -> None:
    receiver.control("cms", script=["500"])
    daemon = started(delays=(6.0, 0.3))
    daemon.drop_item(copydesk.newsml(1))
    _arrived(receiver, 1)
    eventually(lambda: _attempts(daemon) == 1, what="the failure written down")
    daemon.kill9()
    daemon.start()
    first, second = _arrived(receiver, 2)
    assert second.at - first.at >= 5.9
    assert first.key == second.key


def _attempts(daemon: Daemon) -> int:
    rows = daemon.deliveries()
    return sum(1 for row in rows for tried in row["tries"] if tried.get("ended_at"))


def test_what_is_given_up_is_visible_and_can_be_sent_again_with_the_same_key(
    started: Callable[..., Daemon], receiver: Receiver
) -> None:
    receiver.control("cms", always="500")
    daemon = started(delays=(0.1,))
    daemon.drop_item(copydesk.newsml(1))
    _arrived(receiver, 2)
    dead = eventually(lambda: daemon.deliveries("--state", "dead"), what="a dead letter")
    assert [row["endpoint"] for row in dead] == ["cms"]
    assert "500" in dead[0]["reason"]
    assert daemon.status()["dead"] == 1
    receiver.control("cms", always=None)
    daemon.wire("retry", "--all", status=0)
    arrivals = _arrived(receiver, 3)
    assert arrivals[-1].answer == "200"
    assert {arrival.key for arrival in arrivals} == {dead[0]["key"]}
    eventually(lambda: daemon.status()["dead"] == 0, what="no dead letters")


def test_a_newer_version_takes_the_place_of_one_not_yet_sent(
    started: Callable[..., Daemon], receiver: Receiver
) -> None:
    receiver.control("cms", script=["500"])
    daemon = started(delays=(2.0, 0.3, 0.3))
    daemon.drop_item(copydesk.newsml(1))
    _arrived(receiver, 1)
    daemon.drop_item(copydesk.newsml(1, 2, kind="update"))
    daemon.drop_item(copydesk.newsml(1, 3, kind="kill"))
    eventually(lambda: 3 in {a.version for a in receiver.arrivals("cms")}, what="the newest version")
    eventually(lambda: _queued(daemon) == 0, what="queue empty")
    versions = [arrival.version for arrival in receiver.arrivals("cms")]
    assert versions == sorted(versions)


def test_a_hanging_endpoint_delays_no_other(daemon_of: Make, receiver: Receiver) -> None:
    receiver.control("stuck", always="hang")
    endpoints = [
        {"id": name, "type": "http", "url": receiver.url(name), "deadline_s": 30}
        for name in ("stuck", "well")
    ]
    daemon = daemon_of(endpoints=endpoints)
    daemon.start()
    for number in range(30):
        daemon.drop_item(copydesk.newsml(number))
    eventually(lambda: len(receiver.arrivals("well")) == 30, what="all at the healthy endpoint")
    assert len(receiver.arrivals("stuck")) <= 1
