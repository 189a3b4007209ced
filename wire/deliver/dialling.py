"""Connections that go to checked addresses only and can be broken off from outside."""

from __future__ import annotations

import queue
import select
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from wire.deliver.addresses import Network, parsed, refusal
from wire.errors import Unreachable

_CONNECT_S = 10.0  #: for one address; the total deadline stands above it


class AddressRefused(Unreachable):
    """The endpoint's name leads to an address that it may not be reached at: names and networks change."""


class Dialler:
    """Makes the connections of one transport; holds a second handle on the latest socket of each role.

    The second handle is what lets another thread end an exchange: TLS takes the first one over, and
    closing a socket does not end a read that waits on it, shutting it down does.
    """

    def __init__(self, networks: Sequence[Network] = (), *, strangers: bool = False) -> None:
        """See `wire.deliver.addresses.refusal`."""
        self._networks = tuple(networks)
        self._strangers = strangers
        self._handles: dict[str, socket.socket] = {}
        self._answers: _Answers | None = None  # of the resolver, while it is asked
        self._broken = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """An exchange begins: breaking off is not in force."""
        self._broken = False

    def break_off(self) -> None:
        """End whatever is under way, at once; safe from any thread, raises nothing."""
        with self._lock:
            self._broken = True
            if self._answers is not None:
                self._answers.put(TimeoutError("the exchange was broken off"))
            for handle in self._handles.values():
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """End every connection, whoever still holds it, and let go of the second handles."""
        with self._lock:
            while self._handles:
                _, handle = self._handles.popitem()
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)
                handle.close()

    def dial(
        self,
        host: str,
        port: int,
        options: Sequence[tuple[int, int, int | bytes]] = (),
        *,
        role: str = "line",
    ) -> socket.socket:
        """A connected socket. Raises OSError, or AddressRefused when no address may be used.

        role  what the connection is for, where a transport has several at a time
        """
        allowed = []
        reasons = []
        for family, address in self._resolve(host, port):
            one = parsed(address[0].partition("%")[0])
            reason = refusal(one, self._networks, strangers=self._strangers)
            if reason is None:
                allowed.append((family, address))
            else:
                reasons.append(reason)
        # One bad address spoils the name: a mixed answer is how rebinding attacks look.
        if reasons or not allowed:
            raise AddressRefused(f"{host} is not connected to: {'; '.join(reasons) or 'it has no address'}")
        return self._first_that_answers(allowed, options, role)

    def _resolve(self, host: str, port: int) -> list[tuple[int, Any]]:
        answers: _Answers = queue.SimpleQueue()
        with self._lock:
            self._answers = answers
        try:
            return resolve(host, port, answers)
        finally:
            with self._lock:
                self._answers = None

    def _first_that_answers(
        self, addresses: Sequence[tuple[int, Any]], options: Sequence[tuple[int, int, int | bytes]], role: str
    ) -> socket.socket:
        failure: OSError | None = None
        for family, address in addresses:
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                for option in options:
                    sock.setsockopt(*option)
                sock.settimeout(_CONNECT_S)
                self._hold(sock, role)
                sock.connect(address)
            except OSError as exc:
                sock.close()
                failure = exc
                failure.filename = f"{address[0]} port {address[1]}"  # what it is about, as it says itself
            else:
                return sock
        raise failure or OSError("no address to connect to")

    def _hold(self, sock: socket.socket, role: str) -> None:
        with self._lock:
            if role in self._handles:
                self._handles[role].close()
            self._handles[role] = sock.dup()
            if self._broken:
                raise TimeoutError("the exchange was broken off")


#: Seconds that the system's resolver is waited for; a deadline that ends sooner ends this too.
_RESOLVED_IN_S = 10.0

_Answers = queue.SimpleQueue[list[tuple[int, Any]] | OSError]


def resolve(host: str, port: int, answers: _Answers) -> list[tuple[int, Any]]:
    """Address families and socket addresses of a host. Raises OSError.

    The system's resolver knows no deadline, so a thread of its own asks it; when it hangs, it is left
    behind and ends by itself.

    answers  an error that somebody else puts there ends the wait
    """
    with suppress(ValueError):
        literal = parsed(host.strip("[]"))  # nobody need be asked
        family = socket.AF_INET if literal.version == 4 else socket.AF_INET6
        return [(family, (str(literal), port) if literal.version == 4 else (str(literal), port, 0, 0))]

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _, _, _, address in found])
        except OSError as exc:
            exc.filename = host
            answers.put(exc)
        except UnicodeError as exc:
            answers.put(OSError(f"no host name: {exc}"))

    threading.Thread(target=ask, name="wire-resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=_RESOLVED_IN_S)
    except queue.Empty:
        raise TimeoutError(f"the name {host} was not resolved in {_RESOLVED_IN_S:g} s") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


class Line(NamedTuple):
    """A connection on which a request can be made, whatever stands behind it: TLS, a proxy, a tunnel."""

    sock: socket.socket
    proxied: bool  #: a proxy makes the request, and has to be told its whole address
    headers: Mapping[str, str]  #: that this proxy wants


def is_silent(sock: socket.socket) -> bool:
    """Whether a server says nothing between two exchanges; if it does, it says farewell, or has gone."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return not poll.poll(0)


def unreachable(exc: BaseException) -> Unreachable:
    """What a failed exchange is to us, with the innermost cause in words."""
    cause: BaseException = exc
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return Unreachable(_in_words(cause))


def _in_words(cause: BaseException) -> str:
    """An error as people say it: with its class where its words alone would say too little."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}"
    if isinstance(cause, EOFError):
        return "the connection was closed"
    if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError):
        return (f"{cause.filename}: " if cause.filename else "") + (cause.strerror or str(cause))
    return f"{type(cause).__name__}: {cause}"
