"""When a feed file may be written: at once after a quiet time, at most once an interval in a burst."""

from __future__ import annotations


def write_at(changed_s: float, written_s: float | None, interval_s: float) -> float:
    """When to write a feed that changed, on the clock that both times were read from.

    changed_s   the first change that is not in the file yet
    written_s   the last write, or None while there was none
    interval_s  the least time between two writes
    """
    return changed_s if written_s is None else max(changed_s, written_s + interval_s)
