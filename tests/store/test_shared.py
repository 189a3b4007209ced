"""Several daemons on one PostgreSQL: what they accept, take and lose in each other's way."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, insert, select, text

from tests.servers.postgres import Postgres
from tests.store.conftest import Newsroom
from wire.desk.dispatch import Outlet, lanes_of
from wire.errors import StoreError, StoreUnusable
from wire.store.audit import audit
from wire.store.database import Database
from wire.store.schema import meta, revision
from wire.story import DeliveryState, Outcome

pytestmark = pytest.mark.slow(5)

OUTLETS = {id: Outlet(id=id, document="newsml-g2", lanes=4) for id in ("cms", "paper")}


@pytest.fixture
def shared(postgres: Postgres, server_store: str) -> Iterator[tuple[Newsroom, Newsroom]]:
    """Two daemons' views of one empty store."""
    postgres.empty(server_store)
    databases = [Database(server_store) for _ in range(2)]
    yield tuple(Newsroom(database, outlets=OUTLETS, first=1000 * n) for n, database in enumerate(databases))  # type: ignore[misc]
    for database in databases:
        database.close()


def both(shared: tuple[Newsroom, Newsroom], work: Callable[[int], None]) -> None:
    """The same work done by both at once, each told which one it is."""
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, range(len(shared))))


def test_ids_rise_in_the_order_of_the_commits_whoever_accepts(shared: tuple[Newsroom, Newsroom]) -> None:
    over = threading.Event()
    seen: list[list[int]] = []

    def watch() -> None:
        while not over.is_set():
            with shared[0].database.reading() as connection:
                seen.append(list(connection.execute(select(revision.c.seq)).scalars()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    both(
        shared,
        lambda which: [shared[which].drop(f"{which}-{n}.txt", headline=f"{n}") for n in range(30)] and None,
    )
    over.set()
    watcher.join()
    assert len(seen) > 10
    assert all(sorted(seqs) == list(range(1, len(seqs) + 1)) for seqs in seen), (
        "a lower id came after a higher one"
    )
    assert audit(shared[0].database) == []


def test_versions_of_one_story_accepted_by_both_make_one_story(shared: tuple[Newsroom, Newsroom]) -> None:
    def work(which: int) -> None:
        for number in range(20):
            shared[which].drop(
                f"{which}-{number}.txt",
                guid="urn:x:1",
                version=2 * number + which + 1,
                headline=f"{which} {number}",
            )

    both(shared, work)
    [row] = shared[0].browse.stories()
    assert row.version == 40
    detail = shared[1].browse.story(row.id)
    assert detail is not None
    assert len(detail.revisions) == 40
    waiting = [made.version for made in detail.deliveries if made.state == "due"]
    assert waiting == [40, 40], "older versions are superseded whichever daemon queued them"
    assert audit(shared[0].database) == []


def test_the_very_bytes_that_both_take_in_are_one_story(shared: tuple[Newsroom, Newsroom]) -> None:
    both(shared, lambda which: [shared[which].drop(f"{n}.txt", headline=f"{n}") for n in range(20)] and None)
    assert len(shared[0].browse.stories()) == 20
    assert shared[0].browse.overview().files == {"stories": 20, "duplicate": 20}


def test_nothing_is_taken_twice_however_many_reach_for_the_same_lanes(
    shared: tuple[Newsroom, Newsroom],
) -> None:
    for number in range(60):
        shared[0].drop(f"{number}.txt", headline=f"Flood {number}")
    lanes = [lane for outlet in OUTLETS.values() for lane in lanes_of(outlet)]
    claimed: Counter[int] = Counter()
    mutex = threading.Lock()

    def work(number: int) -> None:
        newsroom, worker = shared[number % 2], f"worker {number}"
        while newsroom.queue.next_due() is not None and sum(claimed.values()) < 120:
            for lane in lanes:
                taken = newsroom.take(lane, worker=worker, limit=3)
                with mutex:
                    claimed.update(delivery.id for delivery in taken)
                done = [
                    Outcome(
                        delivery_id=delivery.id,
                        state=DeliveryState.DONE,
                        started_at=newsroom.now,
                        ended_at=newsroom.now,
                    )
                    for delivery in taken
                ]
                if taken:
                    newsroom.queue.settle(lane, done, worker=worker)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    assert len(claimed) == 120
    assert set(claimed.values()) == {1}
    rows = shared[0].browse.deliveries(limit=200)
    assert {(row.state, row.attempts) for row in rows} == {("done", 1)}
    assert audit(shared[0].database) == []


def test_a_change_undone_because_another_was_in_its_way_is_made_again(
    shared: tuple[Newsroom, Newsroom],
) -> None:
    meet = threading.Barrier(2, timeout=10)
    tries: Counter[int] = Counter()

    def crossing(which: int) -> Callable[[Connection], int]:
        order = ("cms/0", "paper/0") if which else ("paper/0", "cms/0")

        def change(tx: Connection) -> int:
            tries[which] += 1
            tx.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
            for lane in order:
                tx.execute(text("UPDATE lane SET due_us = due_us + 1 WHERE id = :lane"), {"lane": lane})
                if tries[which] == 1 and lane == order[0]:
                    meet.wait()
            return which

        return change

    done: list[int] = []
    both(shared, lambda which: done.append(shared[which].database.write(crossing(which), alongside=True)))
    assert sorted(done) == [0, 1]
    assert sum(tries.values()) >= 3, "they may meet again"


def test_what_was_under_way_when_the_connection_broke_is_not_done_again(
    shared: tuple[Newsroom, Newsroom],
) -> None:
    database = shared[0].database
    begun, gate = threading.Event(), threading.Event()
    runs: Counter[str] = Counter()

    def put(key: str, *, last: bool = False) -> Callable[[Connection], None]:
        def change(tx: Connection) -> None:
            runs[key] += 1
            tx.execute(insert(meta), [{"key": key, "value": "x"}])
            if last:
                tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        return change

    waiting = database.submit(lambda tx: begun.set() or gate.wait(10))
    assert begun.wait(10)
    group = [database.submit(put("a")), database.submit(put("b", last=True))]
    gate.set()
    waiting.result()
    for future in group:
        with pytest.raises(StoreError, match="cannot write to the store"):
            future.result()
    assert runs == {"a": 1, "b": 1}
    database.write(put("c"))
    with database.reading() as connection:
        assert set(connection.execute(select(meta.c.key)).scalars()) == {"generation", "c"}


def test_readers_go_on_when_the_server_has_dropped_their_connections(
    shared: tuple[Newsroom, Newsroom],
) -> None:
    one, other = shared
    one.drop()
    assert len(other.browse.stories()) == 1
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = :name AND pid != pg_backend_pid()"
    )
    with pytest.raises(StoreError):
        one.database.write(
            lambda tx: tx.execute(end, {"name": other.database.name}).all() and tx.execute(text("?"))
        )
    assert len(other.browse.stories()) == 1


def test_what_is_read_together_is_of_one_instant(shared: tuple[Newsroom, Newsroom]) -> None:
    one, other = shared
    with other.database.reading() as connection:
        assert connection.execute(select(revision.c.seq)).all() == []
        one.drop()
        assert connection.execute(select(revision.c.seq)).all() == []
    assert len(other.browse.stories()) == 1


def test_daemons_that_start_at_once_on_an_empty_database_make_one_store(postgres: Postgres) -> None:
    url = postgres.make("wire-together")
    with ThreadPoolExecutor(3) as threads:
        databases = list(threads.map(lambda _: Database(url), range(3)))
    with databases[0].reading() as connection:
        assert len(connection.execute(select(meta.c.value).where(meta.c.key == "generation")).all()) == 1
    for database in databases:
        database.close()


def test_a_server_that_is_not_there_or_has_no_store_is_told_in_words(postgres: Postgres) -> None:
    with pytest.raises(StoreUnusable, match="cannot open the store"):
        Database(postgres.url("nowhere"))
    with pytest.raises(StoreUnusable, match="nowhere"):
        Database(postgres.url("nowhere"), read_only=True)
    with pytest.raises(StoreUnusable, match="wire run"):
        Database(postgres.make("wire-empty"), read_only=True)


def test_a_database_that_cannot_hold_every_text_is_refused(postgres: Postgres) -> None:
    postgres.run(
        "postgres",
        'DROP DATABASE IF EXISTS "wire-latin"',
        "CREATE DATABASE \"wire-latin\" TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'",
    )
    with pytest.raises(StoreUnusable, match="UTF8"):
        Database(postgres.url("wire-latin"))


def test_only_what_need_not_outlast_a_power_cut_does_not_wait_for_the_servers_disk(
    shared: tuple[Newsroom, Newsroom],
) -> None:
    database = shared[0].database

    def waits(tx: Connection) -> str:
        return str(tx.execute(text("SHOW synchronous_commit")).scalar_one())

    assert database.write(waits, alongside=True) == "off"
    assert database.write(waits) == "on"
