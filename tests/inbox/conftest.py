"""A real inbox folder with clocks that tests move by hand."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wire.inbox.found import Sweep
from wire.inbox.renames import Renames
from wire.inbox.sweep import Inbox
from wire.story import Source

SETTLE_S = 1.0
MAX_WAIT_S = 30.0


class Folder:
    """The inbox under test: what people do to it, and sweeps at chosen instants.

    The wall clock runs with the file system's, since ctimes come from there; `pass_time` puts both
    clocks forward.
    """

    def __init__(self, path: Path, *, events: bool, **options: object) -> None:
        self.path = path
        self.outside = path.parent / "outside"
        self.outside.mkdir()
        path.mkdir()
        self._ahead_s = 0.0
        self.renames = Renames.open() if events else None
        self.inbox = Inbox(
            path,
            {"agency": Source(id="ap", provider="Example Agency")},
            settle_s=SETTLE_S,
            max_wait_s=MAX_WAIT_S,
            clock=lambda: datetime.now(UTC) + timedelta(seconds=self._ahead_s),
            monotonic=lambda: time.monotonic() + self._ahead_s,
            renames=self.renames,
            **options,  # type: ignore[arg-type]
        )
        self.inbox.sweep()  # the daemon's first: folders are listened to from here on

    def pass_time(self, seconds: float) -> None:
        self._ahead_s += seconds

    def write(self, name: str | bytes, data: bytes = b"A story.") -> None:
        """Write in place, as a copy does."""
        (self.path / os.fsdecode(name)).write_bytes(data)

    def move_in(self, name: str, data: bytes = b"A story.") -> None:
        """Write elsewhere, then rename."""
        (self.outside / "part").write_bytes(data)
        (self.outside / "part").rename(self.path / name)

    def names(self) -> list[str]:
        """What lies in the inbox."""
        return sorted(path.name for path in self.path.iterdir())

    def sweep(self, limit: int = 256) -> Sweep:
        return self.inbox.sweep(limit)

    def take_all(self, limit: int = 256) -> list[bytes]:
        """Sweep and discard as the pipeline does, until nothing is ready; the bytes taken."""
        bodies: list[bytes] = []
        while True:
            sweep = self.sweep(limit)
            for taken in sweep.taken:
                bodies.append(taken.raw.data)
                self.inbox.discard(taken)
            if sweep.next_look_s != 0.0:
                return bodies


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """An inbox that hears file events."""
    made = Folder(tmp_path / "inbox", events=True)
    yield made
    made.inbox.close()


@pytest.fixture
def deaf_folder(tmp_path: Path) -> Iterator[Folder]:
    """An inbox where inotify is not available."""
    made = Folder(tmp_path / "inbox", events=False)
    yield made
    made.inbox.close()
