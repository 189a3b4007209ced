"""Files named on the command line, read whole and within limits."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from wire.errors import NotAStory, TooLarge
from wire.story import RawFile, Source

#: Bytes that a document may have where nothing is configured.
LARGEST = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file as it was found."""

    name: str  #: without its folder
    data: bytes = field(repr=False)
    dated: datetime  #: last change, aware UTC; now for standard input

    def raw(self, source: Source) -> RawFile:
        """The file as if it had come from a source when it was last changed."""
        return RawFile.of(self.data, name=self.name, source=source, arrived_at=self.dated)


def read_file(name: str, largest: int = LARGEST) -> InputFile:
    """A file, or standard input for ``-``.

    Raises NotAStory when there is none that can be read, TooLarge beyond ``largest`` bytes.
    """
    try:
        if name == "-":
            data, dated = sys.stdin.buffer.read(largest + 1), datetime.now(UTC)
        else:
            data, dated = _read(Path(name), largest + 1)
    except OSError as exc:
        raise NotAStory(f"cannot be read: {exc.strerror}") from exc
    if len(data) > largest:
        raise TooLarge(f"is larger than {largest} bytes")
    return InputFile(name="stdin" if name == "-" else Path(name).name, data=data, dated=dated)


def _read(path: Path, size: int) -> tuple[bytes, datetime]:
    # not blocking, since a pipe of that name would otherwise wait for its writer for ever
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NotAStory("is no regular file")
        return file.read(size), datetime.fromtimestamp(found.st_mtime, UTC)
