"""The clock that transports use when none is given to them."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current instant, aware and UTC."""
    return datetime.now(UTC)
