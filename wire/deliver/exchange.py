"""One HTTP exchange at a time: checked addresses, a total deadline, answers read to a limit."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

import requests

from wire import __version__
from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog
from wire.deliver.dialling import DialledAdapter, Dialler, unreachable
from wire.errors import DeliveryError, Refused, Unreachable

_ANSWER_BYTES = 64 << 10  #: read of an answer, raw

#: Sent with every request.
ALWAYS: Mapping[str, str] = {"User-Agent": f"wire/{__version__}", "Accept-Encoding": "identity"}

#: Status, headers and the beginning of the body.
Answer = tuple[int, Mapping[str, str], bytes]


class Exchange:
    """One kept-alive connection to a checked address; one thread at a time, `close` from any.

    Redirects are not followed, answers are not unpacked and read to 64 KiB, proxies and ``.netrc`` are
    ignored, certificates are checked. Nothing is resolved or connected before the first use.

    networks   private networks that may be reached
    strangers  somebody else chose the place, so loopback may not be reached either
    watchdog   ends overdue exchanges; one may serve all
    ca_file    certificates trusted instead of the public ones
    """

    def __init__(
        self,
        *,
        networks: Sequence[Network] = (),
        strangers: bool = False,
        watchdog: Watchdog | None = None,
        ca_file: str | None = None,
    ) -> None:
        self._watchdog = watchdog or Watchdog()
        self._verify = ca_file or True
        self._dialler = Dialler(networks, strangers=strangers)
        self._adapter = DialledAdapter(self._dialler)
        self._closed = threading.Event()

    def close(self) -> None:
        """Release the connection, and break off what is under way."""
        self._closed.set()
        self._dialler.break_off()
        self._adapter.close()
        self._dialler.hang_up()

    def ask(self, request: requests.PreparedRequest, deadline_s: float) -> Answer:
        """What was answered. Raises DeliveryError.

        deadline_s  seconds for the whole of it
        """
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

    def _converse(self, request: requests.PreparedRequest, deadline_s: float) -> Answer:
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
