"""After the daemon died, another process reads what lies in the inbox: one of these files may have killed it.

What kills that process is found out by reading each file of its batch apart, and ends in the quarantine
instead of killing every next start. Once the inbox has been empty, files are read in this process again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from wire.errors import IntakeError
from wire.flow.reading import Reader, ReadFile, read_file
from wire.flow.reading_process import ReadingProcess
from wire.story import RawFile

log = logging.getLogger(__name__)

Batch = Sequence[RawFile]

_TIME_LIMIT_S = 30.0


class WaryReader:
    """Reads batch after batch, in this process or warily in another. Used by one thread.

    alone  reads one file in a process of its own, with the reason when that process dies
    wary   whether the last daemon died
    """

    def __init__(self, reader: Reader, alone: Callable[[RawFile], ReadFile], *, wary: bool = False) -> None:
        self._reader = reader
        self._alone = alone
        self._wary = wary
        self._process: ReadingProcess | None = None

    def read(self, batches: Sequence[Batch]) -> Iterator[list[ReadFile]]:
        """The files of each batch, in order; each batch is read when it is asked for.

        To be called after every sweep of the inbox: one that brought nothing ends the wariness.
        """
        if self._wary and not batches:
            self._wary = False
            self.stop()
        for batch in batches:
            yield self._read_apart(batch) if self._wary else self._reader.read_all(batch)

    def stop(self) -> None:
        """End the other process."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _read_apart(self, batch: Batch) -> list[ReadFile]:
        process = self._process = self._process or ReadingProcess()
        process.send(batch)
        try:
            items = process.receive(_TIME_LIMIT_S)
        except IntakeError as exc:
            log.warning("reading each of %d files apart: of one of them, %s", len(batch), exc)
            self._process = None
            return [self._alone(raw) for raw in batch]
        return [read_file(raw, found) for raw, found in zip(batch, items, strict=True)]
