"""The feeds as of the latest commit: windows of kept entries in memory, joined when somebody asks.

A feed is a pure function of the store. The windows only spare reading it again: after a commit they are
told what changed, once for all feeds; each looks for what concerns it when somebody asks, and in a rush ten
times a second. Whatever makes a window doubtful (a removal, which an older story may fill) has it loaded
anew, at once.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol
from weakref import WeakValueDictionary

from wire.common.renditions import Renditions, rendition
from wire.ports import House
from wire.ports.feeds import FeedInfo, FeedRows, Headline, Rendition
from wire.publish.feeds import jsonfeed
from wire.publish.feeds.entries import EntryKey, KeptEntry, entry_key
from wire.publish.feeds.heads import FeedHead, FeedSpec, archive_url, heads, info_of, modified
from wire.publish.feeds.noted import Note, Notes
from wire.publish.feeds.pacing import CALM, max_age_s, may_wait
from wire.publish.feeds.versions import Versions
from wire.story import Revision

__all__ = ["FeedBoard", "FeedSpec"]

Window = tuple[KeptEntry, ...]


def merge(window: Iterable[KeptEntry], changes: Iterable[KeptEntry], limit: int) -> Window:
    """The newest ``limit`` entries of both, one a story, its latest version.

    Newest first by first publication; stories of one instant by id, so that the order never wavers.
    """
    latest = {entry.story_id: entry for entry in window}
    for entry in changes:
        held = latest.get(entry.story_id)
        if held is None or entry.seq >= held.seq:
            latest[entry.story_id] = entry
    by_id = sorted(latest.values(), key=lambda entry: entry.story_id)
    return tuple(_newest(sorted(by_id, key=lambda entry: entry.published, reverse=True), limit))


def _newest(ordered: Iterable[KeptEntry], limit: int) -> Iterator[KeptEntry]:
    """The first ``limit`` that can be read, and as many taken back that stand among them."""
    left = {False: limit, True: limit}
    for entry in ordered:
        if left[entry.withdrawn]:
            left[entry.withdrawn] -= 1
            yield entry
        if not left[False]:
            return


class Listing(Protocol):
    """A document that tells of all feeds or of the stories of all of them."""

    name: str  #: of its file
    media_type: str

    def written(self) -> tuple[bytes, datetime]:
        """The document and its last change. Raises StoreError."""
        ...


class FeedBoard:
    """Every feed, ready to be served (`wire.ports.feeds.FeedShelf`). Thread-safe.

    Entries are shared between the feeds that carry them. Memory is bounded by the windows and by
    ``cache_bytes``, the size of the joined feeds that are kept for the next reader.
    """

    def __init__(
        self,
        specs: Sequence[FeedSpec],
        house: House,
        rows: FeedRows,
        *,
        listings: Sequence[Listing] = (),
        cache_bytes: int = 8 * 1024 * 1024,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Render every head. Raises RenderError when a feed's configuration cannot be written."""
        self._monotonic = monotonic
        self._listings = {listing.name: listing for listing in listings}
        self._rows = rows
        self._house = house
        self._shelves = {spec.id: _Shelf(spec=spec, heads=heads(spec, house)) for spec in specs}
        self._notes = Notes(max((spec.limit for spec in specs), default=1))
        self._renditions = Renditions(cache_bytes)
        self._versions = Versions()
        self._entries: WeakValueDictionary[EntryKey, KeptEntry] = WeakValueDictionary()
        self.commits = 0  #: noted so far, and doubts
        self.renders: Counter[str] = Counter()  #: by format, how often a feed was put together
        self._mutex = threading.Lock()

    def infos(self) -> tuple[FeedInfo, ...]:
        """Every public feed, in the configuration's order."""
        specs = (shelf.spec for shelf in self._shelves.values())
        return tuple(info_of(spec) for spec in specs if not spec.private)

    def listing(self, name: str) -> Rendition | None:
        """What tells of all feeds; see `wire.ports.feeds.FeedShelf.listing`."""
        listing = self._listings.get(name)
        if listing is None:
            return None
        body, changed = listing.written()
        cached = self._renditions.get((name, ""), body)
        return cached or self._renditions.keep((name, ""), body, rendition(body, listing.media_type, changed))

    def changed(
        self,
        published: Iterable[tuple[Collection[str], Revision]] = (),
        removed: Collection[str] = (),
        grouped: Collection[str] = (),
    ) -> None:
        """Take note of a commit: versions with the feeds in which they stand from now on.

        removed  feeds that stories have left
        grouped  the stories that have near-duplicates, which a feed may show in their place

        Called after every commit, in the order of the commits. Costs the same for a story in one feed and in
        a thousand, and never reads or renders.
        """
        now_s = self._monotonic()
        with self._mutex:
            self.commits += 1
            if removed:
                self._notes.add(Note(left=removed))
            for feeds, new in published:
                told = new.story_id in grouped
                self._notes.add(Note(revision=new, shown=feeds, grouped=told, at_s=now_s))

    def doubt(self) -> None:
        """Load every window anew when next asked: there are commits that nobody told of one by one."""
        with self._mutex:
            self.commits += 1
            self._notes.forget()

    def is_private(self, feed: str) -> bool:
        """See `wire.ports.feeds.FeedShelf.is_private`."""
        shelf = self._shelves.get(feed)
        return shelf is not None and shelf.spec.private

    def rendition(
        self, feed: str, format: str, *, private: bool = False, patient: bool = False
    ) -> Rendition | None:
        """The feed as of the latest commit; None when there is no such feed or format among the public ones.

        private  whether a private feed may be given as well
        patient  whether in a rush one of a tenth of a second ago will do, as for readers; what was taken back
                 is in none

        Raises StoreError when the window has to be loaded and cannot be; a stale feed is never given,
        since what it shows may have been killed.
        """
        shelf = self._shelves.get(feed)
        if shelf is None or format not in shelf.heads or (shelf.spec.private and not private):
            return None
        return self._made((feed, format), shelf, self._settled(shelf, patient=patient), read=patient)

    def headlines(self, feed: str, limit: int) -> tuple[Headline, ...]:
        """The newest stories of a public feed, read back from what is kept of them for JSON Feed.

        Raises StoreError as `rendition` does.
        """
        shelf = self._shelves.get(feed)
        if shelf is None or shelf.spec.private:
            return ()
        shown = (entry.json for entry in self._settled(shelf, patient=True) if not entry.withdrawn)
        return tuple(jsonfeed.headline(item) for item in islice(filter(None, shown), limit))

    def delta(self, feed: str, format: str, known: Sequence[str]) -> Rendition | None:
        """The feed with only those entries that are new to who has versions with these entity tags.

        None when that is unknown, or when nothing is new to them. Raises StoreError as `rendition` does.
        """
        shelf = self._shelves.get(feed)
        held = self._versions.held((feed, format), known)
        if shelf is None or held is None or shelf.spec.private:
            return None
        fresh = tuple(entry for entry in self._settled(shelf, patient=True) if entry.seq not in held)
        return _render(shelf, format, fresh) if fresh else None

    def _made(self, key: tuple[str, str], shelf: _Shelf, window: Window, *, read: bool) -> Rendition:
        """The joined feed, kept for the next one who asks if readers do: a file is written but once."""
        if (cached := self._renditions.get(key, window)) is not None:
            return cached
        with self._mutex:
            self.renders[key[1]] += 1
        older = self._older(shelf.spec, window)
        made = _render(shelf, key[1], window, older)
        if read or self._renditions.holds(key):
            self._renditions.keep(key, window, made)
        self._versions.note(key, made.etag, (entry.seq for entry in window))
        return made

    def _older(self, spec: FeedSpec, window: Window) -> str | None:
        """Where the feed goes on: in the archive, at the day of its oldest story, once it is full."""
        if spec.private:  # archives are for everybody
            return None
        shown = [entry for entry in window if not entry.withdrawn]
        if len(shown) < spec.limit:
            return None
        return archive_url(spec, self._house, f"{shown[-1].published.astimezone(UTC):%Y-%m-%d}")

    def _settled(self, shelf: _Shelf, *, patient: bool) -> Window:
        """The window as of the latest commit: as it is, with what came since, or loaded anew."""
        if shelf.seen == self._notes.count:
            return shelf.window
        with shelf.settling:  # one thread a feed at a time
            with self._mutex:
                noted, notes = self._notes.count, self._notes.since(shelf.read)
                latest = () if notes is not None else self._notes.latest()
            changes = None if notes is None else _changes(shelf.spec, notes)
            now_s = self._monotonic()
            if changes is not None:
                shelf.waiting += changes
                shelf.changed_s = [*shelf.changed_s, *(change.at_s for change in changes)][-1 - CALM :]
            else:
                window = self._filled(shelf.spec, latest) if notes is None else ()
                shelf.window, shelf.waiting = window or self._load(shelf.spec), []
            shelf.read = noted
            if shelf.waiting:
                if patient and may_wait(shelf.changed_s, shelf.settled_s, now_s):
                    return shelf.window
                shelf.window, shelf.waiting, shelf.settled_s = self._changed(shelf), [], now_s
            shelf.seen = noted
            return shelf.window

    def _changed(self, shelf: _Shelf) -> Window:
        """The window with what waits to come into it."""
        if _is_group(shelf.spec, shelf.waiting):
            return self._load(shelf.spec)
        return self._merged(shelf.spec, shelf.window, shelf.waiting)

    def _filled(self, spec: FeedSpec, latest: Sequence[Note]) -> Window:
        """The window by the latest notes alone; empty when what was forgotten may still stand in it."""
        begun = next((note.revision.updated for note in latest if note.revision is not None), None)
        changes = _changes(spec, latest)
        if begun is None or not changes or len(changes) < spec.limit or _is_group(spec, changes):
            return ()
        window = self._merged(spec, (), changes)
        full = sum(not entry.withdrawn for entry in window) == spec.limit
        return window if full and window[-1].published >= begun else ()

    def _merged(self, spec: FeedSpec, window: Window, changes: Iterable[Note]) -> Window:
        return self._with(spec, window, (note.revision for note in changes if note.revision is not None))

    def _with(self, spec: FeedSpec, window: Window, new: Iterable[Revision]) -> Window:
        with self._mutex:
            entries = [self._kept(revision, spec) for revision in new]
        return merge(window, entries, spec.limit)

    def _load(self, spec: FeedSpec) -> Window:
        return self._with(spec, (), self._rows.window(spec.id, spec.limit))

    def _kept(self, revision: Revision, spec: FeedSpec) -> KeptEntry:
        """The one entry of a revision, shared by every feed of an edition. The caller holds the mutex."""
        key = entry_key(spec, revision.seq)
        kept = self._entries.get(key)
        if kept is None:
            self._entries[key] = kept = KeptEntry.of(spec, revision, self._house)
        return kept


@dataclass(slots=True, kw_only=True)
class _Shelf:
    """One feed's window and what has happened to it since it was last brought up to date."""

    spec: FeedSpec
    heads: dict[str, FeedHead]
    window: Window = ()
    seen: int = -1  #: notes that the window shows; set last, so that nobody is given a window in the making
    read: int = -1  #: notes that were looked through
    waiting: list[Note] = field(default_factory=list)  #: those of them that the window does not show yet
    changed_s: list[float] = field(default_factory=list)  #: when the latest of them were noted
    settled_s: float = float("-inf")  #: when the window last changed
    settling: threading.Lock = field(default_factory=threading.Lock)


def _changes(spec: FeedSpec, notes: Sequence[Note]) -> list[Note] | None:
    """The notes of versions that come into a feed's window; None when something has left it."""
    changes: list[Note] = []
    for note in notes:
        if spec.id in note.left:
            return None
        if spec.id in note.shown:
            changes.append(note)
    return changes


def _is_group(spec: FeedSpec, changes: Iterable[Note]) -> bool:
    """Whether only the store can say which of near-duplicates a feed shows after these changes."""
    return spec.selective and any(note.grouped for note in changes)


def _render(shelf: _Shelf, format: str, window: Window, older: str | None = None) -> Rendition:
    head, fresh_s = shelf.heads[format], max_age_s(window, 60 * shelf.spec.ttl_minutes)
    return rendition(head.join(window, older), head.media_type, modified(window), max_age_s=fresh_s)
