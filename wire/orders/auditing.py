"""Whether the store and what was made of it agree with themselves and with each other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from wire.config import Settings
from wire.from_settings import feed_specs, public, shelf_of
from wire.orders.books import open_books
from wire.publish.feeds.archives import Archives
from wire.publish.feeds.board import FeedBoard
from wire.publish.outbox import agreement
from wire.store import audit as conservation
from wire.store.database import Database
from wire.store.upkeep import Upkeep

#: By so much archive pages may be behind the store, in a rush.
_PAGES_LATE = timedelta(minutes=15)


def audit(settings: Settings) -> list[str]:
    """Every violation of the conservation law in store and outbox, in words. Reads only.

    A running daemon writes feed files up to a second late, so what disagrees is looked at again.
    """
    database = open_books(settings)
    try:
        found = conservation.audit(database)
        for wait_s in (0.5, 1.0, 2.0, 0.0):
            outside = list(_outbox_violations(settings, database))
            if not outside:
                break
            time.sleep(wait_s)
        return found + outside
    finally:
        database.close()


def _outbox_violations(settings: Settings, database: Database) -> Iterator[str]:
    folder = settings.outbox.path
    specs, house, shelf = feed_specs(settings), settings.house(), shelf_of(settings, database)
    yield from agreement.feed_files(folder, FeedBoard(specs, house, shelf))
    settled = datetime.now(UTC) - _PAGES_LATE
    yield from agreement.archive_files(folder, Archives(public(specs), house, shelf), settled)
    private = [feed.id for feed in settings.feeds if feed.private]
    yield from agreement.story_files(folder, Upkeep(database).versions_in_force(), private)
    yield from agreement.strays(folder)
