"""Renditions that are kept for the next reader."""

from __future__ import annotations

from datetime import UTC, datetime

from wire.common.renditions import Renditions, rendition


def test_those_longest_unused_make_room_for_others() -> None:
    kept = Renditions(max_bytes=250)
    for key in ("a", "b"):
        kept.keep(key, 1, rendition(b"x" * 100, "text/plain", datetime(2026, 3, 2, tzinfo=UTC)))
    assert kept.get("a", 1) is not None
    kept.keep("c", 1, rendition(b"x" * 100, "text/plain", datetime(2026, 3, 2, tzinfo=UTC)))
    assert [key for key in "abc" if kept.holds(key)] == ["a", "c"]
