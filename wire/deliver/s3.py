"""Objects put into a bucket of S3, or of any server that speaks like it.

A put is whole or not there at all, so it needs no second name. Amazon's own library is not used: it opens its
own connections, follows redirects, tries again by itself, and looks for credentials at the metadata address.
What is needed of it is one signed request.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import requests

from wire import __version__
from wire.common.clock import ms_since, utc_now
from wire.deliver.addresses import Network
from wire.deliver.bundle import about
from wire.deliver.deadline import Watchdog
from wire.deliver.filing import PROBE, PROBE_BODY, Files, errand, said
from wire.deliver.http_line import HttpLine
from wire.deliver.reply import failure
from wire.deliver.sigv4 import Credentials, path_of, signed
from wire.ports import Clock
from wire.story import Delivery, Receipt

_PROBE_S = 20.0


class S3Transport:
    """Puts each document into a bucket; `wire.ports.Transport`.

    url         where the server is; the bucket is the first part of the path, or, with ``bucket_in_host``, of
                the host
    prefix      what the names of objects begin with, such as ``wire/``

    The other options are those of `HttpLine`.
    """

    def __init__(
        self,
        *,
        url: str,
        bucket: str,
        access_key: str,
        secret_key: str,
        session_token: str | None = None,
        region: str = "us-east-1",
        prefix: str = "",
        bucket_in_host: bool = False,
        files: Files = "versions",
        networks: Sequence[Network] = (),
        watchdog: Watchdog | None = None,
        clock: Clock = utc_now,
        ca_file: Path | None = None,
        proxy: str | None = None,
    ) -> None:
        self._credentials = Credentials(
            access_key=access_key, secret_key=secret_key, session_token=session_token, region=region
        )
        parts = urlsplit(url)
        self._host = f"{bucket}.{parts.netloc}" if bucket_in_host else parts.netloc
        self._address = f"{parts.scheme}://{self._host}"
        self._folders = (parts.path.strip("/"), "" if bucket_in_host else bucket)
        self._prefix = prefix
        self._files = files
        self._clock = clock
        self._line = HttpLine(networks=networks, watchdog=watchdog, ca_file=ca_file, proxy=proxy)

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        started_s = time.monotonic()
        wanted = errand(delivery, self._files)
        if wanted.body is None:
            status = self._ask("DELETE", wanted.name, b"", {}, deadline_s)
        else:
            notes = {
                f"x-amz-meta-{name}": value
                for name, value in {**about(delivery), "wire-key": delivery.key}.items()
            }
            headers = {"content-type": delivery.document.media_type, **notes}
            status = self._ask("PUT", wanted.name, wanted.body, headers, deadline_s)
        return Receipt(
            accepted_at=self._clock(), took_ms=ms_since(started_s), status=status, detail=said(wanted)
        )

    def probe(self) -> None:
        """Prove that objects can be put, with one that is removed again where that is allowed."""
        self._ask("PUT", PROBE, PROBE_BODY, {"content-type": "text/plain"}, _PROBE_S)
        self._ask("DELETE", PROBE, b"", {}, _PROBE_S, passed_over=frozenset({403, 405}))

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._line.close()

    def _ask(
        self,
        method: str,
        name: str,
        body: bytes,
        headers: Mapping[str, str],
        deadline_s: float,
        *,
        passed_over: frozenset[int] = frozenset(),
    ) -> int:
        """The status of a success, or of a failure that does not matter. Raises DeliveryError."""
        path = path_of(*self._folders, self._prefix + name)
        now = self._clock()
        always = {"user-agent": f"wire/{__version__}", "accept-encoding": "identity"}
        request = requests.PreparedRequest()
        request.prepare(
            method=method,
            url=self._address + path,
            headers={**always, **signed(self._credentials, method, self._host, path, headers, body, now)},
            data=body,
        )
        answer = self._line.exchange(request, deadline_s)
        error = failure(answer.status, answer.headers, answer.body, self._clock())
        absent = method == "DELETE" and answer.status == 404
        if error is not None and not absent and answer.status not in passed_over:
            raise error
        return answer.status
