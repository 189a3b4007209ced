"""Deliveries under load: to many endpoints, beside one that hangs, behind a backlog, after a start."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bench import measure
from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import HANG, Arrival, Receiver
from wire.ports.delivery import Terms
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The 99th percentile of the time to 19 endpoints, while a 20th works and while it hangs."""

    well_ms: float
    ill_ms: float
    moved: float  #: 0.1: it takes a tenth longer
    least: float  #: the true change is at least this, at 95 %
    most: float  #: and at most this


def desk(folder: Path, receiver: Receiver, count: int, *, prefix: str = "e", **endpoint: Any) -> Daemon:
    """A daemon with so many endpoints; not started."""
    endpoints = [
        {
            "id": f"{prefix}{number}",
            "type": "http",
            "url": receiver.url(f"{prefix}{number}"),
            **endpoint,
        }
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


def beside_a_hanging_one(folder: Path, *, stories: int, per_s: float = 5.0) -> Beside:
    """What one endpoint that hangs costs the 19 others.

    Two desks run side by side, alike but for that; each story is dropped into both, 1/20 s apart, the first
    one taking turns. So whatever the machine does otherwise falls on both sides of each pair.
    """
    with Receiver(folder / "receiver", keep_bodies=False) as receiver:
        receiver.control("ill0", always=HANG)
        pair = [
            desk(folder / name, receiver, 20, prefix=name, deadline_s=_HANGS_S) for name in ("well", "ill")
        ]
        try:
            for running in pair:
                running.start()
            _drop_in_turns(pair, range(20), per_s)  # nothing is measured cold
            dropped = _drop_in_turns(pair, range(100, 100 + stories), per_s)
            _until(lambda: receiver.lines() >= (20 + stories) * 39 + 1, "the stories arrive everywhere")
            arrivals = receiver.arrivals()
            well, ill = (
                _times(running, name, arrivals, drops)
                for running, name, drops in zip(pair, ("well", "ill"), dropped, strict=True)
            )
        finally:
            for running in pair:
                running.end()
    return _compared(well, ill)


def _drop_in_turns(pair: Sequence[Daemon], numbers: Sequence[int], per_s: float) -> list[dict[str, float]]:
    """Drop each story into both; when, by guid, for each of the two."""
    dropped: list[dict[str, float]] = [{}, {}]
    begun = time.monotonic()
    for position, number in enumerate(numbers):
        item = copydesk.newsml(number)
        for step, which in enumerate((position % 2, 1 - position % 2)):
            time.sleep(max(0.0, begun + position / per_s + step * 0.05 - time.monotonic()))
            dropped[which][item.guid] = time.time()
            pair[which].drop_item(item)
    return dropped


def _times(
    running: Daemon, prefix: str, arrivals: Sequence[Arrival], dropped: dict[str, float]
) -> list[list[float]]:
    """Story by story, in the order of the drops: milliseconds to each endpoint but the first."""
    ids = {row["guid"]: row["id"] for row in running.stories("--limit", "100000")}
    names = {f"{prefix}{number}" for number in range(1, 20)}
    came: dict[str, list[float]] = {}
    for arrival in arrivals:
        if arrival.endpoint in names:
            came.setdefault(arrival.story, []).append(arrival.at)
    return [[(at - drop) * 1000 for at in came[ids[guid]]] for guid, drop in dropped.items()]


def _compared(well: list[list[float]], ill: list[list[float]]) -> Beside:
    """The percentiles, and between what the true change lies: 9 of 10 samples drawn anew from the pairs of
    stories (a bootstrap: the times of one story to 19 endpoints are no 19 observations) show it there."""
    draw = Random(1)
    moves = []
    for _ in range(400):
        chosen = draw.choices(range(len(well)), k=len(well))
        moves.append(_p99([ill[each] for each in chosen]) / _p99([well[each] for each in chosen]) - 1)
    return Beside(
        well_ms=_p99(well),
        ill_ms=_p99(ill),
        moved=_p99(ill) / _p99(well) - 1,
        least=measure.percentile(moves, 0.05),
        most=measure.percentile(moves, 0.95),
    )


def _p99(stories: list[list[float]]) -> float:
    return measure.percentile([each for story in stories for each in story], 0.99)


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
