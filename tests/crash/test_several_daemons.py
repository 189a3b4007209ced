"""Two daemons on one PostgreSQL and one inbox are killed again and again; at last one never comes back.

``WIRE_PAIR_KILLS`` sets how often (8 by default), in rounds like those of ``test_kills.py``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.crash.producer import Producer
from tests.crash.test_kills import (
    ROUND,
    Round,
    check,
    persistent,
    quiesce,
    receiver,
    round_numbered,
    rounds,
)
from tests.harness.daemon import Daemon
from tests.harness.ledger import Ledger
from tests.harness.receiver import Receiver
from tests.harness.waiting import eventually
from tests.servers.postgres import Postgres

__all__ = ["receiver"]

KILLS = int(os.environ.get("WIRE_PAIR_KILLS", "8"))
PER_S = 40  #: files dropped a second while both live


@pytest.fixture(params=range(len(rounds(KILLS))), ids="round {}".format)
def round(request: pytest.FixtureRequest) -> Round:
    """One round of the run."""
    return round_numbered(request.param, KILLS)


@pytest.fixture
def pair(postgres: Postgres, receiver: Receiver, tmp_path: Path) -> Iterator[tuple[Daemon, Daemon]]:
    """The daemons that are killed."""
    inbox = tmp_path / "inbox"
    tables = {
        "store": {"url": postgres.make("wire-crash")},
        "inbox": {"path": str(inbox), "settle_s": 0.3},
        "web": {"base_url": "https://news.example"},
        **persistent(receiver),
    }
    daemons = Daemon(tmp_path / "one", **tables), Daemon(tmp_path / "other", **tables)
    for daemon in daemons:
        daemon.inbox = inbox
    inbox.mkdir()
    yield daemons
    for daemon in daemons:
        daemon.end()
        print(daemon.tail())


@pytest.mark.slow(30)
@pytest.mark.timeout(300 + 20 * min(KILLS, ROUND))
def test_whoever_lives_goes_on_and_nothing_is_lost_doubled_or_overtaken(
    round: Round, pair: tuple[Daemon, Daemon], receiver: Receiver, tmp_path: Path
) -> None:
    print(f"{round.kills} kills, WIRE_SEED={round.seed}, {tmp_path}")
    random = Random(f"killer {round.seed}")
    ledger = Ledger(tmp_path / "ledger.jsonl")
    producer = Producer(pair[0], ledger, seed=round.seed, per_s=PER_S)
    producer.start()
    for daemon in pair:
        daemon.start()
    for _ in range(round.kills):
        victim = random.choice(pair)
        with producer.flowing():
            time.sleep(random.uniform(0.0, 0.6))
            victim.kill9()
            time.sleep(random.uniform(0.0, 0.3))  # the other goes on alone
        victim.warm_start = random.random() < 0.8
        victim.spawn()
        if random.random() < 0.7:
            eventually(lambda victim=victim: _answers(victim), limit_s=30, what="daemon ready")
    with producer.flowing():
        time.sleep(0.3)
        pair[0].kill9()
        time.sleep(0.3)
    producer.stop()
    ledger.close()
    survivor = pair[1]
    eventually(lambda: _answers(survivor), limit_s=30, what="daemon ready")
    quiesce(survivor, receiver)  # the dead one's inbox at once, its lanes after their leases
    found = check(survivor, receiver, ledger, round.seed)
    print(f"{producer.dropped} files dropped, {len(ledger.latest())} stories, {receiver.lines()} requests")
    assert not found, f"WIRE_SEED={round.seed}\n" + "\n".join(found[:40])


def _answers(daemon: Daemon) -> bool:
    try:
        return daemon.get("/health").status == 200
    except OSError:
        return False
