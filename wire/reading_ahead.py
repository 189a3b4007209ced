"""In a rush, the next files are read by a second process while the last ones are accepted.

Reading and accepting cost about the same and both hold the interpreter, so a second processor is of use
only to a second process. It is started when files pile up, and ended once it has had nothing to do for a
while. What kills it is found out by reading each of its files apart.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from wire.errors import IntakeError
from wire.reading import Reader, ReadFile, read_file
from wire.reading_process import ReadingProcess
from wire.story import RawFile

log = logging.getLogger(__name__)

Batch = Sequence[RawFile]

#: Batches in one sweep from which on there is a rush.
_RUSH = 3
_TIME_LIMIT_S = 30.0
_IDLE_S = 15.0
_START_S = 10.0


class AheadReader:
    """Reads batch after batch, in this process or ahead in another. Used by one thread.

    alone  reads one file in a process of its own, with the reason when that process dies
    wary   whether the last daemon died: then the first files are not read in this process
    """

    def __init__(
        self,
        reader: Reader,
        alone: Callable[[RawFile], ReadFile],
        *,
        wary: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._alone = alone
        self._wary = wary
        self._monotonic = monotonic
        self._process: ReadingProcess | None = None
        self._used_s = 0.0

    def read(self, batches: Sequence[Batch]) -> Iterator[list[ReadFile]]:
        """The files of each batch, in order; while the caller works on one batch, the next may be read."""
        self._prepare(len(batches))
        rest = deque(batches)
        while rest:
            process = self._process
            if process is None or not process.ready():
                yield self._read_here(rest.popleft())
            else:
                yield from self._read_there(process, rest)

    def stop(self) -> None:
        """End the second process."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _prepare(self, batches: int) -> None:
        """Have the second process if there is need of it, and only then."""
        now_s = self._monotonic()
        if batches >= _RUSH or (batches and self._wary):
            self._used_s = now_s
            self._process = self._process or ReadingProcess()
            if self._wary:
                self._wary = not self._process.ready(_START_S)
        elif self._process is not None and now_s - self._used_s > _IDLE_S:
            self.stop()

    def _read_there(self, process: ReadingProcess, rest: deque[Batch]) -> Iterator[list[ReadFile]]:
        """Take batch after batch off ``rest``, until none is left or the process has died."""
        there = rest.popleft()
        process.send(there)
        while there:
            # whoever is faster reads more; the order stays
            here = self._read_here(rest.popleft()) if rest and not process.done() else []
            try:
                items = process.receive(_TIME_LIMIT_S)
            except IntakeError as exc:
                log.warning("reading each of %d files apart: of one of them, %s", len(there), exc)
                self._process = None
                yield from filter(None, ([self._alone(raw) for raw in there], here))
                return
            read, there = there, rest.popleft() if rest else ()
            if there:
                process.send(there)
            yield [read_file(raw, found) for raw, found in zip(read, items, strict=True)]
            if here:
                yield here

    def _read_here(self, batch: Batch) -> list[ReadFile]:
        return [self._reader.read(raw) for raw in batch]
