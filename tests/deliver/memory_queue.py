"""The delivery rows in memory, by the rules of `wire.ports.delivery.Queue`; and a transport by script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wire.errors import DeliveryError
from wire.ports import Clock
from wire.ports.delivery import Hand, LaneStep, Settling, Taking, Terms
from wire.story import Action, Delivery, DeliveryState, Outcome, Receipt

_ORDER = {Action.KILL: 0, Action.WITHHOLD: 0, Action.CORRECTION: 1}


@dataclass
class Row:
    """One delivery and its state."""

    delivery: Delivery
    due: datetime
    state: DeliveryState = DeliveryState.DUE
    attempts: int = 0
    failures: int = 0
    detail: str = ""


class MemoryQueue:
    """Thread-safe; checks on the way that no lane is taken twice at a time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rows: dict[int, Row] = {}
        self.paused: dict[str, datetime] = {}
        self.paced: dict[str, datetime] = {}
        self.failures: dict[str, int] = {}  #: in a row, by the endpoint's fault
        self.disabled: set[str] = set()
        self._probes: dict[str, str] = {}
        self.settled: list[int] = []  #: size of each settle
        self.begun: list[int] = []  #: how many steps were begun together, each time
        self.steal_lease = False  #: the next settle finds the lane in other hands
        self._holders: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def add(self, delivery: Delivery) -> None:
        with self._lock:
            for row in self.rows.values():
                same = row.delivery.story_id == delivery.story_id and row.delivery.lane == delivery.lane
                if same and row.state is DeliveryState.DUE:
                    row.state = DeliveryState.SUPERSEDED
            self.rows[delivery.id] = Row(delivery, self.clock())

    def states(self) -> list[DeliveryState]:
        with self._lock:
            return [row.state for row in self.rows.values()]

    def take(self, lane: str, terms: Terms, *, worker: str) -> Hand:
        with self._lock:
            now = self.clock()
            holder = self._holders.get(lane)
            if (holder and holder[1] > now) or not self._open(lane, now):
                return Hand()
            if holder:
                self._recover(lane)
            return self._next_hand(lane, terms, worker)

    def settle(
        self, lane: str, outcomes: Sequence[Outcome], *, worker: str, then: Terms | None = None
    ) -> Hand:
        with self._lock:
            if self.steal_lease or self._holders.get(lane, ("", None))[0] != worker:
                return Hand()
            self.settled.append(len(outcomes))
            self._end_probe(lane)
            for outcome in outcomes:
                self._write(lane, outcome)
            del self._holders[lane]
            for row in self._of(lane, DeliveryState.SENDING):
                row.state, row.attempts = DeliveryState.DUE, row.attempts - 1
                self._supersede(row)
            now = self.clock()
            if not self._open(lane, now):
                return Hand()
            if then is not None and (hand := self._next_hand(lane, then, worker)).deliveries:
                return hand
            return Hand(more=any(row.due <= now for row in self._of(lane, DeliveryState.DUE)))

    def _next_hand(self, lane: str, terms: Terms, worker: str) -> Hand:
        now, endpoint = self.clock(), lane.rpartition("/")[0]
        due = [row for row in self._of(lane, DeliveryState.DUE) if row.due <= now]
        due.sort(key=lambda row: (_ORDER.get(row.delivery.action, 2), row.due, row.delivery.id))
        if not due:
            return Hand()
        failures = self.failures.get(endpoint, 0)
        probing = 0 < terms.patience <= failures
        if _ORDER.get(due[0].delivery.action) == 0:
            due = [row for row in due if _ORDER.get(row.delivery.action) == 0]
        until = now + timedelta(seconds=terms.lease_s)
        self._holders[lane] = (worker, until)
        claimed = tuple(self._claim(row) for row in due[: 1 if probing else terms.limit])
        if probing:
            self._probes[endpoint], self.paused[endpoint] = lane, until
        if terms.pace_s:
            self.paced[endpoint] = now + timedelta(seconds=terms.pace_s * len(claimed))
        return Hand(deliveries=claimed, failures=failures)

    def _end_probe(self, lane: str) -> None:
        endpoint = lane.rpartition("/")[0]
        if self._probes.get(endpoint) == lane:
            del self._probes[endpoint], self.paused[endpoint]

    def _recover(self, lane: str) -> None:
        """Whoever held the lane is gone."""
        del self._holders[lane]
        self._end_probe(lane)
        for row in self._of(lane, DeliveryState.SENDING):
            row.state, row.failures = DeliveryState.DUE, row.failures + 1
            self._supersede(row)

    def ripe(self, *, limit: int) -> list[str]:
        with self._lock:
            now = self.clock()
            due = [row.delivery.lane for row in self.rows.values() if self._is_due(row, now)]
            left = [lane for lane, (_, until) in self._holders.items() if until <= now]
            held = {lane for lane, (_, until) in self._holders.items() if until > now}
            found = [lane for lane in dict.fromkeys((*due, *left)) if self._open(lane, now)]
            return [lane for lane in found if lane not in held][:limit]

    @staticmethod
    def _is_due(row: Row, now: datetime) -> bool:
        return row.state is DeliveryState.DUE and row.due <= now

    def next_due(self) -> datetime | None:
        with self._lock:
            waits = [
                max(
                    row.due,
                    self.paused.get(row.delivery.endpoint, row.due),
                    self.paced.get(row.delivery.endpoint, row.due),
                )
                for row in self.rows.values()
                if row.state is DeliveryState.DUE and row.delivery.endpoint not in self.disabled
            ]
            return min(waits, default=None)

    def begin(self, steps: Sequence[LaneStep], *, worker: str) -> Callable[[], list[Hand | Exception]]:
        self.begun.append(len(steps))
        return lambda: [self._carry_out(step, worker) for step in steps]

    def _carry_out(self, step: LaneStep, worker: str) -> Hand | Exception:
        try:
            match step:
                case Taking(lane, terms):
                    return self.take(lane, terms, worker=worker)
                case Settling(lane, outcomes, then):
                    return self.settle(lane, outcomes, worker=worker, then=then)
        except Exception as exc:
            return exc

    def abandon(self, worker: str) -> None:
        with self._lock:
            for lane in [lane for lane, holder in self._holders.items() if holder[0] == worker]:
                self._recover(lane)

    def _open(self, lane: str, now: datetime) -> bool:
        endpoint = lane.rpartition("/")[0]
        waits = (self.paused.get(endpoint, now), self.paced.get(endpoint, now))
        return endpoint not in self.disabled and max(waits) <= now

    def _of(self, lane: str, state: DeliveryState) -> list[Row]:
        return [row for row in self.rows.values() if row.delivery.lane == lane and row.state is state]

    @staticmethod
    def _claim(row: Row) -> Delivery:
        row.state, row.attempts = DeliveryState.SENDING, row.attempts + 1
        return replace(row.delivery, attempt=row.attempts, failures=row.failures)

    def _write(self, lane: str, outcome: Outcome) -> None:
        row = self.rows[outcome.delivery_id]
        assert row.state is DeliveryState.SENDING, "settled without being claimed"
        row.state, row.detail = outcome.state, outcome.detail
        endpoint = lane.rpartition("/")[0]
        if outcome.state is DeliveryState.DONE:
            self.failures[endpoint] = 0
        else:
            row.failures += 1
            self.failures[endpoint] = self.failures.get(endpoint, 0) + outcome.blames_endpoint
        if outcome.state is DeliveryState.DUE:
            assert outcome.next_due is not None
            row.due = outcome.next_due
            self._supersede(row)
        if outcome.pause_endpoint_until is not None:
            before = self.paused.get(endpoint, outcome.pause_endpoint_until)
            self.paused[endpoint] = max(before, outcome.pause_endpoint_until)
        if outcome.disable_endpoint:
            self.disabled.add(endpoint)

    def _supersede(self, row: Row) -> None:
        newer = (
            other.delivery.seq > row.delivery.seq
            for other in self.rows.values()
            if (other.delivery.story_id, other.delivery.lane) == (row.delivery.story_id, row.delivery.lane)
        )
        if any(newer):
            row.state = DeliveryState.SUPERSEDED


class ScriptedTransport:
    """Asks a function for each send; counts how many run at once in its lane."""

    def __init__(self, clock: Clock, behave: Callable[[Delivery], DeliveryError | None]) -> None:
        self._clock = clock
        self._behave = behave
        self._busy = threading.Lock()
        self.closed = False

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        assert self._busy.acquire(blocking=False), "two sends at once over one transport"
        try:
            error = self._behave(delivery)
        finally:
            self._busy.release()
        if error is not None:
            raise error
        return Receipt(accepted_at=self._clock(), took_ms=1, status=200)

    def probe(self) -> None:
        """Nothing to prove."""

    def close(self) -> None:
        self.closed = True
