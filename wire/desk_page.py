"""Builds the desk page out of the daemon's parts; beside `wire.app`, the only place that does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from wire import __version__
from wire.common.alarms import Alarm
from wire.config import Settings
from wire.config.people import is_loopback
from wire.errors import CommandError
from wire.from_settings import build_renderer
from wire.inbox.dropping import Hatch
from wire.ports import Clock, House
from wire.store.board_view import BoardView
from wire.store.database import Database
from wire.store.handing import Handings
from wire.store.outlet_view import OutletView
from wire.store.quarantine_view import QuarantineView
from wire.store.sessions import Sessions
from wire.store.story_view import StoryView
from wire.story import Document, Revision, once_key
from wire.web.desk.api import Api
from wire.web.desk.api_operations import Operations, Pusher
from wire.web.desk.api_outlets import OutletOperations
from wire.web.desk.api_table import openapi
from wire.web.desk.app import desk_app
from wire.web.desk.board import Board
from wire.web.desk.frame import Frame
from wire.web.desk.gate import Gate
from wire.web.desk.inbox import InboxPages
from wire.web.desk.login import Login
from wire.web.desk.outlets import Feed, Outlets
from wire.web.desk.people import FIRST, Links, People
from wire.web.desk.story import Stories


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


def build_desk(
    settings: Settings,
    database: Database,
    *,
    clock: Clock,
    listening: str,
    operate: Callable[..., Any],
    pusher: Pusher,
    alarms: Callable[[], Sequence[Alarm]],
) -> DeskPage:
    """Build it.

    listening  where the web server listens, such as ``http://127.0.0.1:8080``
    operate    carries out an operation by its name, as for the command line
    pusher     accepts files that are pushed
    alarms     those that stand, the oldest first
    """
    house = settings.house()
    board, view, quarantine = BoardView(database), StoryView(database), QuarantineView(database)
    outlets, box = OutletView(database, clock), _hatch(settings, clock, Handings(database))
    render = partial(_render, house)
    people, links = People(user.user() for user in settings.users), Links()
    frame = Frame(house, alarms)
    gate = Gate(
        people=people,
        sessions=Sessions(database),
        clock=clock,
        hosts=_hosts(settings, listening),
        secure=house.base_url.startswith("https:"),
        largest=settings.inbox.max_bytes,
    )
    live = Board(
        gate=gate,
        frame=frame,
        shelf=board,
        language=house.language,
        commits=lambda: database.commits,
        alarms=alarms,
    )
    login = Login(gate=gate, people=people, links=links, monotonic=time.monotonic, frame=frame)
    stories = Stories(frame=frame, view=view, operate=operate, render=render)
    inbox = InboxPages(frame=frame, box=box, quarantine=quarantine, operate=operate, clock=clock)
    base_url = listening if settings.web.port == 0 else house.base_url
    table = Operations(
        board=board,
        view=view,
        box=box,
        quarantine=quarantine,
        pusher=pusher,
        operate=operate,
        render=render,
    ).table()
    limits = {feed.id: feed.limit for feed in settings.feeds}
    table += OutletOperations(outlets=outlets, feeds=limits, alarms=alarms, operate=operate).table()
    api = Api(
        table,
        people=people,
        document=openapi(table, title=f"{house.name}: wire", version=__version__, url=base_url),
        largest=settings.inbox.max_bytes,
    )
    routes = (
        *(*login.routes(), *live.routes(), *stories.routes(gate), *inbox.routes(gate)),
        *_outlets(settings, frame, outlets, operate).routes(gate),
        *api.routes(),
    )
    return DeskPage(surface=desk_app(frame, routes), base_url=base_url, people=people, links=links)


def _outlets(settings: Settings, frame: Frame, shelf: OutletView, operate: Callable[..., Any]) -> Outlets:
    feeds = [
        Feed(id=feed.id, title=feed.title, limit=feed.limit, private=feed.private) for feed in settings.feeds
    ]
    return Outlets(frame=frame, shelf=shelf, feeds=feeds, operate=operate)


def _render(house: House, revision: Revision, format: str) -> Document:
    return build_renderer(format).render(revision, house)


def _hatch(settings: Settings, clock: Clock, handings: Handings) -> Hatch:
    folders = {source.id: source.place for source in settings.sources}

    def remember(source: str, data: bytes, who: str, how: str) -> None:
        key = once_key(source or settings.source("").id, sha256(data).hexdigest())
        handings.remember(key, who, how, clock())

    return Hatch(
        settings.inbox.path,
        {"": ".", **folders},
        remember=remember,
        settle_s=settings.inbox.settle_s,
        clock=clock,
    )


def _hosts(settings: Settings, listening: str) -> frozenset[str]:
    """Names and ports by which browsers may call us."""
    asked, own = urlsplit(settings.web.base_url), urlsplit(listening)
    hosts = {asked.netloc, own.netloc}
    if asked.port in {80, 443}:
        hosts.add(asked.hostname or "")
    if is_loopback(own.hostname or ""):
        hosts |= {f"{name}:{own.port}" for name in ("localhost", "127.0.0.1", "[::1]")}
    return frozenset(host.lower() for host in hosts)
