"""What people order of the deliveries, as the daemon carries it out: pause, resume, retry, replay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from wire.common.zones import in_zone
from wire.errors import CommandError
from wire.ports import Clock
from wire.store.queue_orders import QueueOrders

_LONGEST_NAME = 64
_LONGEST_NOTE = 500


class QueueWork:
    """Carries out orders. Immutable; used by any thread. Its methods take and return JSON values.

    backfill  queues for an endpoint what it was never sent of the stories since an instant; returns how much
    wake      called after each order that has something sent
    timezone  in which a time without a zone is meant; IANA name
    """

    def __init__(
        self,
        *,
        orders: QueueOrders,
        backfill: Callable[[str, datetime, datetime], int],
        wake: Callable[[], None],
        clock: Clock,
        timezone: str,
    ) -> None:
        self._orders = orders
        self._backfill = backfill
        self._wake = wake
        self._clock = clock
        self._timezone = timezone

    def operations(self) -> dict[str, Callable[..., Any]]:
        """By the names that commands use."""
        return {
            "pause": self.pause,
            "resume": self.resume,
            "enable": self.enable,
            "retry": self.retry,
            "replay": self.replay,
            "resend": self.resend,
        }

    def pause(self, endpoint: str, who: str, note: str | None = None) -> dict[str, str]:
        """Send an endpoint nothing until it is resumed; its stories are queued. Raises CommandError."""
        since = self._clock().isoformat(timespec="seconds").replace("+00:00", "Z")
        why = f"by {who[:_LONGEST_NAME]} since {since}"
        self._orders.pause(endpoint, f"{why}: {note[:_LONGEST_NOTE]}" if note else why)
        return {"endpoint": endpoint}

    def resume(self, endpoint: str) -> dict[str, str]:
        """Have an endpoint called again that was paused, is disabled or rests. Raises CommandError."""
        self._orders.resume(endpoint)
        self._wake()
        return {"endpoint": endpoint}

    def enable(self, endpoint: str) -> dict[str, str]:
        """The same, but one that people paused stays paused. Raises CommandError."""
        self._orders.enable(endpoint)
        self._wake()
        return {"endpoint": endpoint}

    def retry(self, ids: Sequence[int] | None = None, endpoint: str | None = None) -> dict[str, int]:
        """Send again what was given up: these, or all of an endpoint, or all; see `QueueOrders.retry`."""
        number = self._orders.retry(delivery_ids=ids or (), endpoint_id=endpoint, now=self._clock())
        self._wake()
        return {"retried": number}

    def replay(self, endpoint: str, since: str) -> dict[str, int]:
        """Send an endpoint its stories since then: again what it was sent, and what it missed.

        since  such as ``2026-03-02T18:00+01:00``

        See `QueueOrders.replay` and `wire.flow.backfill`. Raises CommandError.
        """
        begin, now = instant(since, self._timezone), self._clock()
        number = self._orders.replay(endpoint, begin, now)
        number += self._backfill(endpoint, begin, now)
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
        self._orders.note(
            story, who[:_LONGEST_NAME], f"sent again to {endpoint or 'every endpoint'}", note, self._clock()
        )
        self._wake()
        return {"resent": number}


def instant(text: str, timezone: str) -> datetime:
    """The instant that a person means. Raises CommandError.

    timezone  IANA name; where the text says none
    """
    try:
        return in_zone(datetime.fromisoformat(text), timezone)
    except ValueError as exc:
        raise CommandError(f"{text!r} is no time; write it like 2026-03-02T18:00+01:00") from exc
