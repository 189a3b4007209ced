"""Documents delivered as files in a folder."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path

from wire.deliver.clock import utc_now
from wire.errors import Refused, Unreachable
from wire.ports import Clock
from wire.story import Delivery, Receipt

_SAFE = re.compile(r"[a-z0-9][a-z0-9-]*")


class FolderTransport:
    """Writes each document to ``{story}-v{version}.{suffix}``; `wire.ports.Transport`.

    Whoever watches the folder sees whole files only: each is written under a dot name, flushed and
    renamed, and the folder is flushed. A repeat writes the same bytes to the same name. A kill is a
    version of its own and so a file of its own. The folder is made when missing, its parent is not:
    where that is absent, a disk is not mounted.

    The deadline cannot be enforced: the system offers no way to break off a write.
    """

    def __init__(self, *, path: Path, clock: Clock = utc_now) -> None:
        self._path = path
        self._clock = clock

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:  # noqa: ARG002
        """See `wire.ports.Transport.send`."""
        started_s = time.monotonic()
        name = _file_name(delivery)
        try:
            self._path.mkdir(exist_ok=True)
            self._write(name, delivery.document.body)
        except OSError as exc:
            raise Unreachable(f"{self._path}: {exc.strerror}") from exc
        took_ms = round((time.monotonic() - started_s) * 1000)
        return Receipt(accepted_at=self._clock(), took_ms=took_ms, detail=name)

    def probe(self) -> None:
        """Prove that files can be made in the folder, or the folder in its parent."""
        folder = self._path if self._path.exists() else self._path.parent
        if not folder.is_dir():
            raise Unreachable(f"{folder} is no folder; make it, or mount its disk")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Unreachable(f"{folder} cannot be written to; check its rights")

    def close(self) -> None:
        """Nothing is held between two sends."""

    def _write(self, name: str, body: bytes) -> None:
        part = self._path / f".{name}.part"
        try:
            # Made anew, never written through: what stands there may be a link of somebody else's.
            part.unlink(missing_ok=True)
            with part.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path / name)
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise
        folder = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _file_name(delivery: Delivery) -> str:
    story, suffix = delivery.story_id, delivery.document.suffix
    if not _SAFE.fullmatch(story) or not _SAFE.fullmatch(suffix):
        raise Refused(f"story id {story!r} or suffix {suffix!r} is not fit for a file name")
    return f"{story}-v{delivery.version}.{suffix}"
