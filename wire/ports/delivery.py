"""Between what waits to be delivered and who delivers it: the queue and the engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from wire.story import Delivery, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a worker takes what is due in a lane."""

    limit: int  #: deliveries at most
    lease_s: float  #: longer than any exchange with the endpoint may last
    pace_s: float = 0.0  #: seconds of the endpoint's time that each delivery takes; 0: as fast as it can
    patience: int = 0  #: failures in a row after which one delivery alone is let through; 0: no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What a worker holds of a lane: claimed deliveries under a lease, or nothing."""

    deliveries: tuple[Delivery, ...] = ()
    failures: int = 0  #: attempts at the endpoint that failed in a row before these
    more: bool = False  #: nothing is held, but something is due in the lane right now


class Queue(Protocol):
    """The delivery rows, seen by the engine. Thread-safe. Raises StoreError.

    A lane is ``endpoint/n``: one endpoint's share of the stories, worked by one turn at a time.
    """

    def take(self, lane: str, terms: Terms, *, worker: str) -> Hand:
        """Lease the lane and claim its due heads, each attempt recorded before the work.

        Kills and withholds first, and by themselves; then corrections, urgent copy and the rest, each in the
        order in which they fell due. The newest version of a story supersedes its unsent older ones; never
        two of one story at once. Empty when another worker holds the lane, the endpoint is not to be called
        now, or nothing is due.
        """
        ...

    def settle(
        self, lane: str, outcomes: Sequence[Outcome], *, worker: str, then: Terms | None = None
    ) -> Hand:
        """Write back how attempts ended, and what was claimed and not tried as if it had not been claimed.

        With ``then`` the lease is renewed and the next heads are claimed, in the same transaction; without
        it, or when there are none, the lane is released. Fenced on the lease's holder: changes nothing, and
        gives nothing, when that is another by now.
        """
        ...

    def ripe(self, *, limit: int) -> list[str]:
        """Lanes that hold something due, whose endpoint may be called, and that are under no live lease."""
        ...

    def next_due(self) -> datetime | None:
        """When the next waiting delivery may be sent; None when nothing waits."""
        ...


class Taking(NamedTuple):
    """`Queue.take`, to be carried out."""

    lane: str
    terms: Terms


class Settling(NamedTuple):
    """`Queue.settle`, to be carried out."""

    lane: str
    outcomes: Sequence[Outcome]
    then: Terms | None


LaneStep = Taking | Settling


class SharedQueue(Queue, Protocol):
    """A queue whose workers may die while this process lives on."""

    def begin(self, steps: Sequence[LaneStep], *, worker: str) -> Callable[[], list[Hand | Exception]]:
        """`take` and `settle` of as many lanes, in this order and in one transaction, without waiting for it.

        What is returned waits, and gives each one's hand or error: a step that fails harms no other. Raises
        StoreError when nobody knows what became of them."""
        ...

    def abandon(self, worker: str) -> None:
        """Give up all that a worker holds, which is known to be dead: what it had claimed is due again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineHealth:
    """What the engine says of itself."""

    working: tuple[str, ...]  #: lanes whose turn is running
    waiting: int  #: lanes known to be ripe


class Engine(Protocol):
    """Says which lane to look at; the rows are the truth, so it may forget or repeat harmlessly."""

    def wake(self, lanes: Sequence[str], *, urgent: bool = False) -> None:
        """Look at these lanes soon. Called after a commit; never blocks, never raises."""
        ...

    def run(self, stop: threading.Event) -> None:
        """Work lanes until ``stop``, then let running turns end, within limits. Called once.

        `wake` with no lanes makes it notice the stop at once.
        """
        ...

    def health(self) -> EngineHealth:
        """A snapshot for the status page."""
        ...
