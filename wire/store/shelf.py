"""Feed windows and stories as feeds and pages need them: `wire.ports.feeds.FeedRows` and `StoryRows`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Select,
    and_,
    case,
    literal,
    literal_column,
    select,
    tuple_,
)

from wire import storyjson
from wire.common.portions import portions
from wire.ports.web import Shelved
from wire.store import places
from wire.store.database import Database
from wire.store.schema import (
    MOST_VALUES,
    NOTES,
    copy,
    document,
    feed_set,
    from_us,
    likeness,
    maybe_moment,
    revision,
    to_us,
    withdrawal,
)
from wire.store.schema import story as story_table
from wire.story import USUAL_RANK, Action, Document, Duplicates, Revision, Standing


class Shelf:
    """What the public may see. Safe from any thread."""

    def __init__(
        self,
        database: Database,
        duplicates: Mapping[str, Duplicates] | None = None,
        ranks: Mapping[str, int] | None = None,
    ) -> None:
        """``duplicates``: by feed, what it shows of near-duplicates, all by default.

        ranks  by source, 1 the best; others have the usual one
        """
        self._database = database
        self._duplicates = duplicates or {}
        self._ranks = ranks or {}

    def window(self, feed: str, limit: int) -> list[Revision]:
        """See `wire.ports.feeds.FeedRows.window`; costs the same however large the archive is."""
        query = select(story_table.c.first_published_us, story_table.c.id, story_table.c.seq)
        shown = self._duplicates.get(feed, Duplicates.ALL)
        if shown is not Duplicates.ALL:
            query = query.where(~_preferred(feed, self._ranks if shown is Duplicates.BEST else {}))
        with self._database.reading() as connection:
            placed = places.newest(connection, feed, limit, query)
            rows = {row.seq: row for row in _by_seq(connection, [place.seq for place in placed])}
            oldest_us = placed[-1].published_us if len(placed) == limit else 0
            taken_back = connection.execute(_withdrawn(feed, oldest_us).limit(limit)).all()
        return [revision_from(row) for row in (*(rows[place.seq] for place in placed), *taken_back)]

    def day(self, feed: str, start: datetime, end: datetime) -> list[int]:
        """See `wire.ports.feeds.ArchiveRows.day`; reads two indexes, no story."""
        since, until = to_us(start), to_us(end)
        shown = [
            select(when.label("when"), table.c[id].label("id"), table.c.seq).where(
                table.c[sets].in_(places.sets_of(feed)), when >= since, when < until
            )
            for table, when, id, sets in (
                (story_table, story_table.c.first_published_us, "id", "feed_set"),
                (withdrawal, withdrawal.c.published_us, "story_id", "set_id"),
            )
        ]
        with self._database.reading() as connection:
            found = [tuple(row) for query in shown for row in connection.execute(query)]
        return list(dict.fromkeys(seq for _, _, seq in sorted(found)))

    def around(self, feed: str, start: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
        """See `wire.ports.feeds.ArchiveRows.around`."""
        with self._database.reading() as connection:
            return places.around(connection, feed, start, end)

    def recent(self, since: datetime, limit: int) -> list[int]:
        """See `wire.ports.feeds.RecentRows.recent`; costs what became public since, not what is kept."""
        query = (
            select(story_table.c.seq)
            .where(
                story_table.c.first_published_us >= to_us(since),
                story_table.c.feed_set.is_not(None),
            )
            .order_by(story_table.c.first_published_us.desc(), story_table.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        """See `wire.ports.feeds.RecentRows.revisions`."""
        with self._database.reading() as connection:
            return [revision_from(row) for row in _by_seq(connection, seqs)]

    def shelved(self, story_id: str) -> Shelved | None:
        """See `wire.ports.web.StoryShelf.shelved`."""
        query = select(story_table.c.standing, story_table.c.seq, story_table.c.first_published_us).where(
            story_table.c.id == story_id
        )
        with self._database.reading() as connection:
            found = connection.execute(query).first()
            if found is None or found.first_published_us is None:
                return None
            standing = Standing(found.standing)
            if standing is Standing.EMBARGOED:
                return None
            if standing not in {Standing.LIVE, Standing.EXPIRED}:
                return Shelved(standing=standing, revision=None)
            made = revision_from(connection.execute(REVISION.where(revision.c.seq == found.seq)).one())
            feeds = made.feeds if standing is Standing.LIVE else _stood_in(connection, story_id)
        return Shelved(standing=standing, revision=made, feeds=feeds)

    def document(self, seq: int, format: str) -> Document | None:
        """See `wire.ports.web.StoryRows.document`."""
        query = select(document).where(document.c.seq == seq, document.c.format == format)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else document_from(row)


def _stood_in(connection: Connection, story_id: str) -> tuple[str, ...]:
    """The feeds in which a story stood when it was last live."""
    query = (
        select(feed_set.c.feeds)
        .join(revision, revision.c.feed_set == feed_set.c.id)
        .where(
            revision.c.story_id == story_id,
            revision.c.standing == Standing.LIVE.value,
            revision.c.action.not_in(NOTES),
        )
        .order_by(revision.c.seq.desc())
        .limit(1)
    )
    return tuple((connection.execute(query).scalar() or "").split())


def _by_seq(connection: Connection, seqs: Sequence[int]) -> Iterator[Any]:
    """Rows of `REVISION`, in no order."""
    for some in portions(seqs, MOST_VALUES):
        yield from connection.execute(REVISION.where(revision.c.seq.in_(some)))


def _withdrawn(feed: str, oldest_us: int) -> Select[Any]:
    """The versions by which stories were taken back that became public in a feed since then."""
    return (
        REVISION.join(withdrawal, withdrawal.c.seq == revision.c.seq)
        .where(withdrawal.c.set_id.in_(places.sets_of(feed)), withdrawal.c.published_us >= oldest_us)
        .order_by(withdrawal.c.published_us.desc(), withdrawal.c.story_id)
    )


def _preferred(feed: str, ranks: Mapping[str, int]) -> Exists:
    """Whether a near-duplicate stands in the same feed, of a better source, or of one as good and earlier."""
    other, rival = likeness.alias("other"), story_table.alias("rival")
    theirs = tuple_(_rank(rival.c.source, ranks), rival.c.first_published_us)
    ours = tuple_(_rank(story_table.c.source, ranks), story_table.c.first_published_us)
    return (
        select(literal_column("1"))
        .select_from(likeness)
        .join(other, and_(other.c.first_id == likeness.c.first_id, other.c.story_id != likeness.c.story_id))
        .join(rival, rival.c.id == other.c.story_id)
        .where(
            likeness.c.story_id == story_table.c.id,
            rival.c.feed_set.in_(places.sets_of(feed)),
            theirs < ours,
        )
        .correlate(story_table)
        .exists()
    )


def _rank(source: ColumnElement[str], ranks: Mapping[str, int]) -> ColumnElement[int]:
    return case(ranks, value=source, else_=USUAL_RANK) if ranks else literal(USUAL_RANK)


#: A revision with its story and the story's guid; add a ``where``.
REVISION = (
    select(revision, copy.c.story.label("json"), story_table.c.guid, feed_set.c.feeds)
    .join(copy, copy.c.seq == revision.c.seq)
    .join(feed_set, feed_set.c.id == revision.c.feed_set)
    .join(story_table, story_table.c.id == revision.c.story_id)
)


def revision_from(row: Any) -> Revision:
    """A row of `REVISION` as the value."""
    return Revision(
        seq=row.seq,
        story_id=row.story_id,
        guid=row.guid,
        version=row.version,
        action=Action(row.action),
        standing=Standing(row.standing),
        story=storyjson.loads(row.json),
        accepted_at=from_us(row.accepted_us),
        published=from_us(row.published_us),
        updated=from_us(row.updated_us),
        feeds=tuple(row.feeds.split()),
        release_at=maybe_moment(row.release_us),
        revised=from_us(row.revised_us),
    )


def document_from(row: Any) -> Document:
    """A row of the document table as the value."""
    return Document(
        format=row.format,
        media_type=row.media_type,
        suffix=row.suffix,
        body=row.body,
        losses=tuple(row.losses.splitlines()),
    )
