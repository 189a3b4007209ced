"""Builds the desk page out of the daemon's parts; beside `wire.app`, the only place that does."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from wire.config import Settings
from wire.config.people import is_loopback
from wire.errors import CommandError
from wire.ports import Clock
from wire.store.board_view import BoardView
from wire.store.database import Database
from wire.store.sessions import Sessions
from wire.web.desk.app import desk_app
from wire.web.desk.board import Board
from wire.web.desk.frame import Frame
from wire.web.desk.gate import Gate
from wire.web.desk.login import Login
from wire.web.desk.people import FIRST, Links, People


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """The desk page, and how somebody gets into it without a password."""

    surface: Callable[..., Any]  #: an ASGI application
    base_url: str
    people: People
    links: Links

    def link(self, name: str | None = None) -> str:
        """An address that lets one browser in once: as this user, or as the first while none is configured.

        Raises CommandError when there is no such user.
        """
        if name is None and self.people.configured:
            raise CommandError("say as which user: wire user link NAME")
        user = self.people.find(name or FIRST.name)
        if user is None:
            raise CommandError(f"there is no user {name!r} in the configuration")
        return f"{self.base_url}/desk/login?once={self.links.make(user.name)}"


def build_desk(settings: Settings, database: Database, *, clock: Clock, listening: str) -> DeskPage:
    """Build it.

    listening  where the web server listens, such as ``http://127.0.0.1:8080``
    """
    house = settings.house()
    people, links = People(user.user() for user in settings.users), Links()
    frame = Frame(house)
    gate = Gate(
        people=people,
        sessions=Sessions(database),
        clock=clock,
        hosts=_hosts(settings, listening),
        secure=house.base_url.startswith("https:"),
        largest=settings.inbox.max_bytes,
    )
    board = Board(
        gate=gate,
        frame=frame,
        shelf=BoardView(database),
        language=house.language,
        commits=lambda: database.commits,
    )
    surface = desk_app(
        frame=frame,
        gate=gate,
        login=Login(gate=gate, people=people, links=links, monotonic=time.monotonic, frame=frame),
        board=board,
    )
    base_url = listening if settings.web.port == 0 else house.base_url
    return DeskPage(surface=surface, base_url=base_url, people=people, links=links)


def _hosts(settings: Settings, listening: str) -> frozenset[str]:
    """Names and ports by which browsers may call us."""
    asked, own = urlsplit(settings.web.base_url), urlsplit(listening)
    hosts = {asked.netloc, own.netloc}
    if asked.port in {80, 443}:
        hosts.add(asked.hostname or "")
    if is_loopback(own.hostname or ""):
        hosts |= {f"{name}:{own.port}" for name in ("localhost", "127.0.0.1", "[::1]")}
    return frozenset(host.lower() for host in hosts)
