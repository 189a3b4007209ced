"""Documents kept as files, wherever: what they are called, what replaces what, what a kill does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from wire.common.clock import ms_since
from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog
from wire.deliver.dialling import Dialler
from wire.deliver.session import Connection, Session
from wire.errors import DeliveryError, Refused, Unreachable
from wire.ports import Clock
from wire.story import Action, Delivery, Receipt

#: Which files there are: one a version; one a story, its latest; or that as long as the story stands.
Files = Literal["versions", "latest", "live"]

#: Written and removed again to prove that an endpoint works; readers leave names with a dot alone.
PROBE = ".wire-probe"
PROBE_BODY = b"wire check: this file may be removed\n"

_SAFE = re.compile(r"[a-z0-9][a-z0-9-]*")
_TAKEN_BACK = frozenset({Action.KILL, Action.WITHHOLD})
_PROBE_S = 20.0


@dataclass(frozen=True, slots=True)
class Errand:
    """What has to be done for a delivery."""

    name: str
    body: bytes | None  #: None: the file has to go


def errand(delivery: Delivery, files: Files) -> Errand:
    """The file of a delivery. Its name is made of our own ids, and the same on every attempt.

    A kill is a document of its own version, which repeats none of the copy: it becomes another file, or takes
    the place of the story's, or (``live``) only takes that away. Raises Refused when an id is none of ours.
    """
    story, suffix = delivery.story_id, delivery.document.suffix
    if not _SAFE.fullmatch(story) or not _SAFE.fullmatch(suffix):
        raise Refused(f"story id {story!r} or suffix {suffix!r} is not fit for a file name")
    if files == "versions":
        return Errand(f"{story}-v{delivery.version}.{suffix}", delivery.document.body)
    gone = files == "live" and delivery.action in _TAKEN_BACK
    return Errand(f"{story}.{suffix}", None if gone else delivery.document.body)


def part_of(name: str) -> str:
    """The name under which a file is written before it is whole."""
    return f".{name}.part"


class Shelf(Protocol):
    """Where files are kept."""

    def put(self, name: str, body: bytes) -> None:
        """Have a file of this name that is whole, in the place of any other; never a part of it."""
        ...

    def remove(self, name: str) -> None:
        """Have no file of this name."""
        ...


class Server(Connection, Protocol):
    """A connection to a server that keeps files, in the folder that is meant. Any call may raise anything."""

    def write(self, name: str, body: bytes) -> None:
        """Write a file; what is there may be a part of it when the server fails."""
        ...

    def size_of(self, name: str) -> int | None:
        """Bytes of a file as the server has it; None where it cannot tell."""
        ...

    def move(self, name: str, to: str) -> None:
        """Give a file another name, in the place of any other that has it."""
        ...

    def erase(self, name: str) -> None:
        """Have no file of this name."""
        ...


class _FarShelf:
    """A shelf on a server: files are written under another name, measured, and renamed."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def put(self, name: str, body: bytes) -> None:
        part = part_of(name)
        self._server.write(part, body)
        found = self._server.size_of(part)
        if found is not None and found != len(body):
            raise Unreachable(f"{found} of {len(body)} bytes arrived")
        self._server.move(part, name)

    def remove(self, name: str) -> None:
        self._server.erase(name)


class FileTransport:
    """Puts documents on a server that keeps files; `wire.ports.Transport`.

    log_in   see ``connect`` of `Session`; so do ``meaning``, ``networks`` and ``watchdog``
    """

    def __init__(
        self,
        log_in: Callable[[Dialler], Server],
        meaning: Callable[[Exception], DeliveryError | None],
        *,
        files: Files,
        networks: Sequence[Network],
        watchdog: Watchdog | None,
        clock: Clock,
    ) -> None:
        self._session = Session(log_in, meaning, networks=networks, watchdog=watchdog)
        self._files = files
        self._clock = clock

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        started_s = time.monotonic()
        wanted = errand(delivery, self._files)
        with self._session.within(deadline_s) as server:
            carry_out(wanted, _FarShelf(server))
        return Receipt(accepted_at=self._clock(), took_ms=ms_since(started_s), detail=said(wanted))

    def probe(self) -> None:
        """Prove that files can be written and removed, with one that readers leave alone."""
        with self._session.within(_PROBE_S) as server:
            shelf = _FarShelf(server)
            shelf.put(PROBE, PROBE_BODY)
            shelf.remove(PROBE)

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._session.close()


def carry_out(wanted: Errand, shelf: Shelf) -> None:
    """Do what has to be done."""
    if wanted.body is None:
        shelf.remove(wanted.name)
    else:
        shelf.put(wanted.name, wanted.body)


def said(wanted: Errand) -> str:
    """What the receipt tells of it."""
    return f"{wanted.name} removed" if wanted.body is None else wanted.name
