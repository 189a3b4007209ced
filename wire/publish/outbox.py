"""The outbox: a folder that a web server can serve as it stands.

``feeds/ID.rss``, ``.atom`` and ``.json`` with ``.gz`` beside them, ``newsml/YYYY/MM/DD/STORY-vN.xml``, the
lists of all feeds. Every file appears whole, under its name, with the time of its last change; names are
built from our own ids alone. The store is the truth: all of this can be written again from it, so files are
flushed to disk by `Outbox.checkpoint`, not one by one.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC
from pathlib import Path

from wire.errors import OutboxError
from wire.ports import FeedShelf, Rendition
from wire.publish.pacing import write_at
from wire.publish.spreading import make_spread
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
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


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
    ) -> None:
        """listings: names of what tells of all feeds, written again when any of them changed

        interval_s  the least time between two writes of one feed; more when writing takes long
        written     told of a feed's file (``world.atom``) once it is in place; what it raises has the feed
                    written again
        private     feeds that are not for everybody
        """
        self._tell_written = written
        self._private = frozenset(private)
        self._listings = frozenset(listings)
        self._folder = folder
        self._feeds = feeds
        self._interval_s = interval_s
        self._due: dict[str, float] = {}  # feed -> its first change that is not in its files yet
        self._written: dict[str, float] = {}
        self._took_s: dict[str, float] = {}  # feed -> seconds that its last write took
        self._lock = threading.Lock()

    def open(self) -> None:
        """Make the folders, sweep what a crash left half-written and files of feeds that are no more.

        Call once, before anything else writes here. Raises OutboxError.
        """
        known = {info.id for info in self._feeds.infos()}
        with _translated(self._folder):
            make_spread(self._folder)
            (self._folder / "feeds").mkdir(exist_ok=True)
            make_spread(self._folder / "newsml")
            for stray in self._folder.rglob(".*.tmp"):
                stray.unlink(missing_ok=True)
            for file in (self._folder / "feeds").iterdir():
                ours = _OUR_FEED_FILE.fullmatch(file.name)
                if ours and ours[1] not in known:
                    file.unlink(missing_ok=True)

    # --- Feeds -----------------------------------------------------------------------------------

    def touch(self, feeds: Iterable[str], now_s: float) -> None:
        """Feeds that changed at ``now_s`` (seconds on any steady clock). Costs a dictionary entry each."""
        with self._lock:
            changed = tuple(feeds)
            for name in (*changed, *self._listings) if changed else ():
                self._due.setdefault(name, now_s)

    def write_due(self, now_s: float) -> float | None:
        """Write every feed whose time has come; when the next one falls due, or None.

        Called by one thread. Raises the first OutboxError or StoreError after having tried all; what
        could not be written stays due.
        """
        failure: Exception | None = None
        for feed in self._ripe(now_s):
            began_s = time.perf_counter()
            try:
                self._write_feed(feed)
            except Exception as exc:  # noqa: BLE001  # one feed harms no other; raised below
                failure = failure or exc
                self.touch([feed], now_s)
            self._took_s[feed] = time.perf_counter() - began_s
            self._written[feed] = now_s
        if failure:
            raise failure
        with self._lock:
            return min(self._write_times().values(), default=None)

    def _ripe(self, now_s: float) -> list[str]:
        with self._lock:
            ripe = [feed for feed, at_s in self._write_times().items() if at_s <= now_s]
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
                _write_set(str(self._folder), feed, listing)
            return
        for format in FORMATS:
            rendition = self._feeds.rendition(feed, format)
            if rendition is not None:
                _write_set(f"{self._folder}/feeds", f"{feed}.{format}", rendition)
                self._tell_written(f"{feed}.{format}", rendition)

    # --- Stories ---------------------------------------------------------------------------------

    def export(self, revision: Revision, document: Document) -> None:
        """Bring a story's files in line with a revision of it. Doing it twice is harmless.

        A live version gets its file; an expired one keeps those that it has. Any other story, and one that
        stands in private feeds alone, loses the files of all its versions: what may not be read must not lie
        about. Raises OutboxError.
        """
        if revision.standing not in (Standing.LIVE, Standing.EXPIRED) or hidden(revision, self._private):
            self._withdraw(revision)
        elif revision.standing is Standing.LIVE:
            day = self._day(revision)
            with _translated(day):
                name = f"{_own_id(revision)}-v{revision.version}.{document.suffix}"
                _write(day, name, document.body, revision.updated.timestamp())

    def _withdraw(self, revision: Revision) -> None:
        day = self._day(revision)
        with _translated(day):
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
        with _translated(self._folder):
            descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                _syncfs(descriptor)
            finally:
                os.close(descriptor)


def hidden(revision: Revision, private: Collection[str]) -> bool:
    """Whether a story stands in private feeds alone: then it is for their readers, and for nobody else."""
    return bool(revision.feeds) and all(feed in private for feed in revision.feeds)


def _own_id(revision: Revision) -> str:
    """The story's id, proven to be one of ours: nothing else may become part of a path."""
    if not _OUR_ID.fullmatch(revision.story_id):
        raise OutboxError(f"{revision.story_id!r} is no story id of ours: nothing was written")
    return revision.story_id


def _write_set(folder: str, name: str, rendition: Rendition) -> None:
    """A feed and its compressed form. The compressed one goes first: who is offered both takes it."""
    with _translated(f"{folder}/{name}"):
        modified_s = _told_apart(f"{folder}/{name}", rendition)
        _write(folder, f"{name}.gz", rendition.coded("gzip"), modified_s)
        _write(folder, name, rendition.body, modified_s)


def _told_apart(path: str, rendition: Rendition) -> float:
    """The time that a feed's file is to have: that of its last change.

    Web servers tell versions apart by size and whole second. Two of one second and one size therefore differ
    by a second more.
    """
    modified_s = rendition.modified.timestamp()
    try:
        before = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return modified_s
    if before.st_size != len(rendition.body) or int(before.st_mtime) < int(modified_s):
        return modified_s
    same = Path(path).read_bytes() == rendition.body
    return before.st_mtime if same else int(before.st_mtime) + 1.0


def _write(folder: str, name: str, body: bytes, modified_s: float) -> None:
    """Put a file in place whole: readers see the old one or the new one, never a part.

    Paths are plain strings here: on the way of every story, `Path` would cost as much as the system calls.
    """
    temporary = f"{folder}/.{name}.tmp"
    descriptor = _create(folder, temporary)
    try:
        _write_all(descriptor, body)
        os.utime(descriptor, (modified_s, modified_s))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    finally:
        os.close(descriptor)
    os.replace(temporary, f"{folder}/{name}")  # noqa: PTH105


def _create(folder: str, path: str) -> int:
    """Open a new file, in a new folder if need be."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o644)
    except FileNotFoundError:
        make_spread(Path(folder).parent)
        Path(folder).mkdir(exist_ok=True)
        return os.open(path, flags, 0o644)


def _write_all(descriptor: int, body: bytes) -> None:
    rest = memoryview(body)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextlib.contextmanager
def _translated(path: Path | str) -> Iterator[None]:
    """What the operating system refuses, in words for people."""
    try:
        yield
    except OSError as exc:
        where = exc.filename or path
        if exc.errno in _DISK_FULL:
            message = f"the disk is full: {where} was not written; make room, it is tried again"
            raise OutboxError(message, disk_full=True) from exc
        raise OutboxError(f"{where} cannot be written: {exc.strerror}") from exc


def _syncfs(descriptor: int) -> None:
    """Flush the file system that holds this descriptor; every file system where the C library cannot."""
    syncfs: Callable[[int], int] | None = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
    elif syncfs(descriptor) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
