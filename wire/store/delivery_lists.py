"""Deliveries in lists, each with its attempts. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from wire.common.lists import AttemptRow, DeliveryRow
from wire.common.portions import portions
from wire.store.schema import (
    ACTIVE,
    MOST_VALUES,
    UNSENT,
    attempt,
    delivery,
    endpoint,
    from_us,
    maybe_moment,
    to_us,
)
from wire.store.standing import why_held
from wire.story import DeliveryState

_DELIVERIES = (
    select(delivery, endpoint.c.configured, endpoint.c.disabled, endpoint.c.held)
    .join(endpoint, endpoint.c.id == delivery.c.endpoint)
    .order_by(delivery.c.id.desc())
)
_STOPPED = or_(endpoint.c.configured == 0, endpoint.c.disabled.is_not(None), endpoint.c.held.is_not(None))


def chosen(
    *,
    endpoint_id: str | None = None,
    state: str | None = None,
    story_id: str | None = None,
    since: datetime | None = None,
) -> Select[Any]:
    """The query for these deliveries, newest first; ``since`` when they were accepted."""
    conditions: list[ColumnElement[bool]] = []
    if endpoint_id is not None:
        conditions.append(delivery.c.endpoint == endpoint_id)
    if story_id is not None:
        conditions.append(delivery.c.story_id == story_id)
    if since is not None:
        conditions.append(delivery.c.created_us >= to_us(since))
    if state is not None:
        conditions.append(_in_state(DeliveryState(state)))
    return _DELIVERIES.where(*conditions)


def _in_state(state: DeliveryState) -> ColumnElement[bool]:
    """A condition that finds its rows by their index. What is held is due as far as its row goes."""
    if state is DeliveryState.HELD:
        return and_(ACTIVE, delivery.c.state == DeliveryState.DUE.value, _STOPPED)
    if state is DeliveryState.DUE:
        return and_(ACTIVE, delivery.c.state == state.value, ~_STOPPED)
    kept = delivery.c.state == state.value
    if state is DeliveryState.SENDING:
        return and_(ACTIVE, kept)
    return kept if state is DeliveryState.DONE else and_(UNSENT, kept)


def delivery_rows(connection: Connection, query: Select[Any], *, with_tries: bool) -> tuple[DeliveryRow, ...]:
    """What the query of `chosen` finds."""
    rows = connection.execute(query).all()
    tries = _tries(connection, [row.id for row in rows]) if with_tries else {}
    return tuple(_delivery_row(row, tries.get(row.id, [])) for row in rows)


def _delivery_row(row: Any, tries: Sequence[AttemptRow]) -> DeliveryRow:
    held = why_held(row) if row.state == DeliveryState.DUE.value else None
    return DeliveryRow(
        id=row.id,
        endpoint=row.endpoint,
        story_id=row.story_id,
        version=row.version,
        action=row.action,
        format=row.format,
        key=row.key,
        state=row.state if held is None else DeliveryState.HELD.value,
        attempts=row.attempts,
        created_at=from_us(row.created_us),
        due_at=from_us(row.due_us),
        done_at=maybe_moment(row.done_us),
        reason=row.reason if held is None else held,
        failures=row.failures,
        priority=row.priority,
        tries=(*tries, *_under_way(row)),
    )


def _under_way(row: Any) -> tuple[AttemptRow, ...]:
    if row.started_us is None:
        return ()
    running = AttemptRow(
        number=row.attempts,
        started_at=from_us(row.started_us),
        ended_at=None,
        state=None,
        status=None,
        detail=None,
    )
    return (running,)


def _tries(connection: Connection, ids: Sequence[int]) -> dict[int, list[AttemptRow]]:
    found: dict[int, list[AttemptRow]] = {}
    for some in portions(ids, MOST_VALUES):
        query = (
            select(attempt)
            .where(attempt.c.delivery_id.in_(some))
            .order_by(attempt.c.delivery_id, attempt.c.number)
        )
        for row in connection.execute(query):
            found.setdefault(row.delivery_id, []).append(
                AttemptRow(
                    number=row.number,
                    started_at=from_us(row.started_us),
                    ended_at=maybe_moment(row.ended_us),
                    state=row.state,
                    status=row.status,
                    detail=row.detail,
                    bytes=row.bytes,
                    next_at=maybe_moment(row.next_us),
                )
            )
    return found
