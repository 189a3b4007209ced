"""Streams share the event loop, so they wait by looking now and then: nobody has to tell them of anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def changes(state: Callable[[], T], seen: T, *, look_s: float, longest_s: float) -> bool:
    """Wait until a state is another one than was seen, for a while at most; whether it is."""
    for _ in range(round(longest_s / look_s)):
        if state() != seen:
            return True
        await asyncio.sleep(look_s)
    return False
