"""The PostgreSQL server crashes again and again under load; the daemon goes on by itself.

``WIRE_CRASHES`` sets how often (3 by default), ``WIRE_SEED`` repeats a run.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.crash.producer import Producer
from tests.crash.test_kills import ENDPOINTS, SEED, Round, check, quiesce, receiver
from tests.harness.daemon import SECRET_NAME, Daemon
from tests.harness.ledger import Ledger
from tests.harness.receiver import Receiver
from tests.harness.waiting import eventually
from tests.servers.postgres import Postgres, running
from wire.store.engines import store_url

__all__ = ["receiver"]

CRASHES = int(os.environ.get("WIRE_CRASHES", "3"))
PER_S = 40
STORE = "wire-restarts"


@pytest.fixture
def round() -> Round:
    """What is left to chance."""
    return Round(CRASHES, SEED)


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server that nobody else works on."""
    with running(apart="-restarts") as found:
        yield found


@pytest.fixture
def daemon(server: Postgres, receiver: Receiver, tmp_path: Path) -> Iterator[Daemon]:
    endpoints = [
        {"id": name, "type": "http", "url": receiver.url(name), "secret": SECRET_NAME, "deadline_s": 0.5}
        | {"breaker_rest_s": 0.2, "breaker_longest_s": 1.0}
        for name in ENDPOINTS
    ]
    made = Daemon(
        tmp_path / "desk",
        feeds=[{"id": "all", "title": "Everything", "limit": 1000}],
        endpoints=endpoints,
        retry={"delays_s": [0.2] * 50},
        store={"url": server.make(STORE)},
    )
    yield made
    made.end()
    print(made.tail())


@pytest.mark.slow
@pytest.mark.timeout(300 + 30 * CRASHES)
def test_a_server_that_crashes_costs_nothing_but_time(
    round: Round, daemon: Daemon, server: Postgres, receiver: Receiver, tmp_path: Path
) -> None:
    print(f"{round.kills} crashes, WIRE_SEED={round.seed}, {tmp_path}")
    random = Random(f"server {round.seed}")
    ledger = Ledger(tmp_path / "ledger.jsonl")
    producer = Producer(daemon, ledger, seed=round.seed, per_s=PER_S)
    daemon.start()
    producer.start()
    for _ in range(round.kills):
        with producer.flowing():
            time.sleep(random.uniform(0.2, 1.2))
            crash(server)
            time.sleep(random.uniform(0.1, 0.6))
        eventually(lambda: _is_well(daemon), limit_s=60, every_s=0.2, what="the daemon is well again")
    with producer.flowing():
        time.sleep(0.5)
    producer.stop()
    ledger.close()
    pid = daemon.pid
    quiesce(daemon, receiver)
    found = check(daemon, receiver, ledger, round.seed)
    assert daemon.running and daemon.pid == pid, "it is the same process all the time"
    print(f"{producer.dropped} files dropped, {len(ledger.latest())} stories, {receiver.lines()} requests")
    assert not found, f"WIRE_SEED={round.seed}\n" + "\n".join(found[:40])


def crash(server: Postgres) -> None:
    """Kill a process of the server: it then ends all the others and recovers from its log."""
    eventually(lambda: _killed(server), limit_s=30, what="a connection of the daemon's")


def _killed(server: Postgres) -> bool:
    """Whether the server had a process for the daemon, which is gone now."""
    engine = create_engine(store_url(server.url(STORE)))
    ours = text("SELECT max(pid) FROM pg_stat_activity WHERE application_name LIKE 'wire daemon%'")
    try:
        with engine.connect() as connection:
            pid = connection.execute(ours).scalar_one()
    except OperationalError:  # it recovers
        return False
    finally:
        engine.dispose()
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    return pid is not None


def _is_well(daemon: Daemon) -> bool:
    return bool(daemon.get("/health").status == 200)
