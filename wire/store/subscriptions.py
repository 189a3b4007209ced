"""Who is told of feeds that change: what was asked of our hub, who subscribed, and what each is sent.

A subscriber is an endpoint with one lane. What it is sent stands in the ordinary delivery rows, in the
place of a story the file of a feed (``world.atom``): so it is retried, and never gets an older state of a
feed after a newer one. What nobody waits for any more is taken out, so that there are no more rows than
subscriptions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, insert, not_, select, update

from wire.common.portions import portions
from wire.ports.feeds import Intent
from wire.store.database import Database
from wire.store.migrate import generation
from wire.store.rows import document_row
from wire.store.schema import (
    MOST_VALUES,
    NEVER,
    announced,
    attempt,
    counter,
    delivery,
    document,
    endpoint,
    intent,
    lane,
    meta,
    subscription,
    to_us,
)
from wire.store.standing import FRESH, RESET
from wire.store.subscribed import HUB, PINGED, SUBSCRIBER, TOPICS
from wire.story import Action, DeliveryState, Document

#: Deliveries that a new state of their feed takes the place of. What is being sent ends first, and what was
#: given up stays for people to see.
_REPLACED = tuple(
    state.value
    for state in (DeliveryState.DUE, DeliveryState.HELD, DeliveryState.DONE, DeliveryState.SUPERSEDED)
)
#: What is sent is numbered from here on, apart from the numbers of revisions.
_APART = 1 << 62
_PRIORITY = 3  #: `wire.desk.dispatch.priority` of ordinary copy

#: Makes the idempotency key of a delivery: store, endpoint, what is sent, number.
Key = Callable[[str, str, str, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much strangers may ask of us."""

    subscriptions: int = 10_000
    of_host: int = 1000  #: of the subscriptions, those whose callbacks are at one host
    waiting: int = 1000  #: requests that are not verified yet
    waiting_of_host: int = 100  #: each of them is a call to whoever was named


class Subscriptions:
    """The subscriptions in the store. Safe from any thread."""

    def __init__(self, database: Database, key: Key, room: Room | None = None) -> None:
        self._database = database
        self._key = key
        self._room = room or Room()

    def configure(self, *, topics_url: str, hub_url: str, pings: Mapping[str, Collection[str]]) -> None:
        """Keep what the configuration says: addresses, and which hubs elsewhere are told of which topics.

        topics_url  what the addresses of topics begin with
        pings       topic → addresses of hubs
        """
        self._database.write(lambda tx: _configure(tx, topics_url, hub_url, pings))

    def endpoints(self) -> list[str]:
        """Every endpoint that stands in no configuration."""
        with self._database.reading() as connection:
            return list(connection.execute(select(subscription.c.endpoint)).scalars())

    def topics(self) -> set[str]:
        """Every topic that somebody is told of."""
        with self._database.reading() as connection:
            return set(connection.execute(select(subscription.c.topic).distinct()).scalars())

    def ask(self, asked: Intent, now: datetime) -> bool:
        """Keep a request until it is verified, in the place of an earlier one; False when too many wait."""
        return self._database.write(lambda tx: _ask(tx, asked, self._room, to_us(now)))

    def waiting(self, now: datetime, limit: int) -> list[Intent]:
        """Requests that are to be verified now, the longest due first."""
        query = select(intent).where(intent.c.due_us <= to_us(now)).order_by(intent.c.due_us).limit(limit)
        with self._database.reading() as connection:
            return [_intent(row) for row in connection.execute(query)]

    def postpone(self, asked: Intent, until: datetime) -> None:
        """Verify it later: the subscriber did not answer."""
        change = (
            update(intent)
            .where(_same(asked), intent.c.mode == asked.mode)
            .values(tries=asked.tries + 1, due_us=to_us(until))
        )
        self._database.write(lambda tx: tx.execute(change))

    def settle(self, asked: Intent, now: datetime, *, meant: bool, etag: str = "") -> None:
        """Do as asked if it was meant, and forget the request.

        etag  the topic's state, which its first subscriber need not be told of
        """
        self._database.write(lambda tx: _settle(tx, asked, to_us(now), meant, etag))

    def announce(self, topic: str, etag: str, content: Document, ping: Document, now: datetime) -> list[str]:
        """Queue a new state of a topic for everybody who is told of it; the lanes to look at.

        Nothing when it was announced before: telling the same twice is harmless, so it survives any crash.
        """
        return self._database.write(
            lambda tx: _announce(tx, topic, etag, content, ping, to_us(now), self._key)
        )

    def drop_stale(self, now: datetime, topics: Collection[str]) -> None:
        """End subscriptions whose lease is over or whose subscriber is gone; deny those of former topics.

        topics  all that there are
        """
        self._database.write(lambda tx: _drop_stale(tx, to_us(now), topics))


def endpoint_of(prefix: str, topic: str, callback: str) -> str:
    """The endpoint of a subscription: one a topic and callback, however often it is asked for."""
    return prefix + sha256(f"{topic}\n{callback}".encode()).hexdigest()[:32]


def _name(asked: Intent) -> str:
    return endpoint_of(SUBSCRIBER, asked.topic, asked.callback)


def _same(asked: Intent) -> Any:
    return intent.c.endpoint == _name(asked)


def _intent(row: Any) -> Intent:
    return Intent(
        mode=row.mode,
        topic=row.topic,
        callback=row.callback,
        secret=row.secret,
        lease_s=row.lease_s,
        tries=row.tries,
    )


def _configure(tx: Connection, topics_url: str, hub_url: str, pings: Mapping[str, Collection[str]]) -> None:
    for key, value in ((TOPICS, topics_url), (HUB, hub_url)):
        tx.execute(delete(meta).where(meta.c.key == key))
        tx.execute(insert(meta).values(key=key, value=value))
    wanted = {endpoint_of(PINGED, topic, hub): (topic, hub) for topic, hubs in pings.items() for hub in hubs}
    known = select(subscription.c.endpoint).where(subscription.c.endpoint.startswith(PINGED))
    have = set(tx.execute(known).scalars())
    for name in have - set(wanted):
        _end(tx, name)
    for name in set(wanted) - have:
        topic, hub = wanted[name]
        _begin(tx, name, topic, hub, None, NEVER)


def _ask(tx: Connection, asked: Intent, room: Room, now_us: int) -> bool:
    host = _host(asked.callback)
    full = _reached(tx, intent, host, room.waiting, room.waiting_of_host, _name(asked))
    if asked.mode == "subscribe":
        full = full or _reached(tx, subscription, host, room.subscriptions, room.of_host, _name(asked))
    if not full:
        _put_intent(tx, asked, now_us)
    return not full


def _reached(tx: Connection, table: Table, host: str, most: int, most_of_host: int, name: str) -> bool:
    """Whether a table is full, for everybody or for a host; never for what stands in it already."""
    if tx.scalar(select(table.c.endpoint).where(table.c.endpoint == name)) is not None:
        return False
    of_host = select(func.count()).select_from(table).where(table.c.host == host)
    every = select(func.count()).select_from(table)
    return (tx.scalar(of_host) or 0) >= most_of_host or (tx.scalar(every) or 0) >= most


def _host(callback: str) -> str:
    """Whose address it is; port and spelling make no other host of it."""
    return (urlsplit(callback).hostname or "").rstrip(".")[:255]


def _put_intent(tx: Connection, asked: Intent, now_us: int) -> None:
    tx.execute(delete(intent).where(_same(asked)))
    tx.execute(
        insert(intent).values(
            endpoint=_name(asked),
            mode=asked.mode,
            topic=asked.topic,
            callback=asked.callback,
            host=_host(asked.callback),
            secret=asked.secret,
            lease_s=asked.lease_s,
            tries=0,
            due_us=now_us,
        )
    )


def _settle(tx: Connection, asked: Intent, now_us: int, meant: bool, etag: str) -> None:
    """A request that another one has replaced meanwhile stays: the newer one is verified for itself."""
    kept = and_(_same(asked), intent.c.mode == asked.mode, _is(intent.c.secret, asked.secret))
    if tx.execute(delete(intent).where(kept)).rowcount == 0 or not meant:
        return
    if asked.mode == "unsubscribe":
        _end(tx, _name(asked))
    elif asked.mode == "subscribe":
        if not tx.scalar(select(func.count()).where(subscription.c.topic == asked.topic)):
            _note(tx, asked.topic, etag)
        until_us = now_us + asked.lease_s * 1_000_000
        _begin(tx, _name(asked), asked.topic, asked.callback, asked.secret, until_us)


def _is(column: Any, value: str | None) -> Any:
    return column.is_(None) if value is None else column == value


def _begin(
    tx: Connection, name: str, topic: str, callback: str, secret: str | None, lease_until_us: int
) -> None:
    """Begin a subscription, or have one that there is go on under its new terms."""
    terms = {
        "callback": callback,
        "host": _host(callback),
        "secret": secret,
        "lease_until_us": lease_until_us,
    }
    renewed = tx.execute(update(subscription).where(subscription.c.endpoint == name).values(**terms))
    if renewed.rowcount:
        tx.execute(update(endpoint).where(endpoint.c.id == name).values(RESET))
        return
    _forget_endpoint(tx, name)
    tx.execute(insert(subscription).values(endpoint=name, topic=topic, **terms))
    tx.execute(insert(endpoint).values(id=name, **FRESH))
    tx.execute(insert(lane).values(id=f"{name}/0", endpoint=name, lease_until_us=0, due_us=NEVER))


def _end(tx: Connection, name: str) -> None:
    """End a subscription; nothing more is sent, whatever waits."""
    tx.execute(delete(subscription).where(subscription.c.endpoint == name))
    _forget(tx, delivery.c.endpoint == name)
    _forget_endpoint(tx, name)


def _forget_endpoint(tx: Connection, name: str) -> None:
    tx.execute(delete(lane).where(lane.c.endpoint == name))
    tx.execute(delete(endpoint).where(endpoint.c.id == name))


def _forget(tx: Connection, which: Any) -> None:
    """Take deliveries out, with their attempts and the documents that no other delivery leads to."""
    rows = tx.execute(select(delivery.c.id, delivery.c.seq, delivery.c.format).where(which)).all()
    if not rows:
        return
    for some in portions(rows, MOST_VALUES):
        ids = [row.id for row in some]
        tx.execute(delete(attempt).where(attempt.c.delivery_id.in_(ids)))
        tx.execute(delete(delivery).where(delivery.c.id.in_(ids)))
    for seq, format in {(row.seq, row.format) for row in rows}:
        needed = select(delivery.c.id).where(delivery.c.seq == seq, delivery.c.format == format)
        tx.execute(
            delete(document).where(document.c.seq == seq, document.c.format == format, not_(needed.exists()))
        )


def _announce(
    tx: Connection, topic: str, etag: str, content: Document, ping: Document, now_us: int, key: Key
) -> list[str]:
    if tx.scalar(select(announced.c.etag).where(announced.c.topic == topic)) == etag:
        return []
    _note(tx, topic, etag)
    told = select(subscription.c.endpoint).where(
        subscription.c.topic == topic, subscription.c.lease_until_us > now_us
    )
    names = sorted(tx.execute(told).scalars())
    if not names:
        return []
    _forget(tx, and_(delivery.c.story_id == topic, delivery.c.state.in_(_REPLACED)))
    first = _numbers(tx, len(names))
    made = {name: ping if name.startswith(PINGED) else content for name in names}
    documents = {one.format: one for one in made.values()}
    tx.execute(insert(document), [document_row(_APART + first, one) for one in documents.values()])
    store = generation(tx)
    shared = {
        "story_id": topic,
        "seq": _APART + first,
        "version": 1,
        "action": Action.UPDATE.value,
        "priority": _PRIORITY,
        "state": DeliveryState.DUE.value,
        "due_us": now_us,
        "attempts": 0,
        "failures": 0,
        "created_us": now_us,
    }
    own = [
        {
            "id": first + number,
            "endpoint": name,
            "lane": f"{name}/0",
            "format": one.format,
            "key": key(store, name, topic, first),
        }
        for number, (name, one) in enumerate(made.items())
    ]
    tx.execute(insert(delivery), [shared | row for row in own])
    lanes = [f"{name}/0" for name in names]
    due = update(lane).where(lane.c.id == bindparam("b_lane"), lane.c.due_us > now_us)
    tx.execute(due.values(due_us=now_us), [{"b_lane": id} for id in lanes])
    return lanes


def _note(tx: Connection, topic: str, etag: str) -> None:
    tx.execute(delete(announced).where(announced.c.topic == topic))
    tx.execute(insert(announced).values(topic=topic, etag=etag))


def _numbers(tx: Connection, count: int) -> int:
    """The first of so many delivery ids."""
    last = tx.execute(
        select(counter.c.value).where(counter.c.name == "delivery").with_for_update()
    ).scalar_one()
    tx.execute(update(counter).where(counter.c.name == "delivery").values(value=last + count))
    return int(last) + 1


def _drop_stale(tx: Connection, now_us: int, topics: Collection[str]) -> None:
    ours = subscription.c.endpoint.startswith(SUBSCRIBER)
    rows = tx.execute(
        select(subscription, endpoint.c.disabled)
        .join(endpoint, endpoint.c.id == subscription.c.endpoint)
        .where(ours)
    ).all()
    for row in rows:
        if row.topic not in topics:
            denied = Intent(mode="denied", topic=row.topic, callback=row.callback)
            _put_intent(tx, denied, now_us)
        elif row.lease_until_us > now_us and row.disabled is None:
            continue
        _end(tx, row.endpoint)
