"""A store in a temporary folder, and a desk that routes everything everywhere."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.harness.empty_store import empty
from tests.servers.postgres import Postgres
from wire.desk.by_hand import Command
from wire.desk.desk import Desk
from wire.desk.dispatch import Outlet, lane_of, lanes_of
from wire.desk.ownership import Rights
from wire.errors import IntakeError, RenderError
from wire.flow.acceptance import Accepted, Acceptor, Order
from wire.flow.press import Press
from wire.flow.reading import ReadFile, read_story
from wire.ports import House
from wire.ports.delivery import Terms
from wire.store.accepting import Ledger
from wire.store.browse import Browse
from wire.store.database import Database
from wire.store.delivery_queue import DeliveryQueue
from wire.store.queue_orders import QueueOrders
from wire.store.shelf import Shelf
from wire.store.upkeep import Upkeep
from wire.story import Delivery, Document, Origin, RawFile, Revision, Source, Story

AGENCY = Source(id="agency")
ARRIVED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUSE = House(name="Example Desk", id="news.example", home_page="https://news.example/", base_url="https://x")


class PlainRenderer:
    """Writes a line that names the revision; refuses stories headed "unrenderable"."""

    format = "newsml-g2"
    media_type = "text/plain"

    def render(self, revision: Revision, house: House) -> Document:
        if revision.story.headline == "unrenderable":
            raise RenderError("cannot be written")
        body = f"{revision.guid} {revision.version} {revision.story.headline}".encode()
        return Document(format=self.format, media_type=self.media_type, suffix="xml", body=body)


def _all(_: Story) -> bool:
    return True


@dataclass
class Newsroom:
    """The store and what works on it, with a clock that stands until it is moved."""

    database: Database
    now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    outlets: dict[str, Outlet] = field(
        default_factory=lambda: {id: Outlet(id=id, document="newsml-g2") for id in ("cms", "paper")}
    )

    wants: dict[str, Callable[[Story], bool]] = field(default_factory=dict)  #: by endpoint; all when none
    revises: dict[str, tuple[str, ...]] = field(default_factory=dict)  #: of bound sources
    first: int = 1  #: what the ids of its stories are counted from

    def __post_init__(self) -> None:
        self.upkeep = Upkeep(self.database)
        self.browse = Browse(self.database, lambda: self.now)
        self.orders = QueueOrders(self.database)
        self.shelf = Shelf(self.database)
        self.queue = DeliveryQueue(self.database, lambda: self.now)
        self.configure()
        desk = Desk(
            house_id=HOUSE.id,
            feeds=lambda story: ("all",) if story.headline != "nowhere" else (),
            endpoints=lambda story: tuple(id for id in self.outlets if self.wants.get(id, _all)(story)),
            outlets=self.outlets,
            rights=Rights(self.revises),
        )
        press = Press(renderers={"newsml-g2": PlainRenderer()}, house=HOUSE)
        numbers = count(self.first)
        self.acceptor = Acceptor(desk=desk, press=press, outlets=self.outlets, random=lambda: next(numbers))

    def configure(self) -> None:
        """Tell the store of the outlets as they are now."""
        self.upkeep.configure(
            {id: lanes_of(outlet) for id, outlet in self.outlets.items()},
            lambda id, story_id: lane_of(self.outlets[id], story_id),
            self.now,
        )

    def take(self, lane: str = "cms/0", *, worker: str = "w", **terms: Any) -> list[Delivery]:
        """What a worker gets of a lane."""
        asked = Terms(**{"limit": 10, "lease_s": 30.0, **terms})
        return list(self.queue.take(lane, asked, worker=worker).deliveries)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def change(self, change: Callable[[Ledger, datetime], Accepted]) -> Accepted:
        now = self.now
        return self.database.write(lambda tx: change(Ledger(tx), now))

    def order(self, story: str, command: Command, note: str | None = None) -> Accepted:
        """What a person orders."""
        order = Order(story=story, command=command, who="editor", note=note)
        return self.change(lambda ledger, now: self.acceptor.by_hand(ledger, now, order))

    def change_due(self) -> Accepted:
        """Stories whose instant has come."""
        return self.change(lambda ledger, now: self.acceptor.change_due(ledger, now, 10))

    def accept(self, *files: ReadFile) -> Accepted:
        return self.change(lambda ledger, now: self.acceptor.accept(ledger, files, now))

    def drop(self, name: str = "flood.txt", **said: Any) -> Accepted:
        """One file with one story that says so."""
        return self.accept(file_of(name, story(name, **said)))


def story(name: str = "flood.txt", **said: Any) -> Story:
    origin = Origin(format="text", source="agency", file=name, sha256=said.pop("sha256", "0" * 64))
    return Story(origin=origin, **{"headline": "Flood", **said})


def file_of(name: str, *items: Story | IntakeError, data: bytes | None = None) -> ReadFile:
    if data is None:
        data = repr(items).encode()
    digest = hashlib.sha256(data).hexdigest()
    raw = RawFile(data=data, name=name, source=AGENCY, arrived_at=ARRIVED, sha256=digest)
    read = tuple(
        read_story(item, raw, number) if isinstance(item, Story) else item
        for number, item in enumerate(items, 1)
    )
    return ReadFile(
        source="agency",
        name=name,
        size=len(data),
        arrived_at=ARRIVED,
        sha256=digest,
        data=data,
        once_key=f"agency {digest}",
        items=read,
    )


def newsroom_on(kept_open: Database, **known: Any) -> Newsroom:
    """A newsroom on a store that is emptied for it."""
    kept_open.write(empty)
    return Newsroom(kept_open, **known)


EITHER_KIND = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=EITHER_KIND)
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes an empty store of either kind, one at a time; returns its URL."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated")
        numbers = count(1)

        def copy() -> str:
            folder = tmp_path / f"store{next(numbers)}"
            folder.mkdir()
            shutil.copy(migrated, folder / "wire.db")
            return f"sqlite:///{folder / 'wire.db'}"

        return copy
    server: Postgres = request.getfixturevalue("postgres")
    found: str = request.getfixturevalue("server_store")

    def emptied() -> str:
        server.empty(found)
        return found

    return emptied


@pytest.fixture
def url(empty_store: Callable[[], str]) -> str:
    """An empty store of either kind."""
    return empty_store()


@pytest.fixture(params=EITHER_KIND)
def database(request: pytest.FixtureRequest) -> Database:
    """A store of either kind that stays open. Whoever uses it empties it first."""
    kept = "kept_open" if request.param == "sqlite" else "kept_open_on_server"
    found: Database = request.getfixturevalue(kept)
    return found


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return newsroom_on(database)
