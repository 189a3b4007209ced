"""The transaction that accepts stories: what it reads to decide, and the rows it writes.

`Ledger` wraps the open transaction. Everything a file brings (its raw bytes, versions, feed
places, documents, deliveries) is written by one `Ledger.keep`, several files at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table, and_, bindparam, delete, insert, or_, select, update

from wire import storyjson
from wire.store.migrate import generation
from wire.store.schema import (
    copy,
    counter,
    delivery,
    document,
    from_us,
    intake,
    lane,
    maybe_moment,
    maybe_us,
    placing,
    quarantine,
    raw,
    revision,
    to_us,
)
from wire.store.schema import story as story_table
from wire.story import Action, DeliveryState, Document, Kept, Revision, Standing, Story

#: How many values one ``IN`` may hold on every database.
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIntake:
    """A file that was taken."""

    id: int
    sha256: str | None  #: None when it was refused unread
    source: str
    name: str
    size: int  #: bytes
    arrived_at: datetime
    outcome: str  #: ``stories``, ``duplicate`` or ``quarantined``
    items: int  #: stories in it, those set aside included
    data: bytes | None = field(default=None, repr=False)  #: None for a duplicate
    duplicate_of: int | None = None
    once_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """A version with all that is derived from it; notes (duplicate, stale) have no derivatives."""

    revision: Revision
    reason: str
    intake_id: int | None
    item: int
    identity: str
    content_sha256: str
    first_published: datetime | None  #: None while the story has never been public
    documents: tuple[Document, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether it is the story's latest version, not merely a note of an arrival."""
        return self.revision.action not in {Action.DUPLICATE, Action.STALE}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A document to be carried to an endpoint."""

    id: int
    endpoint: str
    lane: str
    story_id: str
    seq: int
    version: int
    action: Action
    format: str
    key: str
    priority: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A file, or one story of it, that could not be read or written."""

    intake_id: int
    item: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """All that one transaction keeps."""

    intakes: tuple[NewIntake, ...] = ()
    revisions: tuple[NewRevision, ...] = ()
    deliveries: tuple[NewDelivery, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    known: Mapping[str, Kept] = field(default_factory=dict)  #: by identity: stories kept before


class Numbers:
    """Ids handed out within the transaction; what is taken is written back once, by `Ledger.keep`."""

    def __init__(self, last: Mapping[str, int], now: datetime) -> None:
        self._last = dict(last)
        self._now_us = to_us(now)

    def next(self, name: str) -> int:
        """The next ``intake``, ``revision``, ``delivery`` or ``history`` id."""
        self._last[name] += 1
        return self._last[name]

    def instant(self) -> datetime:
        """Now, but at least a millisecond after the last one given: ``updated`` never stands or goes back."""
        self._last["instant"] = max(self._last["instant"] + 1000, self._now_us // 1000 * 1000)
        return from_us(self._last["instant"])

    def taken(self) -> Mapping[str, int]:
        """The last value of every counter."""
        return self._last


class Ledger:
    """The store within one transaction. Used by one thread, for one change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def generation(self) -> str:
        """The store's own id; see `wire.store.migrate.generation`."""
        return generation(self._connection)

    def numbers(self, now: datetime) -> Numbers:
        """Ids for this transaction; on a server the row lock makes other writers wait their turn."""
        rows = self._connection.execute(select(counter.c.name, counter.c.value).with_for_update())
        return Numbers({row.name: row.value for row in rows}, now)

    def first_arrivals(self, once_keys: Sequence[str]) -> dict[str, int]:
        """Of these arrivals' keys, those that came before, with the intake id of the first."""
        query = select(intake.c.once_key, intake.c.id)
        return dict(self._chunked(query, intake.c.once_key, once_keys))

    def kept(self, identities: Sequence[str]) -> dict[str, Kept]:
        """What is kept of the stories with these identities."""
        return self._kept(story_table.c.identity, identities)

    def kept_ids(self, story_ids: Sequence[str]) -> dict[str, Kept]:
        """What is kept of these stories, by identity."""
        return self._kept(story_table.c.id, story_ids)

    def _kept(self, column: Any, values: Sequence[str]) -> dict[str, Kept]:
        query = select(story_table, revision.c.feeds).join(revision, revision.c.seq == story_table.c.seq)
        rows = list(self._chunked(query, column, values))
        told: dict[str, list[str]] = {}
        if rows:
            pairs = select(delivery.c.story_id, delivery.c.endpoint).distinct()
            for story_id, endpoint in self._chunked(pairs, delivery.c.story_id, [row.id for row in rows]):
                told.setdefault(story_id, []).append(endpoint)
        return {row.identity: _kept_from(row, tuple(told.get(row.id, ()))) for row in rows}

    def _chunked(self, query: Any, column: Any, values: Sequence[str]) -> Iterable[Any]:
        for start in range(0, len(values), _CHUNK):
            chunk = values[start : start + _CHUNK]
            yield from self._connection.execute(query.where(column.in_(chunk)))

    def due_for_release(self, now: datetime, limit: int) -> list[tuple[Kept, str, Story, str]]:
        """Embargoed stories whose instant has come: kept, identity, the version in force, content hash."""
        query = (
            select(story_table, copy.c.story.label("json"))
            .join(copy, copy.c.seq == story_table.c.seq)
            .where(
                story_table.c.standing == Standing.EMBARGOED.value,
                story_table.c.release_us <= to_us(now),
            )
            .order_by(story_table.c.release_us, story_table.c.seq)
            .limit(limit)
        )
        rows = self._connection.execute(query).all()
        kept = self.kept_ids([row.id for row in rows])
        return [
            (kept[row.identity], row.identity, storyjson.loads(row.json), row.content_sha256) for row in rows
        ]

    def set_aside(self, intake_id: int) -> tuple[NewIntake, tuple[int, ...]] | None:
        """A file with stories in quarantine, and their places in it; None when it has none."""
        held = self._connection.execute(
            select(quarantine.c.item)
            .where(quarantine.c.intake_id == intake_id, quarantine.c.state == "held")
            .order_by(quarantine.c.item)
        ).scalars()
        items = tuple(held)
        query = select(intake, raw.c.data).join(raw, raw.c.intake_id == intake.c.id)
        row = self._connection.execute(query.where(intake.c.id == intake_id)).first()
        if row is None or not items:
            return None
        return _intake_from(row), items

    def release(self, intake_id: int, *, items: int) -> None:
        """Take a file's stories out of quarantine; ``items`` is how many stories it is now known to hold."""
        self._connection.execute(delete(quarantine).where(quarantine.c.intake_id == intake_id))
        self._connection.execute(
            update(intake).where(intake.c.id == intake_id).values(outcome="stories", item_count=items)
        )

    def keep(self, acceptance: Acceptance, numbers: Numbers) -> None:
        """Write it all. The caller commits."""
        self._put(intake, map(_intake_row, acceptance.intakes))
        self._put(
            raw,
            ({"intake_id": new.id, "data": new.data} for new in acceptance.intakes if new.data is not None),
        )
        self._put(quarantine, map(_quarantine_row, acceptance.set_aside))
        self._put(revision, map(_revision_row, acceptance.revisions))
        self._put(
            copy,
            (
                {"seq": new.revision.seq, "story": storyjson.dumps(new.revision.story)}
                for new in acceptance.revisions
                if new.revision.action is not Action.DUPLICATE
            ),
        )
        self._put(
            document, (_document_row(new, doc) for new in acceptance.revisions for doc in new.documents)
        )
        self._place(acceptance.revisions, acceptance.known)
        self._put(delivery, map(_delivery_row, acceptance.deliveries))
        self._supersede(acceptance)
        self._ripen(acceptance.deliveries)
        changes = [{"b_name": name, "b_value": value} for name, value in numbers.taken().items()]
        self._connection.execute(
            update(counter).where(counter.c.name == bindparam("b_name")).values(value=bindparam("b_value")),
            changes,
        )

    def _put(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows that name every column, in the table's order.

        SQLAlchemy writes the statement; its handling of each row is passed by, which halves the cost
        of a story in a burst.
        """
        batch = list(rows)
        if not batch:
            return
        sql, in_order = _insertion(table, self._connection.dialect)
        self._connection.exec_driver_sql(sql, batch if in_order is None else list(map(in_order, batch)))

    def _place(self, revisions: Sequence[NewRevision], known: Mapping[str, Kept]) -> None:
        """Bring story rows and feed places to the last version in force of each story."""
        latest = {new.revision.story_id: new for new in revisions if new.in_force}
        if not latest:
            return
        known_ids = {kept.story_id for kept in known.values()}
        old = [new for id, new in latest.items() if id in known_ids]
        self._put(story_table, (_story_row(new) for id, new in latest.items() if id not in known_ids))
        if old:
            self._connection.execute(_UPDATE_STORY, [_story_change(new) for new in old])
            places = [place for new in old for place in _places(known[new.identity])]
            if places:
                self._connection.execute(_UNPLACE, places)
        self._put(placing, (row for new in latest.values() for row in _placing_rows(new)))

    def _supersede(self, acceptance: Acceptance) -> None:
        """Unsent older versions of what was accepted will never be sent."""
        followers = [
            {
                "b_story": new.revision.story_id,
                "b_seq": new.revision.seq,
                "b_now": to_us(new.revision.accepted_at),
            }
            for new in acceptance.revisions
            if new.in_force and new.revision.action is not Action.NEW
        ]
        if followers:
            self._connection.execute(_SUPERSEDE, followers)

    def _ripen(self, deliveries: Sequence[NewDelivery]) -> None:
        """Tell the lanes that they hold something due now."""
        due = {new.lane: to_us(new.created_at) for new in deliveries}
        if due:
            self._connection.execute(_RIPEN, [{"b_lane": id, "b_due": at} for id, at in due.items()])


@cache
def _insertion(
    table: Table, dialect: Dialect
) -> tuple[str, Callable[[dict[str, Any]], tuple[Any, ...]] | None]:
    """The statement that inserts whole rows, and what puts a row in its order (None: it takes names)."""
    statement = insert(table).compile(dialect=dialect, column_keys=[column.name for column in table.columns])
    names = statement.positiontup
    return statement.string, None if names is None else itemgetter(*names)


_UPDATE_STORY = (
    update(story_table)
    .where(story_table.c.id == bindparam("b_id"))
    .values(
        seq=bindparam("b_seq"),
        version=bindparam("b_version"),
        version_created_us=bindparam("b_version_created_us"),
        content_sha256=bindparam("b_content_sha256"),
        standing=bindparam("b_standing"),
        first_published_us=bindparam("b_first_published_us"),
        release_us=bindparam("b_release_us"),
    )
)
_UNPLACE = delete(placing).where(
    placing.c.feed == bindparam("b_feed"),
    placing.c.published_us == bindparam("b_published"),
    placing.c.story_id == bindparam("b_story"),
)
_SUPERSEDE = (
    update(delivery)
    .where(
        delivery.c.story_id == bindparam("b_story"),
        delivery.c.seq < bindparam("b_seq"),
        or_(delivery.c.state == DeliveryState.DUE.value, delivery.c.state == DeliveryState.HELD.value),
    )
    .values(
        state=DeliveryState.SUPERSEDED.value,
        done_us=bindparam("b_now"),
        reason="a newer version took its place",
    )
)
_RIPEN = (
    update(lane)
    .where(and_(lane.c.id == bindparam("b_lane"), lane.c.due_us > bindparam("b_due")))
    .values(due_us=bindparam("b_due"))
)


def next_kept(new: NewRevision, before: Kept | None, endpoints: Sequence[str]) -> Kept:
    """What is kept of the story once ``new`` is in force, for the next arrival of the same batch.

    endpoints  those for which ``new`` is queued
    """
    made = new.revision
    return Kept(
        story_id=made.story_id,
        guid=made.guid,
        seq=made.seq,
        version=made.version,
        version_created=made.story.version_created,
        content_sha256=new.content_sha256,
        standing=made.standing,
        first_published=new.first_published,
        release_at=made.release_at,
        feeds=made.feeds,
        endpoints=tuple(dict.fromkeys((*(before.endpoints if before else ()), *endpoints))),
    )


def _kept_from(row: Any, endpoints: tuple[str, ...]) -> Kept:
    return Kept(
        story_id=row.id,
        guid=row.guid,
        seq=row.seq,
        version=row.version,
        version_created=maybe_moment(row.version_created_us),
        content_sha256=row.content_sha256,
        standing=Standing(row.standing),
        first_published=maybe_moment(row.first_published_us),
        release_at=maybe_moment(row.release_us),
        feeds=tuple(row.feeds.split()),
        endpoints=endpoints,
    )


def _intake_row(new: NewIntake) -> dict[str, Any]:
    return {
        "id": new.id,
        "sha256": new.sha256,
        "source": new.source,
        "name": new.name,
        "size": new.size,
        "arrived_us": to_us(new.arrived_at),
        "outcome": new.outcome,
        "item_count": new.items,
        "duplicate_of": new.duplicate_of,
        "once_key": new.once_key,
    }


def _intake_from(row: Any) -> NewIntake:
    return NewIntake(
        id=row.id,
        sha256=row.sha256,
        source=row.source,
        name=row.name,
        size=row.size,
        arrived_at=from_us(row.arrived_us),
        outcome=row.outcome,
        items=row.item_count,
        data=row.data,
        duplicate_of=row.duplicate_of,
        once_key=row.once_key,
    )


def _quarantine_row(new: SetAside) -> dict[str, Any]:
    return {
        "intake_id": new.intake_id,
        "item": new.item,
        "reason": new.reason,
        "at_us": to_us(new.at),
        "state": "held",
    }


def _revision_row(new: NewRevision) -> dict[str, Any]:
    made = new.revision
    return {
        "seq": made.seq,
        "story_id": made.story_id,
        "intake_id": new.intake_id,
        "item": new.item,
        "version": made.version,
        "action": made.action.value,
        "standing": made.standing.value,
        "reason": new.reason,
        "headline": made.story.headline,
        "accepted_us": to_us(made.accepted_at),
        "published_us": to_us(made.published),
        "updated_us": to_us(made.updated),
        "release_us": maybe_us(made.release_at),
        "feeds": " ".join(made.feeds),
    }


def _document_row(new: NewRevision, made: Document) -> dict[str, Any]:
    return {
        "seq": new.revision.seq,
        "format": made.format,
        "media_type": made.media_type,
        "suffix": made.suffix,
        "losses": "\n".join(made.losses),
        "body": made.body,
    }


def _story_row(new: NewRevision) -> dict[str, Any]:
    made = new.revision
    return {
        "id": made.story_id,
        "identity": new.identity,
        "guid": made.guid,
        "source": made.story.origin.source,
        "seq": made.seq,
        "version": made.version,
        "version_created_us": maybe_us(made.story.version_created),
        "content_sha256": new.content_sha256,
        "standing": made.standing.value,
        "first_published_us": maybe_us(new.first_published),
        "release_us": maybe_us(made.release_at),
    }


def _story_change(new: NewRevision) -> dict[str, Any]:
    fixed = {"identity", "guid", "source"}
    return {f"b_{name}": value for name, value in _story_row(new).items() if name not in fixed}


def _places(kept: Kept) -> Iterable[dict[str, Any]]:
    """Where a story stands in the feeds before its new version is placed."""
    if kept.standing is not Standing.LIVE or kept.first_published is None:
        return ()
    published_us = to_us(kept.first_published)
    return ({"b_feed": feed, "b_published": published_us, "b_story": kept.story_id} for feed in kept.feeds)


def _placing_rows(new: NewRevision) -> Iterable[dict[str, Any]]:
    made = new.revision
    if made.standing is not Standing.LIVE:
        return ()
    published_us = to_us(made.published)
    return (
        {"feed": feed, "published_us": published_us, "story_id": made.story_id, "seq": made.seq}
        for feed in made.feeds
    )


def _delivery_row(new: NewDelivery) -> dict[str, Any]:
    created_us = to_us(new.created_at)
    return {
        "id": new.id,
        "endpoint": new.endpoint,
        "lane": new.lane,
        "story_id": new.story_id,
        "seq": new.seq,
        "version": new.version,
        "action": new.action.value,
        "format": new.format,
        "key": new.key,
        "priority": new.priority,
        "state": DeliveryState.DUE.value,
        "due_us": created_us,
        "attempts": 0,
        "created_us": created_us,
        "done_us": None,
        "reason": None,
    }
