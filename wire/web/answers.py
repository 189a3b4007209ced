"""Answers as plain values: status, headers, body. What is common to all of them stands here once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from wire.ports.feeds import Rendition
from wire.web.conditional import Asked, best_coding, entity_tag, http_date, is_known

Headers = tuple[tuple[bytes, bytes], ...]

#: On everything we send: it is what we say it is.
_SAFE: Headers = ((b"x-content-type-options", b"nosniff"),)

#: Feeds may be read by scripts of any site, errors included.
CORS: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Last-Modified, Link"),
)

#: What a script's browser asks before a request with headers of its own (Fetch, 4.8 "CORS-preflight fetch").
PREFLIGHT_PATHS = ("/feeds/", "/feeds.opml", "/stories/", "/changes")
_ASKING = b"A-IM, If-Modified-Since, If-None-Match, Last-Event-ID"

#: A story may be corrected or killed at any moment: it may be kept, but not shown without asking.
ASK_FIRST = (b"cache-control", b"public, no-cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A finished answer. Itself an ASGI application, so that it can be sent as it is."""

    status: int
    headers: Headers
    body: bytes = field(default=b"", repr=False)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it; to a HEAD without its body."""
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": body})


def kept(asked: Asked, rendition: Rendition, extra: Headers) -> Answer:
    """Content that stays the same until it changes: 304 for who has it, else in the best coding.

    The entity tag is strong, so each coding has its own.
    """
    coding = best_coding(asked.accept_encoding)
    validators = _validators(rendition.etag, rendition.modified, coding, extra)
    if is_known(asked, rendition.etag, rendition.modified):
        return Answer(status=304, headers=validators)
    body = rendition.coded(coding) if coding else rendition.body
    described = _described(rendition.media_type, len(body), coding)
    return Answer(status=200, headers=described + validators, body=body)


def delta(asked: Asked, new: Rendition, whole: Rendition, extra: Headers) -> Answer:
    """226: only what is new in a feed, under the entity tag of the whole (RFC 3229, 10.4.1 and 10.5.3).

    Never for a cache: it would show the part in the place of the whole.
    """
    coding = best_coding(asked.accept_encoding)
    body = new.coded(coding) if coding else new.body
    headers = (
        *_described(new.media_type, len(body), coding),
        (b"im", b"feed"),
        (b"etag", entity_tag(whole.etag, coding)),
        (b"last-modified", http_date(whole.modified).encode()),
        (b"cache-control", b"no-store, im"),
        (b"vary", b"A-IM, If-None-Match, Accept-Encoding"),
        *(header for header in extra if header[0] != b"cache-control"),
        *_SAFE,
    )
    return Answer(status=226, headers=headers, body=body)


def plain(status: int, body: bytes, media_type: str, extra: Headers = ()) -> Answer:
    """An answer nobody keeps."""
    return Answer(
        status=status, headers=(*_described(media_type, len(body), None), *extra, *_SAFE), body=body
    )


def preflight() -> Answer:
    """Scripts of any site may poll as other readers do: with the tag of what they have."""
    allowed = (
        CORS[0],
        (b"access-control-allow-methods", b"GET, HEAD"),
        (b"access-control-allow-headers", _ASKING),
        (b"access-control-max-age", b"86400"),
    )
    return Answer(status=204, headers=(*allowed, *_SAFE))


def respond(answer: Answer) -> Response:
    """An answer in Starlette's own form."""
    response = Response(answer.body, status_code=answer.status)
    response.raw_headers = list(answer.headers)
    return response


@lru_cache(maxsize=1024)
def feed_headers(max_age_s: int, link: str) -> Headers:
    """What every answer with a feed says: how long it is fresh, who may read it, where it belongs (RFC 8288).

    An old feed is better than none, so a cache may show it while it asks anew or cannot reach us.
    """
    fresh = f"public, max-age={max_age_s}, stale-while-revalidate=30, stale-if-error=300"
    return ((b"cache-control", fresh.encode()), *((b"link", link.encode()),) * bool(link), *CORS)


@lru_cache(maxsize=1024)
def _validators(etag: str, modified: datetime, coding: str | None, extra: Headers) -> Headers:
    return (
        (b"etag", entity_tag(etag, coding)),
        (b"last-modified", http_date(modified).encode()),
        (b"vary", b"Accept-Encoding"),
        *extra,
        *_SAFE,
    )


@lru_cache(maxsize=1024)
def _described(media_type: str, size: int, coding: str | None) -> Headers:
    encoding = ((b"content-encoding", coding.encode()),) if coding else ()
    return (
        (b"content-type", media_type.encode()),
        (b"content-length", str(size).encode()),
        *encoding,
    )
