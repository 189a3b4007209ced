"""Requests to our hub, as the store keeps them until they are verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from wire.ports.feeds import Intent
from wire.store.database import Database
from wire.store.subscriptions import Subscriptions

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ASKED = Intent(
    mode="subscribe", topic="all.atom", callback="https://reader.example/", secret="first", lease_s=3600
)


@pytest.fixture
def subscriptions(url: str) -> Iterator[Subscriptions]:
    database = Database(url)
    yield Subscriptions(database, lambda *_named: "key")
    database.close()


def test_a_request_that_another_replaced_while_it_was_verified_changes_nothing(
    subscriptions: Subscriptions,
) -> None:
    """Whoever asked first would have the one who asked last be sent what is signed with another secret."""
    newer = replace(ASKED, secret="second")
    assert subscriptions.ask(ASKED, NOW)
    assert subscriptions.ask(newer, NOW)
    subscriptions.settle(ASKED, NOW, meant=True)
    assert (subscriptions.endpoints(), subscriptions.waiting(NOW, 10)) == ([], [newer])
    subscriptions.settle(newer, NOW, meant=True)
    assert (len(subscriptions.endpoints()), subscriptions.waiting(NOW, 10)) == (1, [])
