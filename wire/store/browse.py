"""What people look at: stories, versions, deliveries, quarantine, and all of it at a glance. Reads only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from wire import storyjson
from wire.common.clock import utc_now
from wire.common.lists import (
    AlikeRow,
    DeliveryRow,
    EndpointRow,
    HistoryRow,
    Overview,
    QuarantineRow,
    RevisionRow,
    StoryDetail,
    StoryRow,
)
from wire.ports import Clock
from wire.store import places
from wire.store.database import Database
from wire.store.delivery_lists import chosen, delivery_rows
from wire.store.endpoints import endpoint_rows
from wire.store.naming import named
from wire.store.schema import (
    copy,
    document,
    feed_set,
    from_us,
    history,
    intake,
    likeness,
    maybe_moment,
    quarantine,
    revision,
)
from wire.store.schema import story as story_table


class Browse:
    """Reading for the command line and the status page. Safe from any thread. Raises StoreError."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        """``clock`` tells what is due by now, and how long it has been."""
        self._database = database
        self._clock = clock

    def overview(self) -> Overview:
        """Counts of everything."""
        with self._database.reading() as connection:
            return Overview(
                files=_counts(connection, intake.c.outcome),
                stories=_counts(connection, story_table.c.standing),
                feeds=places.counts(connection),
                quarantined=connection.execute(
                    select(func.count()).select_from(quarantine).where(quarantine.c.state == "held")
                ).scalar_one(),
                endpoints=endpoint_rows(connection, self._clock()),
            )

    def stories(
        self,
        *,
        source: str | None = None,
        standing: str | None = None,
        text: str | None = None,
        limit: int = 50,
    ) -> list[StoryRow]:
        """The latest stories, newest first; ``text`` is looked for in headline, guid and id."""
        query = STORIES.order_by(story_table.c.seq.desc()).limit(limit)
        if source is not None:
            query = query.where(story_table.c.source == source)
        if standing is not None:
            query = query.where(story_table.c.standing == standing)
        if text is not None:
            query = query.where(
                or_(
                    revision.c.headline.icontains(text, autoescape=True),
                    story_table.c.guid.icontains(text, autoescape=True),
                    story_table.c.id == text,
                )
            )
        with self._database.reading() as connection:
            return [story_row(row) for row in connection.execute(query)]

    def story(self, id_or_guid: str) -> StoryDetail | None:
        """A story by our id or its guid, with everything that happened to it."""
        with self._database.reading() as connection:
            row = connection.execute(STORIES.where(named(id_or_guid))).first()
            if row is None:
                return None
            found = story_row(row)
            json = connection.execute(select(copy.c.story).where(copy.c.seq == row.seq)).scalar_one()
            return StoryDetail(
                story=found,
                json=storyjson.dumps(storyjson.loads(json)),  # in the documented order
                revisions=_revisions(connection, found.id),
                deliveries=delivery_rows(connection, chosen(story_id=found.id), with_tries=True),
                history=_history(connection, found.id),
                alike=_alike(connection, found) if found.first_id else (),
            )

    def endpoints(self) -> tuple[EndpointRow, ...]:
        """The health of every endpoint, and its queue; see `wire.store.endpoints`."""
        with self._database.reading() as connection:
            return endpoint_rows(connection, self._clock())

    def deliveries(
        self,
        *,
        endpoint_id: str | None = None,
        state: str | None = None,
        story_id: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
        with_tries: bool = True,
    ) -> tuple[DeliveryRow, ...]:
        """Deliveries, newest first, with their attempts.

        since  accepted from then on
        """
        with self._database.reading() as connection:
            return delivery_rows(
                connection,
                chosen(endpoint_id=endpoint_id, state=state, story_id=story_id, since=since).limit(limit),
                with_tries=with_tries,
            )

    def quarantine(self, intake_id: int | None = None) -> list[QuarantineRow]:
        """What is set aside, oldest first; or that of one file."""
        query = (
            select(quarantine, intake.c.source, intake.c.name, intake.c.size)
            .join(intake, intake.c.id == quarantine.c.intake_id)
            .where(quarantine.c.state == "held")
            .order_by(quarantine.c.intake_id, quarantine.c.item)
        )
        if intake_id is not None:
            query = query.where(quarantine.c.intake_id == intake_id)
        with self._database.reading() as connection:
            return [
                QuarantineRow(
                    intake_id=row.intake_id,
                    item=row.item,
                    source=row.source,
                    name=row.name,
                    size=row.size,
                    reason=row.reason,
                    at=from_us(row.at_us),
                )
                for row in connection.execute(query)
            ]


#: Stories with their version in force; add a ``where``.
STORIES = select(
    story_table,
    revision.c.headline,
    revision.c.slugline,
    revision.c.language,
    revision.c.urgency,
    feed_set.c.feeds,
    revision.c.action,
    revision.c.updated_us,
    likeness.c.first_id,
    likeness.c.similarity,
).select_from(
    story_table.join(revision, revision.c.seq == story_table.c.seq)
    .join(feed_set, feed_set.c.id == revision.c.feed_set)
    .outerjoin(likeness, likeness.c.story_id == story_table.c.id)
)


def _counts(connection: Connection, column: Any) -> dict[str, int]:
    rows = connection.execute(select(column, func.count()).group_by(column).order_by(column))
    return {row[0]: row[1] for row in rows}


def story_row(row: Any) -> StoryRow:
    """A row of `STORIES` as the value."""
    return StoryRow(
        id=row.id,
        guid=row.guid,
        source=row.source,
        version=row.version,
        standing=row.standing,
        headline=row.headline,
        action=row.action,
        updated=from_us(row.updated_us),
        release_at=maybe_moment(row.release_us),
        first_id=row.first_id,
        similarity=row.similarity,
    )


def _alike(connection: Connection, row: StoryRow) -> tuple[AlikeRow, ...]:
    query = STORIES.where(likeness.c.first_id == row.first_id, story_table.c.id != row.id)
    return tuple(
        AlikeRow(
            id=other.id,
            source=other.source,
            standing=other.standing,
            headline=other.headline,
            similarity=other.similarity,
        )
        for other in connection.execute(query.order_by(likeness.c.similarity.is_not(None), story_table.c.id))
    )


def _revisions(connection: Connection, story_id: str) -> tuple[RevisionRow, ...]:
    formats: dict[int, list[str]] = {}
    made = (
        select(document.c.seq, document.c.format)
        .join(revision, revision.c.seq == document.c.seq)
        .where(revision.c.story_id == story_id)
        .order_by(document.c.format)
    )
    for seq, format in connection.execute(made):
        formats.setdefault(seq, []).append(format)
    query = (
        select(revision, feed_set.c.feeds, intake.c.source, intake.c.name)
        .join(feed_set, feed_set.c.id == revision.c.feed_set)
        .outerjoin(intake, intake.c.id == revision.c.intake_id)
        .where(revision.c.story_id == story_id)
        .order_by(revision.c.seq)
    )
    return tuple(
        RevisionRow(
            seq=row.seq,
            version=row.version,
            action=row.action,
            standing=row.standing,
            reason=row.reason,
            headline=row.headline,
            accepted_at=from_us(row.accepted_us),
            file=None if row.name is None else f"{row.source}/{row.name}",
            feeds=tuple(row.feeds.split()),
            formats=tuple(formats.get(row.seq, ())),
        )
        for row in connection.execute(query)
    )


def _history(connection: Connection, story_id: str) -> tuple[HistoryRow, ...]:
    query = select(history).where(history.c.story_id == story_id).order_by(history.c.id)
    return tuple(
        HistoryRow(at=from_us(row.at_us), who=row.who, what=row.what, note=row.note)
        for row in connection.execute(query)
    )
