"""Documents pushed by HTTP POST."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import requests

from wire.deliver.addresses import Network
from wire.deliver.clock import utc_now
from wire.deliver.deadline import Watchdog
from wire.deliver.exchange import ALWAYS, Exchange
from wire.deliver.reply import failure, quoted
from wire.deliver.signing import Signer
from wire.ports import Clock
from wire.story import Delivery, Receipt

_PROBE_S = 10.0


class HttpTransport:
    """Posts each document to one URL, signed by Standard Webhooks; `wire.ports.Transport`.

    How: `wire.deliver.exchange.Exchange`.

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
        self._clock = clock
        self._exchange = Exchange(networks=networks, watchdog=watchdog, ca_file=ca_file)
        always = {**ALWAYS, **(headers or {})}
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
        status, headers, answer = self._exchange.ask(self._post, deadline_s)
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
        self._exchange.ask(self._head, _PROBE_S)

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._exchange.close()
