"""Total deadlines that hold: one thread ends every exchange that takes too long.

The timeout of requests is for one read: an endpoint that sends a byte a second never meets it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache


@dataclass(slots=True, eq=False)
class Deadline:
    """One exchange under watch."""

    ends_s: float  #: monotonic seconds
    break_off: Callable[[], None]
    over: bool = False  #: set when the exchange was broken off


class Watchdog:
    """Calls ``break_off`` of exchanges that are overdue, from a thread of its own.

    One serves all transports. The thread starts with the first exchange,
    sleeps until the earliest deadline, and costs nothing while nothing is under way. ``break_off``
    must be quick and raise nothing.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: set[Deadline] = set()
        self._wakes_s = float("inf")
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, seconds: float, break_off: Callable[[], None]) -> Iterator[Deadline]:
        """Watch over the body of a ``with``; the deadline's ``over`` says whether it was broken off."""
        deadline = Deadline(time.monotonic() + seconds, break_off)
        with self._changed:
            self._watched.add(deadline)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="wire-deadlines", daemon=True)
                self._thread.start()
            elif deadline.ends_s < self._wakes_s:
                self._changed.notify()
        try:
            yield deadline
        finally:
            with self._changed:
                self._watched.discard(deadline)

    def _run(self) -> None:
        while True:
            with self._changed:
                now_s = time.monotonic()
                overdue = [deadline for deadline in self._watched if deadline.ends_s <= now_s]
                for deadline in overdue:
                    deadline.over = True
                    self._watched.discard(deadline)
                    # Under the lock, so that it cannot hit the exchange after this one.
                    deadline.break_off()
                self._wakes_s = min((deadline.ends_s for deadline in self._watched), default=float("inf"))
                wait_s = self._wakes_s - time.monotonic() if self._watched else None
                self._changed.wait(wait_s)


@cache
def common_watchdog() -> Watchdog:
    """The one of this process, for transports that are given none: a thread each would be too many."""
    return Watchdog()
