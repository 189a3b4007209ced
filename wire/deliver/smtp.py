"""Documents sent by e-mail, one story a mail or several in a digest (RFC 5321)."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Sequence
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Literal

from wire.common.clock import ms_since, utc_now
from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog
from wire.deliver.dialling import Dialler
from wire.deliver.letters import letter
from wire.deliver.reply import quoted
from wire.deliver.session import Session
from wire.deliver.smtp_line import SmtpLine
from wire.errors import DeliveryError, Refused, Unreachable
from wire.ports import Clock
from wire.story import Delivery, Receipt

#: ``starttls`` begins in the clear and asks for TLS before it says anything of ours; ``tls`` begins with TLS.
Tls = Literal["none", "starttls", "tls"]

_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_PROBE_S = 20.0


class _Unwanted(Refused):
    """The server would have taken a mail, but not this one."""


class MailTransport:
    """Hands mails to a mail server; `wire.ports.BatchTransport`.

    A mail goes to all of its addresses or to none: when the server turns one of them down, nothing is sent.

    sender   ``Name <desk@news.example>``, or an address alone
    prefix   what subjects begin with
    ca_file  certificates trusted instead of the public ones
    """

    def __init__(
        self,
        *,
        host: str,
        port: int | None = None,
        tls: Tls = "starttls",
        user: str | None = None,
        password: str | None = None,
        sender: str,
        to: Sequence[str],
        prefix: str = "",
        ca_file: Path | None = None,
        networks: Sequence[Network] = (),
        watchdog: Watchdog | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._sender, self._to, self._prefix = sender, tuple(to), prefix
        self._envelope = (parseaddr(sender)[1], [parseaddr(each)[1] for each in to])
        self._clock = clock
        connect = partial(
            log_in,
            address=(host, port or _PORTS[tls]),
            tls=tls,
            account=None if user is None else (user, password or ""),
            name=self._envelope[0].rpartition("@")[2],
            ca_file=ca_file,
        )
        self._session = Session(connect, meaning, networks=networks, watchdog=watchdog)

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        return self._post([delivery], time.monotonic() + deadline_s)

    def send_all(self, deliveries: Sequence[Delivery], *, deadline_s: float) -> list[Receipt | DeliveryError]:
        """See `wire.ports.BatchTransport.send_all`. An unwanted mail is sent again in halves."""
        return self._digest(deliveries, time.monotonic() + deadline_s)

    def probe(self) -> None:
        """Prove that the server would take a mail of ours to each address; it is told of none."""
        with self._session.within(_PROBE_S) as server:
            server.address(*self._envelope)
            server.rset()

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._session.close()

    def _digest(self, deliveries: Sequence[Delivery], ends_s: float) -> list[Receipt | DeliveryError]:
        try:
            return [self._post(deliveries, ends_s)] * len(deliveries)
        except _Unwanted as exc:
            if len(deliveries) == 1:
                return [exc]
            half = len(deliveries) // 2
            return self._digest(deliveries[:half], ends_s) + self._digest(deliveries[half:], ends_s)
        except DeliveryError as exc:
            return [exc] * len(deliveries)

    def _post(self, deliveries: Sequence[Delivery], ends_s: float) -> Receipt:
        started_s = time.monotonic()
        if started_s >= ends_s:
            raise Unreachable("no time was left for it")
        mail = letter(deliveries, sender=self._sender, to=self._to, prefix=self._prefix)
        with self._session.within(ends_s - started_s) as server:
            server.address(*self._envelope)
            said = server.hand_over(mail)
        return Receipt(accepted_at=self._clock(), took_ms=ms_since(started_s), status=250, detail=said)


def log_in(
    dialler: Dialler,
    *,
    address: tuple[str, int],
    tls: Tls,
    account: tuple[str, str] | None,
    name: str,
    ca_file: Path | None,
) -> SmtpLine:
    """A connection that takes mails. May raise anything.

    name  by which we introduce ourselves
    """
    context = ssl.create_default_context(cafile=ca_file)
    server = SmtpLine(dialler, context if tls == "tls" else None, name)
    code, said = server.connect(*address)
    if code != 220:
        raise smtplib.SMTPConnectError(code, said)
    if tls == "starttls":
        server.starttls(context=context)
    server.ehlo_or_helo_if_needed()
    if account is not None:
        server.login(*account)
    return server


def meaning(exc: Exception) -> DeliveryError | None:
    """What an answer says of the mail; 421 says farewell, whatever the mail."""
    if not isinstance(exc, smtplib.SMTPResponseException):
        return None
    said = exc.smtp_error if isinstance(exc.smtp_error, bytes) else str(exc.smtp_error).encode()
    reason = f"the mail server says {exc.smtp_code}{quoted(said)}"
    if exc.smtp_code == 421:
        return Unreachable(reason)
    if exc.smtp_code < 500:
        return Unreachable(reason, status=exc.smtp_code)
    return (_Unwanted if isinstance(exc, smtplib.SMTPDataError) else Refused)(reason, status=exc.smtp_code)
