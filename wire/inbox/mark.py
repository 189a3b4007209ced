"""What tells whether two daemons' inboxes are one folder: a mark that lies in it."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from wire.errors import StoreError

#: Left alone by the sweep, as everything that begins with a dot.
NAME = ".wire-inbox"
_PATIENCE_S = 2.0


def folder_mark(inbox: Path) -> str:
    """The mark of this folder, by whatever path or host it is reached; made by whoever asks first.

    Raises StoreError when it can be neither read nor made.
    """
    file = inbox / NAME
    try:
        try:
            with file.open("x", encoding="ascii") as made:
                made.write(f"{secrets.token_hex(16)}\n")
        except FileExistsError:
            pass
        until_s = time.monotonic() + _PATIENCE_S
        while not (found := file.read_text(encoding="ascii")).endswith("\n"):  # just being made by another
            if time.monotonic() > until_s:
                raise StoreError(f"{file} holds no mark: remove it, and a new one is made")
            time.sleep(0.01)
    except OSError as exc:
        raise StoreError(f"whether others use this inbox cannot be told: {file}: {exc.strerror}") from exc
    return found.strip()
