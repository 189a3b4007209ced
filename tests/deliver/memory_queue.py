"""The delivery rows in memory, by the rules of `wire.ports.Queue`; and a transport by script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wire.errors import DeliveryError
from wire.ports import Clock
from wire.story import Action, Delivery, DeliveryState, Outcome, Receipt

_ORDER = {Action.KILL: 0, Action.CORRECTION: 1}


@dataclass
class Row:
    """One delivery and its state."""

    delivery: Delivery
    due: datetime
    state: DeliveryState = DeliveryState.DUE
    attempts: int = 0
    detail: str = ""


class MemoryQueue:
    """Thread-safe; checks on the way that no lane is taken twice at a time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rows: dict[int, Row] = {}
        self.paused: dict[str, datetime] = {}
        self.disabled: set[str] = set()
        self.settled: list[int] = []  #: size of each settle
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

    def take(self, lane: str, *, worker: str, limit: int, lease_s: float) -> list[Delivery]:
        with self._lock:
            now = self.clock()
            holder = self._holders.get(lane)
            if (holder and holder[1] > now) or not self._open(lane, now):
                return []
            due = [row for row in self._of(lane, DeliveryState.DUE) if row.due <= now]
            due.sort(key=lambda row: (_ORDER.get(row.delivery.action, 2), row.delivery.seq))
            if not due:
                return []
            self._holders[lane] = (worker, now + timedelta(seconds=lease_s))
            return [self._claim(row) for row in due[:limit]]

    def settle(self, lane: str, outcomes: Sequence[Outcome], *, worker: str) -> bool:
        with self._lock:
            if self.steal_lease or self._holders[lane][0] != worker:
                return False
            self.settled.append(len(outcomes))
            for outcome in outcomes:
                self._write(lane, outcome)
            del self._holders[lane]
            for row in self._of(lane, DeliveryState.SENDING):
                row.state, row.attempts = DeliveryState.DUE, row.attempts - 1
                self._supersede(row)
            return any(row.due <= self.clock() for row in self._of(lane, DeliveryState.DUE))

    def ripe(self, *, limit: int) -> list[str]:
        with self._lock:
            now = self.clock()
            due = [
                row
                for row in self.rows.values()
                if row.state is DeliveryState.DUE and row.due <= now and self._open(row.delivery.lane, now)
            ]
            lanes = dict.fromkeys(row.delivery.lane for row in due)
            return [lane for lane in lanes if lane not in self._holders][:limit]

    def next_due(self) -> datetime | None:
        with self._lock:
            waits = [
                max(row.due, self.paused.get(row.delivery.endpoint, row.due))
                for row in self.rows.values()
                if row.state is DeliveryState.DUE and row.delivery.endpoint not in self.disabled
            ]
            return min(waits, default=None)

    def abandon(self, worker: str) -> None:
        with self._lock:
            for lane in [lane for lane, holder in self._holders.items() if holder[0] == worker]:
                del self._holders[lane]
                for row in self._of(lane, DeliveryState.SENDING):
                    row.state = DeliveryState.DUE
                    self._supersede(row)

    def _open(self, lane: str, now: datetime) -> bool:
        endpoint = lane.rpartition("/")[0]
        return endpoint not in self.disabled and self.paused.get(endpoint, now) <= now

    def _of(self, lane: str, state: DeliveryState) -> list[Row]:
        return [row for row in self.rows.values() if row.delivery.lane == lane and row.state is state]

    @staticmethod
    def _claim(row: Row) -> Delivery:
        row.state, row.attempts = DeliveryState.SENDING, row.attempts + 1
        return replace(row.delivery, attempt=row.attempts)

    def _write(self, lane: str, outcome: Outcome) -> None:
        row = self.rows[outcome.delivery_id]
        assert row.state is DeliveryState.SENDING, "settled without being claimed"
        row.state, row.detail = outcome.state, outcome.detail
        if outcome.state is DeliveryState.DUE:
            assert outcome.next_due is not None
            row.due = outcome.next_due
            self._supersede(row)
        endpoint = lane.rpartition("/")[0]
        if outcome.pause_endpoint_until is not None:
            self.paused[endpoint] = outcome.pause_endpoint_until
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
