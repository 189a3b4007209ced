"""A daemon's ear on a shared store: it hears of others' commits, and knows whose the inbox is to empty."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wire.errors import StoreError
from wire.flow.showing import Showing
from wire.inbox.mark import folder_mark
from wire.ports.delivery import Engine, Queue
from wire.store.database import Database
from wire.store.following import Line, ServerClock, line

log = logging.getLogger(__name__)

#: Seconds between two looks at the store of which no notice told.
_LOOK_S = 1.0
#: Seconds between two looks for lanes that a dead daemon left, and at the server's clock.
_ROUND_S = 5.0
#: Lanes asked for at once.
_RIPE = 256


class Follower:
    """Keeps a daemon in step with others on the same server. `run` is called by one thread."""

    def __init__(
        self,
        database: Database,
        *,
        showing: Showing,
        engine: Engine,
        queue: Queue,
        inbox: Path,
        clock: ServerClock | None,
        trouble: Callable[[str | None], None],
    ) -> None:
        """``trouble``: told what is wrong with the connection, and when nothing is any more."""
        self._database = database
        self._showing = showing
        self._engine = engine
        self._queue = queue
        self._inbox = inbox
        self._clock = clock
        self._trouble = trouble
        self._may_sweep = threading.Event()

    @property
    def may_sweep(self) -> bool:
        """Whether it is for us to take in what comes into the inbox: one of those who share it does."""
        return self._may_sweep.is_set()

    @contextmanager
    def once(self) -> Iterator[bool]:
        """Whether the inbox is ours to empty, within the block. Raises StoreError."""
        with line(self._database) as opened:
            yield opened.take_role(self._role())

    def run(self, stop: threading.Event) -> None:
        """Follow until ``stop``; a connection that breaks is made anew."""
        while not stop.is_set():
            try:
                with line(self._database) as opened:
                    role = self._role()
                    self._trouble(None)
                    self._follow(opened, role, stop)
            except StoreError as exc:
                log.error("%s; trying again", exc)
                self._trouble(str(exc))
            finally:
                self._may_sweep.clear()
            stop.wait(_LOOK_S)

    def _role(self) -> str:
        return f"inbox {folder_mark(self._inbox)}"

    def _follow(self, opened: Line, role: str, stop: threading.Event) -> None:
        round_s = 0.0
        news = True
        while not stop.is_set():
            if not self.may_sweep and opened.take_role(role):
                log.info("what comes into the inbox is ours to take in")
                self._may_sweep.set()
            self._showing.catch_up()
            if news or time.monotonic() >= round_s:
                self._engine.wake(self._queue.ripe(limit=_RIPE))
            if time.monotonic() >= round_s:
                round_s = time.monotonic() + _ROUND_S
                if self._clock is not None:
                    self._clock.look()
            news = opened.wait(_LOOK_S)
