"""A folder on a disk that does not answer costs its endpoint alone: on a real mount that nobody serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.hanging_mount import hanging_mount
from tests.harness.receiver import Receiver
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "disk"
    path.mkdir()
    try:
        with hanging_mount(path):
            yield path
    except PermissionError as exc:
        pytest.skip(str(exc))


def test_the_daemon_starts_delivers_to_the_others_is_asked_and_stops(
    disk: Path, daemon_of: Callable[..., Daemon], receiver: Receiver
) -> None:
    daemon = daemon_of(
        endpoints=[
            {"id": "cms", "type": "http", "url": receiver.url("cms")},
            {"id": "shelf", "type": "folder", "path": str(disk / "in"), "deadline_s": 0.5},
        ]
    )
    daemon.start()
    daemon.drop_item(copydesk.newsml(1))
    eventually(lambda: receiver.arrivals("cms"), what="the delivery to the other endpoint")
    why = eventually(
        lambda: next(
            (row["reason"] for row in daemon.deliveries("--endpoint", "shelf") if row["reason"]), None
        ),
        what="the failure at the deadline",
    )
    assert "its disk did not answer within 0.5 s" in why or "has not answered since" in why
    assert daemon.status()["daemon"]["running"]
    assert daemon.terminate().status == 0
