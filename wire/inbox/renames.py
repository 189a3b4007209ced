"""The kernel's own word on how a file came into a folder: moved in, or written in place.

watchfiles cannot tell: it folds "created" and "modified" of one path into a single "added". Nor can
the file's times: written and moved within one clock tick (4 ms), both are the same. inotify can. Its
events are queued before the system call that caused them returns, so a sweep that drains them knows
every write that has ended. Linux only; elsewhere, and wherever inotify is refused, there is no
evidence and files settle by standing still.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections import deque
from contextlib import suppress

from wire.inbox.naming import may_be_new

#: The way from the inbox to a file: folder names and the file's own name.
Parts = tuple[str, ...]

_MODIFY, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x2, 0x40, 0x80, 0x100, 0x200
_DELETE_SELF, _MOVE_SELF, _OVERFLOW, _IGNORED = 0x400, 0x800, 0x4000, 0x8000
_ONLYDIR, _ISDIR = 0x01000000, 0x40000000
_MASK = _MODIFY | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _DELETE_SELF | _MOVE_SELF | _ONLYDIR
_HEADER = struct.Struct("iIII")
_READ_BYTES = 1 << 16
_MOST = 50_000  #: files that are remembered


class Renames:
    """Remembers which files were moved or linked in and never written to since.

    Used by the sweeping thread alone. What is forgotten, since there are too many, settles by standing
    still. `open` gives None where the system has no inotify or refuses it.
    """

    def __init__(self, fd: int, libc: ctypes.CDLL) -> None:
        self._fd = fd
        self._libc = libc
        self._folders: dict[int, Parts] = {}
        self._whole: set[Parts] = set()
        self._fresh: deque[Parts] = deque(maxlen=_MOST)

    @classmethod
    def open(cls) -> Renames | None:
        """A reader without folders yet, or None where there is no inotify."""
        if not sys.platform.startswith("linux"):
            return None
        libc = ctypes.CDLL(None, use_errno=True)
        fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        return cls(fd, libc) if fd >= 0 else None

    def follow(self, folder: Parts, folder_fd: int) -> None:
        """Listen to an open folder from now on; repeating it is harmless. A refusal is no error."""
        # The path names the open descriptor, so nobody can swap the folder for another meanwhile.
        watch = self._libc.inotify_add_watch(self._fd, f"/proc/self/fd/{folder_fd}".encode(), _MASK)
        if watch >= 0:
            self._folders[watch] = folder

    def fresh(self, limit: int) -> list[Parts]:
        """Up to ``limit`` files that came in whole and have not been asked for yet, oldest first."""
        self.drain()
        files: list[Parts] = []
        while self._fresh and len(files) < limit:
            file = self._fresh.popleft()
            if file in self._whole:
                files.append(file)
        return files

    def fileno(self) -> int:
        """The descriptor that can be read when there are events to `drain`."""
        return self._fd

    def heard(self) -> bool:
        """Whether a file came in that has not been asked for yet; what we moved ourselves is passed over."""
        self.drain()
        while self._fresh and (self._fresh[0] not in self._whole or not may_be_new(self._fresh[0][-1])):
            self._fresh.popleft()
        return bool(self._fresh)

    def seems_whole(self, file: Parts) -> bool:
        """Whether the file was moved in and not written to, as far as was heard so far."""
        return file in self._whole

    def came_whole(self, file: Parts) -> bool:
        """Whether the file was moved in and not written to up to this moment."""
        if file not in self._whole:
            return False
        self.drain()
        return file in self._whole

    def drain(self) -> None:
        """Take in every event queued so far."""
        while chunk := self._read():
            offset = 0
            while offset < len(chunk):
                watch, mask, _, length = _HEADER.unpack_from(chunk, offset)
                offset += _HEADER.size
                name = os.fsdecode(chunk[offset : offset + length].rstrip(b"\0"))
                offset += length
                self._note(watch, mask, name)

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            os.close(self._fd)

    def _read(self) -> bytes:
        try:
            return os.read(self._fd, _READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as exc:
            if exc.errno == errno.EINTR:
                return b""
            self._forget_all()
            return b""

    def _note(self, watch: int, mask: int, name: str) -> None:
        if mask & _OVERFLOW:
            self._forget_all()
        elif mask & (_DELETE_SELF | _MOVE_SELF | _IGNORED):
            self._forget_folder(watch)
        elif (folder := self._folders.get(watch)) is not None and not mask & _ISDIR:
            self._note_file((*folder, name), mask)

    def _note_file(self, file: Parts, mask: int) -> None:
        # A file that was merely created is empty: content can only come by a later MODIFY, which
        # takes the word back, or was there before a link(2). So CREATE counts like MOVED_TO.
        if mask & (_MOVED_TO | _CREATE):
            if len(self._whole) < _MOST:
                self._whole.add(file)
                self._fresh.append(file)
        else:
            self._whole.discard(file)

    def _forget_folder(self, watch: int) -> None:
        folder = self._folders.pop(watch, None)
        if folder is not None:
            self._whole = {file for file in self._whole if file[:-1] != folder}

    def _forget_all(self) -> None:
        self._whole.clear()
        self._fresh.clear()
