"""What people order of the deliveries, as the daemon carries it out: pause, resume, retry, replay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from wire.errors import CommandError
from wire.orders.words import instant_of, name_of, note_of
from wire.ports import Clock
from wire.store.queue_orders import QueueOrders


class QueueWork:
    """Carries out orders. Immutable; used by any thread. Its methods take and return JSON values.

    Of each order of an endpoint it is kept who gave it, however it came.

    backfill  queues for an endpoint what it was never sent of the stories since an instant; returns how much
    reach     proves that an endpoint can be reached; raises CommandError with the reason
    wake      called after each order that has something sent
    timezone  in which a time without a zone is meant; IANA name
    """

    def __init__(
        self,
        *,
        orders: QueueOrders,
        backfill: Callable[[str, datetime, datetime], int],
        reach: Callable[[str], None],
        wake: Callable[[], None],
        clock: Clock,
        timezone: str,
    ) -> None:
        self._orders = orders
        self._backfill = backfill
        self._reach = reach
        self._wake = wake
        self._clock = clock
        self._timezone = timezone

    def operations(self) -> dict[str, Callable[..., Any]]:
        """By the names that commands use."""
        return {
            "pause": self.pause,
            "resume": self.resume,
            "test": self.test,
            "retry": self.retry,
            "replay": self.replay,
            "resend": self.resend,
        }

    def pause(self, endpoint: str, who: str, note: str | None = None) -> dict[str, str]:
        """Send an endpoint nothing until it is resumed; its stories are queued. Raises CommandError."""
        since = self._clock().isoformat(timespec="seconds").replace("+00:00", "Z")
        because = f": {why}" if (why := note_of(note)) else ""
        self._orders.pause(endpoint, f"by {name_of(who)} since {since}{because}")
        self._record([endpoint], who, f"paused{because}")
        return {"endpoint": endpoint}

    def resume(self, endpoint: str, who: str) -> dict[str, str]:
        """Have an endpoint called again that was paused, is disabled or rests. Raises CommandError."""
        self._orders.resume(endpoint)
        self._record([endpoint], who, "resumed")
        self._wake()
        return {"endpoint": endpoint}

    def test(self, endpoint: str, who: str) -> dict[str, str]:
        """Reach an endpoint without delivering anything. Raises CommandError when that cannot be done."""
        self._reach(endpoint)
        self._record([endpoint], who, "tested")
        return {"endpoint": endpoint}

    def retry(
        self, who: str, ids: Sequence[int] | None = None, endpoint: str | None = None
    ) -> dict[str, int]:
        """Send again what was given up: these, or all of an endpoint, or all; see `QueueOrders.retry`."""
        concerned = [endpoint] if endpoint else self._orders.endpoints_of(ids or ())
        number = self._orders.retry(delivery_ids=ids or (), endpoint_id=endpoint, now=self._clock())
        if number:
            self._record(concerned, who, "sent again what was given up")
        self._wake()
        return {"retried": number}

    def replay(self, endpoint: str, who: str, since: str) -> dict[str, int]:
        """Send an endpoint its stories since then: again what it was sent, and what it missed.

        since  such as ``2026-03-02T18:00+01:00``

        See `QueueOrders.replay` and `wire.flow.backfill`. Raises CommandError.
        """
        begin, now = instant_of(since, self._timezone), self._clock()
        number = self._orders.replay(endpoint, begin, now)
        number += self._backfill(endpoint, begin, now)
        self._record([endpoint], who, f"replayed since {since}")
        self._wake()
        return {"replayed": number}

    def resend(
        self, story: str, who: str, endpoint: str | None = None, note: str | None = None
    ) -> dict[str, int]:
        """Send a story's newest version again: to an endpoint, or to all that had it.

        who   stands in the story's history, with ``note``

        Raises CommandError when there is nothing to send.
        """
        number = self._orders.resend(story, endpoint, self._clock())
        if not number:
            raise CommandError("there is nothing to send again: no endpoint had its newest version")
        what = f"sent again to {endpoint or 'every endpoint'}"
        self._orders.note(story, name_of(who), what, note_of(note), self._clock())
        self._wake()
        return {"resent": number}

    def _record(self, endpoints: Sequence[str], who: str, what: str) -> None:
        self._orders.record(endpoints, name_of(who), what, self._clock())
