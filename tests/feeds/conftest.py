"""Fixtures for feeds, board, outbox and pages."""

from __future__ import annotations

import pytest

from tests.feeds.stories import HOUSE, MemoryRows
from wire.ports import House


@pytest.fixture
def house() -> House:
    """A desk whose name needs escaping."""
    return HOUSE


@pytest.fixture
def rows() -> MemoryRows:
    """An empty store of entries."""
    return MemoryRows()
