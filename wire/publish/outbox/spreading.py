"""Keeps the outbox's folders apart from the inbox on disk.

ext4 puts a new file near its folder and passes over what was deleted there in the last minutes, one inode
at a time. Beside an inbox that is emptied of thousands of stories, one new file took 1.2 ms of processor
time instead of 0.06. Folders below one that bears the "top of hierarchies" mark are spread over the disk.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
from pathlib import Path

# <linux/fs.h>
_GET_FLAGS, _SET_FLAGS = 0x80086601, 0x40086602
_TOP_OF_HIERARCHIES = 0x00020000


def make_spread(folder: Path) -> None:
    """Make a folder with its parents; whatever is made below it will lie elsewhere on disk.

    Raises OSError when it cannot be made. Where the file system knows no such mark nothing is done.
    """
    if not folder.is_dir():
        make_spread(folder.parent)
        folder.mkdir(exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # a hint: nothing but speed depends on it
            flags = bytearray(struct.calcsize("l"))
            fcntl.ioctl(descriptor, _GET_FLAGS, flags)
            (known,) = struct.unpack("l", flags)
            if not known & _TOP_OF_HIERARCHIES:
                fcntl.ioctl(descriptor, _SET_FLAGS, struct.pack("l", known | _TOP_OF_HIERARCHIES))
    finally:
        os.close(descriptor)
