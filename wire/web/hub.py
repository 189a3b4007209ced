"""``/hub``: where anybody subscribes to a feed (WebSub, 5). What is asked is noted, and verified later."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from wire.ports.feeds import HubDesk, Intent
from wire.web.answers import Answer, Headers, plain, respond

_MOST_BYTES = 16 * 1024
_MOST_FIELDS = 50
_LONGEST_CALLBACK = 2000
_SECRET_BYTES = 200  #: a secret is shorter (WebSub, 5.1)
#: Seconds that a subscription may last, at least and at most, and when nothing is said.
_LEASES_S = (60, 30 * 86_400, 10 * 86_400)


class Unfit(Exception):
    """What was asked cannot be done; ``str()`` says why, to whoever asked."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class HubDoor:
    """The route."""

    def __init__(self, desk: HubDesk, *, topics: Collection[str], topics_url: str) -> None:
        """topics: files of the feeds that may be subscribed to

        topics_url  what their addresses begin with
        """
        self._desk = desk
        self._topics = frozenset(topics)
        self._topics_url = topics_url

    async def answer(self, request: Request) -> Response:
        """202 for what is going to be verified; 400, 404, 413 or 503 with the reason for anything else."""
        try:
            intent = self.intent(await _body(request))
        except Unfit as exc:
            return respond(_said(exc.status, str(exc)))
        if not await run_in_threadpool(self._desk.ask, intent):
            return respond(_said(503, "Too many ask at once; please try again.", ((b"retry-after", b"60"),)))
        return respond(_said(202, "You will be asked whether you meant it."))

    def intent(self, form: bytes) -> Intent:
        """What a form asks for; fields that we do not know are passed over. Raises Unfit. Pure."""
        fields = _fields(form)
        mode = fields.get("hub.mode", "")
        if mode not in ("subscribe", "unsubscribe"):
            raise Unfit("hub.mode must be subscribe or unsubscribe.")
        topic = fields.get("hub.topic", "")
        name = topic.removeprefix(self._topics_url)
        if name == topic or name not in self._topics:
            raise Unfit("hub.topic is no feed of ours: take the address in the feed's own rel=self.", 404)
        secret = fields.get("hub.secret") or None
        if secret is not None and len(secret.encode()) >= _SECRET_BYTES:
            raise Unfit(f"hub.secret must be shorter than {_SECRET_BYTES} bytes.")
        return Intent(
            mode=mode,
            topic=name,
            callback=_callback(fields.get("hub.callback", "")),
            secret=secret if mode == "subscribe" else None,
            lease_s=_lease(fields.get("hub.lease_seconds", "")),
        )


def _fields(form: bytes) -> dict[str, str]:
    """The first of each name. Raises Unfit."""
    try:
        pairs = parse_qsl(
            form.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as exc:
        raise Unfit("The body must be a form in UTF-8.") from exc
    return dict(reversed(pairs))


def _callback(url: str) -> str:
    try:
        parts = urlsplit(url)
        fit = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
        fit = fit and parts.port != 0 and not parts.fragment and url.isascii() and url.isprintable()
    except ValueError:
        fit = False
    if not fit or " " in url or len(url) > _LONGEST_CALLBACK:
        raise Unfit("hub.callback must be an http or https address, without credentials or fragment.")
    return url


def _lease(text: str) -> int:
    least, most, usual = _LEASES_S
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()):
        raise Unfit("hub.lease_seconds must be a number.")
    return min(max(int(text[:12]), least), most) if int(text[:12]) else usual


async def _body(request: Request) -> bytes:
    """Raises Unfit."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Unfit("The body must be application/x-www-form-urlencoded.", 415)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise Unfit("The form is too large.", 413)
    return body


def _said(status: int, text: str, extra: Headers = ()) -> Answer:
    return plain(status, f"{text}\n".encode(), "text/plain", ((b"cache-control", b"no-store"), *extra))
