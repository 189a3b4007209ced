"""Deliveries as lines of a journal: one file that some other program follows."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from wire.errors import Refused, Unreachable
from wire.story import Delivery, Receipt


class JournalTransport:
    """Appends a line of JSON for each document; `wire.ports.Transport`. One thread at a time uses it.

    A delivery may come twice, after a crash between the two: its key is in the line, so readers can tell.
    """

    def __init__(self, *, path: str) -> None:
        """The options of the endpoint, by name: what they may be is said, and checked, here."""
        self._path = Path(path)

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:  # noqa: ARG002
        """Hand the document over, or raise: Unreachable to be asked again, Refused to be left alone."""
        began_s = time.monotonic()
        try:
            text = delivery.document.body.decode("utf-8")
        except UnicodeDecodeError as exc:
            raise Refused("the journal takes text alone; choose another document") from exc
        line = {
            "key": delivery.key,
            "story": delivery.story_id,
            "version": delivery.version,
            "document": text,
        }
        try:
            with self._path.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(line) + "\n")
                journal.flush()
                os.fsync(journal.fileno())
        except OSError as exc:
            raise Unreachable(f"{self._path}: {exc.strerror}") from exc
        took_ms = round((time.monotonic() - began_s) * 1000)
        return Receipt(accepted_at=datetime.now(UTC), took_ms=took_ms, detail=self._path.name)

    def probe(self) -> None:
        """What `wire check --connect` asks: could we deliver?"""
        if not self._path.parent.is_dir():
            raise Unreachable(f"{self._path.parent} is no folder")

    def close(self) -> None:
        """Nothing is held between two deliveries."""
