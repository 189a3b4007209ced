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
from wire.deliver.retry import RetryPolicy, blames_endpoint, next_attempt, pause, speaks_for_endpoint
from wire.errors import DeliveryError, StoreError, Unreachable, WireError
from wire.observe import about
from wire.plugins import load
from wire.ports import BatchTransport, Clock, Transport
from wire.ports.delivery import Hand, Queue, Terms
from wire.story import Action, Delivery, DeliveryState, Outcome, Receipt

log = logging.getLogger(__name__)

_BATCH = 64  #: deliveries claimed at once, which a crash may repeat
_HAND_S = 0.2  #: no more are claimed than can be sent in about this time
_TURN_S = 0.5  #: then a turn gives the lane up, so that others come to their turn
_LEASE_MARGIN_S = 15.0  #: what a lease outlasts the total deadline by
_RECALLS = frozenset({Action.KILL, Action.WITHHOLD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How one endpoint is reached: plain data, which another process can be told."""

    transport: str  #: a name of `wire.plugins`
    #: of the transport; may hold secrets
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    hidden: frozenset[str] = field(default=frozenset(), repr=False)  #: secrets that no word may give away
    at_once: int = 1  #: deliveries that one exchange carries; more than one of a `BatchTransport` only
    deadline_s: float = 20.0  #: for one whole exchange
    pace_s: float = 0.0  #: seconds between two deliveries on average; 0: as fast as it can
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
        self._hastened: set[str] = set()
        self._transports: dict[str, Transport] = {}
        self._lock = threading.Lock()
        self._closed = False

    def __call__(self, lane: str) -> bool:
        """Work the lane once; whether more is due in it now. Raises StoreError."""
        route = route_to(lane.rpartition("/")[0], self._routes)
        if route is None or self._stopping.is_set():
            return False
        ends_s = self._monotonic() + _TURN_S
        hand = self._queue.take(lane, self._terms(route, lane), worker=self._worker)
        while hand.deliveries:
            outcomes, go_on = self._send(route, hand, ends_s)
            then = self._terms(route, lane) if go_on else None
            hand = self._queue.settle(lane, outcomes, worker=self._worker, then=then)
        self._hastened.discard(lane)
        return hand.more

    def load_transports(self) -> None:
        """Load what endpoints are reached by before it is wanted; of what cannot be, each attempt tells."""
        for name in {route.transport for route in self._routes.values()}:
            try:
                load("wire.transports", name)
            except (WireError, ImportError) as exc:
                log.debug("a transport is not loaded: %s", exc)

    def hasten(self, lane: str) -> None:
        """Something urgent waits in a lane whose turn may be running: end it after the delivery in hand."""
        self._hastened.add(lane)

    def _terms(self, route: Route, lane: str) -> Terms:
        limit = self._limits.get(lane, max(route.at_once, _BATCH))
        if route.pace_s > 0:
            limit = max(1, min(limit, int(_TURN_S / route.pace_s)))
        return Terms(
            limit=limit,
            lease_s=route.deadline_s + _LEASE_MARGIN_S,
            pace_s=route.pace_s,
            patience=route.policy.patience,
        )

    def _send(self, route: Route, hand: Hand, ends_s: float) -> tuple[list[Outcome], bool]:
        """How the attempts ended, as many as could be made, and whether the turn is to go on.

        A hand that takes stories back ends the turn: the same kill waits in other lanes.
        """
        began_s = self._monotonic()
        outcomes: list[Outcome] = []
        failures = hand.failures
        lane = hand.deliveries[0].lane
        go_on = hand.deliveries[0].action not in _RECALLS
        for first in range(0, len(hand.deliveries), route.at_once):
            ended, next_too = self._attempt(route, hand.deliveries[first : first + route.at_once], failures)
            outcomes += ended
            for outcome in ended:
                failures = _in_a_row(failures, outcome)
            if not next_too or self._stopping.is_set() or lane in self._hastened:
                go_on = False
                break
            if (now_s := self._monotonic()) >= ends_s:
                go_on = False
                # What is claimed is sent rather than put back, unless it takes far longer than foreseen.
                if now_s >= began_s + 2 * _HAND_S:
                    break
        self._limits[lane] = self._next_limit(
            route, lane, len(outcomes), self._monotonic() - began_s, failures
        )
        return outcomes, go_on

    def _next_limit(self, route: Route, lane: str, sent: int, took_s: float, failures: int) -> int:
        """How many to claim next: about what can be sent in a short while, and few after a failure.

        What one exchange carries is never less than full because the endpoint is slow.
        """
        if failures:
            return 1
        in_time = int(sent * _HAND_S / took_s) if took_s > 0 else _BATCH
        return max(route.at_once, min(in_time, 4 * self._limits.get(lane, _BATCH), _BATCH))

    def close(self) -> None:
        """Release every transport; breaks off sends that are under way."""
        with self._lock:
            self._closed = True
            transports, self._transports = list(self._transports.values()), {}
        for transport in transports:
            transport.close()

    def _attempt(
        self, route: Route, deliveries: Sequence[Delivery], failures: int
    ) -> tuple[list[Outcome], bool]:
        """How one exchange ended for each of its deliveries, and whether the next may be tried at once.

        failures  attempts at the endpoint that failed in a row before
        """
        started_at = self._clock()
        results = self._exchange(route, deliveries)
        ended: list[Outcome] = []
        go_on = True
        for number, (delivery, result) in enumerate(zip(deliveries, results, strict=True)):
            if isinstance(result, DeliveryError):
                # what failed all of an exchange is one failure of the endpoint
                told = number > 0 and result is results[number - 1]
                outcome = self._failed(route, delivery, result, started_at, failures, told=told)
                go_on = go_on and not speaks_for_endpoint(result) and outcome.pause_endpoint_until is None
            else:
                outcome = _done(delivery, result, started_at)
            failures = _in_a_row(failures, outcome)
            ended.append(outcome)
        return ended, go_on

    def _exchange(self, route: Route, deliveries: Sequence[Delivery]) -> Sequence[Receipt | DeliveryError]:
        first = deliveries[0]
        try:
            with about(endpoint=first.endpoint, story=first.story_id):
                transport = self._transport(route, first.lane)
                if route.at_once > 1:
                    results = cast(BatchTransport, transport).send_all(
                        deliveries, deadline_s=route.deadline_s
                    )
                    return _one_each(results, len(deliveries))
                return [transport.send(first, deadline_s=route.deadline_s)]
        except DeliveryError as exc:
            return [exc] * len(deliveries)
        except StoreError:
            raise
        except Exception as exc:  # a transport's edge: its fault harms this endpoint alone
            log.exception("a transport broke its promise", extra={"endpoint": first.endpoint})
            return [Unreachable(f"the transport failed, which is our fault: {exc!r}")] * len(deliveries)

    def _failed(
        self,
        route: Route,
        delivery: Delivery,
        error: DeliveryError,
        started_at: datetime,
        failures: int,
        *,
        told: bool,
    ) -> Outcome:
        now, policy = self._clock(), route.policy
        recall = delivery.action in _RECALLS
        due = next_attempt(delivery.failures + 1, error, policy, now, self._chance(), recall=recall)
        log.warning(
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
            bytes=len(delivery.document.body),
            next_due=None if dead else due or now,
            blames_endpoint=blames_endpoint(error) and not told,
            pause_endpoint_until=pause(
                error, policy, now, due, failures=failures + (not told), chance=self._chance()
            ),
            disable_endpoint=error.disable,
        )

    def _transport(self, route: Route, lane: str) -> Transport:
        with self._lock:
            if self._closed:
                raise Unreachable("the daemon is stopping")
            if lane not in self._transports:
                self._transports[lane] = self._build(route)
            return self._transports[lane]


def _one_each(results: Sequence[Receipt | DeliveryError], number: int) -> Sequence[Receipt | DeliveryError]:
    """The results of one exchange, which a plug-in may have forgotten some of. Raises ValueError."""
    if len(results) != number:
        raise ValueError(f"{len(results)} results for {number} deliveries")
    return results


def _done(delivery: Delivery, receipt: Receipt, started_at: datetime) -> Outcome:
    return Outcome(
        delivery_id=delivery.id,
        state=DeliveryState.DONE,
        started_at=started_at,
        ended_at=receipt.accepted_at,
        status=receipt.status,
        detail=receipt.detail,
        bytes=len(delivery.document.body),
    )


def _in_a_row(failures: int, outcome: Outcome) -> int:
    """How many attempts failed in a row by the endpoint's fault, with this one."""
    if outcome.state is DeliveryState.DONE:
        return 0
    return failures + 1 if outcome.blames_endpoint else failures
