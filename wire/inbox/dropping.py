"""Handing over files by way of the inbox, as anybody else does: under a hidden name first, then renamed.

What the page of the desk is given goes this way, so it is treated like every other file; and what waits
here can be listed.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from wire.common.deskview import WaitingFile
from wire.errors import CommandError, StoreError
from wire.inbox.naming import left_alone, shown

#: Anything else in a name becomes ``-``: letters and digits of any script, and these, are what people use.
_NOT_OF_NAMES = re.compile(r"[^\w.,+=@ ()-]+")
_LONGEST_NAME = 120  #: characters
_LONGEST_ENDING = 16  #: characters of it
_MOST_BYTES = 240  #: of a name; the file system's limit is 255
_WAIT_S = 3.0  #: for a file of the same name to be taken
_MOST = 500  #: files that are listed


class Hatch:
    """Puts files into the inbox. Thread-safe.

    folders   by source, the folder below the inbox; ``""`` is the inbox itself
    remember  told of each file before it is there: source, bytes, who hands it over and how
    """

    def __init__(
        self,
        path: Path,
        folders: Mapping[str, str],
        *,
        remember: Callable[[str, bytes, str, str], None],
        settle_s: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._path = path
        self._remember = remember
        self._folders = folders
        self._settle_s = settle_s
        self._clock = clock
        self._naming = Lock()

    def sources(self) -> tuple[str, ...]:
        """The sources that a file can be dropped for; the first is the inbox itself."""
        return tuple(self._folders)

    def put(self, source: str, name: str, data: bytes, *, who: str, how: str) -> str:
        """Drop a file for somebody; returns the name it has in the inbox. Raises CommandError, StoreError."""
        if source not in self._folders:
            raise CommandError(f"there is no source {source!r}")
        folder = self._path / self._folders[source]
        target = folder / tidy(name)
        hidden = folder / f".wire-drop-{secrets.token_hex(8)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(hidden, data)
            self._remember(source, data, who, how)
            self._rename(hidden, target)
        except StoreError:
            hidden.unlink()
            raise
        except OSError as exc:
            with suppress(OSError):
                hidden.unlink()
            raise CommandError(f"{target.name} cannot be put into the inbox: {exc.strerror}") from exc
        return target.name

    def _rename(self, hidden: Path, target: Path) -> None:
        """Rename, once no file of that name waits any more: nobody's file is overwritten."""
        until = time.monotonic() + _WAIT_S
        while not self._renamed(hidden, target):
            if time.monotonic() > until:
                hidden.unlink()
                raise CommandError(f"a file named {target.name} is still waiting in the inbox; try again")
            time.sleep(0.05)

    def _renamed(self, hidden: Path, target: Path) -> bool:
        with self._naming:
            if os.path.lexists(target):
                return False
            hidden.rename(target)
            return True

    def waiting(self) -> tuple[WaitingFile, ...]:
        """What lies in the inbox, the oldest change first; not more than 500 files."""
        found = sorted(self._walk(), key=lambda file: file.changed_at)
        return tuple(found)

    def _walk(self) -> Iterator[WaitingFile]:
        left = _MOST
        now_s = self._clock().timestamp()
        for folder, folders, names in os.walk(self._path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if left <= 0:
                    return
                left -= 1
                with suppress(OSError):
                    status = (Path(folder) / name).lstat()
                    yield WaitingFile(
                        name=shown(os.path.relpath(Path(folder) / name, self._path)),
                        size=status.st_size,
                        changed_at=datetime.fromtimestamp(status.st_mtime, UTC),
                        unfinished=left_alone(name),
                        growing=now_s - status.st_mtime < self._settle_s,
                    )


def tidy(name: str) -> str:
    """A file name out of what somebody's browser says: no path, nothing hidden, nothing odd.

    What is left of a name is kept, since it tells one story from another.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = _NOT_OF_NAMES.sub("-", last).strip().lstrip(".~ ")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME:
        ending = ending[-_LONGEST_ENDING:]
        plain = f"{stem[: _LONGEST_NAME - _LONGEST_ENDING - 1]}{dot}{ending}"
    while len(plain.encode("utf-8", "replace")) > _MOST_BYTES:
        plain = plain[1:]
    if not plain or left_alone(plain):
        plain = f"{plain or 'story'}.txt"
    return plain


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
