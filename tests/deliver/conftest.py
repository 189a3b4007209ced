"""Deliveries to send, and a real receiver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.servers.http_receiver import HttpReceiver
from wire.story import Action, Delivery, Document

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def delivery(
    number: int = 1,
    *,
    lane: str = "cms/0",
    story: str = "flood1",
    version: int = 1,
    action: Action = Action.NEW,
    body: bytes = "<newsItem>Überflutung</newsItem>".encode(),
    attempt: int = 1,
    media_type: str = "application/vnd.iptc.g2.newsitem+xml",
) -> Delivery:
    """One delivery, as claimed."""
    return Delivery(
        id=number,
        endpoint=lane.rpartition("/")[0],
        lane=lane,
        story_id=story,
        version=version,
        seq=number,
        action=action,
        key=f"msg_{number}",
        attempt=attempt,
        created_at=NOW,
        document=Document(format="newsml-g2", media_type=media_type, body=body, suffix="xml"),
    )


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    """An HTTP receiver on loopback."""
    with HttpReceiver() as running:
        yield running
