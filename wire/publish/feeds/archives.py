"""A feed's past as Atom documents by day (RFC 5005, 4): what became public on that day, in UTC.

A day that is over gets no new stories, so its pages change only when one of them is corrected or taken back.
The feed itself leads to the day of its oldest entry, each page to those before and after it. No page has
more than so many stories: what goes before the last of them on a busy day stands on full pages of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import chain, islice

from wire import __version__
from wire.common.renditions import Renditions, rendition
from wire.ports import House
from wire.ports.feeds import ArchiveRows, Rendition
from wire.publish.feeds.entries import EntryKey, KeptEntry, entry_key
from wire.publish.feeds.heads import (
    ATOM_TYPE,
    FeedSpec,
    archive_url,
    dated_head,
    feed_generator,
    feed_url,
    modified,
)

_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-([1-9][0-9]{0,5}))?")
_A_DAY = timedelta(days=1)
#: Stories on a page: of usual length well under the 5 MB that validators read.
PAGE = 500
#: Entries that are kept for the next pages: some 5 kB each.
_KEPT = 2 * PAGE
#: Of pages that are kept for the next reader.
_READ_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a page shows, and where it leads: pages of one plan are the same."""

    spec: FeedSpec
    name: str
    seqs: tuple[int, ...]  #: of the revisions shown
    near: tuple[tuple[str, str], ...]  #: relation and name of the pages beside it


class Archives:
    """Every feed's archive (`wire.ports.feeds.ArchiveShelf`). Thread-safe.

    Keeps the entries of the pages that were made last, since other feeds' pages of that day show them too.
    """

    def __init__(self, specs: Iterable[FeedSpec], house: House, rows: ArchiveRows) -> None:
        self._specs = {spec.id: spec for spec in specs}
        self._house = house
        self._rows = rows
        self._latest: dict[EntryKey, KeptEntry] = {}
        self.feeds = frozenset(self._specs)

    def parts(self, feed: str, day: str) -> int:
        """How many full pages go before the one that bears the day's own name. Raises StoreError."""
        start = _start(day)
        return 0 if start is None else _parts(self._rows.day(feed, start, start + _A_DAY))

    def beside(self, feed: str, day: str) -> tuple[str, ...]:
        """The days to which the pages of a day lead, and whose pages lead to it. Raises StoreError."""
        start = _start(day)
        if feed not in self._specs or start is None:
            return ()
        around = self._rows.around(feed, start, start + _A_DAY)
        return tuple(_day(when) for when in around if when is not None)

    def signature(self, feed: str) -> bytes:
        """Stays the same as long as what is configured, and `wire` itself, write the same pages."""
        spec = self._specs[feed]
        said = (spec.title, spec.description, spec.language, spec.home_page, spec.authors, spec.rights)
        how = (spec.image, spec.edition, spec.kill_notice, self._house, __version__)
        return sha256(repr((said, how)).encode()).hexdigest().encode()

    def page(self, feed: str, name: str) -> Rendition | None:
        """A day's stories, ``YYYY-MM-DD``, or a full page of its earlier ones, ``YYYY-MM-DD-N``.

        None when there is no such page. Raises StoreError.
        """
        plan = self.plan(feed, name)
        return None if plan is None else self.made(plan)

    def plan(self, feed: str, name: str) -> Plan | None:
        """What a page shows as things stand; reads indexes alone. None when there is no such page."""
        named = _NAME.fullmatch(name)
        spec, start = self._specs.get(feed), _start(named[1]) if named else None
        if spec is None or named is None or start is None:
            return None
        seqs = self._rows.day(feed, start, start + _A_DAY)
        full = _parts(seqs)
        part = int(named[2] or full + 1)
        shown = seqs[(part - 1) * PAGE : part * PAGE]
        if not shown or (named[2] and part > full):
            return None
        near = tuple(self._near(feed, start, part, full))
        return Plan(spec=spec, name=name, seqs=tuple(shown), near=near)

    def made(self, plan: Plan) -> Rendition:
        """The page of a plan. Raises StoreError."""
        spec = plan.spec
        entries = self._entries(spec, plan.seqs)
        entries.sort(key=lambda entry: entry.story_id)
        entries.sort(key=lambda entry: entry.published, reverse=True)
        links = [("current", feed_url(spec, self._house, "atom"))]
        links += [(rel, archive_url(spec, self._house, page)) for rel, page in plan.near]
        own = archive_url(spec, self._house, plan.name)
        empty = feed_generator(spec, self._house, "atom", own=own, links=links).atom_str()
        head = dated_head("atom", ATOM_TYPE, empty, date="updated", tail=b"</feed>")
        return rendition(head.join(entries), ATOM_TYPE, modified(entries))

    def _entries(self, spec: FeedSpec, seqs: Sequence[int]) -> list[KeptEntry]:
        """These revisions as the feed shows them; read and rendered unless a late page shows them too."""
        keys = {entry_key(spec, seq): seq for seq in seqs}
        latest = self._latest
        shown = {key: latest[key] for key in keys if key in latest}
        missing = [seq for key, seq in keys.items() if key not in shown]
        for revision in self._rows.revisions(missing):
            shown[entry_key(spec, revision.seq)] = kept = KeptEntry.of(spec, revision, self._house)
            kept.settle("atom")
        others = ((key, kept) for key, kept in latest.items() if key not in shown)
        self._latest = dict(islice(chain(shown.items(), others), _KEPT))
        return list(shown.values())

    def _near(self, feed: str, start: datetime, part: int, full: int) -> Iterator[tuple[str, str]]:
        """Where a page leads, as relation and name: by the order of publication."""
        before, after = self._rows.around(feed, start, start + _A_DAY)
        if part > 1:
            yield "prev-archive", f"{_day(start)}-{part - 1}"
        elif before is not None:
            yield "prev-archive", _day(before)
        if part <= full:
            yield "next-archive", f"{_day(start)}-{part + 1}" if part < full else _day(start)
        elif after is not None:
            yield "next-archive", f"{_day(after)}-1" if self.parts(feed, _day(after)) else _day(after)


class ReadArchives:
    """The archives as readers ask for them (`wire.ports.feeds.ArchiveShelf`): pages are kept for the next."""

    def __init__(self, archives: Archives) -> None:
        self._archives = archives
        self._pages = Renditions(_READ_BYTES)

    def page(self, feed: str, day: str) -> Rendition | None:
        """See `Archives.page`; made, and compressed, once for as long as it shows the same."""
        plan = self._archives.plan(feed, day)
        if plan is None:
            return None
        kept = self._pages.get((feed, day), plan)
        return kept or self._pages.keep((feed, day), plan, self._archives.made(plan))


def _parts(seqs: Sequence[int]) -> int:
    """Full pages of a day, but for its last one."""
    return max(0, len(seqs) - 1) // PAGE


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def _start(day: str) -> datetime | None:
    """Midnight, UTC, at which a day begins; None when it is no day that has an end."""
    try:
        named = date.fromisoformat(day)
    except ValueError:
        return None
    return None if named == date.max else datetime(named.year, named.month, named.day, tzinfo=UTC)
