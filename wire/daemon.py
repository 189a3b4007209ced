"""The daemon: what runs when, and how it stops.

APScheduler fires a tick: it wakes the sweep of the inbox, which file events wake earlier, and looks for
embargoes that end, which are also scheduled to the instant. One thread takes in, one writes the outbox,
the engine's threads deliver, one serves HTTP. A signal sets a flag; then nothing new begins, what is
under way is finished or given back, and the store is closed last.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import UTC
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from wire.app import App
from wire.common.memory import give_back, limit_arenas, settle
from wire.errors import AlreadyRunning, StoreError, WireError
from wire.inbox.bell import Bell
from wire.inbox.watch import Watcher
from wire.operate.lasting import lasting
from wire.operate.service_manager import ServiceManager

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

#: Seconds between flushes of the outbox to disk.
_CHECKPOINT_S = 5.0
#: Seconds between returns of freed memory to the system.
_TRIM_S = 20.0
#: Files taken in after which the memory that this needed is returned once there is time.
_RUSH = 256
#: Seconds between looks for stories that were kept long enough.
_PURGE_S = 3600.0
#: Seconds between looks at the configuration file.
_CONFIG_S = 2.0
#: Seconds that intake sleeps at most.
_LONGEST_WAIT_S = 5.0
#: Seconds by which the clock may run apart from the processor's own before it counts as set.
_DRIFT_S = 1.0
#: Seconds after which a thread that computes lets another go on. Python's own 5 ms are what each thread
#: that comes back from the disk or from a socket would wait for while another one computes.
_SWITCH_S = 0.0005
#: Seconds after which a signal is heard that the kernel gave to another thread than the one that waits.
_HEARS_S = 1.0
#: Seconds that stopping may take in all; the engine gets most of them.
STOP_S = 10.0


class ClockSteps:
    """Tells when the system's clock was set, which moves what is scheduled by it."""

    def __init__(self, clock: Callable[[], float], monotonic: Callable[[], float]) -> None:
        """Both in seconds; only the first may be set."""
        self._clock = clock
        self._monotonic = monotonic
        self._apart = self._difference()

    def seconds(self) -> float:
        """By how much it was set since this was last asked; 0 when it was not."""
        apart = self._difference()
        step_s = apart - self._apart
        self._apart = apart
        return step_s if abs(step_s) > _DRIFT_S else 0.0

    def _difference(self) -> float:
        return self._clock() - self._monotonic()


class FileChanges:
    """Tells when a file has become another one and stands still: a half-written one is no change yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._latest = self._mark()

    def seen(self) -> bool:
        """Whether it changed since this was last true, and not since it was last asked."""
        before, self._latest = self._latest, self._mark()
        if self._latest is None or self._latest == self._known or self._latest != before:
            return False
        self._known = self._latest
        return True

    def _mark(self) -> tuple[int, ...] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class Daemon:
    """Runs an app until it is told to stop."""

    def __init__(
        self, app: App, *, config: Path | None = None, manager: ServiceManager | None = None
    ) -> None:
        """``config``: the file that is taken up anew when it changes."""
        self._app = app
        self._config = None if config is None else FileChanges(config)
        self._config_seen_s = 0.0
        self._manager = manager or ServiceManager({})
        self._stop = app.stopping
        self._sweep_now = Bell()
        self._signals: SimpleQueue[int] = SimpleQueue()
        self._trouble: str | None = None
        self._clock_steps = ClockSteps(lambda: app.clock().timestamp(), time.monotonic)
        self._scheduler: BackgroundScheduler | None = None
        self._watcher = Watcher(app.settings.inbox.path, self._sweep_now.ring, spare=app.inbox.hears)
        loops: dict[str, Callable[[threading.Event], None]] = {
            "intake": self._take_in,
            "outbox": app.exporter.run,
            "engine": app.engine.run,
            "hub": app.hub.run,
            "watch": app.watchman.run,
        }
        if app.follower is not None:
            loops["follow"] = app.follower.run
        self._threads = [
            threading.Thread(
                target=lasting, args=(name, loop, self._stop, app.trouble), name=f"wire-{name}", daemon=True
            )
            for name, loop in loops.items()
        ]

    def run(self, ready: Callable[[], None], may_reload: Callable[[], bool]) -> bool:
        """Start everything, call ``ready``, and return once a signal has ended it and all is drained.

        SIGTERM and SIGINT end it; a second one ends the process at once, and nothing accepted is lost by
        that. SIGHUP, and a change of the configuration file, asks ``may_reload`` whether the configuration
        may be taken up anew; if so, the daemon ends but for its port, and this returns True: it is to be
        started again in its place.
        """
        limit_arenas()
        sys.setswitchinterval(_SWITCH_S)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: self._signals.put(number))
        reload = False
        self._start()
        try:
            ready()
            self._manager.ready(f"serving at {self._app.web.url}")
            reload = self._wait(may_reload)
        finally:
            self._drain(reload=reload)
        return reload and not self._told_to_end()

    def _wait(self, may_reload: Callable[[], bool]) -> bool:
        """Until a signal ends it; True when it is to be started again."""
        while self._next_signal() == signal.SIGHUP:
            try:
                if may_reload():
                    return True
            except Exception:  # the question's edge: whatever fails there, what runs goes on
                log.exception("the configuration stays as it was: looking at it failed by our own fault")
        for again in (signal.SIGTERM, signal.SIGINT):
            signal.signal(again, signal.SIG_DFL)
        return False

    def _next_signal(self) -> int:
        """The next signal; of one given to another thread Python tells this one only when it wakes."""
        while True:
            with suppress(Empty):
                return self._signals.get(timeout=_HEARS_S)

    def _told_to_end(self) -> bool:
        """Whether a signal to end came while all was drained for a new start."""
        while not self._signals.empty():
            if self._signals.get() != signal.SIGHUP:
                return True
        return False

    def _start(self) -> None:
        self._app.start()
        for thread in self._threads:
            thread.start()
        self._watcher.start()
        self._scheduler = _scheduler()
        self._schedule()
        self._scheduler.start()
        settle()

    def _schedule(self) -> None:
        """What runs again and again, from now on; called anew when the system's clock was set."""
        if (scheduler := self._scheduler) is None:  # it was set while we start
            return
        jobs: tuple[tuple[str, float, Callable[[], object]], ...] = (
            ("tick", self._app.settings.inbox.poll_s, self._tick),
            ("checkpoint", _CHECKPOINT_S, self._app.exporter.checkpoint),
            ("trim", _TRIM_S, give_back),
            ("purge", _PURGE_S, self._app.purge),
            *self._watchdog(),
        )
        if self._app.settings.inbox.poll_s > _CONFIG_S:  # else a tick does it: a job costs more than the look
            jobs += (("config", _CONFIG_S, self._look_at_config),)
        for name, every_s, job in jobs:
            scheduler.add_job(self._guarded(job), "interval", seconds=every_s, id=name, replace_existing=True)

    def _watchdog(self) -> tuple[tuple[str, float, Callable[[], object]], ...]:
        """What tells the service manager that all is well, twice in the time after which it would worry."""
        patience_s = self._manager.watchdog_s
        return () if patience_s is None else (("watchdog", patience_s / 2, self._tell_alive),)

    def _tell_alive(self) -> None:
        if self._app.health()["live"]:
            self._manager.alive()

    def _look_at_config(self) -> None:
        now_s = time.monotonic()
        if self._config is None or now_s - self._config_seen_s < _CONFIG_S - 0.1:  # jobs come a little early
            return
        self._config_seen_s = now_s
        if self._config.seen():
            log.info("the configuration file changed")
            self._signals.put(signal.SIGHUP)

    def _drain(self, *, reload: bool) -> None:
        began = time.monotonic()
        log.info("stopping: finishing what is under way")
        if reload:
            self._manager.reloading()
        else:
            self._manager.stopping()
        self._stop.set()
        self._sweep_now.ring()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
        self._watcher.stop()
        self._app.exporter.wake()
        self._app.engine.wake(())
        self._app.hub.wake()
        for thread in self._threads:
            thread.join(max(0.1, STOP_S - 2 - (time.monotonic() - began)))
        self._app.stop(listening=reload)
        log.info("stopped")

    def _take_in(self, stop: threading.Event) -> None:
        taken = 0  # since memory was last given back
        while not stop.is_set():
            self._app.beats.beat("intake")
            if step_s := self._clock_steps.seconds():
                log.warning("the system's clock was set by %+.1f s; scheduling anew", step_s)
                self._schedule()
                if not self._app.database.shared:  # a server's time is nobody's here to set
                    self._guarded(partial(self._app.queue.shift, step_s))()
            if (follower := self._app.follower) and not follower.may_sweep:
                self._sweep_now.wait(_LONGEST_WAIT_S)
                continue
            try:
                sweep = self._app.pipeline.take_in()
            except StoreError as exc:
                self._report(f"nothing can be kept: {exc}")
                stop.wait(1.0)
                continue
            except Exception as exc:  # the stage's edge: intake goes on, the health says why not
                log.exception("intake failed")
                self._report(f"failed by our own fault: {exc!r}")
                stop.wait(1.0)
                continue
            self._report(sweep.trouble)
            if not sweep.taken and taken >= _RUSH:
                self._give_back()
                taken = 0
            taken += len(sweep.taken)
            # no longer than this, since the tick that wakes us goes by a clock that may be set back
            if sweep.next_look_s != 0.0:
                longest_s = min(sweep.next_look_s or _LONGEST_WAIT_S, _LONGEST_WAIT_S)
                self._app.inbox.wait(self._sweep_now, longest_s)

    def _give_back(self) -> None:
        """Return what a rush needed: the store's caches first, then what is free by that."""
        self._guarded(self._app.database.give_back)()
        give_back()

    def _report(self, trouble: str | None) -> None:
        """Log what is wrong with intake when it changes, and show it in the health."""
        if trouble != self._trouble:
            log.log(logging.INFO if trouble is None else logging.ERROR, trouble or "intake works again")
            self._trouble = trouble
            self._app.trouble("intake", trouble)

    def _tick(self) -> None:
        self._sweep_now.ring()
        self._look_at_config()
        self._look_for_changes()
        self._app.indexing.tick()

    def _look_for_changes(self) -> None:
        due = self._app.upkeep.next_change()
        if due is None:
            return
        if due <= self._app.clock():
            self._app.pipeline.change_due()
        elif self._scheduler is not None:
            self._scheduler.add_job(
                self._guarded(self._app.pipeline.change_due),
                "date",
                run_date=due,
                id="change",
                replace_existing=True,
            )

    def _guarded(self, job: Callable[[], object]) -> Callable[[], None]:
        """A job that reports its failure and comes again, instead of ending the schedule."""

        def run() -> None:
            try:
                job()
            except WireError as exc:
                log.error("%s; tried again", exc)
            except Exception:  # the schedule's edge: one failing job stops no other
                log.exception("a scheduled job failed")

        return run


def _scheduler() -> BackgroundScheduler:
    """A schedule with nothing on it. Loaded when feeds are served: it has a second's time."""
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    return BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
    )


def run_once(app: App) -> list[str]:
    """Take in what the inbox holds, publish it, try each due delivery once, and stop.

    Files that have not settled yet are waited for. Returns what is left for people to see to, in words.
    """
    left = []
    app.start()
    settle()
    try:
        with app.follower.once() if app.follower else nullcontext(True) as may_sweep:
            if not may_sweep:
                raise AlreadyRunning(f"another daemon takes in what comes into {app.settings.inbox.path}")
            if not _take_in_once(app):
                left.append("left in the inbox: files that cannot be read, as said above")
        app.pipeline.change_due()
        app.exporter.drain()  # who is told of feeds is told of their files
        _deliver_once(app)
        if quarantined := app.counters.value("set_aside"):
            left.append(f"quarantined: {quarantined}; see `wire quarantine`")
        return left
    finally:
        app.stop()


def _take_in_once(app: App) -> bool:
    """Whether all could be read; the log tells of each file that could not."""
    while True:
        sweep = app.pipeline.take_in()
        if sweep.trouble is not None:
            raise StoreError(sweep.trouble)
        if sweep.next_look_s is None or (sweep.next_look_s and not sweep.waiting):
            break
        time.sleep(sweep.next_look_s)
    app.apart.wait()
    return sweep.next_look_s is None


def _deliver_once(app: App) -> None:
    """Turns of every ripe lane until nothing is due; what failed is due later, so this ends."""
    turn = app.build_turn()
    try:
        while lanes := app.queue.ripe(limit=1000):
            for lane in lanes:
                while turn(lane):
                    pass
    finally:
        turn.close()
