"""The health of every endpoint, and its queue in numbers. Costs what is queued, or was given up, alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, select

from wire.common.lists import EndpointRow
from wire.common.portions import portions
from wire.store.schema import ACTIVE, MOST_VALUES, UNSENT, delivery, endpoint, from_us, maybe_moment, to_us
from wire.store.standing import is_open, state_of, success_rate, why_held
from wire.story import DeliveryState

_DUE, _SENDING = DeliveryState.DUE.value, DeliveryState.SENDING.value
_CONFIGURED = endpoint.c.id.not_like("%:%")
_DEAD, _HELD, _DONE = DeliveryState.DEAD.value, DeliveryState.HELD.value, DeliveryState.DONE.value


def endpoint_rows(connection: Connection, now: datetime) -> tuple[EndpointRow, ...]:
    """Every endpoint that is or was configured, by id; subscribers of our hub (``hub:name``) are not."""
    now_us = to_us(now)
    queues = _queues(connection, now_us)
    unsent = _unsent(connection)
    return tuple(
        _endpoint_row(row, queues[row.id], unsent[row.id], now_us)
        for row in connection.execute(select(endpoint).where(_CONFIGURED).order_by(endpoint.c.id))
    )


class _Queue:
    """What is queued for one endpoint: all its lanes together."""

    def __init__(self) -> None:
        self.by_state = {_DUE: 0, _SENDING: 0}
        self.due = self.recalls = 0
        self.oldest: list[int] = []  #: accepted when, by lane and state
        self.oldest_recalls: list[int] = []

    def add(self, row: Any, accepted: Mapping[int, int]) -> None:
        self.by_state[row.state] += row.number
        self.due += row.due
        self.recalls += row.recalls
        self.oldest.append(accepted[row.oldest])
        if row.oldest_recall is not None:
            self.oldest_recalls.append(accepted[row.oldest_recall])


def _queues(connection: Connection, now_us: int) -> defaultdict[str, _Queue]:
    ripe = and_(delivery.c.state == _DUE, delivery.c.due_us <= now_us)
    is_recall = delivery.c.priority == 0
    # all of it stands in the index
    query = (
        select(
            delivery.c.lane,
            delivery.c.state,
            func.count().label("number"),
            func.sum(case((ripe, 1), else_=0)).label("due"),
            func.sum(case((is_recall, 1), else_=0)).label("recalls"),
            func.min(delivery.c.id).label("oldest"),
            func.min(case((is_recall, delivery.c.id))).label("oldest_recall"),
        )
        .where(ACTIVE)
        .group_by(delivery.c.lane, delivery.c.state)
    )
    rows = connection.execute(query).all()
    oldest = {id for row in rows for id in (row.oldest, row.oldest_recall) if id is not None}
    accepted = _accepted(connection, sorted(oldest))
    found: defaultdict[str, _Queue] = defaultdict(_Queue)
    for row in rows:
        found[row.lane.rpartition("/")[0]].add(row, accepted)
    return found


def _accepted(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in portions(ids, MOST_VALUES):
        query = select(delivery.c.id, delivery.c.created_us).where(delivery.c.id.in_(some))
        found |= dict(connection.execute(query).all())
    return found


def _unsent(connection: Connection) -> defaultdict[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    numbers = (
        select(delivery.c.endpoint, delivery.c.state, func.count())
        .where(UNSENT)
        .group_by(delivery.c.endpoint, delivery.c.state)
    )
    for endpoint_id, state, number in connection.execute(numbers):
        found[endpoint_id][state] = number
    recalls = (
        select(delivery.c.endpoint, func.count())
        .where(UNSENT, delivery.c.state == _DEAD, delivery.c.priority == 0)
        .group_by(delivery.c.endpoint)
    )
    for endpoint_id, number in connection.execute(recalls):
        found[endpoint_id]["dead recalls"] = number
    return found


def _endpoint_row(row: Row[Any], queue: _Queue, unsent: dict[str, int], now_us: int) -> EndpointRow:
    why = why_held(row)
    dead_recalls = unsent.pop("dead recalls", 0)
    due, sending = queue.by_state[_DUE], queue.by_state[_SENDING]
    states = {_DUE if why is None else _HELD: due, _SENDING: sending, _DONE: row.delivered, **unsent}
    oldest_us = min(queue.oldest, default=None)
    return EndpointRow(
        id=row.id,
        configured=bool(row.configured),
        disabled=row.disabled,
        paused_until=from_us(row.paused_until_us) if row.paused_until_us > now_us else None,
        states={state: number for state, number in states.items() if number},
        state=state_of(row, now_us),
        why=why,
        waiting=due + sending,
        due=queue.due if is_open(row, now_us) else 0,
        sending=sending,
        recalls=queue.recalls,
        oldest_recall_at=maybe_moment(min(queue.oldest_recalls, default=None)),
        dead=unsent.get(_DEAD, 0),
        dead_recalls=dead_recalls,
        oldest_at=maybe_moment(oldest_us),
        lag_s=0.0 if oldest_us is None else max(0.0, (now_us - oldest_us) / 1e6),
        delivered=row.delivered,
        failures=row.failures,
        success_rate=success_rate(row.recent),
        last_success=maybe_moment(row.succeeded_us),
        last_failure=maybe_moment(row.failed_us),
        failing_since=maybe_moment(row.failing_us),
        last_failure_reason=row.failure,
    )
