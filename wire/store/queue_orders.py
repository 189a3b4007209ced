"""What people order of the delivery queue: pause, resume, retry, replay. Safe from any thread.

Nothing here makes a delivery or a key: what is sent again is the row of the first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, insert, or_, select, update

from wire.common.portions import portions
from wire.errors import CommandError
from wire.store.database import Database
from wire.store.delivery_queue import supersede_overtaken
from wire.store.queue_statements import overtaken
from wire.store.schema import (
    ACTIVE,
    MOST_VALUES,
    UNSENT,
    counter,
    delivery,
    document,
    endpoint,
    endpoint_order,
    history,
    lane,
    to_us,
)
from wire.store.standing import RESET
from wire.story import DeliveryState

_DUE, _DONE, _DEAD = DeliveryState.DUE.value, DeliveryState.DONE.value, DeliveryState.DEAD.value
#: Rows changed in one transaction: whoever waits for the writer waits for so many.
_PAGE = 500


class QueueOrders:
    """Changes to endpoints and to deliveries that were made or given up. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pause(self, endpoint_id: str, why: str) -> None:
        """Send nothing to an endpoint until it is resumed; what is under way ends. Raises CommandError.

        why  follows "the endpoint is paused": who did it, when, what for
        """
        self._change(endpoint_id, {"held": why})

    def resume(self, endpoint_id: str) -> None:
        """Have an endpoint called again, whoever or whatever stopped that. Raises CommandError."""
        self._change(endpoint_id, {**RESET, "held": None})

    def enable(self, endpoint_id: str) -> None:
        """The same, but an endpoint that people paused stays paused. Raises CommandError."""
        self._change(endpoint_id, RESET)

    def retry(
        self, *, delivery_ids: Sequence[int] = (), endpoint_id: str | None = None, now: datetime
    ) -> int:
        """Make dead letters due again: these, or all of an endpoint, or all; returns how many.

        Of those named, also what waits for its next attempt. Enables the endpoints concerned. Raises
        CommandError when there is no such endpoint.
        """
        if delivery_ids:
            wanted = or_(delivery.c.state == _DEAD, delivery.c.state == _DUE)
            among = (delivery.c.id.in_(some) for some in portions(delivery_ids, MOST_VALUES))
            found = [id for each in among for id in self._ids(wanted, each)]
        else:
            chosen = [UNSENT, delivery.c.state == _DEAD]
            if endpoint_id is not None:
                self._known(endpoint_id)
                chosen.append(delivery.c.endpoint == endpoint_id)
            found = self._ids(*chosen)
        return self._send_again(found, (_DEAD, _DUE) if delivery_ids else (_DEAD,), now)

    def replay(self, endpoint_id: str, since: datetime, now: datetime) -> int:
        """Send an endpoint again what it was sent or denied since an instant; returns how many.

        Of each story the newest version alone, and only one that is still in force and kept. Enables the
        endpoint. Raises CommandError when there is no such endpoint.
        """
        self.enable(endpoint_id)
        found = self._ids(
            delivery.c.endpoint == endpoint_id,
            delivery.c.created_us >= to_us(since),
            delivery.c.state.in_((_DONE, _DEAD)),
            ~overtaken(),
            exists().where(document.c.seq == delivery.c.seq, document.c.format == delivery.c.format),
        )
        return self._send_again(found, (_DONE, _DEAD), now)

    def resend(self, story_id: str, endpoint_id: str | None, now: datetime) -> int:
        """Send a story's newest version again, to one endpoint or to all that had it; returns how many.

        Enables the endpoints concerned.
        """
        chosen = [delivery.c.story_id == story_id, delivery.c.state.in_((_DONE, _DEAD)), ~overtaken()]
        if endpoint_id is not None:
            chosen.append(delivery.c.endpoint == endpoint_id)
        kept = exists().where(document.c.seq == delivery.c.seq, document.c.format == delivery.c.format)
        return self._send_again(self._ids(*chosen, kept), (_DONE, _DEAD), now)

    def note(self, story_id: str, who: str, what: str, note: str | None, now: datetime) -> None:
        """An entry in a story's history."""
        self._database.write(lambda tx: _note(tx, story_id, who, what, note, to_us(now)))

    def endpoints_of(self, delivery_ids: Sequence[int]) -> list[str]:
        """The endpoints of these deliveries; without any, all for which something was given up."""
        if not delivery_ids:
            return self._endpoints(UNSENT, delivery.c.state == _DEAD)
        among = (delivery.c.id.in_(some) for some in portions(delivery_ids, MOST_VALUES))
        return sorted({id for each in among for id in self._endpoints(each)})

    def record(self, endpoint_ids: Sequence[str], who: str, what: str, now: datetime) -> None:
        """Keep what somebody ordered of endpoints."""
        said = {"who": who, "what": what, "at_us": to_us(now)}

        def change(tx: Connection) -> None:
            last = tx.execute(select(func.max(endpoint_order.c.id))).scalar() or 0
            rows = [{"id": last + n, "endpoint": id, **said} for n, id in enumerate(endpoint_ids, 1)]
            tx.execute(insert(endpoint_order), rows)

        if endpoint_ids:
            self._database.write(change)

    def _endpoints(self, *conditions: ColumnElement[bool]) -> list[str]:
        with self._database.reading() as connection:
            query = select(delivery.c.endpoint).where(*conditions).distinct().order_by(delivery.c.endpoint)
            return list(connection.execute(query).scalars())

    def _change(self, endpoint_id: str, values: dict[str, Any]) -> None:
        change = update(endpoint).where(endpoint.c.id == endpoint_id).values(values)
        if self._database.write(lambda tx: tx.execute(change).rowcount) == 0:
            raise _unknown(endpoint_id)

    def _known(self, endpoint_id: str) -> None:
        with self._database.reading() as connection:
            if connection.execute(select(endpoint.c.id).where(endpoint.c.id == endpoint_id)).first() is None:
                raise _unknown(endpoint_id)

    def _ids(self, *conditions: ColumnElement[bool]) -> list[int]:
        with self._database.reading() as connection:
            query = select(delivery.c.id).where(*conditions).order_by(delivery.c.id)
            return list(connection.execute(query).scalars())

    def _send_again(self, ids: Sequence[int], states: Sequence[str], now: datetime) -> int:
        """Make these due, if they are still in one of these states, a page a transaction."""
        now_us = to_us(now)
        return sum(
            self._database.write(lambda tx, page=page: _make_due(tx, page, states, now_us))  # type: ignore[misc]
            for page in portions(ids, _PAGE)
        )


def _unknown(endpoint_id: str) -> CommandError:
    return CommandError(f"there is no endpoint {endpoint_id}; `wire status` lists them")


def _note(tx: Connection, story_id: str, who: str, what: str, note: str | None, now_us: int) -> None:
    ours = counter.c.name == "history"
    tx.execute(update(counter).where(ours).values(value=counter.c.value + 1))
    id = tx.execute(select(counter.c.value).where(ours)).scalar_one()
    row = {"id": id, "story_id": story_id, "at_us": now_us, "who": who, "what": what, "note": note}
    tx.execute(insert(history).values(row))


def _make_due(tx: Connection, ids: Sequence[int], states: Sequence[str], now_us: int) -> int:
    """How many of these are due now."""
    chosen = and_(delivery.c.id.in_(ids), delivery.c.state.in_(states))
    done = func.sum(case((delivery.c.state == _DONE, 1), else_=0))
    concerned = select(delivery.c.endpoint, done).where(chosen).group_by(delivery.c.endpoint)
    for endpoint_id, undone in tx.execute(concerned).all():
        tx.execute(
            update(endpoint)
            .where(endpoint.c.id == endpoint_id)
            .values({**RESET, "delivered": endpoint.c.delivered - undone})
        )
    again = update(delivery).where(chosen)
    number = tx.execute(
        again.values(state=_DUE, due_us=now_us, failures=0, done_us=None, reason=None)
    ).rowcount
    # what was given up may be out of date by now
    needless = supersede_overtaken(tx, ids, now_us) if number else 0
    waiting = select(delivery.c.lane).where(delivery.c.id.in_(ids), ACTIVE)
    tx.execute(update(lane).where(lane.c.id.in_(waiting), lane.c.due_us > now_us).values(due_us=now_us))
    return number - needless
