"""The outbox: a folder that a web server can serve as it stands.

``feeds/ID.rss``, ``.atom`` and ``.json`` with ``.gz`` beside them, their archives by day
(`wire.publish.outbox.archive_files`), ``newsml/YYYY/MM/DD/STORY-vN.xml``, the lists of all feeds. Every file
appears whole, under its name, with the time of its last change; names are built from our own ids alone. The
store is the truth: all of this can be written again from it, so files are flushed to disk by
`Outbox.checkpoint`, not one by one.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC
from pathlib import Path

from wire.errors import OutboxError
from wire.ports.feeds import FeedShelf, Rendition
from wire.publish.feeds.pacing import write_at
from wire.publish.outbox.archive_files import ArchiveFiles
from wire.publish.outbox.spreading import make_spread
from wire.publish.outbox.whole_files import flush, translated, write, write_set
from wire.story import Document, Revision, Standing

FORMATS = ("rss", "atom", "json")

#: Share of the time that writing feed files may take in a rush; the HTTP surface shows every change at once.
_SHARE = 0.05
#: Seconds that a changed feed waits for its file at most.
_LONGEST_S = 3.0

#: Seconds between two writes of what tells of all feeds.
_LISTING_S = 10.0

_OUR_FEED_FILE = re.compile(r"([a-z0-9-]+)\.(?:rss|atom|json)(?:\.gz)?")
_OUR_ID = re.compile(r"[a-z0-9]+")


def _tell_nobody(_name: str, _rendition: Rendition) -> None:
    pass


class Outbox:
    """Writes the outbox. Thread-safe: stories are exported by one thread, feeds written by another."""

    def __init__(
        self,
        folder: Path,
        feeds: FeedShelf,
        *,
        listings: Iterable[str] = (),
        interval_s: float = 1.0,
        written: Callable[[str, Rendition], None] = _tell_nobody,
        private: Collection[str] = (),
        archives: ArchiveFiles | None = None,
    ) -> None:
        """listings: names of what tells of all feeds, written again when any of them changed

        interval_s  the least time between two writes of one feed; more when writing takes long
        written     told of a feed's file (``world.atom``) once it is in place; what it raises has the feed
                    written again
        private     feeds that are not for everybody
        archives    the past of the feeds, where it is to lie there too
        """
        self.archives = archives
        self._tell_written = written
        self._private = frozenset(private)
        self._listings = frozenset(listings)
        self._folder = folder
        self._feeds = feeds
        self._interval_s = interval_s
        self._due: dict[str, float] = {}  # feed -> its first change that is not in its files yet
        self._urgent: dict[str, None] = {}  # those of them from which something was taken back, in order
        self._written: dict[str, float] = {}
        self._failed: set[str] = set()  # feeds whose last write did not succeed
        self._took_s: dict[str, float] = {}  # feed -> seconds that its last write took
        self._lock = threading.Lock()

    def open(self) -> None:
        """Make the folders, sweep what a crash left half-written and files of feeds that are no more.

        Call once, before anything else writes here. Raises OutboxError.
        """
        known = {info.id for info in self._feeds.infos()}
        with translated(self._folder):
            make_spread(self._folder)
            (self._folder / "feeds").mkdir(exist_ok=True)
            make_spread(self._folder / "newsml")
            for stray in self._folder.rglob(".*.tmp"):
                stray.unlink(missing_ok=True)
            for file in (self._folder / "feeds").iterdir():
                ours = _OUR_FEED_FILE.fullmatch(file.name)
                if ours and ours[1] not in known:
                    file.unlink(missing_ok=True)
        if self.archives is not None:
            self.archives.open()

    # --- Feeds -----------------------------------------------------------------------------------

    def touch(self, feeds: Iterable[str], now_s: float, *, urgent: bool = False) -> None:
        """Feeds that changed at ``now_s`` (seconds on any steady clock). Costs a dictionary entry each.

        urgent  something was taken back: they, and what tells of all feeds, are written whatever their pace
        """
        with self._lock:
            changed = tuple(feeds)
            for name in (*changed, *self._listings) if changed else ():
                self._due.setdefault(name, now_s)
                if urgent:
                    self._urgent[name] = None

    @property
    def failing(self) -> bool:
        """Whether a feed's file is not as it should be, since it could not be written."""
        return bool(self._failed)

    def write_due(self, now_s: float, *, pages: bool = True) -> float | None:
        """Write every feed and archive page whose time has come; when the next falls due, or None.

        pages  whether those of the archives as well

        Called by one thread. Raises the first OutboxError or StoreError after having tried all; what
        could not be written stays due.
        """
        failure: Exception | None = None
        for feed in self._in_turn(now_s):
            began_s = time.perf_counter()
            try:
                self._write_feed(feed)
                self._failed.discard(feed)
            except Exception as exc:  # noqa: BLE001  # one feed harms no other; raised below
                failure = failure or exc
                self._failed.add(feed)
                self.touch([feed], now_s)
            self._took_s[feed] = time.perf_counter() - began_s
            self._written[feed] = now_s
        page_s = self.archives.write_due(now_s) if self.archives is not None and pages else None
        if failure:
            raise failure
        with self._lock:
            feed_s = min(self._write_times().values(), default=None)
        return min((at_s for at_s in (feed_s, page_s) if at_s is not None), default=None)

    def _in_turn(self, now_s: float) -> Iterator[str]:
        """The feeds whose time has come; from which something is taken back meanwhile before the others."""
        waiting = deque(self._ripe(now_s))
        while True:
            with self._lock:
                urgent, self._urgent = self._urgent, {}
                for feed in urgent:
                    self._due.pop(feed, None)
            yield from urgent
            if not waiting:
                return
            yield waiting.popleft()

    def _ripe(self, now_s: float) -> list[str]:
        with self._lock:
            times = self._write_times().items()
            ripe = [feed for feed, at_s in times if at_s <= now_s and feed not in self._urgent]
            for feed in ripe:
                del self._due[feed]
            return ripe

    def _write_times(self) -> dict[str, float]:
        """When each changed feed is to be written. The caller holds the lock."""
        interval_s = max(self._interval_s, min(sum(self._took_s.values()) / _SHARE, _LONGEST_S))
        return {
            feed: write_at(
                changed_s, self._written.get(feed), _LISTING_S if feed in self._listings else interval_s
            )
            for feed, changed_s in self._due.items()
        }

    def _write_feed(self, feed: str) -> None:
        if feed in self._listings:
            listing = self._feeds.listing(feed)
            if listing is not None:
                write_set(str(self._folder), feed, listing)
            return
        for format in FORMATS:
            rendition = self._feeds.rendition(feed, format)
            if rendition is not None:
                write_set(f"{self._folder}/feeds", f"{feed}.{format}", rendition)
                self._tell_written(f"{feed}.{format}", rendition)

    # --- Stories ---------------------------------------------------------------------------------

    def export(
        self,
        revision: Revision,
        document: Document,
        *,
        left: Collection[str] | None = None,
        now_s: float = 0.0,
    ) -> None:
        """Bring a story's files in line with a revision of it. Doing it twice is harmless.

        A live version gets its file; an expired one keeps those that it has. Any other story, and one that
        stands in private feeds alone, loses the files of all its versions: what may not be read must not lie
        about. So do the archives of the feeds that it has left.

        left   the feeds in which the story stood and does no more; None when that is not known
        now_s  as of `touch`

        Raises OutboxError.
        """
        if self.archives is not None:
            self.archives.note(revision, left, now_s)
        if revision.standing not in (Standing.LIVE, Standing.EXPIRED) or hidden(revision, self._private):
            self._withdraw(revision)
        elif revision.standing is Standing.LIVE:
            day = self._day(revision)
            with translated(day):
                name = f"{_own_id(revision)}-v{revision.version}.{document.suffix}"
                write(day, name, document.body, revision.updated.timestamp())

    def _withdraw(self, revision: Revision) -> None:
        day = self._day(revision)
        with translated(day):
            for file in Path(day).glob(f"{_own_id(revision)}-v*"):
                file.unlink(missing_ok=True)

    def _day(self, revision: Revision) -> str:
        """The folder of all versions of a story: by the day of its first publication, which never moves."""
        day = revision.published.astimezone(UTC)
        return f"{self._folder}/newsml/{day.year:04}/{day.month:02}/{day.day:02}"

    def checkpoint(self) -> None:
        """Make everything written so far outlast a power cut: one flush of the whole file system.

        Raises OutboxError.
        """
        with translated(self._folder):
            flush(self._folder)


def hidden(revision: Revision, private: Collection[str]) -> bool:
    """Whether a story stands in private feeds alone: then it is for their readers, and for nobody else."""
    return bool(revision.feeds) and all(feed in private for feed in revision.feeds)


def _own_id(revision: Revision) -> str:
    """The story's id, proven to be one of ours: nothing else may become part of a path."""
    if not _OUR_ID.fullmatch(revision.story_id):
        raise OutboxError(f"{revision.story_id!r} is no story id of ours: nothing was written")
    return revision.story_id
