"""The time, for whoever is given no other clock, and how long something took."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current instant, aware and UTC."""
    return datetime.now(UTC)


def ms_since(started_s: float) -> int:
    """Milliseconds since an instant of the monotonic clock."""
    return round((time.monotonic() - started_s) * 1000)
