"""Load on a running daemon: a steady trickle, a burst to the endpoints, a burst into the store alone."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import desk, measure
from bench.desk import Burst, Poller
from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import Receiver

#: Seconds after which a load that does not end counts as failed.
LIMIT_S = 180.0
#: Seconds between two looks at a feed that has not changed: more often, and the looks are what is measured.
POLL_S = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Trickle:
    """Steady load: milliseconds from the rename to the feed as served."""

    seen_ms: tuple[float, ...]
    cpu_us: float  #: per story, of the daemon, the poller's requests included


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """A burst: how fast, at what CPU, at what memory."""

    stories: int
    per_s: float
    cpu_us: float  #: per story, of the daemon
    rss_mib: float
    peak_mib: float


def trickle(folder: Path, *, per_s: float = 20, seconds: float = 30) -> Trickle:
    """Drop → visible in the served feed, with 10 feeds and 5 endpoints."""
    with (
        Receiver(folder / "receiver", keep_bodies=False) as receiver,
        desk.daemon(folder, receiver) as running,
    ):
        _fill(running, 150)
        count = int(per_s * seconds)
        items = [copydesk.newsml(1000 + number, seed=1) for number in range(count)]
        for item in items:
            (running.staging / item.name).write_bytes(item.data)
        poller = Poller(running.port)
        before = measure.cpu_s(running.pid)
        seen = _poll_while_dropping(running, poller, items, per_s)
        used = measure.cpu_s(running.pid) - before
        poller.close()
        return Trickle(seen_ms=tuple(seen), cpu_us=used / count * 1e6)


def _poll_while_dropping(
    running: Daemon, poller: Poller, items: Sequence[copydesk.Item], per_s: float
) -> list[float]:
    dropped: dict[bytes, float] = {}
    took: list[float] = []
    begun = time.perf_counter()
    coming = list(reversed(items))
    while coming or dropped:
        now = time.perf_counter()
        assert now - begun < LIMIT_S, f"{len(dropped)} stories never showed"
        if coming and now >= begun + (len(items) - len(coming)) / per_s:
            item = coming.pop()
            dropped[item.guid.encode()] = time.perf_counter()
            (running.staging / item.name).rename(running.inbox / item.name)
        body = poller.changed()
        if body is None:
            time.sleep(POLL_S)
            continue
        here = time.perf_counter()
        for guid in [guid for guid in dropped if guid in body]:
            took.append((here - dropped.pop(guid)) * 1000)
    return took


def push(folder: Path, count: int, **tables: Any) -> Flood:
    """A burst to 5 endpoints: until the last push of the last story was received.

    tables  further tables of the daemon's configuration
    """
    with (
        Receiver(folder / "receiver", keep_bodies=False) as receiver,
        desk.daemon(folder, receiver, **tables) as running,
    ):
        _fill(running, 50)
        wanted = receiver.lines() + count * desk.ENDPOINTS
        burst = Burst(running, [copydesk.newsml(1000 + number, seed=2) for number in range(count)])
        before, begun = measure.cpu_s(running.pid), burst.go()
        while receiver.lines() < wanted:
            assert time.monotonic() - begun < LIMIT_S, f"{receiver.lines()} of {wanted} pushes arrived"
            time.sleep(0.05)
        took = time.monotonic() - begun
        return _flood(running, count, took, before)


def ingest(folder: Path, count: int) -> Flood:
    """A burst without endpoints: until all are committed and the feed has shown the last of them."""
    with desk.daemon(folder) as running:
        _fill(running, 50)
        burst = Burst(running, [copydesk.newsml(1000 + number, seed=3) for number in range(count)])
        poller = Poller(running.port)
        poller.changed()
        before, begun = measure.cpu_s(running.pid), burst.go()
        last_change = begun
        while time.monotonic() - last_change < 0.5 or _waiting(running):
            assert time.monotonic() - begun < LIMIT_S, "the inbox does not empty"
            if poller.changed() is not None:
                last_change = time.monotonic()
            time.sleep(0.05)
        flood = _flood(running, count, last_change - begun, before)
        poller.close()
        done = running.status()
        assert sum(done["stories"].values()) == count + 50, done
        return flood


def _waiting(running: Daemon) -> bool:
    """Whether files wait in the inbox; one that daemons share is marked as such by one with a dot."""
    return any(not entry.name.startswith(".") for entry in os.scandir(running.inbox))


def _flood(running: Daemon, count: int, took: float, cpu_before: float) -> Flood:
    return Flood(
        stories=count,
        per_s=count / took,
        cpu_us=(measure.cpu_s(running.pid) - cpu_before) / count * 1e6,
        rss_mib=measure.memory_mib(running.pid),
        peak_mib=measure.memory_mib(running.pid, "VmHWM"),
    )


def _fill(running: Daemon, count: int) -> None:
    """Stories that are there beforehand, so that nothing is measured cold."""
    poller = Poller(running.port)
    items = [copydesk.newsml(number, seed=9) for number in range(count)]
    Burst(running, items).go()
    quiet_since = begun = time.monotonic()
    while time.monotonic() - quiet_since < 0.7 or _waiting(running):
        assert time.monotonic() - begun < LIMIT_S, f"the first stories were not taken:\n{running.tail()}"
        if poller.changed() is not None:
            quiet_since = time.monotonic()
        time.sleep(0.02)
    poller.close()
    _let_the_queue_drain(running)


def _let_the_queue_drain(running: Daemon) -> None:
    begun = time.monotonic()
    while running.status()["queued"]:
        assert time.monotonic() - begun < LIMIT_S, "the queue does not drain"
        time.sleep(0.1)
