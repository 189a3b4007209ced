"""Large files are read in a process of their own: what is large may be hostile, and would hold up others.

Whatever happens there ends in the quarantine with its reason, and delays no other story.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from wire.errors import IntakeError, StoreError
from wire.flow.reading import Items, ReadFile, read_file
from wire.flow.reading_process import ReadingProcess
from wire.story import RawFile

log = logging.getLogger(__name__)

#: Bytes above which a file is read apart; a smaller one takes some tens of milliseconds at worst.
LARGE = 256 * 1024
_TIME_LIMIT_S = 30.0
#: Files that are read at the same time, by whomever: each takes a process, and may take much memory.
_AT_ONCE = 3
#: Seconds that whoever wants another one read waits for one of these to end.
_PATIENCE_S = 10.0


class ApartReader:
    """Reads large files, each in its own process; those submitted, one after the other. Thread-safe."""

    def __init__(
        self,
        *,
        large: int = LARGE,
        time_limit_s: float = _TIME_LIMIT_S,
        at_once: int = _AT_ONCE,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """``large``: bytes above which a file is read apart; ``at_once``: so many files at a time at most."""
        self._large = large
        self._time_limit_s = time_limit_s
        self._at_once = at_once
        self._patience_s = patience_s
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wire-apart")
        self._running: set[ReadingProcess] = set()
        self._changed = threading.Condition()  # what is running
        self._stopped = threading.Event()

    def takes(self, raw: RawFile) -> bool:
        """Whether this file is large enough to be read apart."""
        return len(raw.data) > self._large

    def submit(self, raw: RawFile, then: Callable[[ReadFile | None], None]) -> None:
        """Read a file and call ``then`` with it, on a thread of ours; with None when we were stopped."""
        self._queue.submit(self._carry, raw, then)

    def wait(self) -> None:
        """Until everything submitted so far has been read and accepted."""
        self._queue.submit(lambda: None).result()

    def stop(self) -> None:
        """Break off the reading under way; what waits is given back unread."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()
            for process in self._running:
                process.kill()
        self._queue.shutdown(wait=True)

    def read(self, raw: RawFile) -> ReadFile:
        """The file read now, in a process of its own.

        Raises StoreError when we were stopped meanwhile, or others are being read for too long: neither says
        anything of the file.
        """
        try:
            items = self._items(raw)
        except IntakeError as exc:
            if self._stopped.is_set():
                raise StoreError("the daemon is stopping; try again once it runs") from exc
            items = (exc,)
        return read_file(raw, items)

    def _carry(self, raw: RawFile, then: Callable[[ReadFile | None], None]) -> None:
        try:
            file = None if self._stopped.is_set() else self.read(raw)
        except StoreError:
            file = None
        try:
            then(None if self._stopped.is_set() else file)
        except Exception:  # the thread's edge: the next large file must still be read
            log.exception("a large file could not be carried on", extra={"source": raw.source.id})

    def _items(self, raw: RawFile) -> Items:
        process = self._started()
        try:
            process.send([raw])
            [items] = process.receive(self._time_limit_s)
            return items
        finally:
            with self._changed:
                self._running.discard(process)
                self._changed.notify()
            process.end()

    def _started(self) -> ReadingProcess:
        """A process, once there is room for one more."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._stopped.is_set() or len(self._running) < self._at_once, self._patience_s
            )
            if self._stopped.is_set():
                raise StoreError("the daemon is stopping; try again once it runs")
            if len(self._running) >= self._at_once:
                raise StoreError(
                    f"as many large files as may be ({self._at_once}) are being read; try again in a while"
                )
            process = ReadingProcess()
            self._running.add(process)
            return process
