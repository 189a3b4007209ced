"""Documents pushed by HTTP POST."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import requests

from wire import __version__
from wire.deliver.addresses import Network
from wire.deliver.clock import utc_now
from wire.deliver.deadline import Watchdog
from wire.deliver.dialling import DialledAdapter, Dialler, unreachable
from wire.deliver.reply import failure, quoted
from wire.deliver.signing import Signer
from wire.errors import DeliveryError, Refused, Unreachable
from wire.ports import Clock
from wire.story import Delivery, Receipt

_ANSWER_BYTES = 64 << 10  #: read of an answer, raw
_PROBE_S = 10.0


class HttpTransport:
    """Posts each document to one URL, signed by Standard Webhooks; `wire.ports.Transport`.

    One kept-alive connection to a checked address. Redirects are not followed, answers are not unpacked
    and read to 64 KiB, proxies and ``.netrc`` are ignored, certificates are checked. Nothing is
    resolved or connected before the first use.

    secrets   each signs; none: unsigned
    headers   sent with every request
    networks  private networks in which the endpoint may be reached
    watchdog  ends overdue exchanges; one may serve all transports
    ca_file   certificates trusted instead of the public ones
    """

    def __init__(
        self,
        *,
        url: str,
        secrets: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        networks: Sequence[Network] = (),
        watchdog: Watchdog | None = None,
        clock: Clock = utc_now,
        ca_file: str | None = None,
    ) -> None:
        self._signer = Signer(secrets)
        self._watchdog = watchdog or Watchdog()
        self._clock = clock
        self._verify = ca_file or True
        self._dialler = Dialler(networks)
        self._adapter = DialledAdapter(self._dialler)
        self._closed = threading.Event()
        always = {
            "User-Agent": f"wire/{__version__}",
            "Accept-Encoding": "identity",
            **(headers or {}),
        }
        # Preparing costs half of a request's time, and only body and a few headers differ between two.
        self._post = requests.Request("POST", url, headers=always).prepare()
        self._head = requests.Request("HEAD", url, headers=always).prepare()

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        started_s = time.monotonic()
        body = delivery.document.body
        self._post.body = body
        self._post.headers.update(
            {
                "Content-Type": delivery.document.media_type,
                "Content-Length": str(len(body)),
                "wire-story": delivery.story_id,
                "wire-version": str(delivery.version),
                **self._signer.headers(delivery.key, body, self._clock()),
            }
        )
        status, headers, answer = self._exchange(self._post, deadline_s)
        now = self._clock()
        error = failure(status, headers, answer, now)
        if error is not None:
            raise error
        took_ms = round((time.monotonic() - started_s) * 1000)
        return Receipt(
            accepted_at=now, took_ms=took_ms, status=status, detail=quoted(answer).removeprefix(": ")
        )

    def probe(self) -> None:
        """Ask with HEAD: any answer proves name, address, connection and certificate."""
        self._exchange(self._head, _PROBE_S)

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._closed.set()
        self._dialler.break_off()
        self._adapter.close()
        self._dialler.hang_up()

    def _exchange(
        self, request: requests.PreparedRequest, deadline_s: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and the beginning of the answer. Raises DeliveryError."""
        self._dialler.begin()
        if self._closed.is_set():
            raise Unreachable("the daemon is stopping")
        with self._watchdog.watching(deadline_s, self._dialler.break_off) as deadline:
            try:
                return self._converse(request, deadline_s)
            except DeliveryError:
                raise
            except (UnicodeEncodeError, requests.exceptions.InvalidHeader) as exc:
                raise Refused(f"a header cannot be sent: {exc}") from exc
            except Exception as exc:  # requests lets errors of urllib3 and of sockets through
                if deadline.over:
                    raise Unreachable(f"no answer within {deadline_s:g} s") from exc
                raise unreachable(exc) from exc

    def _converse(
        self, request: requests.PreparedRequest, deadline_s: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        response = self._adapter.send(
            request, stream=True, timeout=(deadline_s, deadline_s), verify=self._verify
        )
        answer = b""
        try:
            # The status has decided. Whatever goes wrong in the rest of the answer changes nothing.
            with suppress(Exception):
                answer = response.raw.read(_ANSWER_BYTES, decode_content=False)
        finally:
            # Hands the connection back if the answer was read to its end, closes it otherwise.
            response.close()
        return response.status_code, response.headers, answer
