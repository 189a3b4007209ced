"""Is everything as it should be? What ``wire check`` tries and ``wire status`` gathers. Prints nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from wire import plugins
from wire.common.lists import EndpointRow, Overview
from wire.config import EndpointSettings, Settings, Where
from wire.errors import CommandError, Fault, StoreError
from wire.inbox.unread import unread
from wire.operate.control import ask
from wire.operate.tracing import exporter_to
from wire.orders.books import control_path, data_folder, open_books
from wire.store.browse import Browse
from wire.store.database import file_of
from wire.store.following import daemons

#: After so long a kill that an endpoint did not take is a matter for people.
_RECALL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried, and how it went."""

    level: Literal["ok", "warning", "fault"]
    what: str
    message: str


def check(settings: Settings, *, connect: bool) -> Iterator[Finding]:
    """Whether every folder, plug-in and address is usable; with ``connect`` every server too."""
    running = daemon_health(settings)
    yield from _folders(settings)
    yield from _store(settings, connect=connect)
    yield from _unknown_sources(settings)
    yield from _plugins()
    yield from _traces(settings)
    yield _address(settings, taken=None if running is None else running.get("listen"))
    if connect and settings.endpoints:
        # All at the same time: one that hangs holds up no other, and its deadline ends it.
        with ThreadPoolExecutor(max_workers=32) as pool:
            yield from pool.map(partial(_endpoint, settings), settings.endpoints)


def _folders(settings: Settings) -> Iterator[Finding]:
    inbox, outbox = settings.inbox.path, settings.outbox.path
    for name, folder in (("inbox", inbox), ("outbox", outbox), ("store", data_folder(settings))):
        yield _folder(name, folder)
    for source in settings.sources:
        folder = inbox / source.place
        if not folder.is_dir():
            yield Finding(level="warning", what=f"source {source.id}", message=f"{folder} is not there yet")


def _folder(name: str, folder: Path) -> Finding:
    try:
        standing = next(path for path in (folder, *folder.parents) if path.exists())
    except OSError as exc:
        return Finding(level="fault", what=name, message=f"{folder} cannot be looked at: {exc.strerror}")
    if not standing.is_dir():
        return Finding(level="fault", what=name, message=f"{standing} is no folder")
    if not os.access(standing, os.R_OK | os.W_OK | os.X_OK):
        return Finding(level="fault", what=name, message=f"{standing} may not be written to by this user")
    made = "" if standing == folder else "; will be made"
    return Finding(level="ok", what=name, message=f"{folder}{made}")


def _store(settings: Settings, *, connect: bool) -> Iterator[Finding]:
    """A store that is there already; one on a server only if servers are to be asked."""
    file = file_of(settings.store.url)
    wanted = connect if file is None else os.access(file, os.F_OK)
    if not wanted:
        return
    try:
        open_books(settings).close()
    except StoreError as exc:
        yield Finding(level="fault", what="store", message=str(exc))
    else:
        yield Finding(level="ok", what="store", message="can be read")


def _unknown_sources(settings: Settings) -> Iterator[Finding]:
    """Sources that are named but neither configured nor there as a folder: perhaps misspelt."""
    known = {source.id for source in settings.sources} | {settings.source("").id}
    named = [(f"feed {feed.id}", _sources_named(feed.where)) for feed in settings.feeds]
    named += [(f"endpoint {each.id}", _sources_named(each.where)) for each in settings.endpoints]
    named += [(f"source {source.id}", set(source.revises or ())) for source in settings.sources]
    for what, sources in named:
        for source in sorted(sources - known):
            if not (settings.inbox.path / source).is_dir():
                message = f"asks for stories of source {source!r}, which is no folder of the inbox yet"
                yield Finding(level="warning", what=what, message=message)


def _sources_named(where: Where) -> set[str]:
    return set(where.source).union(*(_sources_named(rule) for rule in where.within))


def _plugins() -> Iterator[Finding]:
    for group in plugins.BUILT_IN:
        for name in plugins.names(group):
            what = f"{group.removeprefix('wire.').rstrip('s')} {name}"
            try:
                plugins.load(group, name)
            except Exception as exc:  # noqa: BLE001  # a plug-in's edge: what it raises is what is wrong
                yield Finding(level="fault", what=what, message=f"cannot be loaded: {exc!r}")
            else:
                yield Finding(level="ok", what=what, message="loads")


def _traces(settings: Settings) -> Iterator[Finding]:
    if settings.traces.url is not None:
        try:
            exporter_to(settings.traces.url).shutdown()
        except CommandError as exc:
            yield Finding(level="fault", what="traces", message=str(exc))
        else:
            yield Finding(level="ok", what="traces", message=f"told to {settings.traces.url}")


def _address(settings: Settings, *, taken: str | None) -> Finding:
    """``taken``: where the running daemon listens."""
    listen = settings.web.listen
    if listen == taken:
        return Finding(level="ok", what="web", message=f"{listen}, where the running daemon listens")
    family = socket.AF_INET6 if ":" in settings.web.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.web.host, settings.web.port))
    except OSError as exc:
        return Finding(level="fault", what="web", message=f"cannot listen on {listen}: {exc.strerror or exc}")
    return Finding(level="ok", what="web", message=listen)


def _endpoint(settings: Settings, endpoint: EndpointSettings) -> Finding:
    from wire.orders.trial import try_endpoint

    what = f"endpoint {endpoint.id}"
    try:
        try_endpoint(settings, endpoint.id)
    except CommandError as exc:
        return Finding(level="fault", what=what, message=str(exc))
    return Finding(level="ok", what=what, message="answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything at a glance; its field names are those of ``wire status --json``."""

    healthy: bool
    why: tuple[str, ...]  #: what is wrong, for people
    #: what people should look at: ``kind``, ``about``, ``message``, ``since``, ``advice``
    alarms: tuple[Mapping[str, str], ...]
    #: ``running`` (here); if so, also ``status`` and ``pid``; ``sharing``: how many daemons are on the store
    daemon: dict[str, Any]
    inbox: dict[str, Any]  #: ``path``, ``waiting`` (files)
    files: dict[str, int]  #: outcome → files taken
    stories: dict[str, int]  #: standing → stories
    feeds: dict[str, int]  #: feed → stories standing in it
    queued: int  #: deliveries still to be made
    held: int  #: deliveries that wait until people resume their endpoints
    dead: int  #: deliveries given up
    endpoints: tuple[EndpointRow, ...]
    quarantined: int


def status(settings: Settings, faults: Sequence[Fault] = ()) -> Status:
    """Asks the daemon, the store and the inbox; what does not answer is a reason to be unhealthy.

    faults  of the configuration, of which the settings then are what is left (`wire.config.salvaged`)
    """
    health = daemon_health(settings)
    why = ["the daemon is not running: start `wire run`"] if health is None else list(health["why"])
    faulty = "the configuration is faulty, and the daemon goes on with the former one"
    why += [f"{faulty}: {fault}" for fault in faults]
    overview = Overview(files={}, stories={}, feeds={}, quarantined=0, endpoints=())
    daemon: dict[str, Any] = {"running": False}
    if health is not None:
        daemon = {"running": True, "status": health["status"], "pid": health.get("pid")}
    try:
        overview, sharing = _overview(settings)
        daemon |= {} if sharing is None else {"sharing": sharing}
    except StoreError as exc:
        why.append(str(exc))
    why += [trouble for row in overview.endpoints if row.configured for trouble in _endpoint_troubles(row)]
    alarms = () if health is None else tuple(health.get("alarms", ()))
    return Status(
        healthy=not why and not alarms,
        why=tuple(why),
        alarms=alarms,
        daemon=daemon,
        inbox={"path": str(settings.inbox.path), "waiting": unread(settings.inbox.path).files},
        files=overview.files,
        stories=overview.stories,
        feeds=overview.feeds
        if faults
        else {feed.id: overview.feeds.get(feed.id, 0) for feed in settings.feeds},
        queued=overview.queued,
        held=overview.held,
        dead=overview.dead,
        endpoints=overview.endpoints,
        quarantined=overview.quarantined,
    )


def _endpoint_troubles(row: EndpointRow) -> Iterator[str]:
    """What people should see to: not what mends itself."""
    if row.disabled:
        yield f"endpoint {row.id} is disabled: {row.disabled}"
    if row.dead_recalls:
        yield f"endpoint {row.id} was not told of {row.dead_recalls} stories taken back: `wire retry`"
    if row.oldest_recall_at and datetime.now(UTC) - row.oldest_recall_at > _RECALL:
        yield f"endpoint {row.id} has not taken {row.recalls} stories back yet"


def daemon_health(settings: Settings) -> dict[str, Any] | None:
    """What the running daemon says of itself; None while none runs."""
    try:
        health: dict[str, Any] = ask(control_path(settings), "health")
    except OSError:
        return None
    except CommandError as exc:
        return {"status": "unwell", "why": [str(exc)]}
    return health


def _overview(settings: Settings) -> tuple[Overview, int | None]:
    """What the store holds, and how many daemons share it; None where none can."""
    database = open_books(settings)
    try:
        return Browse(database).overview(), daemons(database) if database.shared else None
    finally:
        database.close()
