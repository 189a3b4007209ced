"""Keeps the outbox in step with the store, and knows how far it is durable.

Versions are handed over in the order of their commits and written in that order, without a flush of
their own. Every few seconds one flush makes all of them durable and the store remembers how far that
reached; after a crash, or after a write failed, everything later is written again from the store.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from wire.errors import WireError
from wire.publish.outbox.folder import Outbox
from wire.store.upkeep import Upkeep
from wire.story import Document, Revision, Standing

log = logging.getLogger(__name__)

_PAGE = 500
_COURTESY_S = 0.02
_PUBLIC = (Standing.LIVE, Standing.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A version that came into force, to be shown in the outbox."""

    revision: Revision
    document: Document  #: its NewsML-G2
    left: Collection[str] | None = None  #: the feeds that its story has left by it; None when not known


class Exporter:
    """Writes feeds and story files to the outbox. Thread-safe; `run` or `drain` does the work."""

    def __init__(
        self,
        outbox: Outbox,
        upkeep: Upkeep,
        *,
        trouble: Callable[[str | None], None] = lambda _what: None,
    ) -> None:
        """trouble: told what cannot be written, and None when all is; what was killed may lie there still"""
        self._outbox = outbox
        self._upkeep = upkeep
        self._trouble = trouble
        self._wrong: dict[str, str] = {}  #: by what it concerns: stories or feeds
        self._waiting: deque[Shown] = deque()
        self._recalls: deque[Shown] = deque()  #: those of them that take a story back
        self._work = threading.Event()
        self._durable = 0
        self._written = 0
        self._archived = 0
        self._behind = True
        self._lock = threading.Lock()

    def open(self, feeds: Iterable[str]) -> None:
        """Make the folders, bring every feed and story file up to the store. Raises WireError."""
        self._outbox.open()
        self._durable = self._written = self._upkeep.exported()
        self._archived = self._upkeep.archived()
        if self._outbox.archives is not None:
            late = self._upkeep.stood_since(self._archived, self._durable)
            self._outbox.archives.note_again(late, time.monotonic())
        self.checkpoint()
        self.show((), feeds)

    def show(self, versions: Iterable[Shown], feeds: Iterable[str], taken_back: Collection[str] = ()) -> None:
        """Versions to be written, in the order of their commits, and feeds that changed. Never blocks.

        taken_back  feeds that stories have left; their files do not wait
        """
        new = tuple(versions)
        self._recalls.extend(each for each in new if each.revision.standing not in _PUBLIC)
        self._waiting.extend(new)
        self._outbox.touch(feeds, time.monotonic())
        self._outbox.touch(taken_back, time.monotonic(), urgent=True)
        self._work.set()

    def fall_behind(self) -> None:
        """Take note that versions were passed over: the next checkpoint reads them from the store."""
        self._behind = True
        self._work.set()

    def run(self, stop: threading.Event) -> None:
        """Write what is handed over, and feed files as they fall due, until ``stop``; then the rest."""
        while not stop.is_set():
            self._work.clear()
            # whoever took the stories in writes their files; only what came otherwise is left for us
            stop.wait(_COURTESY_S)
            self._write_versions()
            due = self._write_feeds(time.monotonic())
            self._work.wait(None if due is None else max(0.0, due - time.monotonic()))
        self.stop()

    def wake(self) -> None:
        """Let `run` look at its stop event."""
        self._work.set()

    def drain(self) -> None:
        """Write everything now, whatever its pace."""
        self._write_versions()
        self._write_feeds(float("inf"))

    def stop(self) -> None:
        """As `drain`, but without the archives: the next start knows what they lack."""
        self._write_versions()
        self._write_feeds(float("inf"), pages=False)

    def checkpoint(self) -> None:
        """Make good what failed, then make everything written so far durable. Raises WireError."""
        with self._lock:
            if self._behind:
                self._behind = False  # first: whoever says so from now on wants another look
                try:
                    self._catch_up()
                except BaseException as exc:
                    self._behind = True
                    self._tell("stories", str(exc))
                    raise
                self._tell("stories", None)
            reached = self._written
            missing = None if self._outbox.archives is None else self._outbox.archives.first_missing()
        archived = reached if missing is None else max(self._archived, min(reached, missing - 1))
        if reached > self._durable or archived > self._archived:
            self._outbox.checkpoint()
            self._upkeep.mark_exported(reached, archived)
            self._durable, self._archived = reached, archived

    def write_versions(self) -> None:
        """Write the versions handed over so far, in their order."""
        if self._write_versions():
            self._work.set()  # their pages in the archive fall due

    def _write_versions(self) -> bool:
        written = False
        while self._waiting:
            with self._lock:
                if not self._waiting:
                    break
                new, written = self._waiting.popleft(), True
                if self._recalls and self._recalls[0] is new:
                    self._recalls.popleft()
                try:
                    self._export(new)
                except WireError as exc:
                    self._behind = True
                    self._tell("stories", str(exc))
                    log.error("story file not written, tried again soon: %s", exc)
                self._written = max(self._written, new.revision.seq)
        return written

    def _export(self, new: Shown) -> None:
        self._outbox.export(new.revision, new.document, left=new.left, now_s=time.monotonic())

    def _write_feeds(self, now_s: float, *, pages: bool = True) -> float | None:
        try:
            due = self._outbox.write_due(now_s, pages=pages)
        except WireError as exc:
            self._tell("feeds", str(exc))
            log.error("feed file not written, tried again soon: %s", exc)
            return time.monotonic() + 1.0
        if not self._outbox.failing:
            self._tell("feeds", None)
        return due

    def _tell(self, concerned: str, what: str | None) -> None:
        if what is not None:
            self._wrong[concerned] = what
        elif self._wrong.pop(concerned, None) is None:
            return
        told = tuple(self._wrong.values())  # at once: several threads write
        self._trouble(told[0] if told else None)

    def _catch_up(self) -> None:
        """Write from the store what may not be there; what is taken back meanwhile waits for no end of it."""
        seq = self._durable
        taken_back: dict[str, int] = {}  # by story: the revision that did so
        while exports := self._upkeep.exports_since(seq, _PAGE):
            for export in exports:
                while self._recalls:
                    recall = self._recalls.popleft()
                    taken_back[recall.revision.story_id] = recall.revision.seq
                    self._export(recall)
                # what was read before a story was taken back would show it again
                if export.revision.seq >= taken_back.get(export.revision.story_id, 0):
                    self._outbox.export(export.revision, export.document)
            seq = exports[-1].revision.seq
        self._written = max(self._written, seq)
