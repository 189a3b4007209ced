"""A feed's past, one Atom document a day (RFC 5005, 4): what became public on that day, in UTC.

A day that is over gets no new stories, so its document changes only when one of them is corrected or taken
back. The feed itself leads to the day of its oldest entry, each document to those before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from wire import __version__
from wire.common.renditions import rendition
from wire.ports import ArchiveRows, House, Rendition
from wire.publish.feed_heads import (
    ATOM_TYPE,
    FeedSpec,
    archive_url,
    dated_head,
    feed_generator,
    feed_url,
    modified,
)
from wire.publish.feeds import KeptEntry

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: A day that is over may be kept for an hour without asking: corrections come, if rarely.
_FRESH_S = 3600


class Archives:
    """Every feed's archive (`wire.ports.ArchiveShelf`). Thread-safe; keeps nothing in memory."""

    def __init__(self, specs: Iterable[FeedSpec], house: House, rows: ArchiveRows) -> None:
        self._specs = {spec.id: spec for spec in specs}
        self._house = house
        self._rows = rows
        self.feeds = frozenset(self._specs)

    def beside(self, feed: str, day: str) -> tuple[str, ...]:
        """The days to which the page of a day leads, and whose pages lead to it. Raises StoreError."""
        start = _start(day)
        if feed not in self._specs or start is None:
            return ()
        around = self._rows.around(feed, start, start + timedelta(days=1))
        return tuple(f"{when.astimezone(UTC):%Y-%m-%d}" for when in around if when is not None)

    def signature(self, feed: str) -> bytes:
        """Stays the same as long as what is configured, and `wire` itself, write the same pages."""
        spec = self._specs[feed]
        said = (spec.title, spec.description, spec.language, spec.home_page, spec.authors, spec.rights)
        how = (spec.image, spec.edition, spec.kill_notice, self._house, __version__)
        return sha256(repr((said, how)).encode()).hexdigest().encode()

    def page(self, feed: str, day: str) -> Rendition | None:
        """The stories of a day, ``YYYY-MM-DD``; None when there are none. Raises StoreError."""
        spec, start = self._specs.get(feed), _start(day)
        if spec is None or start is None:
            return None
        end = start + timedelta(days=1)
        revisions = self._rows.day(feed, start, end)
        if not revisions:
            return None
        entries = [KeptEntry.of(spec, revision, self._house) for revision in revisions]
        around = zip(("prev-archive", "next-archive"), self._rows.around(feed, start, end), strict=True)
        links = [("current", feed_url(spec, self._house, "atom"))]
        links += [(rel, archive_url(spec, self._house, when)) for rel, when in around if when is not None]
        own = archive_url(spec, self._house, start)
        empty = feed_generator(spec, self._house, "atom", own=own, links=links).atom_str()
        head = dated_head("atom", ATOM_TYPE, empty, date="updated", tail=b"</feed>")
        return rendition(head.join(entries), ATOM_TYPE, modified(entries), max_age_s=_FRESH_S)


def _start(day: str) -> datetime | None:
    """Midnight, UTC, at which a day begins; None when it is no day that has an end."""
    if not _DAY.fullmatch(day):
        return None
    try:
        named = date.fromisoformat(day)
    except ValueError:
        return None
    return None if named == date.max else datetime(named.year, named.month, named.day, tzinfo=UTC)
