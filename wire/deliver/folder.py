"""Documents delivered as files in a folder."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from wire.common.clock import ms_since, utc_now
from wire.deliver.filing import Files, carry_out, errand, part_of, said
from wire.errors import Unreachable
from wire.ports import Clock
from wire.story import Delivery, Receipt

_PROBE_S = 10.0


class FolderTransport:
    """Writes each document to a file (`wire.deliver.filing`); `wire.ports.Transport`.

    Whoever watches the folder sees whole files only: each is written under a dot name, flushed and
    renamed, and the folder is flushed. A repeat writes the same bytes to the same name. The folder is made
    when missing, its parent is not: where that is absent, a disk is not mounted.

    The system offers no way to break off a write to a disk that does not answer, such as a network's. So
    the work is done by a thread that is left behind at the deadline; until it has ended nothing else is
    begun, or an old version could take a newer one's place when the disk comes back.
    """

    def __init__(self, *, path: Path, files: Files = "versions", clock: Clock = utc_now) -> None:
        self._path = path
        self._files = files
        self._clock = clock
        self._left_behind: threading.Thread | None = None

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        started_s = time.monotonic()
        wanted = errand(delivery, self._files)

        def work() -> None:
            self._path.mkdir(exist_ok=True)
            carry_out(wanted, self)

        self._within(deadline_s, work)
        return Receipt(accepted_at=self._clock(), took_ms=ms_since(started_s), detail=said(wanted))

    def probe(self) -> None:
        """Prove that files can be made in the folder, or the folder in its parent."""
        self._within(_PROBE_S, self._look)

    def _look(self) -> None:
        folder = self._path if self._path.exists() else self._path.parent
        if not folder.is_dir():
            raise Unreachable(f"{folder} is no folder; make it, or mount its disk")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Unreachable(f"{folder} cannot be written to; check its rights")

    def close(self) -> None:
        """Nothing is held between two sends."""

    def _within(self, deadline_s: float, work: Callable[[], None]) -> None:
        """Have the work done. Raises DeliveryError, as soon as the time is over."""
        if self._left_behind is not None and self._left_behind.is_alive():
            raise Unreachable(f"{self._path}: its disk has not answered since an attempt before this one")
        ends: SimpleQueue[Exception | None] = SimpleQueue()

        def run() -> None:
            try:
                work()
            except Exception as exc:  # noqa: BLE001 - another thread's: whoever waits for it gets it
                ends.put(exc)
            else:
                ends.put(None)

        worker = threading.Thread(target=run, name="wire-folder", daemon=True)
        worker.start()
        try:
            failure = ends.get(timeout=deadline_s)
        except Empty:
            self._left_behind = worker
            raise Unreachable(f"{self._path}: its disk did not answer within {deadline_s:.3g} s") from None
        if isinstance(failure, OSError):
            raise Unreachable(f"{self._path}: {failure.strerror}") from failure
        if failure is not None:
            raise failure

    def put(self, name: str, body: bytes) -> None:
        """See `wire.deliver.filing.Shelf`. Raises OSError."""
        part = self._path / part_of(name)
        try:
            # Made anew, never written through: what stands there may be a link of somebody else's.
            part.unlink(missing_ok=True)
            with part.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path / name)
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise
        self._flush()

    def remove(self, name: str) -> None:
        """See `wire.deliver.filing.Shelf`. Raises OSError."""
        (self._path / name).unlink(missing_ok=True)
        self._flush()

    def _flush(self) -> None:
        folder = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
