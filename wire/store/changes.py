"""What became of stories that the public ever saw, by the order of commits: `wire.ports.web.ChangeLog`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from wire.ports.web import Change, ChangePage
from wire.store.database import Database
from wire.store.schema import counter, feed_set, from_us, revision
from wire.store.schema import story as story_table
from wire.store.shelf import REVISION, revision_from
from wire.story import Action, Revision, Standing


class Changes:
    """Each story at its latest revision alone, so that none tells what was taken back. Thread-safe."""

    def __init__(self, database: Database, feeds: Collection[str]) -> None:
        """feeds: those that anybody may read; stories that never stood in one of them are not told of."""
        self._database = database
        self._feeds = frozenset(feeds)

    def since(self, seq: int, limit: int) -> ChangePage:
        """See `wire.ports.web.ChangeLog.since`."""
        query = _LATEST.where(story_table.c.seq > seq).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            changes = [change for row in rows if (change := self._change(connection, row)) is not None]
            unknown = not rows and seq > connection.execute(_COMMITTED).scalar_one()
        return ChangePage(
            changes=tuple(changes),
            cursor=rows[-1].seq if rows else seq,
            more=len(rows) == limit,
            unknown=unknown,
        )

    def _change(self, connection: Connection, row: Any) -> Change | None:
        shown = row.standing == Standing.LIVE.value and self._public(row.feeds)
        if row.first_published_us is None or not (shown or self._was_public(connection, row.story_id)):
            return None
        found = connection.execute(REVISION.where(revision.c.seq == row.seq)).first() if shown else None
        return Change(
            seq=row.seq,
            story_id=row.story_id,
            guid=row.guid,
            action=Action(row.action),
            at=from_us(row.updated_us),
            revision=None if found is None else self._as_public(revision_from(found)),
        )

    def _as_public(self, shown: Revision) -> Revision:
        return replace(shown, feeds=tuple(feed for feed in shown.feeds if feed in self._feeds))

    def _was_public(self, connection: Connection, story_id: str) -> bool:
        query = (
            select(feed_set.c.feeds)
            .join(revision, revision.c.feed_set == feed_set.c.id)
            .where(revision.c.story_id == story_id, revision.c.standing == Standing.LIVE.value)
        )
        return any(self._public(feeds) for feeds in connection.execute(query).scalars())

    def _public(self, feeds: str) -> bool:
        return not self._feeds.isdisjoint(feeds.split())


_COMMITTED = select(counter.c.value).where(counter.c.name == "revision")
_LATEST = (
    select(
        revision.c.seq,
        revision.c.story_id,
        revision.c.action,
        revision.c.standing,
        feed_set.c.feeds,
        revision.c.updated_us,
        story_table.c.guid,
        story_table.c.first_published_us,
    )
    .join(story_table, story_table.c.seq == revision.c.seq)
    .join(feed_set, feed_set.c.id == revision.c.feed_set)
    .order_by(story_table.c.seq)
)
