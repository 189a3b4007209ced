"""What the sweeping thread waits for: somebody rings, or the kernel tells of a file that came in."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from contextlib import suppress


class Bell:
    """Wakes the one thread that waits. `ring` may be called from any thread and from signal handlers."""

    def __init__(self) -> None:
        self._hears, self._rings = os.pipe()
        for fd in (self._hears, self._rings):
            os.set_blocking(fd, False)

    def ring(self) -> None:
        """Have `wait` return, now or when it is next called."""
        with suppress(BlockingIOError):  # a full pipe rings already
            os.write(self._rings, b"\0")

    def wait(
        self,
        timeout_s: float,
        *,
        also: int | None = None,
        enough: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Until it rings or a time is over; whether it rang, or was woken otherwise.

        also    a descriptor that wakes as well when it can be read; ``enough`` then reads it, and says
                whether that was worth waking for
        """
        poll = select.poll()
        for fd in (self._hears, *(() if also is None else (also,))):
            poll.register(fd, select.POLLIN)
        if also is not None and enough():  # what was left unread the last time
            return True
        until_s = time.monotonic() + timeout_s
        while (left_s := until_s - time.monotonic()) > 0:
            ready = {fd for fd, _ in poll.poll(left_s * 1000 + 1)}
            if self._hears in ready:
                self._quieten()
                return True
            if ready and enough():
                return True
        return False

    def close(self) -> None:
        """Let go of its descriptors, once nobody rings any more."""
        os.close(self._hears)
        os.close(self._rings)

    def _quieten(self) -> None:
        with suppress(BlockingIOError):
            while os.read(self._hears, 4096):
                pass
