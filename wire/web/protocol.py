"""HTTP/1.1 on one connection: uvicorn's httptools protocol, quicker for polls and with limits.

httptools is written in C and has no limits of its own. Here a request's head has a greatest size, a request
has a time within which it must have come, and what is sent a time within which some of it must be taken.

Polls of feeds need nothing but memory, so they are answered while the request is read: without a task, an
event and the checks that uvicorn makes for answers which are not our own. That spares a quarter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, Protocol

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from wire.web.answers import Answer

MAX_HEAD_BYTES = 16 * 1024  #: request line and headers
_REQUEST_S = 10.0  #: from a request's first byte, or the connection's beginning, to the request's end
_SLOWEST_BYTES_S = 50_000.0  #: at which a body has to come, after the first seconds
_STUCK_S = 30.0  #: for a client that takes nothing of what was sent

_TOO_LARGE = "The request's head is too large."


def _refusal(status: bytes, why: str) -> bytes:
    return (
        b"HTTP/1.1 %s\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s\n"
        % (status, len(why) + 1, why.encode("ascii"))
    )


_HEAD_REFUSED = _refusal(b"431 Request Header Fields Too Large", _TOO_LARGE)
_CLIENT_REFUSED = _refusal(b"429 Too Many Requests", "Too many connections from your address.")


def household(address: str) -> str | None:
    """What tells a client by its address; None for this machine, where a proxy may be.

    Of an IPv6 address that is the first half: the other half is the client's to choose.
    """
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return None if found.is_loopback else str(IPv6Network((int(found) >> 64 << 64, 64)))
        found = found.ipv4_mapped
    return None if found.is_loopback else str(found)


class Prompt(Protocol):
    """An application that can answer some requests without waiting for anything."""

    def at_once(self, method: str, path: str, headers: Iterable[tuple[bytes, bytes]]) -> Answer | None:
        """The answer; None when the request has to go the usual way. Raises nothing."""
        ...


class LimitedProtocol(HttpToolsProtocol):
    """One connection. `overdue` is asked once a second, so that a request costs no timer."""

    _head_bytes = 0  #: come of a head that is not complete; -1 when none is awaited
    _begun = 0  #: requests that began in the bytes just received
    _deadline_s: float | None = None  #: when the next request must have come whole, on the loop's clock
    _unsent = 0  #: bytes that waited for the client when last looked
    _unsent_since: float | None = None  #: since when none of them were taken
    _answered = False  #: the request that is being read has its answer already
    _household: str | None = None  #: see `household`

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._prompt: Prompt | None = config.app if hasattr(config.app, "at_once") else None  # type: ignore[assignment]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Await the first request, unless the client has half of all connections already."""
        super().connection_made(transport)
        self._deadline_s = self.loop.time() + _REQUEST_S
        self._household = household(self.client[0]) if self.client else None
        most = (self.limit_concurrency or 0) // 2
        if most and self._household and self._from_there() > most:
            transport.write(_CLIENT_REFUSED)
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Bytes of requests. A head that grows too large is answered 431, and the connection closed."""
        if self.transport.is_closing():
            return
        self._begun = 0
        super().data_received(data)
        if self._head_bytes < 0 or self._begun > 1:  # of several requests, the last one's share is not known
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(_HEAD_REFUSED)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head_bytes = 0
        self._begun += 1
        self._answered = False
        self._deadline_s = self.loop.time() + _REQUEST_S

    def on_headers_complete(self) -> None:
        """A head is complete: answer it, or begin to. Raises for one that is not right, answered by 400."""
        self._head_bytes = -1
        size, hosts = len(self.url), 0
        for name, value in self.headers:
            size += len(name) + len(value)
            hosts += name == b"host"
        if size > MAX_HEAD_BYTES:
            raise httptools.HttpParserError(_TOO_LARGE)
        if hosts != 1 and self.parser.get_http_version() == "1.1":
            raise httptools.HttpParserError("HTTP/1.1 needs one Host (RFC 9112, 3.2)")
        method = self.parser.get_method()
        answer = self._at_once(method) if self._may_answer() else None
        if answer is None:
            super().on_headers_complete()
        else:
            self._answered = True
            self._send(answer, with_body=method == b"GET")

    def on_body(self, body: bytes) -> None:
        """Part of a request's body, which no answer given at once has waited for."""
        if not self._answered:
            super().on_body(body)
            if self._deadline_s is not None:  # a large body may take its time, as long as it keeps coming
                self._deadline_s += len(body) / _SLOWEST_BYTES_S

    def on_message_complete(self) -> None:
        """A request has come whole. After an answer given at once the next one is awaited."""
        if self._answered:
            self._deadline_s = self.loop.time() + self.timeout_keep_alive
        else:
            super().on_message_complete()
            self._deadline_s = None

    def shutdown(self) -> None:
        """The server stops: what is under way may end, but a stream has no end of its own."""
        super().shutdown()
        if self.cycle is not None and not self.cycle.response_complete and self.cycle.chunked_encoding:
            self.transport.close()

    def overdue(self, now_s: float) -> bool:
        """Whether the client lets us wait too long.

        now_s  on the loop's clock
        """
        if self._deadline_s is not None and now_s > self._deadline_s:
            return True
        unsent, before = self.transport.get_write_buffer_size(), self._unsent
        self._unsent = unsent
        if not unsent or unsent < before or self._unsent_since is None:
            self._unsent_since = now_s if unsent else None
            return False
        return now_s - self._unsent_since > _STUCK_S

    def _from_there(self) -> int:
        others = (other for other in self.connections if isinstance(other, LimitedProtocol))
        return sum(other._household == self._household for other in others)

    def _may_answer(self) -> bool:
        """Whether an answer may be written now: nothing else is under way here, nothing special asked."""
        return (
            self._prompt is not None
            and (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self.flow.write_paused
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
            and self.parser.should_keep_alive()
            and self.parser.get_http_version() == "1.1"
            and len(self.connections) < (self.limit_concurrency or len(self.connections) + 1)
        )

    def _at_once(self, method: bytes) -> Answer | None:
        path = self.url.partition(b"?")[0]
        if self._prompt is None or b"%" in path or not path.isascii():
            return None
        return self._prompt.at_once(method.decode(), path.decode(), self.headers)

    def _send(self, answer: Answer, *, with_body: bool) -> None:
        parts = [STATUS_LINE[answer.status]]
        for headers in (self.server_state.default_headers, answer.headers):
            for name, value in headers:
                parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n")
        if with_body:
            parts.append(answer.body)
        self.transport.write(b"".join(parts))
