"""How much lies in the inbox, and since when."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wire.inbox.naming import left_alone

#: Files beyond this many are neither counted nor looked at: a look must stay cheap.
_MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What waits."""

    files: int
    oldest_s: float | None  #: when the oldest was renamed in or last written, seconds since 1970


def unread(inbox: Path) -> Unread:
    """The files that will be taken, up to a limit; nothing when the folder cannot be read."""
    number, oldest_s = 0, None
    for folder, names, files in os.walk(inbox):
        names[:] = [name for name in names if not left_alone(name)]
        for name in files:
            if left_alone(name):
                continue
            with suppress(OSError):
                changed_s = os.lstat(f"{folder}/{name}").st_ctime
                oldest_s = changed_s if oldest_s is None else min(oldest_s, changed_s)
                number += 1
            if number >= _MOST:
                return Unread(files=number, oldest_s=oldest_s)
    return Unread(files=number, oldest_s=oldest_s)
