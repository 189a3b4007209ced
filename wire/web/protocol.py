"""HTTP/1.1 on one connection: uvicorn's httptools protocol with limits for who sends too much or too slowly.

httptools is written in C and has no limits of its own. Here a request's head has a greatest size, a request
has a time within which it must have come, and what is sent a time within which some of it must be taken.
"""

from __future__ import annotations

import asyncio

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 16 * 1024  #: request line and headers
_REQUEST_S = 10.0  #: from a request's first byte, or the connection's beginning, to the request's end
_STUCK_S = 30.0  #: for a client that takes nothing of what was sent

_TOO_LARGE = b"The request's head is too large.\n"
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(_TOO_LARGE), _TOO_LARGE)
)


class LimitedProtocol(HttpToolsProtocol):
    """One connection. `overdue` is asked once a second, so that a request costs no timer."""

    _head_bytes = 0  #: come of a head that is not complete
    _awaited_since: float | None = None  #: when the request that has not come whole began
    _unsent = 0  #: bytes that waited for the client when last looked
    _unsent_since: float | None = None  #: since when none of them were taken

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected: its first request is awaited."""
        super().connection_made(transport)
        self._awaited_since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        """Bytes of requests. A head that grows too large is answered 431, and the connection closed."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._head_bytes < 0:
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(_REFUSAL)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head_bytes = 0
        self._awaited_since = self.loop.time()

    def on_headers_complete(self) -> None:
        """A head is complete. Raises for one too large that came at once."""
        self._head_bytes = -1
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > MAX_HEAD_BYTES:
            raise httptools.HttpParserError(_TOO_LARGE.decode())
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request has come whole."""
        super().on_message_complete()
        self._awaited_since = None

    def overdue(self, now_s: float) -> bool:
        """Whether the client lets us wait too long.

        now_s  on the loop's clock
        """
        if self._awaited_since is not None and now_s - self._awaited_since > _REQUEST_S:
            return True
        unsent, before = self.transport.get_write_buffer_size(), self._unsent
        self._unsent = unsent
        if not unsent or unsent < before or self._unsent_since is None:
            self._unsent_since = now_s if unsent else None
            return False
        return now_s - self._unsent_since > _STUCK_S
