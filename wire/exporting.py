"""Keeps the outbox in step with the store, and knows how far it is durable.

Story files are written right after the commit, without a flush of their own. Every few seconds one flush
makes all of them durable and the store remembers how far that reached; after a crash, or after a write
failed, everything later is written again from the store.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from wire.errors import StoreError, WireError
from wire.publish.outbox import Outbox
from wire.store.upkeep import Upkeep
from wire.story import Document, Revision

log = logging.getLogger(__name__)

_PAGE = 500


class Exporter:
    """Writes feeds and story files to the outbox. Thread-safe."""

    def __init__(
        self, outbox: Outbox, upkeep: Upkeep, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._outbox = outbox
        self._upkeep = upkeep
        self._monotonic = monotonic
        self._durable = 0
        self._written = 0
        self._behind = True
        self._feeds_due = threading.Event()
        self._lock = threading.Lock()

    def open(self, feeds: Iterable[str]) -> None:
        """Make the folders, bring every feed and story file up to the store. Raises WireError."""
        self._outbox.open()
        self._durable = self._written = self._upkeep.exported()
        self.checkpoint()
        self.feeds_changed(feeds)

    def feeds_changed(self, feeds: Iterable[str]) -> None:
        """Feeds whose files have to be written soon."""
        self._outbox.touch(feeds, self._monotonic())
        self._feeds_due.set()

    def export(self, revision: Revision, document: Document) -> None:
        """Bring a story's files to this version; what fails is made good by `checkpoint`."""
        with self._lock:
            try:
                self._outbox.export(revision, document)
            except WireError as exc:
                self._behind = True
                log.error("story file not written, tried again soon: %s", exc)
            self._written = max(self._written, revision.seq)

    def checkpoint(self) -> None:
        """Make good what failed, then make everything written so far durable. Raises WireError."""
        with self._lock:
            if self._behind:
                self._catch_up()
            reached = self._written
        if reached > self._durable:
            self._outbox.checkpoint()
            self._upkeep.mark_exported(reached)
            self._durable = reached

    def _catch_up(self) -> None:
        seq = self._durable
        while exports := self._upkeep.exports_since(seq, _PAGE):
            for export in exports:
                self._outbox.export(export.revision, export.document)
            seq = exports[-1].revision.seq
        self._written = max(self._written, seq)
        self._behind = False

    def write_feeds(self, stop: threading.Event) -> None:
        """Write feed files as they fall due, until ``stop``; whatever is due then is written at once."""
        while not stop.is_set():
            self._feeds_due.clear()
            due = self._write_due(self._monotonic())
            self._feeds_due.wait(None if due is None else max(0.0, due - self._monotonic()))
        self.flush_feeds()

    def flush_feeds(self) -> None:
        """Write every changed feed now, whatever its pace."""
        self._write_due(float("inf"))

    def wake(self) -> None:
        """Let `write_feeds` look at its stop event."""
        self._feeds_due.set()

    def _write_due(self, now_s: float) -> float | None:
        try:
            return self._outbox.write_due(now_s)
        except (WireError, StoreError) as exc:
            log.error("feed file not written, tried again soon: %s", exc)
            return self._monotonic() + 1.0
