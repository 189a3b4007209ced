"""The delivery rows as `wire.ports.delivery.Queue`: lanes leased, heads claimed, attempts recorded.

A lane is taken by a conditional update; its former holder's claims, if it died, are due again. Settling
is fenced on the holder, so a worker that froze past its lease changes nothing. What is claimed says so in its
own row (state, number and start of the attempt) before the work begins; the attempt's row is written when it
is over. Statements: `wire.store.queue_statements`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from wire.errors import StoreError
from wire.ports import Clock
from wire.ports.delivery import Hand, LaneStep, Settling, Taking, Terms
from wire.store import queue_statements as statements
from wire.store import standing
from wire.store.database import Database
from wire.store.schema import (
    ACTIVE,
    NEVER,
    delivery,
    endpoint,
    from_us,
    lane,
    maybe_us,
    to_us,
)
from wire.store.shelf import document_from
from wire.store.subscribed import target_of
from wire.store.writer import Change
from wire.story import Action, Delivery, DeliveryState, Document, Outcome, Target

#: Documents of one take hold so much together, however many were asked for.
_TAKE_BYTES = 16 << 20
_CACHE_BYTES = 8 << 20  #: documents kept for the next endpoint that takes them


class DeliveryQueue:
    """`wire.ports.delivery.Queue` over the store. Safe from any thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._documents = _Documents()

    def take(self, lane_id: str, terms: Terms, *, worker: str) -> Hand:
        """See `wire.ports.delivery.Queue.take`."""
        return self._database.write(self._change(Taking(lane_id, terms), worker), alongside=True)

    def settle(
        self, lane_id: str, outcomes: Sequence[Outcome], *, worker: str, then: Terms | None = None
    ) -> Hand:
        """See `wire.ports.delivery.Queue.settle`."""
        return self._database.write(self._change(Settling(lane_id, outcomes, then), worker), alongside=True)

    def begin(self, steps: Sequence[LaneStep], *, worker: str) -> Callable[[], list[Hand | Exception]]:
        """See `wire.ports.delivery.SharedQueue.begin`."""
        return self._database.begin_each([self._change(step, worker) for step in steps], alongside=True)

    def _change(self, step: LaneStep, worker: str) -> Change[Hand]:
        asked = _Asked(step.lane, worker, to_us(self._clock()), self._documents)
        match step:
            case Taking(_, terms):
                return lambda tx: _take(tx, asked, terms)
            case Settling(_, outcomes, then):
                return lambda tx: _settle(tx, asked, outcomes, then)

    def abandon(self, worker: str) -> None:
        """See `wire.ports.delivery.SharedQueue.abandon`."""
        now_us = to_us(self._clock())

        def change(tx: Connection) -> None:
            held = select(lane.c.id).where(lane.c.holder == worker).order_by(lane.c.id).with_for_update()
            for lane_id in tx.execute(held).scalars().all():
                void(tx, lane_id, now_us)

        self._database.write(change, alongside=True)

    def shift(self, seconds: float) -> None:
        """Have what waits for an instant wait as long as before, although the clock was set by so much."""
        by_us = round(seconds * 1e6)
        self._database.write(lambda tx: _shift(tx, by_us))

    def ripe(self, *, limit: int) -> list[str]:
        """See `wire.ports.delivery.Queue.ripe`."""
        now_us = to_us(self._clock())
        query = (
            select(lane.c.id)
            .join(endpoint, endpoint.c.id == lane.c.endpoint)
            .where(
                lane.c.due_us <= now_us,
                or_(lane.c.holder.is_(None), lane.c.lease_until_us <= now_us),
                standing.open_at(now_us),
            )
            .order_by(lane.c.due_us)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def next_due(self) -> datetime | None:
        """See `wire.ports.delivery.Queue.next_due`."""
        # the scalar maximum is spelt max on SQLite and greatest elsewhere
        latest = func.max if self._database.url.get_backend_name() == "sqlite" else func.greatest
        wait = latest(
            *(lane.c.due_us, lane.c.lease_until_us),
            *(endpoint.c.paused_until_us, endpoint.c.paced_until_us),
        )
        query = (
            select(func.min(wait))
            .select_from(lane.join(endpoint, endpoint.c.id == lane.c.endpoint))
            .where(
                lane.c.due_us < NEVER,
                endpoint.c.configured == 1,
                endpoint.c.disabled.is_(None),
                endpoint.c.held.is_(None),
            )
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else from_us(found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a worker wants, and when."""

    lane_id: str
    worker: str
    now_us: int
    documents: _Documents

    def until_us(self, terms: Terms) -> int:
        """When a lease on these terms ends."""
        return self.now_us + round(timedelta(seconds=terms.lease_s) / timedelta(microseconds=1))


def _take(tx: Connection, asked: _Asked, terms: Terms) -> Hand:
    row = statements.LANE.first(tx, b_lane=asked.lane_id)
    if row is None or not standing.is_open(row, asked.now_us):
        return Hand()
    if row.holder is not None:
        if row.holder != asked.worker and row.lease_until_us > asked.now_us:
            return Hand()
        _recover(tx, asked.lane_id, asked.now_us)
    hand = _next_hand(tx, asked, terms, row.failures)
    if not hand.deliveries:
        _release(tx, asked.lane_id, _earliest(tx, asked.lane_id, asked.now_us))
    return hand


def _settle(tx: Connection, asked: _Asked, outcomes: Sequence[Outcome], then: Terms | None) -> Hand:
    row = statements.HELD_LANE.first(tx, b_lane=asked.lane_id)
    if row is None or row.holder != asked.worker:
        return Hand()
    if outcomes:
        statements.RECORD_ATTEMPT.each(tx, map(_attempt_end, outcomes))
        statements.SETTLE.each(tx, map(_delivery_end, outcomes))
        if retried := [each.delivery_id for each in outcomes if each.state is DeliveryState.DUE]:
            supersede_overtaken(tx, retried, asked.now_us)
    endpoint_row = _changed(tx, row, asked.lane_id, outcomes)
    due_us = _earliest(tx, asked.lane_id, asked.now_us)
    may_go_on = standing.is_open(endpoint_row, asked.now_us)
    if then is not None and may_go_on and due_us <= asked.now_us:
        hand = _next_hand(tx, asked, then, endpoint_row.failures)
        if hand.deliveries:
            return hand
    _release(tx, asked.lane_id, due_us)
    return Hand(more=may_go_on and due_us <= asked.now_us)


def _changed(tx: Connection, row: Any, lane_id: str, outcomes: Sequence[Outcome]) -> Any:
    """The row of lane and endpoint with what the attempts make of the endpoint."""
    changed = standing.after(row, lane_id, outcomes)
    if outcomes or row.probe_lane == lane_id:
        values = {f"b_{name}": value for name, value in changed.items()}
        statements.CHANGE_ENDPOINT.count(tx, b_endpoint=row.endpoint, **values)
    return row._replace(**changed)


def _next_hand(tx: Connection, asked: _Asked, terms: Terms, failures: int) -> Hand:
    """Claim what is due of a lane that is ours to take, under a lease from now on."""
    probing = 0 < terms.patience <= failures
    found = _heads(tx, asked, 1 if probing else terms.limit)
    if not found:
        return Hand()
    until_us = asked.until_us(terms)
    leased = statements.LEASE.count(
        tx, b_lane=asked.lane_id, b_worker=asked.worker, b_now=asked.now_us, b_until=until_us
    )
    if leased != 1:
        return Hand()
    statements.CLAIM.each(tx, [{"b_id": each.id, "b_started": asked.now_us} for each in found])
    if probing:
        statements.PROBE.count(tx, b_lane=asked.lane_id, b_endpoint=found[0].endpoint, b_until=until_us)
    if terms.pace_s:
        paced_us = asked.now_us + round(len(found) * terms.pace_s * 1e6)
        statements.PACE.count(tx, b_endpoint=found[0].endpoint, b_until=paced_us)
    return Hand(deliveries=tuple(found), failures=failures)


def _heads(tx: Connection, asked: _Asked, limit: int) -> list[Delivery]:
    """What is due in a lane, in its order: as many as fit into one hand, at least one.

    What takes a story back goes by itself: nobody's kill waits until somebody else's backlog is sent.
    """
    rows = statements.HEADS.all(tx, b_lane=asked.lane_id, b_now=asked.now_us, b_limit=limit)
    rows.sort(key=lambda row: (row.priority, row.due_us, row.id))
    found: list[Delivery] = []
    target = target_of(tx, asked.lane_id)
    room = _TAKE_BYTES
    for row in rows[:limit]:
        if found and row.priority > 0 and rows[0].priority == 0:
            break
        made = asked.documents.get(tx, row.seq, row.format)
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
            row = statements.DOCUMENT.first(tx, b_seq=seq, b_format=format)
            if row is None:
                raise StoreError(f"revision {seq} has no {format} to deliver: run `wire audit`")
            made = self._kept[seq, format] = document_from(row)
            self._size += len(made.body)
            while self._size > _CACHE_BYTES and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1].body)
        return made


def _shift(tx: Connection, by_us: int) -> None:
    for column, concerned in (
        (delivery.c.due_us, and_(ACTIVE, delivery.c.state == DeliveryState.DUE.value)),
        (lane.c.due_us, lane.c.due_us < NEVER),
        (lane.c.lease_until_us, lane.c.holder.is_not(None)),
        (endpoint.c.paused_until_us, endpoint.c.paused_until_us > 0),
        (endpoint.c.paced_until_us, endpoint.c.paced_until_us > 0),
    ):
        tx.execute(update(column.table).where(concerned).values({column: column + by_us}))


def void(tx: Connection, lane_id: str, now_us: int) -> None:
    """End a lease whose holder is known to be dead: what it had claimed is due again, with the same keys."""
    _recover(tx, lane_id, now_us)
    _release(tx, lane_id, _earliest(tx, lane_id, now_us))


def _recover(tx: Connection, lane_id: str, now_us: int) -> None:
    """Whoever held the lane before is gone. Whether it sent what it had claimed is not known."""
    statements.END_PROBE.count(tx, b_lane=lane_id)
    lost = [row.id for row in statements.CLAIMED.all(tx, b_lane=lane_id)]
    if not lost:
        return
    statements.RECORD_LOSS.count(tx, b_lane=lane_id, b_now=now_us)
    statements.LOSE.count(tx, b_lane=lane_id)
    supersede_overtaken(tx, lost, now_us)


def _put_back(tx: Connection, lane_id: str, now_us: int) -> None:
    """What was claimed but never tried is due again, as if it had not been claimed."""
    untried = [row.id for row in statements.CLAIMED.all(tx, b_lane=lane_id)]
    statements.PUT_BACK.count(tx, b_lane=lane_id)
    supersede_overtaken(tx, untried, now_us)


def _earliest(tx: Connection, lane_id: str, now_us: int) -> int:
    """When the next row of a lane falls due; what is claimed in it without having been tried is put back."""
    left = statements.LEFT.first(tx, b_lane=lane_id)
    if left.claimed:
        _put_back(tx, lane_id, now_us)
        left = statements.LEFT.first(tx, b_lane=lane_id)
    return NEVER if left.due_us is None else int(left.due_us)


def _release(tx: Connection, lane_id: str, due_us: int) -> None:
    """Give up a lane whose next row falls due then."""
    statements.GIVE_UP.count(tx, b_lane=lane_id, b_due=due_us)


def supersede_overtaken(tx: Connection, delivery_ids: Sequence[int], now_us: int) -> int:
    """What is due although a newer version of its story is in force will not be sent. Returns how many."""
    return statements.SUPERSEDE.each(tx, [{"b_id": each, "b_now": now_us} for each in delivery_ids])


def _attempt_end(outcome: Outcome) -> dict[str, Any]:
    return {
        "b_id": outcome.delivery_id,
        "b_started": to_us(outcome.started_at),
        "b_ended": to_us(outcome.ended_at),
        "b_state": outcome.state.value,
        "b_status": outcome.status,
        "b_bytes": outcome.bytes,
        "b_detail": outcome.detail,
        "b_next": maybe_us(outcome.next_due),
    }


def _delivery_end(outcome: Outcome) -> dict[str, Any]:
    over = outcome.state is not DeliveryState.DUE
    return {
        "b_id": outcome.delivery_id,
        "b_state": outcome.state.value,
        "b_due": maybe_us(outcome.next_due) or to_us(outcome.ended_at),
        "b_done": to_us(outcome.ended_at) if over else None,
        "b_reason": None if outcome.state is DeliveryState.DONE else outcome.detail,
        "b_failed": int(outcome.state is not DeliveryState.DONE),
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
        failures=row.failures,
        created_at=from_us(row.created_us),
        document=made,
        target=target,
    )
