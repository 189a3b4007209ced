"""How things stand at this moment: read for the watch, for the metrics and for the status alike."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wire.common.alarms import GROWTH_LOOKS, Disk, Limits, Observed, Pace
from wire.flow.tally import Tally
from wire.inbox.unread import unread
from wire.ports import Clock
from wire.store.figures import Figures, Waiting
from wire.story import DeliveryState

_WAITING = (DeliveryState.DUE.value, DeliveryState.SENDING.value)


class Outlook:
    """Gathers what there is to see. Thread-safe, but for `look`, which one thread calls."""

    def __init__(
        self,
        *,
        tally: Tally,
        figures: Figures,
        folders: Mapping[str, Path],
        limits: Limits,
        started: datetime,
        clock: Clock,
    ) -> None:
        """``folders``: by what people call them; one of them is the ``inbox``."""
        self.figures = figures
        self._tally = tally
        self._folders = folders
        self._limits = limits
        self._started = started
        self._clock = clock
        self._looks: dict[str, deque[int]] = {}

    def look(self) -> Observed:
        """How things stand now; remembers how long the queues were. Raises StoreError."""
        waiting = self.figures.waiting()
        for endpoint, number in queued(waiting).items():
            self._looks.setdefault(endpoint, deque(maxlen=GROWTH_LOOKS)).append(number)
        return self.observe(waiting, {id: tuple(looks) for id, looks in self._looks.items()})

    def observe(self, waiting: Waiting, looks: Mapping[str, Sequence[int]]) -> Observed:
        """How things stand now.

        looks  by endpoint, how long its queue was lately
        """
        now = self._clock()
        inbox = unread(self._folders["inbox"])
        oldest = None if inbox.oldest_s is None else now - datetime.fromtimestamp(inbox.oldest_s, UTC)
        return Observed(
            now=now,
            paces=self._paces(),
            unread=inbox.files,
            oldest_unread=None if oldest is None else max(oldest, timedelta()),
            queued=looks,
            failing=waiting.failing,
            disabled=waiting.disabled,
            disks=self.disks(),
        )

    def _paces(self) -> Mapping[str, Pace]:
        """Of every source heard of; one that is to be missed counts as heard of at the start."""
        missed = {
            source: Pace(first=self._started, last=self._started)
            for source, quiet in self._limits.quiet.items()
            if quiet is not None
        }
        return {**missed, **self._tally.paces()}

    def disks(self) -> Mapping[str, Disk]:
        """The room beside each folder."""
        found = {}
        for name, path in self._folders.items():
            with suppress(OSError):
                usage = shutil.disk_usage(path)
                found[name] = Disk(path=str(path), free=usage.free, total=usage.total)
        return found


def queued(waiting: Waiting) -> Mapping[str, int]:
    """By endpoint, the deliveries that still have to be made."""
    found: dict[str, int] = {}
    for (endpoint, state), number in waiting.deliveries.items():
        if state in _WAITING:
            found[endpoint] = found.get(endpoint, 0) + number
    return found
