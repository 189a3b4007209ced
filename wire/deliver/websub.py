"""WebSub (W3C Recommendation, 2018): content to subscribers, pings to hubs, questions of intent.

What calls out is loaded when it first does: the daemon, which asks for intent once in a while, starts a
tenth sooner without it.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from wire import __version__
from wire.common.clock import ms_since, utc_now
from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog, common_watchdog
from wire.deliver.reply import failure, quoted
from wire.errors import Refused
from wire.ports import Clock
from wire.ports.feeds import Intent
from wire.story import Delivery, Receipt, Target

if TYPE_CHECKING:
    import requests

    from wire.deliver.http_line import HttpLine

_ALWAYS = {"User-Agent": f"wire/{__version__}", "Accept-Encoding": "identity"}
_VERIFY_S = 10.0  #: for one question of intent


class WebSubTransport:
    """Posts a topic's content to whoever subscribed to it, or a ping to a hub; `wire.ports.Transport`.

    Each delivery says itself where it goes, since no configuration does: one transport serves one lane,
    and a lane one subscriber.

    networks   private networks in which it may be
    strangers  it chose its address itself; false of hubs that our configuration names
    """

    def __init__(
        self,
        *,
        networks: Sequence[Network] = (),
        strangers: bool = True,
        watchdog: Watchdog | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._line = _line(networks, watchdog, strangers=strangers)
        self._clock = clock

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        started_s = time.monotonic()
        target, document = delivery.target, delivery.document
        if target is None:
            raise Refused("the subscription has ended")
        headers = {**_ALWAYS, **notification_headers(target, document.media_type, document.body)}
        request = _prepared("POST", target.url, headers, document.body)
        answer = self._line.exchange(request, deadline_s)
        now = self._clock()
        if (error := failure(answer.status, answer.headers, answer.body, now)) is not None:
            raise error
        detail = quoted(answer.body).removeprefix(": ")
        return Receipt(accepted_at=now, took_ms=ms_since(started_s), status=answer.status, detail=detail)

    def probe(self) -> None:
        """Nothing to prove: nobody configured a subscriber."""

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._line.close()


def notification_headers(target: Target, media_type: str, body: bytes) -> dict[str, str]:
    """What is said beside a topic's content (WebSub, 7): which topic, which hub, and that it is from us.

    A ping, which has no hub but goes to one, says nothing of it.
    """
    headers = {"Content-Type": media_type}
    if target.hub:
        headers["Link"] = f'<{target.topic}>; rel="self", <{target.hub}>; rel="hub"'
    if target.secret is not None:
        digest = hmac.new(target.secret.encode("utf-8"), body, sha256).hexdigest()
        headers["X-Hub-Signature"] = f"sha256={digest}"
    return headers


class Verifier:
    """Asks subscribers whether they meant it (WebSub, 5.3), or tells them no. Safe from any thread."""

    def __init__(self, *, networks: Sequence[Network] = ()) -> None:
        """networks: private networks in which subscribers may be"""
        self._networks = tuple(networks)
        self._watchdog = common_watchdog()

    def confirms(self, intent: Intent, *, topic: str, challenge: str) -> bool:
        """Whether the subscriber repeats the challenge; what it answers to a denial does not matter.

        topic  its address

        Raises Unreachable when it may be worth asking again.
        """
        line = _line(self._networks, self._watchdog, strangers=True)
        url = question(intent, topic=topic, challenge=challenge)
        try:
            answer = line.exchange(_prepared("GET", url, dict(_ALWAYS)), _VERIFY_S)
        except Refused:
            return False
        finally:
            line.close()
        error = failure(answer.status, answer.headers, answer.body, utc_now())
        if error is not None and not error.permanent:
            raise error
        return error is None and hmac.compare_digest(answer.body, challenge.encode("ascii"))


def question(intent: Intent, *, topic: str, challenge: str) -> str:
    """The address that asks the subscriber; what its callback's query says stays in it. Pure."""
    asked = {"hub.mode": intent.mode, "hub.topic": topic}
    if intent.mode == "denied":
        asked["hub.reason"] = "this topic is not published here any more"
    else:
        asked["hub.challenge"] = challenge
    if intent.mode == "subscribe":
        asked["hub.lease_seconds"] = str(intent.lease_s)
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
    parts = urlsplit(intent.callback)
    return parts._replace(query=f"{parts.query}&{added}" if parts.query else added).geturl()


def ping_form(topic: str) -> bytes:
    """What tells a hub that a topic has changed, as a form; old hubs call the topic ``hub.url``. Pure."""
    address = quote(topic, safe="")
    return f"hub.mode=publish&hub.topic={address}&hub.url={address}".encode("ascii")


def _line(networks: Sequence[Network], watchdog: Watchdog | None, *, strangers: bool) -> HttpLine:
    from wire.deliver.http_line import HttpLine

    return HttpLine(networks=networks, strangers=strangers, watchdog=watchdog)


def _prepared(
    method: str, url: str, headers: dict[str, str], body: bytes | None = None
) -> requests.PreparedRequest:
    """Raises Refused for an address that is none."""
    import requests

    try:
        return requests.Request(method, url, headers=headers, data=body).prepare()
    except (requests.RequestException, ValueError) as exc:
        raise Refused(f"no address to send to: {exc}") from exc
