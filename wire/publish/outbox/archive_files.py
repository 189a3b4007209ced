"""The archives in the outbox: ``feeds/ID/archive/YYYY-MM-DD.atom`` with its ``.gz``, a feed's past beside it.

A day is written as a whole: its last page, and those of the full ones before it that need it.

A day that goes on is written once a minute; one that is over, when something of it is corrected. Whatever
was taken back leaves its pages at once: they are removed with the commit, then written anew.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from wire.publish.feeds.archives import Archives
from wire.publish.outbox.whole_files import translated, write, write_set
from wire.story import Action, Revision, Standing

_OUR_PAGE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-[0-9]{1,6})?\.atom(?:\.gz)?")
_SIGNATURE = "signature"  #: the file that says what the pages of a feed were written by

_DAY_GOES_ON_S = 60.0
_AGAIN_S = 5.0
#: Share of the time that pages may take, and those from which something was taken back.
_SHARE, _URGENT_SHARE = 0.05, 0.5

Page = tuple[str, str]  #: feed and day


@dataclass(slots=True, kw_only=True)
class _Due:
    """Why a page is to be written."""

    at_s: float
    seq: int  #: the first version that it does not show
    urgent: bool = False  #: something of it was taken back
    whole: bool = False  #: more than its last page may have changed, and what leads to it

    def join(self, other: _Due) -> None:
        """Both reasons at once."""
        self.at_s, self.seq = min(self.at_s, other.at_s), min(self.seq, other.seq)
        self.urgent, self.whole = self.urgent or other.urgent, self.whole or other.whole


class ArchiveFiles:
    """Writes the archive pages. Thread-safe: `note` by whoever accepts stories, `write_due` by one thread."""

    def __init__(self, folder: Path, archives: Archives) -> None:
        """folder: the outbox."""
        self._folder = folder / "feeds"
        self._archives = archives
        self._noted: dict[tuple[tuple[str, ...], str], _Due] = {}  # by feeds and day
        self._due: dict[Page, _Due] = {}
        self._outdated: dict[str, set[str]] = {}  # feed -> days written by another configuration
        self._signed: set[str] = set()
        self._free_at_s = self._urgent_at_s = float("-inf")
        self._lock = threading.Lock()

    def open(self) -> None:
        """Sweep pages of feeds that have none any more; have those rewritten that other settings wrote.

        Raises OutboxError.
        """
        with translated(self._folder):
            for place in sorted(self._folder.glob("*/archive")):
                feed = place.parent.name
                days = {named[1] for file in place.iterdir() if (named := _OUR_PAGE.fullmatch(file.name))}
                if feed not in self._archives.feeds:
                    _clear(place)
                elif _content(place / _SIGNATURE) != self._archives.signature(feed):
                    self._outdated[feed] = days
                    for day in days:
                        self._want((feed, day), _Due(at_s=0.0, seq=0, whole=True))

    def note(self, revision: Revision, left: Collection[str] | None, now_s: float) -> None:
        """Take note of a version that came into force at ``now_s``, seconds on any steady clock.

        Pages that hold what it took back are gone when this returns.

        left  the feeds in which its story stood and does no more; None when that is not known

        Raises OutboxError when a page could not be removed.
        """
        day = str(revision.published.astimezone(UTC).date())
        shown = revision.feeds if revision.standing is Standing.LIVE else ()
        goes_on = str(revision.updated.astimezone(UTC).date()) == day
        is_new = revision.action is Action.NEW
        due = _Due(at_s=now_s + _DAY_GOES_ON_S * goes_on, seq=revision.seq, whole=not is_new)
        at_once = _Due(at_s=now_s, seq=revision.seq, urgent=True, whole=True)
        taken_back = revision.standing not in (Standing.LIVE, Standing.EXPIRED)
        with self._lock:
            if shown:
                self._join_note((shown, day), due)
            gone = self._gone(revision, left, day).difference(shown)
            for feed in gone:
                self._want((feed, day), at_once if taken_back else due)
            for feed in gone if taken_back else ():
                self._remove_day(feed, day)

    def note_again(self, days: Iterable[tuple[int, tuple[str, ...], str]], now_s: float) -> None:
        """What may not stand in the pages yet, as number, feeds and day of versions."""
        at_s = now_s + _DAY_GOES_ON_S
        with self._lock:
            for seq, feeds, day in days:
                self._join_note((feeds, day), _Due(at_s=at_s, seq=seq, whole=True))
            first = dict[str, int]()
            for (_, day), due in self._noted.items():
                first[day] = min(first.get(day, due.seq), due.seq)
            for day, seq in first.items():
                for feed in self._lying(day):
                    self._want((feed, day), _Due(at_s=at_s, seq=seq, whole=True))

    def first_missing(self) -> int | None:
        """The first version that some page does not show yet; None when all are as they should be."""
        with self._lock:
            return min((due.seq for due in (*self._noted.values(), *self._due.values())), default=None)

    def write_due(self, now_s: float) -> float | None:
        """Write the pages whose time has come; when the next one falls due, or None.

        Called by one thread; infinity writes them all. Raises the first OutboxError or StoreError after
        having tried all; what could not be written stays due.
        """
        self._unfold()
        failure: Exception | None = None
        tried = set[Page]()
        while (page := self._take(now_s, tried)) is not None:
            tried.add(page[0])
            began_s = time.perf_counter()
            try:
                self._write(*page)
            except Exception as exc:  # noqa: BLE001  # one page harms no other; raised below
                failure = failure or exc
                page[1].at_s = now_s + _AGAIN_S if now_s < float("inf") else 0.0
                self._want(*page)
            if now_s < float("inf"):
                took_s = time.perf_counter() - began_s
                self._free_at_s, self._urgent_at_s = now_s + took_s / _SHARE, now_s + took_s / _URGENT_SHARE
        if failure:
            raise failure
        with self._lock:
            return min((self._time(due) for due in self._due.values()), default=None)

    def _unfold(self) -> None:
        """Notes of many feeds at once become pages, of which each has its own time."""
        with self._lock:
            noted, self._noted = self._noted, {}
            for (feeds, day), due in noted.items():
                for feed in feeds:
                    if feed in self._archives.feeds:
                        self._want((feed, day), due)

    def _take(self, now_s: float, tried: set[Page]) -> tuple[Page, _Due] | None:
        with self._lock:
            ripe = (
                (not due.urgent, due.at_s, page)
                for page, due in self._due.items()
                if page not in tried and self._time(due) <= now_s
            )
            first = min(ripe, default=None)
            return None if first is None else (first[2], self._due.pop(first[2]))

    def _time(self, due: _Due) -> float:
        return max(due.at_s, self._urgent_at_s if due.urgent else self._free_at_s)

    def _write(self, page: Page, due: _Due) -> None:
        feed, day = page
        place = self._folder / feed / "archive"
        full = self._archives.parts(feed, day)
        fresh = not (place / f"{day}{'-1' * (full > 0)}.atom").exists()  # what others lead to
        for name in (*(f"{day}-{part}" for part in range(1, full + 1)), day):
            wanted = name == day or due.whole or not (place / f"{name}.atom").exists()
            if wanted and not self._put(page, name):
                return
        self._sign(feed, day)
        if fresh or due.whole:
            self._clear_after(feed, day, full)
            beside = self._archives.beside(feed, day)
            with self._lock:
                for other in beside:
                    self._want((feed, other), _Due(at_s=0.0, seq=due.seq))

    def _put(self, page: Page, name: str) -> bool:
        """Write a page of a day, or remove one that holds nothing; False when it has to be read anew."""
        feed, _ = page
        made = self._archives.page(feed, name)
        with self._lock:
            again = self._due.get(page)
            if again is not None and again.urgent:
                return False  # what was just read may hold what is taken back by now
            if made is None:
                self._remove(feed, name)
            else:
                write_set(str(self._folder / feed / "archive"), f"{name}.atom", made)
        return True

    def _clear_after(self, feed: str, day: str, full: int) -> None:
        """Remove full pages that are no more."""
        with self._lock:
            while (self._folder / feed / "archive" / f"{day}-{full + 1}.atom").exists():
                full += 1
                self._remove(feed, f"{day}-{full}")

    def _sign(self, feed: str, day: str) -> None:
        """Once no page of other settings is left, say by which ones they are."""
        with self._lock:
            outdated = self._outdated.get(feed, set())
            outdated.discard(day)
            if outdated or feed in self._signed:
                return
            self._signed.add(feed)
        place = self._folder / feed / "archive"
        with translated(place):
            if place.exists():
                write(str(place), _SIGNATURE, self._archives.signature(feed), time.time())

    # the rest is called with the lock held, or before anybody else knows of us

    def _gone(self, revision: Revision, left: Collection[str] | None, day: str) -> set[str]:
        """The feeds that a story may have left."""
        if left is not None:
            return set(left).intersection(self._archives.feeds)
        if revision.standing is Standing.LIVE and revision.action is Action.NEW:
            return set()
        return self._lying(day)

    def _lying(self, day: str) -> set[str]:
        """The feeds that have a page of a day."""
        return {file.parent.parent.name for file in self._folder.glob(f"*/archive/{day}.atom")}

    def _remove_day(self, feed: str, day: str) -> None:
        place = self._folder / feed / "archive"
        for file in (*place.glob(f"{day}-*.atom"), place / f"{day}.atom"):
            self._remove(feed, file.stem)

    def _remove(self, feed: str, name: str) -> None:
        for ending in ("atom", "atom.gz"):
            file = self._folder / feed / "archive" / f"{name}.{ending}"
            with translated(file):
                file.unlink(missing_ok=True)

    def _join_note(self, key: tuple[tuple[str, ...], str], due: _Due) -> None:
        if (before := self._noted.get(key)) is None:
            self._noted[key] = due
        else:
            before.join(due)

    def _want(self, page: Page, due: _Due) -> None:
        wanted = _Due(at_s=due.at_s, seq=due.seq, urgent=due.urgent, whole=due.whole)
        if (before := self._due.get(page)) is not None:
            wanted.join(before)
        self._due[page] = wanted


def _clear(place: Path) -> None:
    """Remove our files, and the folders that hold nothing else."""
    for file in place.iterdir():
        if file.name == _SIGNATURE or _OUR_PAGE.fullmatch(file.name):
            file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # somebody else's files lie there
        place.rmdir()
        place.parent.rmdir()


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
