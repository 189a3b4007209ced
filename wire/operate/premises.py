"""The folders that a daemon works on: there when it starts, and nobody else's while it runs.

Two daemons that empty one inbox into stores of their own would each have half of the stories; two that write
one outbox would take turns in showing theirs.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wire.errors import AlreadyRunning, CommandError


def make(folder: Path) -> None:
    """Make a folder that is not there. Raises CommandError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise CommandError(f"the folder {folder} cannot be made: {exc.strerror}") from exc


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Work in a folder in which no other daemon does. Raises AlreadyRunning.

    Where a disk knows no locks, as some of networks do, nobody is found out.
    """
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                raise AlreadyRunning(
                    f"another wire works on {folder}; stop it first, or give this one a folder of its own"
                ) from exc
        yield
    finally:
        os.close(fd)
