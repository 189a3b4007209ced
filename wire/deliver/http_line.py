"""One conversation after the other with one HTTP server."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import requests

from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog, common_watchdog
from wire.deliver.dialling import DialledAdapter, Dialler, unreachable
from wire.deliver.http_message import Answer, AnswerReader, request_bytes
from wire.errors import DeliveryError, Refused, Unreachable

_ANSWER_BYTES = 64 << 10  #: read of an answer, raw


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
        self._adapter = DialledAdapter(self._dialler)
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
                self._dialler.hang_up()
                if deadline.over:
                    raise Unreachable(f"no answer within {deadline_s:.3g} s") from exc
                raise unreachable(exc) from exc

    def close(self) -> None:
        """Hang up, whatever is under way. Safe from any thread."""
        self._closed.set()
        self._dialler.break_off()
        self._adapter.close()
        self._dialler.hang_up()

    def _converse(
        self,
        request: requests.PreparedRequest,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline_s: float,
    ) -> Answer:
        line = self._adapter.line(
            request,
            timeout_s=deadline_s,
            verify=self._verify,
            cert=self._certificate,
            proxies=self._proxies,
        )
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
            self._adapter.hang_up()
            self._dialler.hang_up()
        return reader.answer()


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    return body if isinstance(body, bytes) else str(body).encode("utf-8")
