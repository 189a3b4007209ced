"""One turn of a lane: take it under a lease, send its due heads, settle. The same under every engine."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from wire.deliver.discretion import Discreet
from wire.deliver.retry import RetryPolicy, next_attempt, pause, speaks_for_endpoint
from wire.errors import DeliveryError, StoreError, Unreachable
from wire.observe import about
from wire.plugins import load
from wire.ports import BatchTransport, Clock, Queue, Transport
from wire.story import Delivery, DeliveryState, Outcome, Receipt

_log = logging.getLogger(__name__)

_BATCH = 128  #: deliveries claimed in one turn, which a crash may repeat
_TURN_S = 0.5  #: then a turn gives back what is left, so that a kill waits no longer
_LEASE_MARGIN_S = 15.0  #: what a lease outlasts the total deadline by


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How one endpoint is reached: plain data, which another process can be told."""

    transport: str  #: a name of `wire.plugins`
    options: Mapping[str, Any] = field(
        default_factory=dict, repr=False
    )  #: of the transport; may hold secrets
    hidden: frozenset[str] = field(default=frozenset(), repr=False)  #: secrets that no word may give away
    at_once: int = 1  #: deliveries that one exchange carries; more than one of a `BatchTransport` only
    deadline_s: float = 20.0  #: for one whole exchange
    policy: RetryPolicy = field(default_factory=RetryPolicy)


def build_transport(route: Route) -> Transport:
    """A transport to the endpoint. Raises CommandError when there is none of that name, DeliveryError when
    its options are none."""
    return Discreet(lambda: load("wire.transports", route.transport)(**route.options), route.hidden)


def _said(error: DeliveryError) -> str:
    """The failure for the log: an endpoint's own words may repeat the copy, and stay with the attempt."""
    return str(error) if error.status is None else f"the endpoint answered {error.status}"


def route_to(endpoint: str, routes: Mapping[str, Route]) -> Route | None:
    """How an endpoint is reached: as configured, or, of ``kind:name``, as all of its kind are."""
    return routes.get(endpoint) or routes.get(endpoint.partition(":")[0] + ":")


class Turn:
    """Works one lane at each call. Safe from any thread; the lease keeps two from one lane.

    routes    endpoint id → how it is reached (`route_to`); a lane of another endpoint is left alone
    worker    names the holder of our leases; unique among all processes on one store
    stopping  when set, a turn ends after the delivery in hand
    build     makes a transport; each lane has one of its own
    """

    def __init__(
        self,
        queue: Queue,
        routes: Mapping[str, Route],
        *,
        worker: str,
        clock: Clock,
        stopping: threading.Event | None = None,
        build: Callable[[Route], Transport] = build_transport,
        chance: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue = queue
        self._routes = routes
        self._worker = worker
        self._clock = clock
        self._stopping = stopping or threading.Event()
        self._build = build
        self._chance = chance
        self._monotonic = monotonic
        self._limits: dict[str, int] = {}
        self._transports: dict[str, Transport] = {}
        self._lock = threading.Lock()
        self._closed = False

    def __call__(self, lane: str) -> bool:
        """Work the lane once; whether more is due in it now. Raises StoreError."""
        route = route_to(lane.rpartition("/")[0], self._routes)
        if route is None or self._stopping.is_set():
            return False
        limit = self._limits.get(lane, _BATCH)
        lease_s = route.deadline_s + _LEASE_MARGIN_S
        deliveries = self._queue.take(lane, worker=self._worker, limit=limit, lease_s=lease_s)
        if not deliveries:
            return False
        outcomes, in_time = self._send(route, deliveries)
        # A slow endpoint's turn claims about as many as it can send, and not all that wait.
        self._limits[lane] = _BATCH if in_time else min(2 * len(outcomes), _BATCH)
        return self._queue.settle(lane, outcomes, worker=self._worker)

    def _send(self, route: Route, deliveries: Sequence[Delivery]) -> tuple[list[Outcome], bool]:
        """How the attempts ended, as many as could be made, and whether time was left."""
        ends_s = self._monotonic() + _TURN_S
        outcomes: list[Outcome] = []
        for first in range(0, len(deliveries), route.at_once):
            ended = self._attempt(route, deliveries[first : first + route.at_once])
            outcomes += (outcome for outcome, _ in ended)
            if not all(go_on for _, go_on in ended) or self._stopping.is_set():
                break
            if self._monotonic() >= ends_s:
                return outcomes, False
        return outcomes, True

    def close(self) -> None:
        """Release every transport; breaks off sends that are under way."""
        with self._lock:
            self._closed = True
            transports, self._transports = list(self._transports.values()), {}
        for transport in transports:
            transport.close()

    def _attempt(self, route: Route, deliveries: Sequence[Delivery]) -> list[tuple[Outcome, bool]]:
        """How one exchange ended for each of its deliveries, and whether the next may be tried at once."""
        started_at = self._clock()
        results = self._exchange(route, deliveries)
        return [
            self._ended(route, delivery, result, started_at)
            for delivery, result in zip(deliveries, results, strict=True)
        ]

    def _exchange(self, route: Route, deliveries: Sequence[Delivery]) -> Sequence[Receipt | DeliveryError]:
        first = deliveries[0]
        try:
            with about(endpoint=first.endpoint, story=first.story_id):
                transport = self._transport(route, first.lane)
                if route.at_once > 1:
                    return cast(BatchTransport, transport).send_all(deliveries, deadline_s=route.deadline_s)
                return [transport.send(first, deadline_s=route.deadline_s)]
        except DeliveryError as exc:
            return [exc] * len(deliveries)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - a transport's edge: its fault harms this endpoint alone
            _log.exception("a transport broke its promise", extra={"endpoint": first.endpoint})
            return [Unreachable(f"the transport failed, which is our fault: {exc!r}")] * len(deliveries)

    def _ended(
        self, route: Route, delivery: Delivery, result: Receipt | DeliveryError, started_at: datetime
    ) -> tuple[Outcome, bool]:
        if isinstance(result, DeliveryError):
            return self._failed(route, delivery, result, started_at), not speaks_for_endpoint(result)
        outcome = Outcome(
            delivery_id=delivery.id,
            state=DeliveryState.DONE,
            started_at=started_at,
            ended_at=result.accepted_at,
            status=result.status,
            detail=result.detail,
        )
        return outcome, True

    def _failed(
        self, route: Route, delivery: Delivery, error: DeliveryError, started_at: datetime
    ) -> Outcome:
        now = self._clock()
        due = next_attempt(delivery.attempt, error, route.policy, now, self._chance())
        _log.warning(
            "not delivered: %s",
            _said(error),
            extra={"endpoint": delivery.endpoint, "story": delivery.story_id, "attempt": delivery.attempt},
        )
        # An endpoint that says 410 is disabled; its deliveries are held with it, none is given up.
        dead = due is None and not error.disable
        return Outcome(
            delivery_id=delivery.id,
            state=DeliveryState.DEAD if dead else DeliveryState.DUE,
            started_at=started_at,
            ended_at=now,
            status=error.status,
            detail=str(error),
            next_due=None if dead else due or now,
            pause_endpoint_until=pause(error, route.policy, now, due),
            disable_endpoint=error.disable,
        )

    def _transport(self, route: Route, lane: str) -> Transport:
        with self._lock:
            if self._closed:
                raise Unreachable("the daemon is stopping")
            if lane not in self._transports:
                self._transports[lane] = self._build(route)
            return self._transports[lane]
