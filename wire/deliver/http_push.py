"""Documents pushed by HTTP, one a request or several."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import requests

from wire import __version__
from wire.common.clock import ms_since, utc_now
from wire.common.particulars import Template, filled, is_fixed
from wire.deliver.addresses import Network
from wire.deliver.bundle import about, bundle_key, bundled
from wire.deliver.deadline import Watchdog
from wire.deliver.http_line import HttpLine
from wire.deliver.http_message import Answer
from wire.deliver.reply import failure, quoted, results_of
from wire.deliver.signing import Signer
from wire.errors import DeliveryError, Refused, Unreachable
from wire.ports import Clock
from wire.story import Delivery, Receipt

_PROBE_S = 10.0
#: Addresses in which there is nothing to be quoted, put in lower case, or translated.
_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(:[1-9][0-9]{0,3}|:[1-5][0-9]{4})?(/[A-Za-z0-9_-]+)+/?")
#: What speaks of us, or of the address, and not of the stories sent: apart they would fare no better.
_NOT_THE_STORIES = frozenset({401, 402, 403, 404, 405, 407, 410, 411, 426, 501})


class HttpTransport:
    """Sends documents to one URL, signed by Standard Webhooks; `wire.ports.BatchTransport`.

    url       may have to be filled in (`wire.common.particulars`), and so may the headers
    method    POST, or PUT
    secrets   each signs; none: unsigned
    headers   sent with every request

    The other options are those of `HttpLine`.
    """

    def __init__(
        self,
        *,
        url: str | Template,
        method: str = "POST",
        secrets: Sequence[str] = (),
        headers: Mapping[str, str | Template] | None = None,
        networks: Sequence[Network] = (),
        watchdog: Watchdog | None = None,
        clock: Clock = utc_now,
        ca_file: Path | str | None = None,
        certificate: Sequence[Path] = (),
        proxy: str | None = None,
    ) -> None:
        self._signer = Signer(secrets)
        self._clock = clock
        self._line = HttpLine(
            networks=networks, watchdog=watchdog, ca_file=ca_file, certificate=certificate, proxy=proxy
        )
        self._url = _parts(url)
        templates = {name: _parts(value) for name, value in (headers or {}).items()}
        self._varying = {name: parts for name, parts in templates.items() if not is_fixed(parts)}
        always = {
            "User-Agent": f"wire/{__version__}",
            "Accept-Encoding": "identity",
            **{name: parts[0] for name, parts in templates.items() if is_fixed(parts)},
        }
        # Preparing costs more than an exchange, and only body and a few headers differ between two.
        self._request = prepared(method, "".join(self._url[::2]), always)

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        started_s = time.monotonic()
        if not is_fixed(self._url):
            self._request.prepare_url(filled(self._url, delivery, lambda value: quote(value, safe="")), None)
        particular = {name: filled(parts, delivery) for name, parts in self._varying.items()}
        document = delivery.document
        answer = self._push(
            delivery.key, document.media_type, document.body, {**about(delivery), **particular}, deadline_s
        )
        now = self._clock()
        error = failure(answer.status, answer.headers, answer.body, now)
        if error is not None:
            raise error
        return self._receipt(answer.status, quoted(answer.body).removeprefix(": "), started_s)

    def send_all(self, deliveries: Sequence[Delivery], *, deadline_s: float) -> list[Receipt | DeliveryError]:
        """See `wire.ports.BatchTransport.send_all`. A bundle that is refused is sent again in halves, so that
        one story that the endpoint does not want holds up no other."""
        return self._send_bundle(deliveries, time.monotonic() + deadline_s)

    def probe(self) -> None:
        """Ask with HEAD: nearly any answer proves name, address, connection and certificate."""
        # To be asked whether it is there, an address needs no story: what has to be filled in stays empty.
        head = self._request.copy()
        head.prepare_method("HEAD")
        answer = self._line.exchange(head, _PROBE_S)
        if answer.status in {401, 403, 407, 410} or 300 <= answer.status < 400:
            raise failure(answer.status, answer.headers, answer.body, self._clock()) or Refused("no")

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._line.close()

    def _push(
        self, key: str, media_type: str, body: bytes, headers: Mapping[str, str], deadline_s: float
    ) -> Answer:
        particular = {
            "Content-Type": media_type,
            "Content-Length": str(len(body)),
            **headers,
            **self._signer.headers(key, body, self._clock()),
        }
        return self._line.exchange(self._request, deadline_s, headers=particular, body=body)

    def _send_bundle(self, deliveries: Sequence[Delivery], ends_s: float) -> list[Receipt | DeliveryError]:
        started_s = time.monotonic()
        if started_s >= ends_s:
            return [Unreachable("no time was left for it")] * len(deliveries)
        media_type, body = bundled(deliveries)
        size = {"wire-batch": str(len(deliveries))}
        try:
            answer = self._push(bundle_key(deliveries), media_type, body, size, ends_s - started_s)
        except DeliveryError as exc:
            return [exc] * len(deliveries)
        now = self._clock()
        error = failure(answer.status, answer.headers, answer.body, now)
        if error is None:
            return self._fared(answer, len(deliveries), started_s)
        if error.permanent and len(deliveries) > 1 and answer.status not in _NOT_THE_STORIES:
            half = len(deliveries) // 2
            return self._send_bundle(deliveries[:half], ends_s) + self._send_bundle(deliveries[half:], ends_s)
        return [error] * len(deliveries)

    def _fared(self, answer: Answer, number: int, started_s: float) -> list[Receipt | DeliveryError]:
        """How each of a bundle fared by an answer that is a success as a whole."""
        if answer.status != 207:
            return [self._receipt(answer.status, f"in a batch of {number}", started_s)] * number
        results = results_of(answer.body)
        if results is None or len(results) != number:
            return [Unreachable("HTTP 207 without a result for each story", status=207)] * number
        return [
            failure(status, {}, said.encode(), self._clock(), disables=False)
            or self._receipt(status, said, started_s)
            for status, said in results
        ]

    def _receipt(self, status: int, said: str, started_s: float) -> Receipt:
        return Receipt(accepted_at=self._clock(), took_ms=ms_since(started_s), status=status, detail=said)


def prepared(method: str, url: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
    """What all requests to an endpoint have in common: what `requests.Request.prepare` makes of it, but for
    cookies and parameters, of which there are none, and the body. Raises ValueError on no address."""
    request = requests.PreparedRequest()
    request.prepare_method(method)
    if _PLAIN.fullmatch(url):
        request.url = url  # as it would come out, at a tenth of the time that all the rest takes
    else:
        request.prepare_url(url, "")  # None is looked at by its protocol, which takes as long as all the rest
    request.prepare_headers(headers)
    if "@" in url:
        request.prepare_auth(None, url)
    request.headers.pop("Content-Length", None)
    return request


def _parts(text: str | Template) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
