"""The delivery rows as `wire.ports.Queue`: lanes taken under a lease, heads claimed, attempts recorded.

A lane is taken by a conditional update; its former holder's claims, if it died, are due again. Settling
is fenced on the holder, so a worker that froze past its lease changes nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from wire.errors import StoreError
from wire.ports import Clock
from wire.store.database import Database
from wire.store.prepared import Prepared
from wire.store.schema import (
    NEVER,
    RECALLS,
    UNSETTLED,
    attempt,
    delivery,
    document,
    endpoint,
    from_us,
    lane,
    maybe_us,
    revision,
    to_us,
)
from wire.store.shelf import document_from
from wire.store.subscribed import target_of
from wire.story import Action, Delivery, DeliveryState, Document, Outcome, Target

_DUE = DeliveryState.DUE.value
_SENDING = DeliveryState.SENDING.value
#: What happens to a story without another version of it coming into force.
_SAME_VERSION = tuple(
    action.value for action in (Action.DUPLICATE, Action.STALE, Action.RELEASE, Action.EXPIRE, Action.PURGE)
)
#: Documents of one take hold so much together, however many were asked for.
_TAKE_BYTES = 16 << 20
_CACHE_BYTES = 8 << 20  #: documents kept for the next endpoint that takes them


class DeliveryQueue:
    """`wire.ports.Queue` over the store. Safe from any thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._documents = _Documents()

    def take(self, lane_id: str, *, worker: str, limit: int, lease_s: float) -> list[Delivery]:
        """See `wire.ports.Queue.take`."""
        now = self._clock()
        now_us, until_us = to_us(now), to_us(now + timedelta(seconds=lease_s))
        return self._database.write(
            lambda tx: _take(tx, self._documents, lane_id, worker, limit, now_us, until_us), alongside=True
        )

    def settle(self, lane_id: str, outcomes: Sequence[Outcome], *, worker: str) -> bool:
        """See `wire.ports.Queue.settle`."""
        now_us = to_us(self._clock())
        return self._database.write(lambda tx: _settle(tx, lane_id, outcomes, worker, now_us), alongside=True)

    def abandon(self, worker: str) -> None:
        """See `wire.ports.SharedQueue.abandon`."""
        now_us = to_us(self._clock())
        self._database.write(lambda tx: _abandon(tx, worker, now_us), alongside=True)

    def shift(self, seconds: float) -> None:
        """Have what waits for an instant wait as long as before, although the clock was set by so much."""
        by_us = round(seconds * 1e6)
        self._database.write(lambda tx: _shift(tx, by_us))

    def ripe(self, *, limit: int) -> list[str]:
        """See `wire.ports.Queue.ripe`."""
        now_us = to_us(self._clock())
        query = (
            select(lane.c.id)
            .join(endpoint, endpoint.c.id == lane.c.endpoint)
            .where(
                lane.c.due_us <= now_us,
                or_(lane.c.holder.is_(None), lane.c.lease_until_us <= now_us),
                _open(now_us),
            )
            .order_by(lane.c.due_us)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def next_due(self) -> datetime | None:
        """See `wire.ports.Queue.next_due`."""
        # the scalar maximum is spelt max on SQLite and greatest elsewhere
        latest = func.max if self._database.url.get_backend_name() == "sqlite" else func.greatest
        wait = latest(lane.c.due_us, endpoint.c.paused_until_us, lane.c.lease_until_us)
        query = (
            select(func.min(wait))
            .select_from(lane.join(endpoint, endpoint.c.id == lane.c.endpoint))
            .where(lane.c.due_us < NEVER, endpoint.c.disabled.is_(None), endpoint.c.configured == 1)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else from_us(found)


def _open(now_us: Any) -> Any:
    return and_(
        endpoint.c.paused_until_us <= now_us, endpoint.c.disabled.is_(None), endpoint.c.configured == 1
    )


def _take(
    tx: Connection, documents: _Documents, lane_id: str, worker: str, limit: int, now_us: int, until_us: int
) -> list[Delivery]:
    if _LEASE.count(tx, b_lane=lane_id, b_worker=worker, b_now=now_us, b_until=until_us) != 1:
        return []
    _recover(tx, lane_id, now_us)
    deliveries = _heads(tx, documents, lane_id, limit, now_us)
    if not deliveries:
        _release(tx, lane_id)
        return []
    _CLAIM.each(tx, [{"b_id": delivery.id} for delivery in deliveries])
    _BEGIN_ATTEMPT.each(
        tx,
        [{"b_id": delivery.id, "b_number": delivery.attempt, "b_started": now_us} for delivery in deliveries],
    )
    return deliveries


def _heads(tx: Connection, documents: _Documents, lane_id: str, limit: int, now_us: int) -> list[Delivery]:
    """What is due in a lane, in its order: as many as fit into one hand, at least one."""
    found: list[Delivery] = []
    target = target_of(tx, lane_id)
    room = _TAKE_BYTES
    for row in _HEADS.all(tx, b_lane=lane_id, b_now=now_us, b_limit=limit):
        made = documents.get(tx, row.seq, row.format)
        room -= len(made.body)
        if found and room < 0:
            break
        found.append(_delivery(row, made, target))
    return found


class _Documents:
    """The documents last taken: several endpoints take the same one. Used by the writing thread alone."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], Document] = OrderedDict()
        self._size = 0

    def get(self, tx: Connection, seq: int, format: str) -> Document:
        """A kept document. Raises StoreError when it is not there, which the audit would name."""
        made = self._kept.get((seq, format))
        if made is None:
            rows = _DOCUMENT.all(tx, b_seq=seq, b_format=format)
            if not rows:
                raise StoreError(f"revision {seq} has no {format} to deliver: run `wire audit`")
            made = self._kept[seq, format] = document_from(rows[0])
            self._size += len(made.body)
            while self._size > _CACHE_BYTES and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1].body)
        return made


def _shift(tx: Connection, by_us: int) -> None:
    for column, concerned in (
        (delivery.c.due_us, and_(UNSETTLED, delivery.c.state == _DUE)),
        (lane.c.due_us, lane.c.due_us < NEVER),
        (lane.c.lease_until_us, lane.c.holder.is_not(None)),
        (endpoint.c.paused_until_us, endpoint.c.paused_until_us > 0),
    ):
        tx.execute(update(column.table).where(concerned).values({column: column + by_us}))


def _abandon(tx: Connection, worker: str, now_us: int) -> None:
    held = select(lane.c.id).where(lane.c.holder == worker).order_by(lane.c.id).with_for_update()
    for lane_id in tx.execute(held).scalars().all():
        _recover(tx, lane_id, now_us)
        _release(tx, lane_id)


def _recover(tx: Connection, lane_id: str, now_us: int) -> None:
    """Whoever held the lane before is gone: what it had claimed is due again, with the same key."""
    lost = _claimed(tx, lane_id)
    if not lost:
        return
    tx.execute(
        update(attempt)
        .where(attempt.c.delivery_id.in_(lost), attempt.c.ended_us.is_(None))
        .values(ended_us=now_us, state="lost", detail="the worker died; whether it was sent is not known")
    )
    tx.execute(update(delivery).where(delivery.c.id.in_(lost)).values(state=_DUE, due_us=now_us))
    supersede_overtaken(tx, lost, now_us)


def _claimed(tx: Connection, lane_id: str) -> Sequence[int]:
    return [row[0] for row in _CLAIMED.all(tx, b_lane=lane_id)]


_LEASE = Prepared(
    update(lane)
    .where(
        lane.c.id == bindparam("b_lane"),
        or_(
            lane.c.holder.is_(None),
            lane.c.holder == bindparam("b_worker"),
            lane.c.lease_until_us <= bindparam("b_now"),
        ),
        lane.c.endpoint.in_(select(endpoint.c.id).where(_open(bindparam("b_now")))),
    )
    .values(holder=bindparam("b_worker"), lease_until_us=bindparam("b_until"))
)
_GIVE_UP = Prepared(
    update(lane)
    .where(lane.c.id == bindparam("b_lane"))
    .values(holder=None, lease_until_us=0, due_us=bindparam("b_due"))
)
#: Locked where several daemons work: nobody may take the lane over between this look and the settling.
_HOLDER = Prepared(select(lane.c.holder).where(lane.c.id == bindparam("b_lane")).with_for_update())
_OF_LANE = delivery.c.lane == bindparam("b_lane")
_CLAIMED = Prepared(select(delivery.c.id).where(_OF_LANE, UNSETTLED, delivery.c.state == _SENDING))
_EARLIEST = Prepared(select(func.min(delivery.c.due_us)).where(_OF_LANE, UNSETTLED, delivery.c.state == _DUE))
_HEADS = Prepared(
    select(delivery)
    .where(_OF_LANE, UNSETTLED, delivery.c.state == _DUE, delivery.c.due_us <= bindparam("b_now"))
    .order_by(delivery.c.priority, delivery.c.id)
    .limit(bindparam("b_limit"))
)
_DOCUMENT = Prepared(
    select(document).where(document.c.seq == bindparam("b_seq"), document.c.format == bindparam("b_format"))
)
_CLAIM = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"))
    .values(state=_SENDING, attempts=delivery.c.attempts + 1)
)
_SETTLE = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"), delivery.c.state == _SENDING)
    .values(
        state=bindparam("b_state"),
        due_us=bindparam("b_due"),
        done_us=bindparam("b_done"),
        reason=bindparam("b_reason"),
    )
)
_BEGIN_ATTEMPT = Prepared(
    insert(attempt).values(
        delivery_id=bindparam("b_id"), number=bindparam("b_number"), started_us=bindparam("b_started")
    )
)
_END_ATTEMPT = Prepared(
    update(attempt)
    .where(attempt.c.delivery_id == bindparam("b_id"), attempt.c.ended_us.is_(None))
    .values(
        started_us=bindparam("b_started"),
        ended_us=bindparam("b_ended"),
        state=bindparam("b_state"),
        status=bindparam("b_status"),
        detail=bindparam("b_detail"),
    )
)


def _settle(tx: Connection, lane_id: str, outcomes: Sequence[Outcome], worker: str, now_us: int) -> bool:
    if _HOLDER.scalar(tx, b_lane=lane_id) != worker:
        return False
    if outcomes:
        _END_ATTEMPT.each(tx, map(_attempt_end, outcomes))
        _SETTLE.each(tx, map(_delivery_end, outcomes))
        retried = [outcome.delivery_id for outcome in outcomes if outcome.state is DeliveryState.DUE]
        if retried:
            supersede_overtaken(tx, retried, now_us)
        _heed(tx, lane_id, outcomes)
    _put_back(tx, lane_id, now_us)
    return _release(tx, lane_id) <= now_us


def supersede_overtaken(tx: Connection, delivery_ids: Sequence[int], now_us: int) -> int:
    """What is due although a newer version of its story is in force will not be sent.

    What takes a story back is, unless something newer is queued for the same endpoint. The end of an embargo
    or of a life is no newer version. Returns how many.
    """
    newer = delivery.alias("newer")
    queued = select(newer.c.id).where(
        newer.c.story_id == delivery.c.story_id,
        newer.c.endpoint == delivery.c.endpoint,
        newer.c.seq > delivery.c.seq,
    )
    in_force = select(revision.c.seq).where(
        revision.c.story_id == delivery.c.story_id,
        revision.c.seq > delivery.c.seq,
        revision.c.action.not_in(_SAME_VERSION),
    )
    done = tx.execute(
        update(delivery)
        .where(
            delivery.c.id.in_(delivery_ids),
            or_(queued.exists(), and_(delivery.c.action.not_in(RECALLS), in_force.exists())),
        )
        .values(state=DeliveryState.SUPERSEDED.value, done_us=now_us, reason="a newer version took its place")
    )
    return done.rowcount


def _heed(tx: Connection, lane_id: str, outcomes: Sequence[Outcome]) -> None:
    """Do as the endpoint asked: wait, or never call again."""
    endpoint_id = lane_id.rpartition("/")[0]
    pauses = [o.pause_endpoint_until for o in outcomes if o.pause_endpoint_until is not None]
    if pauses:
        tx.execute(
            update(endpoint).where(endpoint.c.id == endpoint_id).values(paused_until_us=to_us(max(pauses)))
        )
    if any(outcome.disable_endpoint for outcome in outcomes):
        reason = next(outcome.detail for outcome in outcomes if outcome.disable_endpoint)
        tx.execute(update(endpoint).where(endpoint.c.id == endpoint_id).values(disabled=reason))


def _put_back(tx: Connection, lane_id: str, now_us: int) -> None:
    """What was claimed but never tried is due again, as if it had not been claimed."""
    untried = _claimed(tx, lane_id)
    if untried:
        tx.execute(delete(attempt).where(attempt.c.delivery_id.in_(untried), attempt.c.ended_us.is_(None)))
        tx.execute(
            update(delivery)
            .where(delivery.c.id.in_(untried))
            .values(state=_DUE, attempts=delivery.c.attempts - 1)
        )
        supersede_overtaken(tx, untried, now_us)


def _release(tx: Connection, lane_id: str) -> int:
    """Give the lane up; returns when its next row falls due."""
    found = _EARLIEST.scalar(tx, b_lane=lane_id)
    due_us = NEVER if found is None else int(found)
    _GIVE_UP.count(tx, b_lane=lane_id, b_due=due_us)
    return due_us


def _attempt_end(outcome: Outcome) -> dict[str, Any]:
    return {
        "b_id": outcome.delivery_id,
        "b_started": to_us(outcome.started_at),
        "b_ended": to_us(outcome.ended_at),
        "b_state": outcome.state.value,
        "b_status": outcome.status,
        "b_detail": outcome.detail,
    }


def _delivery_end(outcome: Outcome) -> dict[str, Any]:
    over = outcome.state is not DeliveryState.DUE
    return {
        "b_id": outcome.delivery_id,
        "b_state": outcome.state.value,
        "b_due": maybe_us(outcome.next_due) or to_us(outcome.ended_at),
        "b_done": to_us(outcome.ended_at) if over else None,
        "b_reason": None if outcome.state is DeliveryState.DONE else outcome.detail,
    }


def _delivery(row: Any, made: Document, target: Target | None) -> Delivery:
    return Delivery(
        id=row.id,
        endpoint=row.endpoint,
        lane=row.lane,
        story_id=row.story_id,
        version=row.version,
        seq=row.seq,
        action=Action(row.action),
        key=row.key,
        attempt=row.attempts + 1,
        created_at=from_us(row.created_us),
        document=made,
        target=target,
    )
