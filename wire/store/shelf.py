"""Feed windows and stories as feeds and pages need them: `wire.ports.FeedRows` and `StoryShelf`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)

from wire import storyjson
from wire.ports import Shelved
from wire.store.database import Database
from wire.store.schema import (
    copy,
    document,
    from_us,
    likeness,
    maybe_moment,
    placing,
    revision,
    to_us,
    withdrawal,
)
from wire.store.schema import story as story_table
from wire.story import USUAL_RANK, Action, Document, Duplicates, Revision, Standing

#: Parameters of one query: old builds of SQLite allow 999.
_AT_ONCE = 500


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
        """See `wire.ports.FeedRows.window`; costs the same however large the archive is."""
        query = (
            REVISION.join(placing, placing.c.seq == revision.c.seq)
            .where(placing.c.feed == feed)
            .order_by(placing.c.published_us.desc(), placing.c.story_id)
            .limit(limit)
        )
        shown = self._duplicates.get(feed, Duplicates.ALL)
        if shown is not Duplicates.ALL:
            query = query.where(~_preferred(self._ranks if shown is Duplicates.BEST else {}))
        with self._database.reading() as connection:
            found = connection.execute(query).all()
            oldest_us = found[-1].published_us if len(found) == limit else 0
            taken_back = connection.execute(_withdrawn(feed, oldest_us).limit(limit)).all()
        return [revision_from(row) for row in (*found, *taken_back)]

    def day(self, feed: str, start: datetime, end: datetime) -> list[Revision]:
        """See `wire.ports.ArchiveRows.day`."""
        since, until = to_us(start), to_us(end)
        placed = (
            REVISION.join(placing, placing.c.seq == revision.c.seq)
            .where(placing.c.feed == feed, placing.c.published_us >= since, placing.c.published_us < until)
            .order_by(placing.c.published_us.desc(), placing.c.story_id)
        )
        taken_back = _withdrawn(feed, since).where(withdrawal.c.published_us < until)
        with self._database.reading() as connection:
            found = [*connection.execute(placed), *connection.execute(taken_back)]
        return [revision_from(row) for row in found]

    def around(self, feed: str, start: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
        """See `wire.ports.ArchiveRows.around`."""
        here, when = placing.c.feed == feed, placing.c.published_us
        before = select(func.max(when)).where(here, when < to_us(start))
        after = select(func.min(when)).where(here, when >= to_us(end))
        with self._database.reading() as connection:
            return maybe_moment(connection.scalar(before)), maybe_moment(connection.scalar(after))

    def recent(self, since: datetime, limit: int) -> list[int]:
        """See `wire.ports.RecentRows.recent`; costs what became public since, not what is kept."""
        query = (
            select(story_table.c.seq)
            .join(revision, revision.c.seq == story_table.c.seq)
            .where(
                story_table.c.first_published_us >= to_us(since),
                story_table.c.standing == Standing.LIVE.value,
                revision.c.feeds != "",
            )
            .order_by(story_table.c.first_published_us.desc(), story_table.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        """See `wire.ports.RecentRows.revisions`."""
        parts = [seqs[start : start + _AT_ONCE] for start in range(0, len(seqs), _AT_ONCE)]
        with self._database.reading() as connection:
            found = [connection.execute(REVISION.where(revision.c.seq.in_(part))).all() for part in parts]
        return [revision_from(row) for rows in found for row in rows]

    def shelved(self, story_id: str) -> Shelved | None:
        """See `wire.ports.StoryShelf.shelved`."""
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
            row = connection.execute(REVISION.where(revision.c.seq == found.seq)).one()
        return Shelved(standing=standing, revision=revision_from(row))

    def document(self, seq: int, format: str) -> Document | None:
        """See `wire.ports.StoryShelf.document`."""
        query = select(document).where(document.c.seq == seq, document.c.format == format)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else document_from(row)


def _withdrawn(feed: str, oldest_us: int) -> Select[Any]:
    """The versions by which stories were taken back that became public in a feed since then."""
    return (
        REVISION.join(withdrawal, withdrawal.c.seq == revision.c.seq)
        .where(withdrawal.c.feed == feed, withdrawal.c.published_us >= oldest_us)
        .order_by(withdrawal.c.published_us.desc(), withdrawal.c.story_id)
    )


def _preferred(ranks: Mapping[str, int]) -> Exists:
    """Whether a near-duplicate stands in the same feed, of a better source, or of one as good and earlier."""
    other, rival = likeness.alias("other"), story_table.alias("rival")
    stands = placing.alias("stands")
    theirs = tuple_(_rank(rival.c.source, ranks), stands.c.published_us)
    ours = tuple_(_rank(story_table.c.source, ranks), placing.c.published_us)
    return (
        select(literal_column("1"))
        .select_from(likeness)
        .join(other, and_(other.c.first_id == likeness.c.first_id, other.c.story_id != likeness.c.story_id))
        .join(rival, rival.c.id == other.c.story_id)
        .join(
            stands,
            and_(
                stands.c.feed == placing.c.feed,
                stands.c.published_us == rival.c.first_published_us,
                stands.c.story_id == rival.c.id,
            ),
        )
        .where(likeness.c.story_id == placing.c.story_id, theirs < ours)
        .correlate(placing, story_table)
        .exists()
    )


def _rank(source: ColumnElement[str], ranks: Mapping[str, int]) -> ColumnElement[int]:
    return case(ranks, value=source, else_=USUAL_RANK) if ranks else literal(USUAL_RANK)


#: A revision with its story and the story's guid; add a ``where``.
REVISION = (
    select(revision, copy.c.story.label("json"), story_table.c.guid)
    .join(copy, copy.c.seq == revision.c.seq)
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
