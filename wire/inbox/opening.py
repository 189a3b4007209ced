"""Opens and reads files of the inbox: never through a link, never blocking, never too much.

Every open is relative to a folder's descriptor and component by component, so that a folder swapped
for a link is met as an error and not followed.
"""

from __future__ import annotations

import fcntl
import os
import signal
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wire.inbox.settle import Print, Writer

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def open_folder(root: str | Path, folders: Sequence[str] = ()) -> Iterator[int]:
    """The descriptor of the folder ``root/folders…``, closed afterwards.

    ``root`` itself may be a link (the administrator's choice), nothing below it. Raises OSError.
    """
    fd = os.open(root, _FOLDER & ~os.O_NOFOLLOW)
    try:
        for name in folders:
            inner = os.open(name, _FOLDER, dir_fd=fd)
            os.close(fd)
            fd = inner
        yield fd
    finally:
        os.close(fd)


@contextmanager
def open_file(name: str, folder_fd: int) -> Iterator[int]:
    """The descriptor of a file, closed afterwards. Raises OSError (ELOOP for a link)."""
    fd = os.open(name, _FILE, dir_fd=folder_fd)
    try:
        yield fd
    finally:
        os.close(fd)


def writer_of(fd: int) -> Writer:
    """Whether anybody, this process included, has the open regular file open for writing.

    Asks the kernel for a read lease, which it grants only when nobody writes, and gives it back at
    once. Network folders, other systems and files of another user give UNKNOWN.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return Writer.UNKNOWN
    try:
        # A program that opens the file for writing in this instant has the kernel send us a signal:
        # SIGURG is ignored by default, the usual SIGIO would end the process.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return Writer.ACTIVE
    except OSError:
        return Writer.UNKNOWN
    return Writer.NONE


def read_whole(fd: int, before: Print, *, max_bytes: int) -> bytes | None:
    """The bytes of a file in this state, or None when it has changed once they are read. Raises OSError.

    Reads one byte more than ``max_bytes`` at most; a file that grew beyond is a changed file.
    """
    # One byte more than there should be: a file that grew shows at once, and no further read is
    # needed to see that a whole one has ended.
    left = min(before.size, max_bytes) + 1
    chunks: list[bytes] = []
    while left > 0 and (chunk := os.read(fd, left)):
        chunks.append(chunk)
        left -= len(chunk)
        if left == 1:
            break
    data = b"".join(chunks)
    unchanged = Print.of(os.fstat(fd)) == before and len(data) == before.size
    return data if unchanged else None


def kind_of(mode: int) -> str:
    """What a file mode says the entry is, in words for people."""
    names = {
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a block device",
        stat.S_IFCHR: "a character device",
        stat.S_IFDIR: "a folder",
    }
    return names.get(stat.S_IFMT(mode), "no regular file")
