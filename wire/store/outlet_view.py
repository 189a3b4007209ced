"""Feeds and endpoints as the desk shows them: `wire.common.deskview.OutletShelf`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from wire.common.deskview import EndpointOrder, EndpointStanding, FeedStanding, Settled
from wire.ports import Clock
from wire.store import places
from wire.store.database import Database
from wire.store.endpoints import endpoint_rows
from wire.store.schema import delivery, endpoint_order, from_us, to_us
from wire.store.schema import story as story_table
from wire.story import DeliveryState

_HOURS = 24
#: Stories of a feed that are counted by the hour, and deliveries of all endpoints that are looked at.
_MOST_STORIES, _MOST_DELIVERIES = 1000, 5000
_BARS = 60  #: deliveries of one endpoint that are shown
#: Orders of all endpoints that are looked at, and of one that are shown.
_MOST_ORDERS, _ORDERS = 500, 3
_ENDED = (DeliveryState.DONE.value, DeliveryState.DEAD.value)


class OutletView:
    """See `wire.common.deskview.OutletShelf`. Costs the same however large the archive is."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def feeds(self, limits: Mapping[str, int]) -> tuple[FeedStanding, ...]:
        """See `wire.common.deskview.OutletShelf.feeds`."""
        now = self._clock()
        with self._database.reading() as connection:
            return tuple(_feed(connection, id, limit, now) for id, limit in limits.items())

    def endpoints(self) -> tuple[EndpointStanding, ...]:
        """See `wire.common.deskview.OutletShelf.endpoints`."""
        with self._database.reading() as connection:
            settled, orders = _settled(connection), _orders(connection)
            return tuple(
                EndpointStanding(
                    row=row,
                    settled=tuple(settled.get(row.id, ())),
                    orders=tuple(orders.get(row.id, ())[:_ORDERS]),
                )
                for row in endpoint_rows(connection, self._clock())
            )


_PLACED = select(story_table.c.first_published_us, story_table.c.id, story_table.c.seq)


def _feed(connection: Connection, id: str, limit: int, now: datetime) -> FeedStanding:
    found = places.newest(connection, id, max(limit, _MOST_STORIES), _PLACED)
    since = to_us(now - timedelta(hours=_HOURS))
    hours = [0] * _HOURS
    for place in found:
        if place.published_us > since:
            hour = (place.published_us - since) // 3_600_000_000
            hours[min(hour, _HOURS - 1)] += 1
    return FeedStanding(
        id=id,
        shown=min(limit, len(found)),
        latest=from_us(found[0].published_us) if found else None,
        hours=tuple(hours),
    )


def _settled(connection: Connection) -> dict[str, list[Settled]]:
    """By endpoint, how its latest deliveries ended, the oldest first."""
    newest = connection.execute(select(func.max(delivery.c.id))).scalar() or 0
    query = (
        select(delivery.c.endpoint, delivery.c.state, delivery.c.created_us, delivery.c.done_us)
        .where(delivery.c.id > newest - _MOST_DELIVERIES, delivery.c.state.in_(_ENDED))
        .order_by(delivery.c.id)
    )
    found: dict[str, list[Settled]] = {}
    for row in connection.execute(query):
        lag_s = 0.0 if row.done_us is None else max(0.0, (row.done_us - row.created_us) / 1e6)
        made = Settled(lag_s=lag_s, sent=row.state == DeliveryState.DONE.value)
        found.setdefault(row.endpoint, []).append(made)
    return {id: settled[-_BARS:] for id, settled in found.items()}


def _orders(connection: Connection) -> dict[str, list[EndpointOrder]]:
    """By endpoint, what people ordered of it lately, the newest first."""
    query = select(endpoint_order).order_by(endpoint_order.c.id.desc()).limit(_MOST_ORDERS)
    found: dict[str, list[EndpointOrder]] = {}
    for row in connection.execute(query):
        made = EndpointOrder(at=from_us(row.at_us), who=row.who, what=row.what)
        found.setdefault(row.endpoint, []).append(made)
    return found
