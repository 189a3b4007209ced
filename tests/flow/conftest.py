"""Daemons that never outlive their test, and one desk that gentle tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.harness.daemon import SECRET, SECRET_NAME, Daemon
from tests.harness.receiver import Receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A running daemon with an HTTP endpoint ``cms`` and a folder endpoint ``archive``."""

    daemon: Daemon
    receiver: Receiver
    archive: Path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all tests of a module; each test sends stories of its own."""
    root = tmp_path_factory.mktemp("desk")
    with Receiver(root / "receiver") as receiver:
        receiver.control("cms", secret=SECRET)
        daemon = Daemon(
            root,
            warm_start=True,
            feeds=[
                {"id": "all", "title": "Everything", "limit": 1000},
                {"id": "war", "title": "Conflict", "where": {"subject": ["medtop:16000000"]}},
            ],
            endpoints=[
                {"id": "cms", "type": "http", "url": receiver.url("cms"), "secret": SECRET_NAME},
                {"id": "archive", "type": "folder", "path": "archive"},
            ],
        )
        try:
            daemon.start()
            yield Desk(daemon=daemon, receiver=receiver, archive=root / "archive")
        finally:
            daemon.end()
            print(daemon.tail())


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver of this test's own."""
    with Receiver(tmp_path / "receiver") as running:
        yield running


@pytest.fixture
def daemon_of(tmp_path: Path) -> Iterator[Callable[..., Daemon]]:
    """Makes daemons, not yet started; all are ended after the test, and their logs shown if it failed.

    Their processes are forked off a warm one unless a test says ``warm_start=False``.
    """
    made: list[Daemon] = []

    def make(name: str = "desk", *, warm_start: bool = True, **tables: Any) -> Daemon:
        made.append(Daemon(tmp_path / name, warm_start=warm_start, **tables))
        return made[-1]

    yield make
    for daemon in made:
        daemon.end()
        print(daemon.tail())
