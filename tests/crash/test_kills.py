"""The daemon is killed again and again under load, also while it starts; then the books must balance.

``WIRE_KILLS`` sets how often (100 by default), in rounds of ``WIRE_ROUND`` with a desk of their own each.
A round names the ``WIRE_SEED`` that repeats it, alone if ``WIRE_KILLS`` is no more than ``WIRE_ROUND``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.crash import findings
from tests.crash.producer import Producer
from tests.harness.daemon import SECRET, SECRET_NAME, Daemon
from tests.harness.ledger import Ledger
from tests.harness.receiver import FAULTS, Receiver
from tests.harness.waiting import eventually

KILLS = int(os.environ.get("WIRE_KILLS", "100"))
ROUND = int(os.environ.get("WIRE_ROUND", "100"))
SEED = int(os.environ.get("WIRE_SEED", "0")) or time.time_ns() % 1_000_000
ENDPOINTS = ("cms", "archive", "partner")
FEED_LIMIT = 1000
PER_S = 120  #: files dropped a second while a daemon lives


def rounds(kills: int) -> list[int]:
    """How often to kill in each round."""
    return [ROUND] * (kills // ROUND) + [kills % ROUND] * (kills % ROUND > 0)


@dataclass(frozen=True, slots=True)
class Round:
    """So many kills, and the seed of all that is left to chance."""

    kills: int
    seed: int


def round_numbered(number: int, kills: int) -> Round:
    return Round(rounds(kills)[number], SEED + number)


# the seed is another one in each worker of a run: tests are named by the number alone
@pytest.fixture(params=range(len(rounds(KILLS))), ids="round {}".format)
def round(request: pytest.FixtureRequest) -> Round:
    """One round of the run."""
    return round_numbered(request.param, KILLS)


@pytest.fixture
def receiver(tmp_path: Path, round: Round) -> Iterator[Receiver]:
    """Three endpoints, each failing by chance in its own way."""
    with Receiver(tmp_path / "receiver", keep_bodies=False) as running:
        for endpoint, rate in zip(ENDPOINTS, (0.0, 0.15, 0.3), strict=True):
            running.control(
                endpoint, secret=SECRET, seed=f"{endpoint} {round.seed}", rate=rate, faults=list(FAULTS)
            )
        yield running


def persistent(receiver: Receiver) -> dict[str, Any]:
    """Tables by which endpoints are given up late and tried again soon."""
    common = {"type": "http", "secret": SECRET_NAME, "deadline_s": 0.5, "lanes": 2}
    breaker = {"breaker_rest_s": 0.2, "breaker_longest_s": 1.0}
    return {
        "endpoints": [{"id": name, "url": receiver.url(name), **common, **breaker} for name in ENDPOINTS],
        "retry": {"delays_s": [0.2] * 50},
    }


@pytest.fixture
def daemon(tmp_path: Path, receiver: Receiver) -> Iterator[Daemon]:
    """The daemon that is killed."""
    feeds = [{"id": "all", "title": "Everything", "limit": FEED_LIMIT}]
    made = Daemon(tmp_path / "desk", feeds=feeds, **persistent(receiver))
    yield made
    made.end()
    print(made.tail())


@pytest.mark.slow(1.5 * min(KILLS, ROUND))
@pytest.mark.timeout(300 + 20 * min(KILLS, ROUND))
def test_any_number_of_kills_loses_nothing_doubles_nothing_and_overtakes_nothing(
    round: Round, daemon: Daemon, receiver: Receiver, tmp_path: Path
) -> None:
    print(f"{round.kills} kills, WIRE_SEED={round.seed}, {tmp_path}")
    ledger = Ledger(tmp_path / "ledger.jsonl")
    producer = Producer(daemon, ledger, seed=round.seed, per_s=PER_S)
    producer.start()
    found = list(_kill_again_and_again(daemon, producer, round))
    daemon.start()
    producer.stop()
    ledger.close()
    quiesce(daemon, receiver)
    found += check(daemon, receiver, ledger, round.seed)
    print(f"{producer.dropped} files dropped, {len(ledger.latest())} stories, {receiver.lines()} requests")
    assert not found, f"WIRE_SEED={round.seed}\n" + "\n".join(found[:40])


def _kill_again_and_again(daemon: Daemon, producer: Producer, round: Round) -> Iterator[str]:
    """Kill at a random moment after the start was ready, under load, or (1 in 5) before it was.

    Most processes are forked off a warm one: more of the time is spent where a kill can do harm.
    """
    random = Random(f"killer {round.seed}")
    for _ in range(round.kills):
        early = random.random() < 0.2
        daemon.warm_start = not early or random.random() < 0.5
        if early:
            daemon.spawn()
            time.sleep(random.uniform(0.0, 0.5 if daemon.warm_start else 1.2))
            daemon.kill9()
        else:
            daemon.start()
            with producer.flowing():
                time.sleep(random.uniform(0.0, 0.9))
                daemon.kill9()
        if findings.feed_file(daemon).exists():
            yield from findings.half_or_doubled_feed(findings.feed_file(daemon).read_bytes())


def quiesce(daemon: Daemon, receiver: Receiver) -> None:
    """The endpoints heal; wait until nothing is left to do."""
    for endpoint in ENDPOINTS:
        receiver.control(endpoint, rate=0.0)
    eventually(lambda: not daemon.inbox_files(), limit_s=60, what="inbox empty")
    eventually(lambda: daemon.status()["queued"] == 0, limit_s=60, every_s=0.5, what="queue empty")
    served = daemon.get("/feeds/all.atom").body
    eventually(lambda: findings.feed_file(daemon).read_bytes() == served, what="feed file written")


def check(daemon: Daemon, receiver: Receiver, ledger: Ledger, seed: int) -> list[str]:
    """Everything that is not as it must be."""
    ids = {row["guid"]: row["id"] for row in daemon.stories("--limit", "1000000")}
    arrivals = receiver.arrivals()
    found = [
        *findings.left_behind(daemon),
        *findings.feed_is_not_the_latest(daemon, ledger, seed, FEED_LIMIT),
        *findings.outbox_lacks_a_version(daemon, ledger, ids),
        *findings.keys_or_bodies_differ(arrivals),
        *findings.overtaken(arrivals),
        *findings.not_delivered(arrivals, ENDPOINTS, ledger.latest(), ids),
        *findings.unsigned(arrivals),
        *(f"quarantined: {row}" for row in daemon.quarantined()),
    ]
    audit = daemon.audit()
    if audit.returncode != 0:
        found.append(f"wire audit: {audit.returncode}\n{audit.stdout}{audit.stderr}")
    return found
