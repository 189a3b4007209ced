"""A real HTTP receiver on loopback whose answers follow a script of faults.

    with HttpReceiver() as receiver:
        receiver.script(status(500), status(429, retry_after="7"), hang(5))
        ...
        assert [seen.key for seen in receiver.received] == [...]

Each request takes the next answer of the script; after its end every answer is 200. A reply is a
function that gets the connection's socket after the request was read whole, and writes what it likes;
returning False closes the connection.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

Reply = Callable[["Exchange"], bool]


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)  #: names in lower case
    body: bytes = field(repr=False)
    at: float  #: monotonic seconds
    connection: int  #: number of the connection it came over

    @property
    def key(self) -> str:
        return self.headers["webhook-id"]

    @property
    def story(self) -> str:
        return self.headers["wire-story"]

    @property
    def version(self) -> int:
        return int(self.headers["wire-version"])


@dataclass(frozen=True)
class Exchange:
    """What a reply works with."""

    sock: socket.socket
    ended: threading.Event  #: set when the receiver stops
    request: Received

    def write(self, data: bytes) -> None:
        self.sock.sendall(data)


class HttpReceiver:
    """Serves in threads of its own from construction to `close`."""

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self.received: list[Received] = []
        self._script: deque[Reply] = deque()
        self._always: Reply = status(200)
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._connections: set[socket.socket] = set()
        self._accepted = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}/wire"

    @property
    def connections(self) -> int:
        """How many connections were accepted so far."""
        return self._accepted

    def script(self, *replies: Reply) -> None:
        """What to answer to the next requests."""
        with self._changed:
            self._script.extend(replies)

    def always(self, reply: Reply) -> None:
        """What to answer after the script's end."""
        self._always = reply

    def wait_for(self, count: int, timeout_s: float = 20.0) -> list[Received]:
        """Everything received, once there are so many requests; AssertionError when they do not come."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.received) >= count, timeout_s)
            assert arrived, f"{len(self.received)} of {count} requests after {timeout_s} s"
            return list(self.received)

    def close(self) -> None:
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> HttpReceiver:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._accepted += 1
            self._connections.add(connection)
            args = (connection, self._accepted)
            threading.Thread(target=self._serve, args=args, daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        with suppress(OSError, ValueError), self._secured(sock) as sock, sock.makefile("rb") as reader:
            while not self._ended.is_set():
                request = _read_request(reader, number)
                if request is None or not self._reply(request, sock):
                    break
        self._connections.discard(sock)

    def _secured(self, sock: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(sock, server_side=True) if self._tls else sock

    def _reply(self, request: Received, sock: socket.socket) -> bool:
        with self._changed:
            self.received.append(request)
            reply = self._script.popleft() if self._script else self._always
            self._changed.notify_all()
        return reply(Exchange(sock, self._ended, request))


def _read_request(reader, number: int) -> Received | None:
    line = reader.readline(65536).decode("latin-1").split()
    if len(line) != 3:
        return None
    headers: dict[str, str] = {}
    while (header := reader.readline(65536)) not in (b"\r\n", b"\n", b""):
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    body = reader.read(int(headers.get("content-length", 0)))
    return Received(
        method=line[0], path=line[1], headers=headers, body=body, at=time.monotonic(), connection=number
    )


def status(
    code: int, body: bytes = b"", *, retry_after: str | None = None, headers: Iterable[str] = ()
) -> Reply:
    """A plain answer."""
    lines = [f"HTTP/1.1 {code} Scripted", f"Content-Length: {len(body)}", *headers]
    if retry_after is not None:
        lines.append(f"Retry-After: {retry_after}")
    data = ("\r\n".join(lines) + "\r\n\r\n").encode() + body

    def reply(exchange: Exchange) -> bool:
        exchange.write(data)
        return True

    return reply


def redirect(location: str, code: int = 307) -> Reply:
    """A redirect."""
    return status(code, headers=(f"Location: {location}",))


def hang(seconds: float = 3600.0) -> Reply:
    """No answer for so long, then the connection is closed."""

    def reply(exchange: Exchange) -> bool:
        exchange.ended.wait(seconds)
        return False

    return reply


def drip_status(every_s: float = 0.05) -> Reply:
    """A status line without end, a byte at a time."""

    def reply(exchange: Exchange) -> bool:
        exchange.write(b"HTTP/1.1")
        while not exchange.ended.wait(every_s):
            exchange.write(b"1")
        return False

    return reply


def drip_headers(code: int = 200, every_s: float = 0.05) -> Reply:
    """Header lines without end, a byte at a time."""

    def reply(exchange: Exchange) -> bool:
        exchange.write(f"HTTP/1.1 {code} Scripted\r\nX-Drip: ".encode())
        while not exchange.ended.wait(every_s):
            exchange.write(b"x")
        return False

    return reply


def drip_body(code: int = 200, every_s: float = 0.05) -> Reply:
    """A body without end, a byte at a time."""

    def reply(exchange: Exchange) -> bool:
        exchange.write(f"HTTP/1.1 {code} Scripted\r\nContent-Length: 1000000\r\n\r\n".encode())
        while not exchange.ended.wait(every_s):
            exchange.write(b"x")
        return False

    return reply


def reset() -> Reply:
    """The request was read whole; then the connection is reset."""

    def reply(exchange: Exchange) -> bool:
        exchange.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return reply


def cut(code: int = 200) -> Reply:
    """A status and half a body; then the connection is closed."""

    def reply(exchange: Exchange) -> bool:
        exchange.write(f"HTTP/1.1 {code} Scripted\r\nContent-Length: 1000\r\n\r\nhalf".encode())
        return False

    return reply


def huge(code: int = 200, size: int = 100 << 20) -> Reply:
    """An answer far too large, sent as long as anybody reads."""

    def reply(exchange: Exchange) -> bool:
        exchange.write(f"HTTP/1.1 {code} Scripted\r\nContent-Length: {size}\r\n\r\n".encode())
        block = b"x" * 65536
        for _ in range(size // len(block)):
            exchange.write(block)
        return True

    return reply


def gzip_bomb(code: int = 200) -> Reply:
    """A small body that unpacks to 100 MB."""
    body = gzip.compress(b"\0" * (100 << 20), 9)
    return status(code, body, headers=("Content-Encoding: gzip",))


def garbage() -> Reply:
    """No HTTP at all."""

    def reply(exchange: Exchange) -> bool:
        exchange.write(b"\0\1\2 this is no HTTP\r\n\r\n")
        return False

    return reply
