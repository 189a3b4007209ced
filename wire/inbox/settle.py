"""When is a file whole? The rule, without any I/O.

A file is taken as soon as one of these holds, and never before:

1. **Moved in.** The kernel reported that the name was moved or linked into the folder, reported no
   write to it since, and nobody has it open for writing. Taken at once: whoever renames says "whole".
2. **Left alone.** At first sight, nobody has it open for writing and the kernel changed nothing about
   it for ``settle_s`` (its ctime, which no program can set back). This is what a restart or
   ``run --once`` meets.
3. **Stood still.** We ourselves saw size, mtime and inode unchanged for ``settle_s`` by the monotonic
   clock, where it cannot be known whether somebody has it open for writing (network folders, files
   of another user).
4. **Stood still for max_wait_s** although somebody has it open for writing: a writer that forgot.

What follows: a writer that keeps the file open may pause as long as it likes up to ``max_wait_s``; one
that closes and opens it again is safe while its pauses stay below ``settle_s``. A file that grows
after it was taken comes in again, whole, as a new revision of the same source and name. An empty file
waits ``max_wait_s``, since many writers create first and fill later, and is then refused.

Trust: 1 rests on inotify's order of events, 2 on the wall clock not jumping ahead by ``settle_s`` just
before a file is first seen; the others on the monotonic clock alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum, auto


class Writer(Enum):
    """Whether anybody has a file open for writing."""

    NONE = auto()
    ACTIVE = auto()
    UNKNOWN = auto()


class State(Enum):
    """What to do with a file now."""

    WHOLE = auto()
    EMPTY = auto()  #: long enough to be refused
    WAIT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long files may take."""

    settle_s: float  #: unchanged for so long, a file counts as whole
    max_wait_s: float  #: for empty files and for writers that never close


@dataclass(frozen=True, slots=True)
class Print:
    """What identifies one state of one file."""

    dev: int
    ino: int
    size: int  #: bytes
    mtime_ns: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Print:
        """The state that a stat result shows."""
        return cls(stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)


def judge(
    *,
    size: int,
    still_s: float,
    untouched_s: float,
    writer: Writer,
    moved_in: bool,
    patience: Patience,
) -> State:
    """What to do with a file.

    still_s      seconds for which we saw it unchanged (0 at first sight)
    untouched_s  at first sight, seconds since its ctime by the wall clock (negative when clocks disagree);
                 0 later
    moved_in     the kernel reported it moved in and not written to since
    """
    if size == 0:
        return State.EMPTY if max(still_s, untouched_s) >= patience.max_wait_s else State.WAIT
    if writer is Writer.ACTIVE:
        return State.WHOLE if still_s >= patience.max_wait_s else State.WAIT
    if moved_in or still_s >= patience.settle_s:
        return State.WHOLE
    if writer is Writer.NONE and untouched_s >= patience.settle_s:
        return State.WHOLE
    return State.WAIT
