"""Files that appear whole: written under another name, given the time of their content, then renamed."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from wire.errors import OutboxError
from wire.ports.feeds import Rendition
from wire.publish.outbox.spreading import make_spread

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def write_set(folder: str, name: str, rendition: Rendition) -> None:
    """A feed and its compressed form. The compressed one goes first: who is offered both takes it.

    Raises OutboxError.
    """
    with translated(f"{folder}/{name}"):
        modified_s = _told_apart(f"{folder}/{name}", rendition)
        write(folder, f"{name}.gz", rendition.coded("gzip"), modified_s)
        write(folder, name, rendition.body, modified_s)


def _told_apart(path: str, rendition: Rendition) -> float:
    """The time that a feed's file is to have: that of its last change.

    Web servers tell versions apart by size and whole second. Two of one second and one size therefore differ
    by a second more.
    """
    modified_s = rendition.modified.timestamp()
    try:
        before = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return modified_s
    if before.st_size != len(rendition.body) or int(before.st_mtime) < int(modified_s):
        return modified_s
    same = Path(path).read_bytes() == rendition.body
    return before.st_mtime if same else int(before.st_mtime) + 1.0


def write(folder: str, name: str, body: bytes, modified_s: float) -> None:
    """Put a file in place whole: readers see the old one or the new one, never a part. Raises OSError.

    Paths are plain strings here: on the way of every story, `Path` would cost as much as the system calls.
    """
    temporary = f"{folder}/.{name}.tmp"
    descriptor = _create(folder, temporary)
    try:
        _write_all(descriptor, body)
        os.utime(descriptor, (modified_s, modified_s))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    finally:
        os.close(descriptor)
    os.replace(temporary, f"{folder}/{name}")  # noqa: PTH105


def _create(folder: str, path: str) -> int:
    """Open a new file, in a new folder if need be."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o644)
    except FileNotFoundError:
        make_spread(Path(folder).parent)
        Path(folder).mkdir(exist_ok=True)
        return os.open(path, flags, 0o644)


def _write_all(descriptor: int, body: bytes) -> None:
    rest = memoryview(body)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextlib.contextmanager
def translated(path: Path | str) -> Iterator[None]:
    """What the operating system refuses, in words for people: OutboxError."""
    try:
        yield
    except OSError as exc:
        where = exc.filename or path
        if exc.errno in _DISK_FULL:
            message = f"the disk is full: {where} was not written; make room, it is tried again"
            raise OutboxError(message, disk_full=True) from exc
        raise OutboxError(f"{where} cannot be written: {exc.strerror}") from exc


def flush(folder: Path) -> None:
    """Make outlast a power cut what was written to the file system of a folder. Raises OSError.

    Flushes every file system where the C library cannot flush one.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _syncfs(descriptor)
    finally:
        os.close(descriptor)


def _syncfs(descriptor: int) -> None:
    syncfs: Callable[[int], int] | None = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
    elif syncfs(descriptor) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
