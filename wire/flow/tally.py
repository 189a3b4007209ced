"""What happened since the start: stories and files by source, times from the drop on, paces of sources.

All of it stands in memory. What waits for its endpoint over a restart is measured from its acceptance.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from wire.common.alarms import Pace, learn
from wire.common.metrics import Histogram
from wire.flow.acceptance import Accepted
from wire.observe import Counters
from wire.ports import Clock
from wire.ports.delivery import Hand, LaneStep, Settling, SharedQueue, Terms
from wire.store.values import NewRevision
from wire.story import Delivery, DeliveryState, Outcome, Standing, Story

#: Drops and deliveries that are remembered; the oldest are forgotten first.
_REMEMBERED = 20_000
#: Sources whose pace is followed: the names of folders are made by whoever may write into the inbox.
_PACED = 1000

_OUTCOMES = {DeliveryState.DONE: "done", DeliveryState.DUE: "again", DeliveryState.DEAD: "given_up"}

Key = TypeVar("Key")


class Traces(Protocol):
    """Tells the ways of single stories (`wire.operate.tracing`). Thread-safe; no call waits for anything."""

    def shown(self, new: NewRevision, *, dropped_s: float | None, shown_at: datetime) -> None:
        """A version was committed; ``dropped_s``: when its file came, seconds since 1970."""
        ...

    def settled(self, delivery: Delivery, outcome: Outcome) -> None:
        """An attempt ended."""
        ...


class Tally:
    """Counts and takes times. Thread-safe; no call waits for anything."""

    def __init__(self, clock: Clock, counters: Counters, traces: Traces | None = None) -> None:
        self.counters = counters
        self.to_feed = Histogram()
        self.to_endpoint = Histogram("endpoint")
        self._clock = clock
        self._traces = traces
        self._under_way: dict[int, Delivery] = {}  # by delivery, while traces are told
        self._lock = threading.Lock()
        self._drops: dict[str, float] = {}  # sha256 of a file → seconds since 1970
        self._begun: dict[int, float] = {}  # delivery → the same
        self._paces: dict[str, Pace] = {}

    def dropped(self, sha256: str, at_s: float) -> None:
        """A file came into the inbox at this instant (seconds since 1970)."""
        with self._lock:
            _remember(self._drops, sha256, at_s)

    def committed(self, accepted: Accepted) -> None:
        """This was committed just now: feeds show it from here on."""
        now = self._clock()
        came = self._came(accepted)
        for new in accepted.revisions:
            if new.revision.seq in came and new.revision.standing is Standing.LIVE and new.revision.feeds:
                self.to_feed.observe(now.timestamp() - came[new.revision.seq])
            self._count(new)
            if self._traces is not None and new.in_force:
                self._traces.shown(new, dropped_s=came.get(new.revision.seq), shown_at=now)
        for (source, outcome), number in accepted.files.items():
            self.counters.add("files", number, source=source, outcome=outcome)
            if outcome != "duplicate":
                self.arrived(source, now)
        if accepted.set_aside:
            self.counters.add("set_aside", len(accepted.set_aside))

    def _came(self, accepted: Accepted) -> Mapping[int, float]:
        """By revision, when its file was dropped; its deliveries are measured from there."""
        came: dict[int, float] = {}
        with self._lock:
            for new in accepted.revisions:
                drop_s = self._drops.get(new.revision.story.origin.sha256)
                if new.intake_id is not None and drop_s is not None:
                    came[new.revision.seq] = drop_s
            for queued in accepted.deliveries:
                if (drop_s := came.get(queued.seq)) is not None:
                    _remember(self._begun, queued.id, drop_s)
        return came

    def _count(self, new: NewRevision) -> None:
        story = new.revision.story
        self.counters.add("stories", source=story.origin.source, action=new.revision.action.value)
        if new.intake_id is not None:
            self.counters.add("read")
            if is_guessed(story):
                self.counters.add("guessed")

    def arrived(self, source: str, now: datetime) -> None:
        """Something came from a source."""
        with self._lock:
            known = self._paces.get(source)
            if known is not None or len(self._paces) < _PACED:
                self._paces[source] = learn(known, now)

    def paces(self) -> Mapping[str, Pace]:
        """How each source paces itself."""
        with self._lock:
            return dict(self._paces)

    def remember_paces(self, paces: Mapping[str, Pace]) -> None:
        """What was learnt before the start; what came since stands."""
        with self._lock:
            for source, before in paces.items():
                now = self._paces.get(source)
                self._paces[source] = before if now is None else replace(before, last=now.last)

    def taken(self, deliveries: Sequence[Delivery]) -> None:
        """These are about to be sent."""
        with self._lock:
            for one in deliveries:
                if one.id not in self._begun:
                    _remember(self._begun, one.id, one.created_at.timestamp())
                if self._traces is not None:
                    self._under_way[one.id] = one

    def settled(self, endpoint: str, outcomes: Sequence[Outcome]) -> None:
        """Attempts ended so; the subscribers of a hub (``hub:name``) are one endpoint here."""
        endpoint = endpoint.partition(":")[0]
        for outcome in outcomes:
            self.counters.add("attempts", endpoint=endpoint, outcome=_OUTCOMES[outcome.state])
            begun_s = self._ended(outcome)
            if self._traces is not None and (one := self._under_way.pop(outcome.delivery_id, None)):
                self._traces.settled(one, outcome)
            if begun_s is not None:
                self.to_endpoint.observe(outcome.ended_at.timestamp() - begun_s, endpoint)

    def _ended(self, outcome: Outcome) -> float | None:
        """When what was delivered now was dropped; None when it was not delivered."""
        with self._lock:
            if outcome.state is DeliveryState.DONE:
                return self._begun.pop(outcome.delivery_id, None)
            if outcome.state is DeliveryState.DEAD:
                self._begun.pop(outcome.delivery_id, None)
            return None


def is_guessed(story: Story) -> bool:
    """Whether anything in it was read out of the text by us."""
    concepts = (*story.subjects, *story.places, *story.people, *story.organisations)
    return (
        any(concept.guessed for concept in concepts)
        or (story.located is not None and story.located.guessed)
        or any("guessed" in warning for warning in story.origin.warnings)
    )


def _remember(memory: dict[Key, float], key: Key, at_s: float) -> None:
    if len(memory) >= _REMEMBERED:
        del memory[next(iter(memory))]
    memory[key] = at_s


class TimedQueue:
    """A delivery queue that tells how long deliveries take; `wire.ports.delivery.SharedQueue`."""

    def __init__(self, queue: SharedQueue, tally: Tally) -> None:
        self._queue = queue
        self._tally = tally

    def take(self, lane: str, terms: Terms, *, worker: str) -> Hand:
        """See `wire.ports.delivery.Queue.take`."""
        hand = self._queue.take(lane, terms, worker=worker)
        self._tally.taken(hand.deliveries)
        return hand

    def settle(
        self, lane: str, outcomes: Sequence[Outcome], *, worker: str, then: Terms | None = None
    ) -> Hand:
        """See `wire.ports.delivery.Queue.settle`."""
        hand = self._queue.settle(lane, outcomes, worker=worker, then=then)
        self._tally.settled(lane.rpartition("/")[0], outcomes)
        self._tally.taken(hand.deliveries)
        return hand

    def begin(self, steps: Sequence[LaneStep], *, worker: str) -> Callable[[], list[Hand | Exception]]:
        """See `wire.ports.delivery.SharedQueue.begin`."""
        return partial(self._told, steps, self._queue.begin(steps, worker=worker))

    def _told(
        self, steps: Sequence[LaneStep], begun: Callable[[], list[Hand | Exception]]
    ) -> list[Hand | Exception]:
        results = begun()
        for step, result in zip(steps, results, strict=True):
            if isinstance(result, Hand):
                if isinstance(step, Settling):
                    self._tally.settled(step.lane.rpartition("/")[0], step.outcomes)
                self._tally.taken(result.deliveries)
        return results

    def ripe(self, *, limit: int) -> list[str]:
        """See `wire.ports.delivery.Queue.ripe`."""
        return self._queue.ripe(limit=limit)

    def next_due(self) -> datetime | None:
        """See `wire.ports.delivery.Queue.next_due`."""
        return self._queue.next_due()

    def abandon(self, worker: str) -> None:
        """See `wire.ports.delivery.SharedQueue.abandon`."""
        self._queue.abandon(worker)
