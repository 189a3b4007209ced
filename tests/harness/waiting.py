"""Waiting for something to become true, with a limit instead of a fixed sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], *, limit_s: float = 20.0, every_s: float = 0.02, what: str = "") -> T:
    """The first truthy value that ``look`` returns. Raises AssertionError after ``limit_s`` seconds."""
    deadline = time.monotonic() + limit_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {limit_s:g} s: {what or look}; last seen: {seen!r}")
        time.sleep(every_s)
