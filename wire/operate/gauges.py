"""What ``/metrics`` says: the families, each read when it is scraped."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wire import __version__
from wire.common.alarms import Alarm, Observed
from wire.common.metrics import Family, Labels, exposition, gauge, labelled
from wire.errors import StoreError
from wire.flow.tally import Tally
from wire.operate.outlook import Outlook
from wire.store.figures import Waiting


class Gauges:
    """Reads everything that is told to Prometheus. Thread-safe."""

    def __init__(
        self,
        *,
        tally: Tally,
        outlook: Outlook,
        health: Callable[[], Mapping[str, Any]],
        alarms: Callable[[], Sequence[Alarm]],
        renders: Callable[[], Mapping[str, int]],
    ) -> None:
        """``renders``: by format, the feeds that were put together."""
        self._tally = tally
        self._outlook = outlook
        self._health = health
        self._alarms = alarms
        self._renders = renders

    def __call__(self) -> bytes:
        """The text that is scraped. A store that cannot be read leaves its figures out, not the others."""
        return exposition(self._families())

    def _families(self) -> Iterator[Family]:
        yield labelled("wire_build_info", "The version that runs.", {(("version", __version__),): 1})
        health = self._health()
        yield gauge("wire_ready", "1 when everything is as it should be, else 0.", int(health["healthy"]))
        yield gauge("wire_live", "1 while all loops turn; 0 asks for a restart.", int(health["live"]))
        alarms: dict[Labels, float] = {
            (("kind", one.kind.value), ("about", one.about)): 1 for one in self._alarms()
        }
        yield labelled("wire_alarm", "1 for each alarm that stands.", alarms)
        yield from self._counted()
        yield self._tally.to_feed.family(
            "wire_drop_to_feed_seconds", "From the drop of a file to its story being in the feeds."
        )
        yield self._tally.to_endpoint.family(
            "wire_drop_to_delivered_seconds",
            "From the drop of a file to its story having been taken by an endpoint.",
        )
        try:
            waiting = self._outlook.figures.waiting()
            sizes = self._outlook.figures.sizes()
        except StoreError:
            return
        seen = self._outlook.observe(waiting, {})
        yield from _waiting(seen, waiting)
        yield labelled(
            "wire_store_bytes",
            "Size of the store on disk, by part.",
            {(("part", part),): size for part, size in sizes.items()},
        )
        yield from _surroundings(seen)
        yield from _process()

    def _counted(self) -> Iterator[Family]:
        """What was counted since the start."""
        counts = self._tally.counters.snapshot()

        def family(counter: str, name: str, help: str) -> Family:
            values: dict[Labels, float] = {
                labels: number for (counted, labels), number in counts.items() if counted == counter
            }
            return labelled(name, help, values, kind="counter")

        yield family("stories", "wire_stories_total", "What became of stories, by source and action.")
        yield family("files", "wire_files_total", "Files taken, by source and outcome.")
        yield family("attempts", "wire_delivery_attempts_total", "Attempts at deliveries, by outcome.")
        yield labelled(
            "wire_feed_renders_total",
            "Feeds put together anew, by format.",
            {(("format", format),): number for format, number in sorted(self._renders().items())},
            kind="counter",
        )
        read, guessed = self._tally.counters.value("read"), self._tally.counters.value("guessed")
        aside = self._tally.counters.value("set_aside")
        yield gauge(
            "wire_guessed_ratio",
            "Share of the stories read since the start of which something was guessed.",
            guessed / read if read else None,
        )
        yield gauge(
            "wire_quarantined_ratio",
            "Share of what was read since the start that was set aside.",
            aside / (read + aside) if read + aside else None,
        )


def _waiting(seen: Observed, waiting: Waiting) -> Iterator[Family]:
    yield gauge("wire_inbox_files", "Files in the inbox that wait to be read.", seen.unread)
    yield gauge(
        "wire_inbox_oldest_seconds",
        "Age of the oldest unread file; 0 when there is none.",
        0 if seen.oldest_unread is None else seen.oldest_unread.total_seconds(),
    )
    yield gauge("wire_quarantine_stories", "Stories in quarantine.", waiting.quarantined)
    yield labelled(
        "wire_deliveries",
        "Deliveries that are not done, by endpoint and state.",
        {
            (("endpoint", id), ("state", state)): number
            for (id, state), number in sorted(waiting.deliveries.items())
        },
    )
    yield labelled(
        "wire_delivery_overdue_seconds",
        "For how long the first delivery that waits for an endpoint has been due.",
        {
            (("endpoint", id),): max(0.0, (seen.now - due).total_seconds())
            for id, due in sorted(waiting.oldest_due.items())
        },
    )
    yield labelled(
        "wire_endpoint_failing_seconds",
        "For how long an endpoint has taken nothing; those that work are left out.",
        {
            (("endpoint", id),): (seen.now - since).total_seconds()
            for id, since in sorted(seen.failing.items())
        },
    )


def _surroundings(seen: Observed) -> Iterator[Family]:
    yield labelled(
        "wire_source_silent_seconds",
        "Since when nothing came from a source.",
        {
            (("source", id),): (seen.now - pace.last).total_seconds()
            for id, pace in sorted(seen.paces.items())
        },
    )
    yield labelled(
        "wire_disk_free_bytes",
        "Room left on the disk of a folder.",
        {(("folder", name),): disk.free for name, disk in seen.disks.items()},
    )


def _process() -> Iterator[Family]:
    """What Prometheus' own client says of a process, under the same names. Linux alone tells all of it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield labelled(
        "process_cpu_seconds_total",
        "Processor time of the daemon itself, in seconds.",
        {(): used.ru_utime + used.ru_stime},
        kind="counter",
    )
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        descriptors = sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:
        return
    booted_s = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    yield gauge(
        "process_resident_memory_bytes",
        "Memory that the daemon itself holds.",
        pages * resource.getpagesize(),
    )
    yield gauge(
        "process_start_time_seconds", "When the daemon started.", booted_s + ticks / os.sysconf("SC_CLK_TCK")
    )
    yield gauge("process_open_fds", "Open files and sockets.", descriptors)
