"""How often: when a feed is rendered, when its file is written, how long a copy of it may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

#: The latest changes of a feed from which its pace is read.
_LATEST = 20
#: Share of the mean time between two changes for which a copy counts as fresh.
_FRESH = 0.1
_MOST_S = 900

#: Seconds between two renders of a feed in a rush.
RENDER_S = 0.1
#: A rush is more changes of a feed than this within that time; below it each change is shown when asked for.
CALM = 3


class Changed(Protocol):
    """Anything that knows when it last changed."""

    @property
    def updated(self) -> datetime:
        """The latest change; aware."""
        ...


def write_at(changed_s: float, written_s: float | None, interval_s: float) -> float:
    """When to write a feed that changed, on the clock that both times were read from.

    changed_s   the first change that is not in the file yet
    written_s   the last write, or None while there was none
    interval_s  the least time between two writes
    """
    return changed_s if written_s is None else max(changed_s, written_s + interval_s)


def may_wait(changed_s: Sequence[float], rendered_s: float, now_s: float) -> bool:
    """Whether what a feed showed at its last render will do for now: in a rush, for a tenth of a second.

    changed_s   its latest changes, the last `CALM` + 1 of them at least
    rendered_s  its last render, on the clock that all were read from
    """
    rush = len(changed_s) > CALM and now_s - changed_s[-1 - CALM] < RENDER_S
    return rush and now_s - rendered_s < RENDER_S


def max_age_s(entries: Sequence[Changed], least_s: int = 60) -> int:
    """Seconds for which a feed's readers need not ask again, by its usual pace: at most a quarter of an hour.

    The pace is that of its own latest changes, not of the clock, so that the same feed has the same headers.

    least_s  what the feed itself promises (``ttl``); holds even where it is more
    """
    latest = sorted((entry.updated for entry in entries), reverse=True)[:_LATEST]
    if len(latest) < 2:
        return least_s
    gap_s = (latest[0] - latest[-1]).total_seconds() / (len(latest) - 1)
    return max(int(min(gap_s * _FRESH, _MOST_S)), least_s)
