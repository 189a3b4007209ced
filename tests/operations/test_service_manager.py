"""What a service manager hears, by a real socket in its place."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from wire.operate.service_manager import ServiceManager


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """Listens as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def lines(manager: socket.socket) -> dict[str, str]:
    return dict(line.split("=", 1) for line in manager.recv(4096).decode().splitlines())


def test_it_hears_that_we_are_ready_reload_live_and_stop(manager: socket.socket) -> None:
    ours = ServiceManager({"NOTIFY_SOCKET": manager.getsockname()})
    ours.ready("serving at http://127.0.0.1:8080")
    assert lines(manager) == {"READY": "1", "STATUS": "serving at http://127.0.0.1:8080"}
    ours.alive()
    assert lines(manager) == {"WATCHDOG": "1"}
    ours.reloading()
    told = lines(manager)
    assert told["RELOADING"] == "1"
    assert int(told["MONOTONIC_USEC"]) > 0
    ours.stopping()
    assert lines(manager)["STOPPING"] == "1"


def test_an_abstract_address_is_understood() -> None:
    name = f"wire-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        listening.settimeout(5)
        ServiceManager({"NOTIFY_SOCKET": f"@{name}"}).alive()
        assert lines(listening) == {"WATCHDOG": "1"}


def test_without_a_manager_nothing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    ServiceManager({}).ready("x")
    assert caplog.messages == [], "nor tried"


def test_a_manager_that_is_gone_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()
    [said] = caplog.messages
    assert said.startswith("the service manager cannot be told: ")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_only_when_it_is_ours(
    environment: dict[str, str], expected: float | None
) -> None:
    assert ServiceManager(environment).watchdog_s == expected
