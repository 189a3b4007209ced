"""File events that wake the sweep early. Hints only: with none at all, the schedule finds everything.

watchfiles looks at its event list once a step, so the step is the price of speed. While files arrive it
is short (a new file wakes the sweep within about two steps); after a quiet while it is long. Where the
sweeping thread itself hears of files (`Inbox.hears`), this is left with new folders, and is never in a hurry.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path, PurePath

from watchfiles import Change
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from wire.inbox.naming import may_be_new

log = logging.getLogger(__name__)

_STEP_MS = 3  #: while files arrive
_IDLE_STEP_MS = 50
_DEBOUNCE_MS = 10  #: a stream of events is handed on at least this often
_LOOK_UP_MS = 400  #: how often to see whether to stop, and whether the folder is still the same
_SPARE_S = 1.0  #: how often to look at all where others are quicker
_QUIET_S = 3.0  #: so long after the last arrival the long step takes over
_RETRY_S = 10.0  #: between attempts to watch where it was refused


class Watcher:
    """A thread that calls ``wake`` when something appears below a folder.

    ``wake`` must be quick and raise nothing, such as ``threading.Event.set``. Where watching is
    refused (no inotify watches left, folder missing) it says so once and tries again now and then.
    """

    def __init__(self, path: Path, wake: Callable[[], None], *, spare: bool = False) -> None:
        """``spare``: somebody else hears of files sooner, so that this may take its time."""
        self._path = path
        self._wake = wake
        self._rest_s = _SPARE_S if spare else 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.watching = threading.Event()  #: set while events are listened to

    def start(self) -> None:
        """Begin to listen, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="wire-watch", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Stop listening; waits for the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        told = False
        while not self._stopping.is_set():
            try:
                folder = self._identity()
                with RustNotify([str(self._path)], False, False, 0, True, True) as notify:
                    self.watching.set()
                    self._wake()  # whatever came before we listened
                    self._listen(notify, folder)
            except (OSError, WatchfilesRustInternalError) as exc:
                if not told:
                    log.warning("inbox events are not available: %s; the inbox is polled instead", exc)
                told = True
                self._stopping.wait(_RETRY_S)
            finally:
                self.watching.clear()

    def _identity(self) -> tuple[int, int]:
        status = self._path.stat()
        return status.st_dev, status.st_ino

    def _listen(self, notify: RustNotify, folder: tuple[int, int]) -> None:
        """Wake until a stop, or until another folder stands in the watched one's place."""
        busy_until = 0.0
        while not self._stopping.wait(self._rest_s) and self._identity() == folder:
            if self._rest_s:  # what has gathered, without waiting for more
                changes = notify.watch(1, 1, 1, None)
            else:
                step_ms = _STEP_MS if time.monotonic() < busy_until else _IDLE_STEP_MS
                changes = notify.watch(_DEBOUNCE_MS, step_ms, _LOOK_UP_MS, None)
            if isinstance(changes, str):
                continue
            if any(appeared(change, path) for change, path in changes):
                busy_until = time.monotonic() + _QUIET_S
                self._wake()


def appeared(change: int, path: str) -> bool:
    """Whether an event tells of a new name that may be a story.

    Writing and removing wake nobody: the one goes on until the file settles, the other is our own.
    """
    return change == Change.added and may_be_new(PurePath(path).name)
