"""HTTP/1.1 in bytes: a request as it goes out, an answer as it comes in.

requests and urllib3 make connections; what is said over them is written and read here. Theirs takes half a
millisecond of processor time for each exchange, twenty times what the sockets take.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import httptools
from requests import PreparedRequest
from requests.exceptions import InvalidHeader

_HEAD_BYTES = 64 << 10  #: longest head of an answer


class Answer(NamedTuple):
    """Status, headers by their names in lower case, and the beginning of the body as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(OSError):
    """The server says something that is no answer, or nothing."""


def request_bytes(
    request: PreparedRequest, headers: Mapping[str, str], body: bytes, *, proxied: bool
) -> bytes:
    """A request whole (RFC 9112, 2 and 3).

    headers  beside those of the request
    proxied  it goes to a proxy, which has to be told the whole address

    Raises InvalidHeader, or UnicodeEncodeError for what no header can hold.
    """
    url = request.url or ""
    lines = [f"{request.method} {url if proxied else request.path_url} HTTP/1.1"]
    if "Host" not in request.headers:
        lines.append(f"Host: {urlsplit(url).netloc.rpartition('@')[2]}")
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines)
    if not head.count("\r") == head.count("\n") == len(lines) - 1 or "\0" in head:
        raise InvalidHeader("a value with a line break in it would begin another header")
    return head.encode("latin-1") + b"\r\n\r\n" + body


class AnswerReader:
    """Reads one answer as its bytes come in; `httptools` takes it apart and calls the ``on_`` methods.

    limit     so many bytes of the body are kept, and more not waited for
    bodiless  it answers HEAD, and has none whatever it says
    """

    def __init__(self, *, limit: int, bodiless: bool = False) -> None:
        self._limit = limit
        self._bodiless = bodiless
        self._parser = httptools.HttpResponseParser(self)
        self._head_bytes = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self.status = 0  #: 0 while it is not known; then whatever is wrong with the rest changes nothing
        self.over = False  #: nothing more is waited for
        self.reusable = False  #: the answer came whole, and the server keeps the connection

    def feed(self, data: bytes) -> None:
        """So much came; nothing, when the server closed the connection. Raises NoAnswer."""
        if not data:
            raise NoAnswer("the server closed the connection without an answer")
        if self._head_bytes > _HEAD_BYTES:
            raise NoAnswer(f"the head of the answer is longer than {_HEAD_BYTES >> 10} KiB")
        self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.over, self.reusable = True, False
        except httptools.HttpParserError as exc:
            raise NoAnswer(f"not HTTP: {exc}") from exc

    def answer(self) -> Answer:
        """What is known of it."""
        return Answer(self.status, self._headers, bytes(self._body))

    def on_message_begin(self) -> None:
        """An answer begins; where none was asked for, there is nothing to be made of the connection."""
        self.reusable = False

    def on_status(self, _reason: bytes) -> None:
        """The first line has come."""
        if not self.over:
            self.status = self._parser.get_status_code()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header has come; one that comes again continues the list."""
        if not self.over:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        """The head has come."""
        if not self.over:
            self.status = self._parser.get_status_code()
            self._head_bytes = -sys.maxsize
            self.over = self._bodiless and self.status >= 200

    def on_body(self, body: bytes) -> None:
        """Part of the body has come, taken out of its chunks."""
        self._body += body[: self._limit - len(self._body)]
        self.over = self.over or len(self._body) >= self._limit

    def on_message_complete(self) -> None:
        """The answer has come whole. One that only says that another follows is none."""
        if self.over:
            return
        if 100 <= self.status < 200 and self.status != 101:
            self.status, self._head_bytes = 0, 0
            self._headers.clear()
            return
        self.reusable = self._parser.should_keep_alive()
        self.over = True
