"""Alarms told to people: by e-mail, and by a signed POST to a webhook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import partial
from ipaddress import ip_network
from typing import Any, Literal

from wire.common.alarms import Alarm
from wire.deliver.addresses import Network
from wire.errors import DeliveryError, Unreachable
from wire.story import Action, Delivery, Document

_DEADLINE_S = 20.0
#: The administrator's own mail server, wherever that is.
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))

Encryption = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Alarms that a channel is to tell in one go."""

    desk: str  #: whose they are
    begun: Sequence[Alarm]
    over: Sequence[Alarm]
    at: datetime

    @property
    def subject(self) -> str:
        """All of it in one line."""
        first = (*self.begun, *self.over)[0]
        more = len(self.begun) + len(self.over) - 1
        said = first.message if self.begun else f"over: {first.message}"
        return f"[{self.desk}] {said}" + (f" (and {more} more)" if more else "")

    @property
    def text(self) -> str:
        """An alarm a line."""
        begun = [f"{alarm.message} (since {alarm.since:%Y-%m-%d %H:%M} UTC)" for alarm in self.begun]
        return "\n".join([*begun, *(f"over: {alarm.message}" for alarm in self.over)])


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRoute:
    """How mail is handed to the mail server."""

    host: str
    port: int
    encryption: Encryption
    sender: str
    to: Sequence[str]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def send_mail(route: MailRoute, news: News, *, deadline_s: float = _DEADLINE_S) -> None:
    """Hand the news to the mail server, as stories are that go by mail. Raises Unreachable.

    A reader whom the server turns down holds up none of the others.

    deadline_s  seconds for all of it: a server that says a character a second must not hold up the watch
    """
    # as all that calls out, when it is first needed: a daemon starts a tenth sooner
    from wire.deliver.session import Session
    from wire.deliver.smtp import log_in, meaning

    connect = partial(
        log_in,
        address=(route.host, route.port),
        tls=route.encryption,
        account=None if route.user is None else (route.user, route.password or ""),
        name=route.sender.rpartition("@")[2],
        ca_file=None,
    )
    session = Session(connect, meaning, networks=_ANYWHERE)
    try:
        with session.within(deadline_s) as server:
            server.sendmail(route.sender, list(route.to), _mail(route, news).as_bytes())
    except DeliveryError as exc:
        raise Unreachable(f"the mail server {route.host}:{route.port} did not take it: {exc}") from exc
    finally:
        session.close()


def _mail(route: MailRoute, news: News) -> EmailMessage:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = route.sender
    message["To"] = ", ".join(route.to)
    message["Subject"] = " ".join(news.subject.split())
    message["Date"] = format_datetime(news.at)
    message["Message-ID"] = make_msgid(domain="wire.invalid")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody is to answer by machine
    message.set_content(news.text + "\n")
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRoute:
    """How the webhook is reached."""

    url: str = field(repr=False)  #: many a webhook's address is its password
    secrets: Sequence[str] = field(default=(), repr=False)
    networks: Sequence[Network] = ()


def post_hook(route: HookRoute, news: News) -> None:
    """POST the news as JSON, by the same careful way as documents go. Raises DeliveryError."""
    from wire.deliver.http_push import HttpTransport

    body = json.dumps(_plain(news), ensure_ascii=False).encode()
    key = f"alarms-{int(news.at.timestamp() * 1000)}"
    delivery = Delivery(
        id=0,
        endpoint="alarms",
        lane="alarms/0",
        story_id="alarms",
        version=1,
        seq=0,
        action=Action.NEW,
        key=key,
        attempt=1,
        created_at=news.at,
        document=Document(format="json", media_type="application/json", body=body, suffix="json"),
    )
    transport = HttpTransport(url=route.url, secrets=route.secrets, networks=route.networks)
    try:
        transport.send(delivery, deadline_s=_DEADLINE_S)
    finally:
        transport.close()


def _plain(news: News) -> Mapping[str, Any]:
    """``text`` is what chat systems show of a webhook."""
    return {
        "text": f"{news.desk}:\n{news.text}",
        "at": news.at.isoformat(),
        "alarms": [
            {
                "kind": alarm.kind.value,
                "about": alarm.about,
                "message": alarm.message,
                "since": alarm.since.isoformat(),
                "over": over,
            }
            for over, alarms in ((False, news.begun), (True, news.over))
            for alarm in alarms
        ],
    }
