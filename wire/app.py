"""The composition root: the only place that builds and joins objects.

`App` is the daemon's body; what a command needs that only reads is in `wire.orders.books`. Nothing here
decides.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from wire.common.clock import utc_now
from wire.config import Settings
from wire.deliver.sender import SenderProcess
from wire.deliver.turn import Turn
from wire.deliver.websub import Verifier
from wire.desk.desk import Desk
from wire.desk.dispatch import Outlet, lane_of, lanes_of
from wire.desk.routing import Router
from wire.errors import CommandError
from wire.flow.acceptance import Acceptor
from wire.flow.backfill import Backfill
from wire.flow.exporting import Exporter
from wire.flow.follower import Follower
from wire.flow.hub import Hub
from wire.flow.indexing import Indexing
from wire.flow.press import Press
from wire.flow.reading import build_reader
from wire.flow.reading_apart import ApartReader
from wire.flow.reading_wary import WaryReader
from wire.flow.showing import Showing
from wire.flow.tally import Tally, TimedQueue
from wire.from_settings import (
    build_renderer,
    channels_of,
    feed_specs,
    hubs,
    inbox_sources,
    limits_of,
    outlet,
    public,
    readers,
    renderers,
    rights_of,
    routes,
    shelf_of,
    subscriptions_of,
    topics,
    topics_url,
    traces_of,
)
from wire.inbox.renames import Renames
from wire.inbox.sweep import Inbox
from wire.observe import Beats, Counters
from wire.operate.control import ControlServer, ask
from wire.operate.gauges import Gauges
from wire.operate.outlook import Outlook
from wire.operate.premises import alone_in, make
from wire.operate.watchman import Watchman
from wire.orders.books import control_path, data_folder, open_books
from wire.orders.by_hand import HandWork
from wire.orders.pushing import PushWork
from wire.orders.quarantine import QuarantineWork
from wire.orders.queue_work import QueueWork
from wire.orders.trial import try_endpoint
from wire.pipeline import EVENTS, Pipeline
from wire.ports import Clock
from wire.publish.copies import Copies
from wire.publish.feeds.archives import Archives, ReadArchives
from wire.publish.feeds.board import FeedBoard
from wire.publish.feeds.news_sitemap import NewsSitemap
from wire.publish.feeds.opml import FeedList
from wire.publish.outbox.archive_files import ArchiveFiles
from wire.publish.outbox.folder import Outbox
from wire.publish.page import HousePages
from wire.store.changes import Changes
from wire.store.database import Database
from wire.store.delivery_queue import DeliveryQueue
from wire.store.figures import Figures
from wire.store.following import Commits, ServerClock
from wire.store.indexer import Indexer
from wire.store.queue_orders import QueueOrders
from wire.store.subscriptions import Subscriptions
from wire.store.upkeep import Upkeep
from wire.store.watch import WatchBook
from wire.web.app import create_app
from wire.web.changes import ChangeFeed
from wire.web.hub import HubDoor
from wire.web.later import Later
from wire.web.server import WebServer

if TYPE_CHECKING:
    from wire.desk_page import DeskPage

log = logging.getLogger(__name__)


class App:
    """Everything the daemon is made of. Built whole or not at all."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None, handed_over: str = "") -> None:
        """Open the store and build the rest.

        clock        everything but the sending process goes by it; the system's when None, or where daemons
                     share a server, the server's
        handed_over  see `wire.web.server.WebServer`

        Raises AlreadyRunning when another daemon owns the data, WireError when something that the
        settings ask for cannot be had.
        """
        self.settings = settings
        self.house = settings.house()
        self.beats = Beats()
        self.counters = Counters()
        self.traces = traces_of(settings)
        self._handed_over = handed_over
        self._troubles: dict[str, str] = {}
        self._desk: DeskPage | None = None
        self._building_desk = threading.Lock()
        self._started = threading.Event()
        self.stopping = threading.Event()  #: set once nothing new is to begin
        self.held = ExitStack()  #: the store and the folders, until it is closed
        for folder in (settings.inbox.path, settings.outbox.path, data_folder(settings)):
            make(folder)
        self.database = Database(settings.store.url, folder=data_folder(settings))
        self.held.callback(self.database.close)
        try:
            self.held.enter_context(alone_in(settings.outbox.path))
            if not self.database.shared:  # on a server, daemons may share an inbox
                self.held.enter_context(alone_in(settings.inbox.path))
            self.clock = clock or (ServerClock(self.database) if self.database.shared else utc_now)
            self.tally = Tally(self.clock, self.counters, self.traces)
            self._build()
        except BaseException:
            self.held.close()
            raise

    def _build(self) -> None:
        settings, database = self.settings, self.database
        self.upkeep = Upkeep(database)
        self.shelf = shelf_of(settings, database)
        self.changes = Changes(database, [feed.id for feed in settings.feeds if not feed.private])
        self.outlets = {endpoint.id: outlet(endpoint) for endpoint in settings.endpoints}
        self.router = Router(
            {feed.id: feed.where for feed in settings.feeds},
            {endpoint.id: endpoint.where for endpoint in settings.endpoints},
        )
        self.press = Press(renderers=renderers(settings), house=self.house)
        subscriptions = subscriptions_of(settings, database)
        outlets = self.outlets | {id: Outlet(id=id, document="websub") for id in subscriptions.endpoints()}
        self.upkeep.configure(
            {id: lanes_of(outlet) for id, outlet in outlets.items()},
            lambda id, story_id: lane_of(outlets[id], story_id),
            self.clock(),
        )
        self.queue = DeliveryQueue(database, self.clock)
        self.engine = SenderProcess(
            TimedQueue(self.queue, self.tally),
            partial(routes, settings),
            worker=self._worker(),
            clock=self.clock,
            early=bool(settings.endpoints),
            log_format=settings.log.format,
        )
        self._build_feeds(subscriptions)
        self.showing = Showing(self.board, self.exporter, Commits(database) if database.shared else None)
        self.inbox = Inbox(
            settings.inbox.path,
            inbox_sources(settings),
            settle_s=settings.inbox.settle_s,
            max_wait_s=settings.inbox.max_wait_s,
            max_bytes=settings.inbox.max_bytes,
            clock=self.clock,
            renames=Renames.open(),
        )
        reader = build_reader()
        self.apart = ApartReader()
        self.wary = WaryReader(reader, self.apart.read, wary=database.left_open)
        self.pipeline = Pipeline(
            inbox=self.inbox,
            reader=reader,
            wary=self.wary,
            apart=self.apart,
            acceptor=self._acceptor(),
            database=database,
            showing=self.showing,
            exporter=self.exporter,
            engine=self.engine,
            tally=self.tally,
            aside=data_folder(settings) / "refused",
            clock=self.clock,
        )
        self._post_watch()
        self.indexing = Indexing(Indexer(database), lambda: database.commits, time.monotonic)
        self.follower = self._follower() if database.shared else None
        self.web = WebServer(settings.web.host, settings.web.port, handed_over=self._handed_over)
        self.hand_work = HandWork(pipeline=self.pipeline, reader=reader, settings=settings, clock=self.clock)
        self.queue_work = self._queue_work()
        self.quarantine_work = QuarantineWork(pipeline=self.pipeline, upkeep=self.upkeep, settings=settings)
        self.control = ControlServer(control_path(settings), operations(self))

    def _build_feeds(self, subscriptions: Subscriptions) -> None:
        """The feeds, their files, and who is told of them."""
        specs, folder = feed_specs(self.settings), self.settings.outbox.path
        private = [spec.id for spec in specs if spec.private]
        listings = (
            FeedList(public(specs), self.house, self.clock()),
            NewsSitemap(self.shelf, self.house, self.clock, private=private),
        )
        self.board = FeedBoard(specs, self.house, self.shelf, listings=listings)
        self.archives = Archives(public(specs), self.house, self.shelf)
        self.hub = self._hub(subscriptions)
        outbox = Outbox(
            folder,
            self.board,
            listings=[listing.name for listing in listings],
            written=self.hub.announce,
            private=private,
            archives=ArchiveFiles(folder, self.archives),
        )
        self.exporter = Exporter(outbox, self.upkeep, trouble=partial(self.trouble, "outbox files"))

    def _post_watch(self) -> None:
        """What looks after it all."""
        settings = self.settings
        self.outlook = Outlook(
            tally=self.tally,
            figures=Figures(self.database),
            folders={
                "inbox": settings.inbox.path,
                "outbox": settings.outbox.path,
                "store": data_folder(settings),
            },
            limits=limits_of(settings),
            started=self.clock(),
            clock=self.clock,
        )
        self.watchman = Watchman(
            outlook=self.outlook,
            tally=self.tally,
            book=WatchBook(self.database),
            limits=limits_of(settings),
            channels=channels_of(settings),
            desk=self.house.name,
            on_watch=lambda: self.follower is None or self.follower.may_sweep,
        )

    def desk_page(self) -> DeskPage:
        """The desk page; loaded and built when it is first asked for."""
        with self._building_desk:
            if self._desk is None:
                self._desk = self._desk_page()
            return self._desk

    def _desk_page(self) -> DeskPage:
        from wire.desk_page import build_desk

        return build_desk(
            self.settings,
            self.database,
            clock=self.clock,
            listening=self.web.url,
            operate=lambda name, **arguments: operations(self)[name](**arguments),
            pusher=PushWork(pipeline=self.pipeline, settings=self.settings, clock=self.clock),
            alarms=lambda: self.watchman.told,
        )

    def _acceptor(self) -> Acceptor:
        desk = Desk(
            house_id=self.house.id,
            feeds=self.router.feeds,
            endpoints=self.router.endpoints,
            outlets=self.outlets,
            rights=rights_of(self.settings),
        )
        return Acceptor(
            desk=desk,
            press=self.press,
            outlets=self.outlets,
            # ids have to be unique, not secret
            random=partial(Random(secrets.token_bytes(32)).getrandbits, 64),  # noqa: S311
        )

    def _follower(self) -> Follower:
        return Follower(
            self.database,
            showing=self.showing,
            engine=self.engine,
            queue=self.queue,
            inbox=self.settings.inbox.path,
            clock=self.clock if isinstance(self.clock, ServerClock) else None,
            trouble=partial(self.trouble, "store"),
        )

    def _worker(self) -> str:
        return f"{self.database.identity}:{os.getpid()}:{secrets.token_hex(4)}"

    def build_turn(self) -> Turn:
        """A turn that delivers in this process. Raises WireError when a secret cannot be had."""
        return Turn(
            self.queue,
            routes(self.settings),
            worker=self._worker(),
            clock=self.clock,
            stopping=self.stopping,
        )

    def start(self) -> None:
        """Bring feeds and outbox up to the store, then serve. Raises WireError."""
        self.showing.begin()
        self.exporter.open([info.id for info in self.board.infos()])
        self.web.start(self.surface())
        self.control.start()
        self._started.set()

    def surface(self) -> Callable[..., Any]:
        """What is served by HTTP, as an ASGI application."""
        return create_app(
            feeds=self.board,
            stories=Copies(self.shelf, self.house, build_renderer),
            pages=HousePages(self.house, self.board.infos()),
            health=self.health,
            metrics=Gauges(
                tally=self.tally,
                outlook=self.outlook,
                health=self.health,
                alarms=lambda: self.watchman.alarms,
                renders=lambda: dict(self.board.renders),
            ),
            base_url=self.house.base_url,
            archives=ReadArchives(self.archives),
            changes=ChangeFeed(self.changes, lambda: self.board.commits),
            readers=readers(self.settings),
            desk=Later(lambda: self.desk_page().surface) if self.settings.web.desk else None,
            hub=self._hub_door(),
            hubs=hubs(self.settings),
        )

    def _hub(self, subscriptions: Subscriptions) -> Hub:
        settings = self.settings
        return Hub(
            subscriptions,
            Verifier(networks=settings.websub.networks),
            feeds=self.board,
            topics=topics(settings) if settings.websub.hub else (),
            topics_url=topics_url(settings),
            wake=self.engine.wake,
            clock=self.clock,
        )

    def _hub_door(self) -> HubDoor | None:
        if not self.settings.websub.hub:
            return None
        return HubDoor(self.hub, topics=topics(self.settings), topics_url=topics_url(self.settings))

    def desk_link(self, name: str | None = None) -> str:
        """An address that lets one browser into the desk once. Raises CommandError."""
        if not self.settings.web.desk:
            raise CommandError("[web] desk = false: there is no desk page")
        return self.desk_page().link(name)

    def stop(self, *, listening: bool = False) -> None:
        """Close everything, the store last. The daemon's threads have ended.

        listening  see `wire.web.server.WebServer.stop`
        """
        self.apart.stop()
        self.wary.stop()
        self.control.stop()
        self.web.stop(listening=listening)
        self.exporter.stop()
        if self._started.is_set():  # whoever only carried out a command left the outbox to the next start
            self.exporter.checkpoint()
        self.inbox.close()
        if self.traces is not None:
            self.traces.stop()
        self.held.close()

    def trouble(self, part: str, what: str | None) -> None:
        """Note what is wrong with a part, or that nothing is any more."""
        if what is None:
            self._troubles.pop(part, None)
        else:
            self._troubles[part] = what

    def health(self) -> Mapping[str, Any]:
        """How the daemon is.

        ``status`` is ``ready``, ``starting`` or ``unwell``; ``live`` is false when nothing but a restart
        helps, ``healthy`` when not everything works; ``why`` says what does not, ``alarms`` what people
        should look at.
        """
        stuck = [f"{name} has not been heard of for {age_s:.0f} s" for name, age_s in self.beats.silent()]
        why = [f"{part}: {what}" for part, what in sorted(self._troubles.items())] + stuck
        if not (started := self._started.is_set()):
            why.append("feeds and outbox are being brought up to the store")
        return {
            "status": "starting" if not started else "unwell" if why else "ready",
            "healthy": not why,
            "live": not stuck,
            "ready": not why,
            "why": why,
            "alarms": [alarm.told() for alarm in self.watchman.told],
            "listen": self.settings.web.listen,
            "pid": os.getpid(),
        }

    def purge(self) -> int:
        """Let go of stories that were kept as long as their source's are; returns how many."""
        before = self.settings.kept_since(self.clock())
        purged = 0
        while before and (among := self.upkeep.outlived(before, EVENTS)):
            purged += (gone := self.pipeline.purge(before, among))
            if not gone:  # all of them changed meanwhile
                break
        self.upkeep.forget_outdated(self.clock())
        return purged

    def _queue_work(self) -> QueueWork:
        return QueueWork(
            orders=QueueOrders(self.database),
            backfill=Backfill(
                self.database, wanting=self.router.endpoints, press=self.press, outlets=self.outlets
            ),
            reach=partial(try_endpoint, self.settings),
            wake=self._wake_ripe,
            clock=self.clock,
            timezone=self.settings.desk.timezone,
        )

    def _wake_ripe(self) -> None:
        self.engine.wake(self.queue.ripe(limit=1000))


def operations(app: App) -> dict[str, Callable[..., Any]]:
    """What a command may ask of the daemon."""
    return {
        "health": app.health,
        "desk_link": app.desk_link,
        **app.hand_work.operations(),
        **app.queue_work.operations(),
        **app.quarantine_work.operations(),
    }


def operate(settings: Settings, operation: str, **arguments: Any) -> Any:
    """Carry out an operation: by the running daemon, or here while none runs.

    Raises CommandError or WireError with the reason when it cannot be done; StoreUnusable where there is no
    store yet: none is made for it.
    """
    try:
        return ask(control_path(settings), operation, **arguments)
    except (FileNotFoundError, ConnectionRefusedError):
        open_books(settings).close()
        app = App(settings)
        try:
            return operations(app)[operation](**arguments)
        finally:
            app.stop()
