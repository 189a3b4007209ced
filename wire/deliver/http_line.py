"""One conversation after the other with one HTTP server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog, common_watchdog
from wire.deliver.dialling import Dialler, Line, is_silent, unreachable
from wire.deliver.http_message import Answer, AnswerReader, request_bytes
from wire.errors import DeliveryError, Refused, Unreachable

if TYPE_CHECKING:
    from wire.deliver.adapter import DialledAdapter

_ANSWER_BYTES = 64 << 10  #: read of an answer, raw
_AT_ONCE = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)  #: a request's end waits for no acknowledgement


class HttpLine:
    """One kept-alive connection to a checked address; used by one thread at a time.

    Redirects are not followed, answers are not unpacked and read to 64 KiB, proxies of the environment and
    ``.netrc`` are ignored, certificates are checked. Nothing is resolved or connected before the first use.

    networks     private networks in which the server may be reached
    strangers    somebody else chose the server: loopback is as private as any other network
    watchdog     ends overdue exchanges; one may serve all lines
    ca_file      certificates trusted instead of the public ones
    certificate  our own, and its key when that lies in another file: how we prove who we are
    proxy        URL of a proxy that connects us; then it is its address that is checked
    """

    def __init__(
        self,
        *,
        networks: Sequence[Network] = (),
        strangers: bool = False,
        watchdog: Watchdog | None = None,
        ca_file: Path | str | None = None,
        certificate: Sequence[Path] = (),
        proxy: str | None = None,
    ) -> None:
        self._watchdog = watchdog or common_watchdog()
        self._verify = str(ca_file) if ca_file else True
        self._certificate = tuple(map(str, certificate)) or None
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._dialler = Dialler(networks, strangers=strangers)
        self._adapter: DialledAdapter | None = None
        self._line: Line | None = None
        self._closed = threading.Event()

    def exchange(
        self,
        request: requests.PreparedRequest,
        deadline_s: float,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        body: bytes | None = None,
    ) -> Answer:
        """Ask and be answered, within so many seconds in all. Raises DeliveryError.

        headers  of this exchange, beside those that the request has in each
        body     of this exchange, where the request has none
        """
        self._dialler.begin()
        if self._closed.is_set():
            raise Unreachable("the daemon is stopping")
        with self._watchdog.watching(deadline_s, self._dialler.break_off) as deadline:
            try:
                return self._converse(request, headers, body, deadline_s)
            except DeliveryError:
                raise
            except (UnicodeEncodeError, requests.exceptions.InvalidHeader) as exc:
                raise Refused(f"a header cannot be sent: {exc}") from exc
            except Exception as exc:  # requests lets errors of urllib3 and of sockets through
                self._drop()
                if deadline.over:
                    raise Unreachable(f"no answer within {deadline_s:.3g} s") from exc
                raise unreachable(exc) from exc

    def close(self) -> None:
        """Hang up, whatever is under way. Safe from any thread."""
        self._closed.set()
        self._dialler.break_off()
        if self._adapter is not None:
            self._adapter.close()
        self._dialler.hang_up()

    def _converse(
        self,
        request: requests.PreparedRequest,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline_s: float,
    ) -> Answer:
        line = self._connected(request, deadline_s)
        if line.headers:
            headers = {**headers, **line.headers}
        message = request_bytes(request, headers, body or _body(request), proxied=line.proxied)
        reader = AnswerReader(limit=_ANSWER_BYTES, bodiless=request.method == "HEAD")
        # A server that has read enough may answer and hang up before it has everything.
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sock.sendall(message)
        try:
            while not reader.over:
                reader.feed(line.sock.recv(_ANSWER_BYTES))
        except Exception:
            # The status has decided. Whatever goes wrong in the rest of the answer changes nothing.
            if not reader.status:
                raise
        if not reader.reusable:
            self._drop()
        return reader.answer()

    def _connected(self, request: requests.PreparedRequest, timeout_s: float) -> Line:
        """The connection, made unless it is there and the server has not hung up."""
        if self._line is not None and not is_silent(self._line.sock):
            self._drop()
        if self._line is None:
            self._line = self._connect(request, timeout_s)
        else:
            self._line.sock.settimeout(timeout_s)
        return self._line

    def _connect(self, request: requests.PreparedRequest, timeout_s: float) -> Line:
        url = urlsplit(request.url or "")
        if url.scheme == "http" and url.hostname and not self._proxies:
            # without TLS a socket is all that is wanted, and an adapter takes longer to make than an exchange
            sock = self._dialler.dial(url.hostname, url.port or 80, _AT_ONCE)
            sock.settimeout(timeout_s)
            return Line(sock, proxied=False, headers={})
        if self._adapter is None:
            from wire.deliver.adapter import DialledAdapter

            self._adapter = DialledAdapter(self._dialler)
        return self._adapter.dial(
            request,
            timeout_s=timeout_s,
            verify=self._verify,
            cert=self._certificate,
            proxies=self._proxies,
        )

    def _drop(self) -> None:
        """Close the connection; the next request gets a new one."""
        line, self._line = self._line, None
        if line is not None:
            line.sock.close()
        self._dialler.hang_up()


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    return body if isinstance(body, bytes) else str(body).encode("utf-8")
