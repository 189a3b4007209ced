"""What the daemon asks of the store between stories: changes to come, export cursor, endpoints and lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from wire.store.database import Database
from wire.store.delivery_queue import void
from wire.store.purging import outlived
from wire.store.schema import (
    ACTIVE,
    NEVER,
    NOTES,
    UNSENT,
    delivery,
    document,
    endpoint,
    feed_set,
    from_us,
    handing,
    intake,
    lane,
    meta,
    push,
    quarantine,
    raw,
    revision,
    session,
    to_us,
)
from wire.store.schema import story as story_table
from wire.store.shelf import REVISION, document_from, revision_from
from wire.store.standing import FRESH
from wire.store.values import FORMAT_OF_RECORD
from wire.story import DeliveryState, Document, Revision, Standing

_EXPORTED, _ARCHIVED = "exported_seq", "archived_seq"
_PAGE = 500
_REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A revision with its NewsML-G2, as the outbox takes it."""

    revision: Revision  #: standing as the story stands now, if that is out of the public's sight
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRaw:
    """The raw bytes of a file, as it was taken."""

    intake_id: int
    source: str
    name: str
    sha256: str
    arrived_at: datetime
    data: bytes


class Upkeep:
    """Housekeeping questions and changes. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # every daemon on a server has an outbox of its own
        whose = f" {database.identity}" if database.shared else ""
        self._exported, self._archived = f"{_EXPORTED}{whose}", f"{_ARCHIVED}{whose}"
        self._next: tuple[int, datetime | None] = (-1, None)  # what `next_change` said after so many commits

    def next_change(self) -> datetime | None:
        """When the next story changes by itself: an embargo ends, or a life; None when none will."""
        commits, (looked_at, due) = self._database.commits, self._next
        if commits == looked_at and not self._database.shared:  # nobody else writes
            return due
        query = select(func.min(story_table.c.due_us)).where(story_table.c.due_us.is_not(None))
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        due = None if found is None else from_us(found)
        self._next = (commits, due)
        return due

    def outlived(self, before: Mapping[str, datetime], limit: int) -> list[str]:
        """See `wire.store.purging.outlived`; reads the whole archive, which the writer need not wait for."""
        with self._database.reading() as connection:
            return outlived(connection, before, limit)

    def forget_outdated(self, now: datetime) -> None:
        """Let go of sessions that are over, and of what was answered to pushes, and who dropped which file,
        after a month. Raises StoreError.
        """
        since = to_us(now - _REMEMBERED)
        outdated = (
            delete(session).where(session.c.until_us <= to_us(now)),
            delete(push).where(push.c.at_us <= since),
            delete(handing).where(handing.c.at_us <= since),
        )
        self._database.write(lambda tx: [tx.execute(each) for each in outdated])

    def exported(self) -> int:
        """The last revision whose story files are known to be durable in the outbox."""
        return self._mark(self._exported) or 0

    def archived(self) -> int:
        """The last revision up to which the outbox's archives are; never more than `exported`."""
        exported, archived = self.exported(), self._mark(self._archived)
        return exported if archived is None else min(archived, exported)

    def _mark(self, key: str) -> int | None:
        with self._database.reading() as connection:
            found = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
        return None if found is None else int(found)

    def mark_exported(self, seq: int, archived: int) -> None:
        """Every revision up to ``seq`` is durable in the outbox, and in its archives up to ``archived``."""

        def change(tx: Connection) -> None:
            for key, reached in ((self._exported, seq), (self._archived, archived)):
                row = {"value": str(reached)}
                if tx.execute(update(meta).where(meta.c.key == key).values(**row)).rowcount == 0:
                    tx.execute(insert(meta), [{"key": key, **row}])

        # no other daemon reads or writes the rows
        self._database.write(change, alongside=True)

    def stood_since(self, seq: int, upto: int) -> list[tuple[int, tuple[str, ...], str]]:
        """The versions after ``seq``: number, feeds, and the day (UTC, ISO 8601) of first publication."""
        query = (
            select(revision.c.seq, revision.c.published_us, feed_set.c.feeds)
            .join(feed_set, feed_set.c.id == revision.c.feed_set)
            .where(revision.c.seq > seq, revision.c.seq <= upto, revision.c.action.not_in(NOTES))
            .order_by(revision.c.seq)
        )
        with self._database.reading() as connection:
            return [
                (row.seq, tuple(row.feeds.split()), f"{from_us(row.published_us):%Y-%m-%d}")
                for row in connection.execute(query)
            ]

    def exports_since(self, seq: int, limit: int) -> list[Export]:
        """Versions in force at their time, after ``seq`` and in order, with their NewsML-G2."""
        with self._database.reading() as connection:
            return exports_after(connection, seq, limit)

    def versions_in_force(self) -> Iterator[tuple[Revision, Document]]:
        """The version in force of every story with its NewsML-G2, a page at a time."""
        seq = 0
        current = _EXPORTS.where(revision.c.seq == story_table.c.seq).order_by(revision.c.seq).limit(_PAGE)
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(current.where(revision.c.seq > seq)).all()
            if not rows:
                return
            yield from ((revision_from(row), document_from(row)) for row in rows)
            seq = rows[-1].seq

    def raw(self, intake_id: int) -> KeptRaw | None:
        """A file's raw bytes; None when it was refused unread, or is unknown."""
        query = select(intake, raw.c.data).join(raw, raw.c.intake_id == intake.c.id)
        with self._database.reading() as connection:
            row = connection.execute(query.where(intake.c.id == intake_id)).first()
        if row is None:
            return None
        return KeptRaw(
            intake_id=row.id,
            source=row.source,
            name=row.name,
            sha256=row.sha256,
            arrived_at=from_us(row.arrived_us),
            data=row.data,
        )

    def quarantined(self) -> list[int]:
        """Every file with something in quarantine, oldest first."""
        query = select(quarantine.c.intake_id).where(quarantine.c.state == "held").distinct()
        with self._database.reading() as connection:
            return sorted(connection.execute(query).scalars())

    def configure(
        self, lanes: Mapping[str, Sequence[str]], lane_of: Callable[[str, str], str], now: datetime
    ) -> None:
        """Make endpoints and lanes as configured (endpoint id → lane ids); free what our last process held.

        A removed endpoint's rows wait until it returns; a disabled or paused endpoint stays so. Where an
        endpoint has other lanes than before, what waits moves to the lane its story has now. Takes no longer
        for much that is queued, nor for a long past.

        lane_of  the lane of an endpoint id and a story id
        """
        # we hold the data lock, so whoever worked for us is dead; on a server others may be alive
        ours = f"{self._database.identity}:" if self._database.shared else ""
        now_us = to_us(now)
        self._database.write(lambda tx: _configure(tx, lanes, lane_of, ours, now_us))


_EXPORTS = (
    REVISION.add_columns(
        document.c.format,
        document.c.media_type,
        document.c.suffix,
        document.c.losses,
        document.c.body,
        story_table.c.standing.label("stands"),
    )
    .join(document, document.c.seq == revision.c.seq)
    .where(
        document.c.format == FORMAT_OF_RECORD,
        revision.c.action.not_in(NOTES),
    )
)


def exports_after(connection: Connection, seq: int, limit: int) -> list[Export]:
    """See `Upkeep.exports_since`."""
    query = _EXPORTS.where(revision.c.seq > seq).order_by(revision.c.seq).limit(limit)
    return [_export(row) for row in connection.execute(query)]


def _export(row: Any) -> Export:
    made = revision_from(row)
    stands = Standing(row.stands)
    if stands not in {Standing.LIVE, Standing.EXPIRED}:
        # catching up must not show, even for a moment, what was killed since
        made = replace(made, standing=stands)
    return Export(revision=made, document=document_from(row))


def _configure(
    tx: Connection,
    lanes: Mapping[str, Sequence[str]],
    lane_of: Callable[[str, str], str],
    ours: str,
    now_us: int,
) -> None:
    held = select(lane.c.id).where(lane.c.holder.startswith(ours, autoescape=True)).order_by(lane.c.id)
    for lane_id in tx.execute(held).scalars().all():
        void(tx, lane_id, now_us)
    known = set(tx.execute(select(endpoint.c.id)).scalars())
    if new := [{"id": id, **FRESH} for id in lanes if id not in known]:
        tx.execute(insert(endpoint), new)
    configured = dict(tx.execute(select(endpoint.c.id, endpoint.c.configured)).all())
    changes = [
        {"b_id": id, "b_configured": int(id in lanes)}
        for id, was in configured.items()
        if bool(was) is not (id in lanes)
    ]
    if changes:
        change = update(endpoint).where(endpoint.c.id == bindparam("b_id"))
        tx.execute(change.values(configured=bindparam("b_configured")), changes)
    for lane_id in _configure_lanes(tx, lanes, lane_of):
        void(tx, lane_id, now_us)


def _configure_lanes(
    tx: Connection, lanes: Mapping[str, Sequence[str]], lane_of: Callable[[str, str], str]
) -> list[str]:
    """Make the lanes that are configured; of endpoints that had others, what waits moves. Their new lanes."""
    known: dict[str, set[str]] = {}
    for lane_id, endpoint_id in tx.execute(select(lane.c.id, lane.c.endpoint)):
        known.setdefault(endpoint_id, set()).add(lane_id)
    rows: list[dict[str, Any]] = []
    changed: dict[str, set[str]] = {}
    for id, wanted in lanes.items():
        before = known.get(id, set())
        if before == set(wanted):
            continue
        rows += ({"id": each, "endpoint": id, "lease_until_us": 0, "due_us": NEVER} for each in wanted)
        if before:  # where nothing could wait, nothing moves
            changed[id] = before
            tx.execute(delete(lane).where(lane.c.endpoint == id))
    if rows:
        tx.execute(insert(lane), rows)
    for id, before in changed.items():
        _move(tx, id, before, lane_of)
    return [each for id in changed for each in lanes[id]]


def _move(tx: Connection, endpoint_id: str, lanes: Iterable[str], lane_of: Callable[[str, str], str]) -> None:
    """Move what waited in these lanes of an endpoint, or was given up, to the lane its story has now."""
    row = select(delivery.c.id, delivery.c.story_id)
    given_up = row.where(
        delivery.c.endpoint == endpoint_id, UNSENT, delivery.c.state == DeliveryState.DEAD.value
    )
    queries = [*(row.where(delivery.c.lane == each, ACTIVE) for each in lanes), given_up]
    moves = [
        {"b_id": id, "b_lane": lane_of(endpoint_id, story_id)}
        for query in queries
        for id, story_id in tx.execute(query)
    ]
    if moves:
        tx.execute(
            update(delivery).where(delivery.c.id == bindparam("b_id")).values(lane=bindparam("b_lane")), moves
        )
