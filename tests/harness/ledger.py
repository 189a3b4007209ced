"""The producer's own record of what it dropped, on disk before the drop: what all else is checked against."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.harness.copydesk import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One line of the ledger."""

    number: int
    guid: str
    version: int
    kind: str  #: ``new``, ``update`` or ``kill``
    sha256: str  #: hex, of the file's bytes
    at: float  #: seconds since the epoch


class Ledger:
    """Append-only; each line is flushed to disk before the call returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("ab", buffering=0)  # made where it is missing
        self._lines: list[Dropped] = [Dropped(**json.loads(line)) for line in path.read_bytes().splitlines()]

    def record(self, item: Item) -> Dropped:
        """Note an item that is about to be dropped."""
        line = Dropped(
            number=item.number,
            guid=item.guid,
            version=item.version,
            kind=item.kind,
            sha256=item.sha256,
            at=time.time(),
        )
        self._file.write(json.dumps(asdict(line)).encode() + b"\n")
        os.fdatasync(self._file.fileno())
        self._lines.append(line)
        return line

    def lines(self) -> list[Dropped]:
        """Everything recorded, oldest first."""
        return list(self._lines)

    def latest(self) -> dict[str, Dropped]:
        """By guid, the highest version that was dropped."""
        found: dict[str, Dropped] = {}
        for line in self._lines:
            if line.guid not in found or line.version > found[line.guid].version:
                found[line.guid] = line
        return found

    def close(self) -> None:
        """Close the file; the ledger can still be read."""
        self._file.close()
