"""Lanes worked by threads of this process."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from wire.errors import StoreError
from wire.ports import Clock
from wire.ports.delivery import EngineHealth, Queue

log = logging.getLogger(__name__)

_RIPE = 256  #: lanes asked for at once
_LOOK_GAP_S = 0.2  #: shortest time between two looks at the queue
_LONGEST_S = 30.0  #: longest; wall clocks may jump, and another process may add rows
_STOP_LOOK_S = 5.0  #: how soon a stop is noticed of which no wake tells
_THREAD_IDLE_S = 20.0  #: an idle thread ends after so long


def _in_no_hurry(lane: str) -> None:
    """For turns that cannot be hastened."""


class EmbeddedEngine:
    """Says which lane gets a turn, in threads of this process; `wire.ports.delivery.Engine`.

    The rows are the truth. What is remembered here (lanes known to be ripe) may be lost at any moment:
    `run` asks the queue for ripe lanes at its start, whenever the next row falls due, and after turns.
    At most one turn of a lane runs at a time, so a hanging endpoint costs one thread. Urgent lanes go
    first; the others in turn. Threads begin when there is work and end when there is none.

    turn     works a lane once, on any thread; True when more is due in it
    hasten   told of a lane whose turn is running when something urgent comes for it
    drain_s  how long `run` waits for running turns after a stop
    """

    def __init__(
        self,
        queue: Queue,
        turn: Callable[[str], bool],
        *,
        clock: Clock,
        workers: int = 32,
        drain_s: float = 6.0,
        hasten: Callable[[str], None] = _in_no_hurry,
    ) -> None:
        self._queue = queue
        self._turn = turn
        self._clock = clock
        self._workers = workers
        self._drain_s = drain_s
        self._hasten = hasten
        lock = threading.Lock()
        self._lane_ripe = threading.Condition(lock)  # for the working threads
        self._turn_over = threading.Condition(lock)  # for the sweeping thread
        self._urgent: deque[str] = deque()
        self._ripe: deque[str] = deque()
        self._known: set[str] = set()  # what stands in one of the two
        self._working: set[str] = set()
        self._again: dict[str, bool] = {}  # woken while working; whether urgently
        self._threads = 0
        self._idle = 0
        self._running = False
        self._look_soon = False

    def wake(self, lanes: Sequence[str], *, urgent: bool = False) -> None:
        """See `wire.ports.delivery.Engine.wake`."""
        with self._lane_ripe:
            for lane in lanes:
                self._add(lane, urgent=urgent)
            self._staff()
            if not lanes:
                self._turn_over.notify_all()

    def health(self) -> EngineHealth:
        """See `wire.ports.delivery.Engine.health`."""
        with self._lane_ripe:
            return EngineHealth(working=tuple(sorted(self._working)), waiting=len(self._known))

    def run(self, stop: threading.Event) -> None:
        """See `wire.ports.delivery.Engine.run`. Returns when running turns have ended, at most ``drain_s``
        after ``stop``; turns that still hang then live in daemon threads until their transports are closed.
        """
        with self._lane_ripe:
            self._running = True
            self._staff()
        while not stop.is_set():
            self._rest(self._look(), stop)
        with self._turn_over:
            self._running = False
            self._lane_ripe.notify_all()
            self._turn_over.wait_for(lambda: not self._working, self._drain_s)

    # --- the sweeping thread -----------------------------------------------------------------------

    def _look(self) -> float:
        """Ask the queue for ripe lanes; how many seconds to rest then."""
        if self.health().waiting >= _RIPE:  # nobody gets to more of them before the next look
            return _LOOK_GAP_S
        try:
            lanes = self._queue.ripe(limit=_RIPE)
            due = self._queue.next_due()
        except StoreError as exc:
            log.warning("the delivery queue cannot be read: %s", exc)
            return 1.0
        self.wake(lanes)
        if due is None:
            return _LONGEST_S
        return min(max((due - self._clock()).total_seconds(), _LOOK_GAP_S), _LONGEST_S)

    def _rest(self, rest_s: float, stop: threading.Event) -> None:
        """Wait until the next row falls due, a turn has ended, or a stop."""
        start_s = time.monotonic()
        with self._turn_over:
            self._look_soon = False
            while not stop.is_set():
                left_s = start_s + (_LOOK_GAP_S if self._look_soon else rest_s) - time.monotonic()
                if left_s <= 0:
                    return
                self._turn_over.wait(min(left_s, _STOP_LOOK_S))

    # --- the working threads -----------------------------------------------------------------------

    def _add(self, lane: str, *, urgent: bool) -> None:
        if lane in self._working:
            self._again[lane] = urgent or self._again.get(lane, False)
            if urgent:
                self._hasten(lane)
        elif lane not in self._known:
            self._known.add(lane)
            (self._urgent if urgent else self._ripe).append(lane)
        elif urgent and lane not in self._urgent:
            self._ripe.remove(lane)
            self._urgent.append(lane)

    def _staff(self) -> None:
        """Let as many threads work as there are lanes."""
        if not self._running:
            return
        wanted = len(self._known)
        self._lane_ripe.notify(min(wanted, self._idle))
        for _ in range(min(wanted - self._idle, self._workers - self._threads)):
            self._threads += 1
            threading.Thread(target=self._work, name="wire-deliver", daemon=True).start()

    def _work(self) -> None:
        while (lane := self._next_lane()) is not None:
            more = False
            try:
                more = self._turn(lane)
            except StoreError as exc:
                log.warning("a lane's turn ended early: %s", exc, extra={"lane": lane})
            except Exception:  # the stage's edge: one lane's fault must not end the thread
                log.exception("a lane's turn failed", extra={"lane": lane})
            finally:
                self._end_turn(lane, more=more)

    def _next_lane(self) -> str | None:
        """The next lane; None when this thread is to end."""
        with self._lane_ripe:
            self._idle += 1
            ready = self._lane_ripe.wait_for(lambda: self._known or not self._running, _THREAD_IDLE_S)
            self._idle -= 1
            if not self._running or not ready:
                self._threads -= 1
                return None
            lane = (self._urgent or self._ripe).popleft()
            self._known.discard(lane)
            self._working.add(lane)
            return lane

    def _end_turn(self, lane: str, *, more: bool) -> None:
        with self._turn_over:
            self._working.discard(lane)
            urgent = self._again.pop(lane, None)
            if more or urgent is not None:
                self._add(lane, urgent=bool(urgent))
                self._staff()
            if not self._look_soon or not self._working:
                self._look_soon = True
                self._turn_over.notify_all()
