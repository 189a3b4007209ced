"""The table that ``make bench`` prints: each target, what was reached, and whether that is enough.

``python -m bench.run [--quick] [SECTION…]``; sections: flush start floor trickle push ingest naive
formats enrich convert route similar web feeds board claims fan hanging kills restart postgres.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    board,
    deliveries,
    desk,
    enrich,
    feeds,
    floor,
    formats,
    load,
    measure,
    naive,
    routing,
    similar,
    web,
)
from bench.desk import Burst
from bench.keeper import keep
from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import PROJECT, Receiver
from tests.servers.postgres import running as server_of_tests

RESULTS = PROJECT / "bench" / "results"
WORK = RESULTS / "work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    what: str
    reached: float
    unit: str
    target: float | None = None  #: None for a figure that is only told
    at_least: bool = False  #: the target is a floor, not a ceiling

    @property
    def verdict(self) -> str:
        """``ok``, ``missed``, or nothing where there is no target."""
        if self.target is None:
            return ""
        good = self.reached >= self.target if self.at_least else self.reached <= self.target
        return "ok" if good else "missed"

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        target = "" if self.target is None else f"{sign} {_figure(self.target)}"
        return (
            f"{self.what:<58}{target:>10}{_figure(self.reached):>11} {self.unit:<6} {self.verdict}".rstrip()
        )


def _figure(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 2 else f"{value:.2f}"


@dataclass(slots=True)
class Bench:
    """What sections share: how much to do, and figures that others compare with."""

    quick: bool
    floor_us: float | None = None
    push_per_s: float | None = None

    @property
    def burst(self) -> int:
        """Stories in a burst."""
        return 500 if self.quick else 2000

    def flush(self) -> Iterator[Row]:
        """The machine's own flush time, beside which everything else must be read."""
        with _folder() as folder:
            took = measure.fdatasync_ms(folder)
            made = measure.new_file_us(folder)
        yield Row(what="machine: 5 kB + fdatasync, p50", reached=measure.percentile(took, 0.5), unit="ms")
        yield Row(what="machine: 5 kB + fdatasync, p99", reached=measure.percentile(took, 0.99), unit="ms")
        yield Row(what="machine: new file of 5 kB + rename, CPU", reached=made, unit="µs")
        yield Row(what="machine: load average before", reached=measure.load_average(), unit="")

    def start(self) -> Iterator[Row]:
        """Start, help, idle."""
        helps = [_timed([sys.executable, "-m", "wire", "--help"]) for _ in range(3 if self.quick else 7)]
        yield Row(what="wire --help, median", target=250, reached=statistics.median(helps) * 1000, unit="ms")
        with _folder() as folder:
            yield from self._start_and_idle(folder)

    def _start_and_idle(self, folder: Path) -> Iterator[Row]:
        readies: list[float] = []
        with Receiver(folder / "receiver", keep_bodies=False) as receiver:
            for _ in range(3):
                with desk.daemon(folder, receiver) as running:
                    readies.append(running.ready_s)
                    running.terminate()
            yield Row(
                what="ready: exec to /health 200, median",
                target=1.5,
                reached=statistics.median(readies),
                unit="s",
            )
            with desk.daemon(folder, receiver) as running:
                yield Row(what="idle CPU, share of a core", target=0.5, reached=self._idle(running), unit="%")
                yield Row(
                    what="RSS after start, 10 feeds", reached=measure.memory_mib(running.pid), unit="MiB"
                )

    def _idle(self, running: Daemon) -> float:
        Burst(running, [copydesk.newsml(number) for number in range(20)]).go()
        time.sleep(3 if self.quick else 8)
        seconds = 5 if self.quick else 20
        before = measure.cpu_s(running.pid)
        time.sleep(seconds)
        return (measure.cpu_s(running.pid) - before) / seconds * 100

    def floor(self) -> Iterator[Row]:
        """The floor of this run."""
        yield Row(what="floor, CPU per story", reached=self._floor(), unit="µs")

    def _floor(self) -> float:
        documents = [copydesk.newsml(1000 + number, seed=3).data for number in range(self.burst)]
        with _folder() as folder:
            took = [floor.measure(documents, folder) for _ in range(3)]
        self.floor_us = statistics.median(took)
        return self.floor_us

    def trickle(self) -> Iterator[Row]:
        """20 stories a second."""
        with _folder() as folder:
            found = load.trickle(folder, seconds=10 if self.quick else 30)
        seen = found.seen_ms
        yield Row(
            what="20/s: drop → visible in feed, p50",
            target=20,
            reached=measure.percentile(seen, 0.5),
            unit="ms",
        )
        yield Row(
            what="20/s: drop → visible in feed, p99",
            target=100,
            reached=measure.percentile(seen, 0.99),
            unit="ms",
        )
        yield Row(what="20/s: CPU per story, the poller's requests included", reached=found.cpu_us, unit="µs")

    def push(self) -> Iterator[Row]:
        """A burst to five endpoints."""
        with _folder() as folder:
            found = load.push(folder, self.burst)
        self.push_per_s = found.per_s
        yield Row(
            what=f"burst of {found.stories}, 5 endpoints: to the last push",
            target=300,
            at_least=True,
            reached=found.per_s,
            unit="/s",
        )
        yield Row(what="  CPU per story", reached=found.cpu_us, unit="µs")
        yield Row(what="  RSS after the burst", target=120, reached=found.rss_mib, unit="MiB")
        yield Row(what="  RSS at its highest", reached=found.peak_mib, unit="MiB")

    def ingest(self) -> Iterator[Row]:
        """A burst without endpoints, against the floor before and after it."""
        before = self.floor_us or self._floor()
        with _folder() as folder:
            found = load.ingest(folder, self.burst)
        least = (before + self._floor()) / 2
        yield Row(
            what=f"burst of {found.stories}, no endpoints: all visible",
            target=800,
            at_least=True,
            reached=found.per_s,
            unit="/s",
        )
        yield Row(what="  CPU per story", reached=found.cpu_us, unit="µs")
        yield Row(what="  CPU per story against the floor", target=2, reached=found.cpu_us / least, unit="×")
        yield Row(what="  RSS after the burst", target=120, reached=found.rss_mib, unit="MiB")

    def naive(self) -> Iterator[Row]:
        """The naive script on the same work."""
        if self.push_per_s is None:
            yield from self.push()
        assert self.push_per_s is not None
        with _folder() as folder:
            per_s = _naive(folder, self.burst)
        yield Row(what="naive script: stories", reached=per_s, unit="/s")
        yield Row(
            what="wire against the naive script",
            target=25,
            at_least=True,
            reached=self.push_per_s / per_s,
            unit="×",
        )

    def formats(self) -> Iterator[Row]:
        """Documents of each format, read."""
        for found in formats.readings(100 if self.quick else 500):
            kb = f"{found.bytes / 1000:.1f} kB"
            yield Row(
                what=f"{found.format}, {kb}: parse → Story",
                target=formats.TARGETS[found.format],
                reached=found.story_ms,
                unit="ms",
            )
            yield Row(what="  parse alone", reached=found.parsed_ms, unit="ms")

    def enrich(self) -> Iterator[Row]:
        """What is read out of a story's words."""
        for cost in enrich.costs(100 if self.quick else 500):
            whole = cost.step == "all"
            what = "enriching 8 kB that states nothing" if whole else f"  {cost.step}"
            yield Row(what=what, target=enrich.WHOLE_US if whole else None, reached=cost.us, unit="µs")
        yield Row(what="  memory it keeps", target=enrich.MEMORY_MIB, reached=enrich.memory(), unit="MiB")

    def route(self) -> Iterator[Row]:
        """A story against many rules."""
        yield Row(
            what=f"route: {routing.RULES} feeds and {routing.RULES} endpoints, CPU per story",
            target=0.5,
            reached=routing.reached_ms(5 if self.quick else 20),
            unit="ms",
        )

    def similar(self) -> Iterator[Row]:
        """Near-duplicates among many stories."""
        for kept in (10_000, 100_000 if self.quick else 1_000_000):
            with _folder() as folder:
                found = similar.look_up(folder, kept, 10 if self.quick else 30)
            yield Row(what=f"near-duplicate among {kept}", target=0.3, reached=found.duplicate_ms, unit="ms")
            yield Row(what="  stranger looked up", target=0.3, reached=found.stranger_ms, unit="ms")
            yield Row(what="  sketch of 300 words", reached=found.sketch_ms, unit="ms")
            yield Row(what="  look-up, rows and commit, a story of 32", reached=found.keep_ms, unit="ms")

    def web(self) -> Iterator[Row]:
        """Polls of a feed of 100 entries, and what the memory does over many of them."""
        count = 20_000 if self.quick else 100_000
        with web.serving() as server:
            for poll in web.POLLS:
                yield Row(
                    what=f"web: {poll.name}, per core-second",
                    target=poll.target,
                    at_least=True,
                    reached=max(server.per_core_s(poll, count // 5) for _ in range(5)),
                    unit="/s",
                )
            before = measure.memory_mib(server.pid)
            rounds = 100_000 if self.quick else 1_000_000
            server.per_core_s(web.POLLS[0], rounds)
            grown = measure.memory_mib(server.pid) - before
            yield Row(what=f"  memory grown by {rounds} more", target=2, reached=grown, unit="MiB")

    def board(self) -> Iterator[Row]:
        """The desk's board over an archive."""
        kept = 50_000 if self.quick else 1_000_000
        with _folder() as folder:
            found = board.views(folder, kept, 30)
        for name, view in found.items():
            yield Row(what=f"desk, {kept} stories: {name}", target=100, reached=view.wall_ms, unit="ms")
            yield Row(what="  CPU of the daemon", reached=view.cpu_ms, unit="ms")
        yield Row(
            what="  HTML of the first view", target=100, reached=found["first view"].size / 1000, unit="kB"
        )

    def feeds(self) -> Iterator[Row]:
        """A story in a thousand feeds, a render, and polls through nginx."""
        kept = (1000, 10_000, 100_000) if self.quick else (10_000, 100_000, 1_000_000)
        with _folder() as folder:
            costs = feeds.costs(folder, kept, 3 if self.quick else 9)
        for name in ("many_feeds_ms", "render_ms"):
            what = "a story in 1,000 feeds" if name == "many_feeds_ms" else "render of 100 kept entries"
            for number, cost in zip(kept, costs, strict=True):
                reached = getattr(cost, name)
                yield Row(what=f"feeds: {what}, {number:,} kept", target=0.5, reached=reached, unit="ms")
        if shutil.which("nginx"):
            with _folder() as folder, feeds.fronted(folder / "outbox") as nginx:
                for at_once in (1, 32):
                    reached = max(feeds.nginx_per_core_s(nginx, 50_000, at_once=at_once) for _ in range(3))
                    yield Row(
                        what=f"feeds: 304 by nginx, {at_once} at once, per core-second",
                        target=100_000,
                        at_least=True,
                        reached=reached,
                        unit="/s",
                    )

    def fan(self) -> Iterator[Row]:
        """One story to many endpoints."""
        with _folder() as folder:
            found = deliveries.fan(folder, 1000)
        yield Row(what="1 story to 1,000 endpoints", target=3, reached=found.seconds, unit="s")
        yield Row(what="  CPU", target=2.5, reached=found.cpu_s, unit="s")

    def hanging(self) -> Iterator[Row]:
        """19 endpoints beside one that works, and that hangs."""
        with _folder() as folder:
            found = deliveries.beside_a_hanging_one(folder, stories=100 if self.quick else 500)
        yield Row(what="19 of 20 endpoints: drop → taken, p99", reached=found.well_ms, unit="ms")
        yield Row(what="  while the 20th hangs, on a desk beside it", reached=found.ill_ms, unit="ms")
        yield Row(what="  p99 moved by", target=10, reached=found.moved * 100, unit="%")
        yield Row(what="  at least (95 %)", reached=found.least * 100, unit="%")
        yield Row(what="  at most (95 %)", reached=found.most * 100, unit="%")

    def kills(self) -> Iterator[Row]:
        """Kills behind a backlog."""
        backlog = 20_000 if self.quick else 100_000
        with _folder() as folder:
            took = deliveries.kills_behind(folder, backlog, 10 if self.quick else 20)
        what = f"kill behind {backlog:,} deliveries, 2 of 20 endpoints hanging: taken"
        yield Row(what=f"{what}, p50", reached=measure.percentile(took, 0.5), unit="s")
        yield Row(what=f"{what}, p99", target=1, reached=measure.percentile(took, 0.99), unit="s")

    def restart(self) -> Iterator[Row]:
        """A start with a long past and a long queue."""
        stories = 100_000 if self.quick else 1_000_000
        with _folder() as folder:
            found = deliveries.restart(folder, stories=stories, queued=100_000)
        yield Row(
            what=f"ready with {stories:,} stories, 100,000 queued", target=3, reached=found.ready_s, unit="s"
        )
        yield Row(what="  first delivery", reached=found.first_s, unit="s")
        yield Row(what="  RSS, sending process included", target=200, reached=found.rss_mib, unit="MiB")

    def postgres(self) -> Iterator[Row]:
        """A burst into a store on a PostgreSQL server of our own, which flushes each commit."""
        count = 200 if self.quick else 1000
        with _folder() as folder, server_of_tests() as server:
            server.run("postgres", "ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
            before = measure.cpu_s(server.pid)
            flood = load.push(folder, count, store={"url": server.make("wire-bench")})
            used = measure.cpu_s(server.pid) - before
        what = f"on PostgreSQL: burst of {count:,} to {desk.ENDPOINTS} endpoints"
        yield Row(what=f"{what}, to the last push", reached=flood.per_s, unit="/s")
        yield Row(what="  CPU a story, daemon and sending process", reached=flood.cpu_us, unit="µs")
        yield Row(what="  CPU a story, server", reached=used / count * 1e6, unit="µs")

    def claims(self) -> Iterator[Row]:
        """What a hand costs by the length of its lane's queue."""
        costs = {}
        for queued in (1_000, 10_000, 100_000):
            with _folder() as folder:
                costs[queued] = deliveries.claims(folder, queued, 80)
            yield Row(what=f"claim and settle 10 of {queued:,}, CPU", reached=costs[queued], unit="µs")
        grown = costs[100_000] / costs[1_000]
        yield Row(what="  100,000 against 1,000", target=1.3, reached=grown, unit="×")

    def convert(self) -> Iterator[Row]:
        """Mixed documents through the command line."""
        count = 1000 if self.quick else 10_000
        with _folder() as folder:
            found = formats.conversion(folder, count)
        yield Row(
            what=f"convert, {count} mixed documents",
            target=count / 10_000 * 60,
            reached=found.seconds,
            unit="s",
        )
        yield Row(what="  memory at its highest", target=200, reached=found.peak_mib, unit="MiB")


SECTIONS = (
    "flush",
    "start",
    "floor",
    "trickle",
    "push",
    "ingest",
    "naive",
    "formats",
    "enrich",
    "convert",
    "route",
    "similar",
    "web",
    "feeds",
    "board",
    "claims",
    "fan",
    "hanging",
    "kills",
    "restart",
    "postgres",
)


def _naive(folder: Path, burst: int) -> float:
    """Stories a second over so many, of which the first are run: with its feeds full, all cost the same."""
    filling_s = _naive_s(folder / "filling", naive.LIMIT)
    full_s = _naive_s(folder / "full", 2 * naive.LIMIT) - filling_s
    return burst / (filling_s + full_s * (burst / naive.LIMIT - 1))


def _naive_s(folder: Path, count: int) -> float:
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    for number in range(count):
        item = copydesk.newsml(1000 + number, seed=2)
        (inbox / item.name).write_bytes(item.data)
    with Receiver(folder / "receiver", keep_bodies=False) as receiver:
        urls = [receiver.url(f"e{number}") for number in range(desk.ENDPOINTS)]
        command = [sys.executable, "-m", "bench.naive", str(folder), str(count), str(desk.FEEDS), *urls]
        took_s = _timed(command)
        assert receiver.lines() == count * desk.ENDPOINTS
    return took_s


def _timed(command: Sequence[str]) -> float:
    begun = time.monotonic()
    subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder below bench/results, on the same file system as the project; removed afterwards.

    ext4 steps over every inode freed in the last minutes when it makes a file, so what ran before, in this
    bench or elsewhere, would slow down what is measured. A folder marked as a top folder gives each run a
    region of the disk of its own; where that cannot be done, the row "new file" shows it.
    """
    WORK.mkdir(parents=True, exist_ok=True)
    if chattr := shutil.which("chattr"):
        subprocess.run([chattr, "+T", str(WORK)], check=False, stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(dir=WORK) as name:
        yield Path(name)


def main() -> None:
    """Run the sections, print the table, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="fewer stories, for a first look")
    options = parser.parse_args()
    if unknown := set(options.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    # What is measured starts as it does for a user: with what Python compiled of it before.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    _keeper = keep()
    bench = Bench(quick=options.quick)
    rows: list[Row] = []
    for name in options.sections or SECTIONS:
        section: Callable[[], Iterator[Row]] = getattr(bench, name)
        for row in section():
            rows.append(row)
            print(row, flush=True)
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(tz=UTC)
    kept = RESULTS / f"{now:%Y%m%d-%H%M%S}.json"
    figures = [{**asdict(row), "verdict": row.verdict} for row in rows]
    kept.write_text(json.dumps({"at": now.isoformat(), "quick": options.quick, "rows": figures}, indent=1))
    print(f"kept in {kept.relative_to(PROJECT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
