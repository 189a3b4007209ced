"""Deliveries under load: to many endpoints, beside one that hangs, behind a backlog, after a start."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import measure
from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import HANG, Arrival, Receiver
from wire.ports import Terms
from wire.store.database import Database
from wire.store.delivery_queue import DeliveryQueue
from wire.story import DeliveryState, Outcome

LIMIT_S = 180.0
#: Seconds within which an endpoint that hangs gives no answer: longer than anything here takes.
_HANGS_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """One story to many endpoints."""

    seconds: float  #: from the drop to the last arrival
    cpu_s: float  #: of the daemon and its sending process


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """A start with a long past and a long queue."""

    ready_s: float
    rss_mib: float  #: once ready
    first_s: float  #: from the start of the process to the first delivery


def desk(folder: Path, receiver: Receiver, count: int, **endpoint: Any) -> Daemon:
    """A daemon with so many endpoints; not started."""
    endpoints = [
        {"id": f"e{number}", "type": "http", "url": receiver.url(f"e{number}"), **endpoint}
        for number in range(count)
    ]
    return Daemon(folder, settle_s=1.0, endpoints=endpoints, log={"level": "warning"})


def fan(folder: Path, endpoints: int) -> Fan:
    """One story to so many endpoints, none of which was called before."""
    with Receiver(folder / "receiver", keep_bodies=False) as receiver:
        running = desk(folder, receiver, endpoints)
        try:
            running.start()
            time.sleep(1.0)
            before, begun = measure.cpu_s(running.pid), time.monotonic()
            running.drop_item(copydesk.newsml(1))
            _until(lambda: receiver.lines() >= endpoints, "the story arrives everywhere")
            took = time.monotonic() - begun
            time.sleep(0.5)  # what is settled after the last arrival counts too
            return Fan(seconds=took, cpu_s=measure.cpu_s(running.pid) - before)
        finally:
            running.end()


def beside_a_hanging_one(folder: Path, *, seconds: float, per_s: float = 10.0) -> tuple[float, float]:
    """The 99th percentile of the time to 19 endpoints, in ms: with one more that works, and that hangs."""
    with Receiver(folder / "receiver", keep_bodies=False) as receiver:
        running = desk(folder, receiver, 20, deadline_s=_HANGS_S)
        try:
            running.start()
            _trickle(running, receiver, range(50), per_s, 20)
            count = int(seconds * per_s / 2)
            well, ill = [], []
            # turn and turn about, so that whatever else the machine does falls on both
            for part, numbers in enumerate(_parts(100, count, 4)):
                receiver.control("e0", always=HANG if part % 2 else None)
                times = _trickle(running, receiver, numbers, per_s, 19)
                (ill if part % 2 else well).extend(times)
            return measure.percentile(well, 0.99), measure.percentile(ill, 0.99)
        finally:
            running.end()


def _parts(first: int, count: int, parts: int) -> list[range]:
    return [range(first + part * count, first + (part + 1) * count) for part in range(parts)]


def _trickle(
    running: Daemon, receiver: Receiver, numbers: Sequence[int], per_s: float, endpoints: int
) -> list[float]:
    """Milliseconds from each drop to each arrival at the endpoints e1 to e19."""
    dropped: list[float] = []
    known = {arrival.story for arrival in receiver.arrivals("e1")}
    begun = time.monotonic()
    for position, number in enumerate(numbers):
        time.sleep(max(0.0, begun + position / per_s - time.monotonic()))
        dropped.append(time.time())
        running.drop_item(copydesk.newsml(number))
    names = [f"e{number}" for number in range(20 - endpoints, 20)]
    wanted = len(known) + len(dropped)
    _until(lambda: len(receiver.arrivals(names[-1])) >= wanted, "the stories arrive")
    _until(lambda: all(len(receiver.arrivals(name)) >= wanted for name in names), "they arrive everywhere")
    times: list[float] = []
    for name in names[-19:]:
        arrived = [one.at for one in receiver.arrivals(name) if one.story not in known]
        times += [(at - drop) * 1000 for at, drop in zip(sorted(arrived), dropped, strict=True)]
    return times


def kills_behind(folder: Path, backlog: int, kills: int) -> list[float]:
    """Seconds from the drop of each kill to its arrival at 18 endpoints, behind so many deliveries."""
    with Receiver(folder / "receiver", keep_bodies=False) as receiver:
        running = desk(folder, receiver, 20, deadline_s=_HANGS_S)
        try:
            running.start()
            items = [copydesk.newsml(number) for number in range(kills)]
            for item in items:
                running.drop_item(item)
            _until(lambda: receiver.lines() >= kills * 20, "the stories arrive")
            running.terminate()
            seed(_file(running), stories=0, queued=backlog // 20)
            for name in ("e0", "e1"):
                receiver.control(name, always=HANG)
            running.start(limit_s=60)
            _until(lambda: receiver.lines() >= kills * 20 + 200, "the backlog is worked off")
            dropped: list[float] = []
            for number in range(kills):
                dropped.append(time.time())
                running.drop_item(copydesk.newsml(number, 2, kind="kill"))
                time.sleep(0.3)
            names = [f"e{number}" for number in range(2, 20)]
            _until(lambda: all(len(_kills(receiver, name)) >= kills for name in names), "the kills arrive")
            return [
                arrival.at - drop
                for name in names
                for arrival, drop in zip(_kills(receiver, name), dropped, strict=True)
            ]
        finally:
            running.end()


def _kills(receiver: Receiver, name: str) -> list[Arrival]:
    return [one for one in receiver.arrivals(name) if one.version == 2]


def restart(folder: Path, *, stories: int, queued: int) -> Restart:
    """A start on a store of so many stories, of which some are queued for 20 endpoints."""
    with Receiver(folder / "receiver", keep_bodies=False) as receiver:
        running = desk(folder, receiver, 20)
        try:
            running.start()
            running.drop_item(copydesk.newsml(1))
            _until(lambda: receiver.lines() >= 20, "a story to make others like it")
            running.terminate()
            seed(_file(running), stories=stories, queued=queued // 20)
            begun = time.monotonic()
            running.start(limit_s=120)
            rss = measure.memory_mib(running.pid)
            _until(lambda: receiver.lines() > 20, "the first delivery")
            return Restart(ready_s=running.ready_s, rss_mib=rss, first_s=time.monotonic() - begun)
        finally:
            running.end()


def claims(folder: Path, queued: int, rounds: int) -> float:
    """CPU microseconds of taking and settling a hand of ten, with so many waiting in the lane."""
    with Receiver(folder / "receiver", keep_bodies=False) as receiver:
        running = desk(folder, receiver, 1)
        try:
            running.start()
            running.drop_item(copydesk.newsml(1))
            _until(lambda: receiver.lines() >= 1, "a story to make others like it")
            running.terminate()
        finally:
            running.end()
    seed(_file(running), stories=0, queued=queued)
    database = Database(f"sqlite:///{_file(running)}")
    try:
        return _hands(DeliveryQueue(database, lambda: datetime.now(UTC)), rounds)
    finally:
        database.close()


def _hands(queue: DeliveryQueue, rounds: int) -> float:
    terms = Terms(limit=10, lease_s=60.0)
    hand = queue.take("e0/0", terms, worker="bench")
    begun = time.process_time()
    for _ in range(rounds):
        now = datetime.now(UTC)
        outcomes = [
            Outcome(delivery_id=each.id, state=DeliveryState.DONE, started_at=now, ended_at=now)
            for each in hand.deliveries
        ]
        hand = queue.settle("e0/0", outcomes, worker="bench", then=terms)
        assert len(hand.deliveries) == 10
    return (time.process_time() - begun) / rounds * 1e6


def _file(running: Daemon) -> Path:
    return running.root / "var" / "wire.db"


def seed(file: Path, *, stories: int, queued: int) -> None:
    """Add stories like the first one to a store, by SQL: so many that are done with, so many that are queued.

    They stand in no feed; those that are queued are so for every endpoint. The outbox counts as written.
    """
    with sqlite3.connect(file) as store:
        store.execute("PRAGMA synchronous=OFF")
        first = dict(store.execute("SELECT name, value FROM counter"))
        base, delivered = first["revision"], first["delivery"]
        total = stories + queued
        endpoints = [id for (id,) in store.execute("SELECT id FROM endpoint ORDER BY id")]
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
        with_document = {"document": "i > :done"}
        for table in ("story", "revision", "copy", "document"):
            kept = f" WHERE {with_document[table]}" if table in with_document else ""
            store.execute(
                f"{numbers}INSERT INTO {table} ({', '.join(_columns(store, table))}) "
                f"SELECT {', '.join(_made(store, table))} FROM n, "
                f"(SELECT * FROM {table} ORDER BY seq LIMIT 1) AS one{kept}",
                {"n": total, "base": base, "done": stories},
            )
        for position, endpoint in enumerate(endpoints):
            store.execute(
                f"{numbers}INSERT INTO delivery ({', '.join(_columns(store, 'delivery'))}) "
                f"SELECT {', '.join(_delivery_made(store))} FROM n, "
                "(SELECT * FROM delivery ORDER BY id LIMIT 1) AS one",
                {
                    "n": queued,
                    "base": base + stories,
                    "id": delivered + position * queued,
                    "endpoint": endpoint,
                    "done": stories,
                },
            )
        store.execute("UPDATE counter SET value = value + ? WHERE name = 'revision'", (total,))
        store.execute(
            "UPDATE counter SET value = value + ? WHERE name = 'delivery'", (queued * len(endpoints),)
        )
        store.execute("UPDATE meta SET value = ? WHERE key LIKE '%ed_seq'", (str(base + total),))
        store.execute("UPDATE lane SET due_us = (SELECT min(due_us) FROM delivery)")
    with sqlite3.connect(file) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _columns(store: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in store.execute(f"PRAGMA table_info({table})")]


def _made(store: sqlite3.Connection, table: str) -> list[str]:
    """Each column's value in a row like the first one."""
    own = {
        "seq": ":base + i",
        "id": "'s' || i",
        "story_id": "'s' || i",
        "identity": "'seed ' || i",
        "guid": "'urn:seed:' || i",
        "intake_id": "NULL",
        "content_sha256": "printf('%064d', i)",
        "feed_set": "NULL" if table == "story" else "one.feed_set",
    }
    return [own.get(column, f"one.{column}") for column in _columns(store, table)]


def _delivery_made(store: sqlite3.Connection) -> list[str]:
    own = {
        "id": ":id + i",
        "endpoint": ":endpoint",
        "lane": ":endpoint || '/0'",
        "story_id": "'s' || (:done + i)",
        "seq": ":base + i",
        "key": "'msg_' || :endpoint || '_' || i",
        "state": "'due'",
        "attempts": "0",
        "failures": "0",
        "started_us": "NULL",
        "done_us": "NULL",
        "reason": "NULL",
    }
    return [own.get(column, f"one.{column}") for column in _columns(store, "delivery")]


def _until(condition: Any, what: str) -> None:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < LIMIT_S, f"never: {what}"
        time.sleep(0.02)
