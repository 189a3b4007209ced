"""Answers as plain values: status, headers, body. What is common to all of them stands here once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from starlette.types import Receive, Scope, Send

from wire.ports import Rendition
from wire.web.conditional import Asked, http_date, is_known, wants_gzip

Headers = tuple[tuple[bytes, bytes], ...]

#: On everything we send: it is what we say it is.
_SAFE: Headers = ((b"x-content-type-options", b"nosniff"),)

#: Feeds may be read by scripts of any site, errors included.
CORS: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Last-Modified, Link"),
)

#: One minute is what the feeds' own ``ttl`` says; an old feed is better than none.
FEED_CACHE = (b"cache-control", b"public, max-age=60, stale-while-revalidate=30, stale-if-error=300")

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
    """Content that stays the same until it changes: 304 for who has it, else in the best encoding.

    The entity tag is strong, so each encoding has its own.
    """
    compress = wants_gzip(asked.accept_encoding)
    etag = f'"{rendition.etag}-gz"' if compress else f'"{rendition.etag}"'
    validators = (
        (b"etag", etag.encode()),
        (b"last-modified", http_date(rendition.modified).encode()),
        (b"vary", b"Accept-Encoding"),
        *extra,
        *_SAFE,
    )
    if is_known(asked, rendition.etag, rendition.modified):
        return Answer(status=304, headers=validators)
    body = rendition.gzipped() if compress else rendition.body
    encoding = ((b"content-encoding", b"gzip"),) if compress else ()
    return Answer(
        status=200, headers=(*_described(rendition.media_type, body), *encoding, *validators), body=body
    )


def plain(status: int, body: bytes, media_type: str, extra: Headers = ()) -> Answer:
    """An answer nobody keeps."""
    return Answer(status=status, headers=(*_described(media_type, body), *extra, *_SAFE), body=body)


def rendition(body: bytes, media_type: str, modified: datetime) -> Rendition:
    """Bytes made for one request, in the form in which feeds come."""
    return Rendition(
        body=body,
        media_type=media_type,
        etag=hashlib.sha256(body).hexdigest(),
        modified=modified,
        gzipped=cache(lambda: gzip.compress(body, 4, mtime=0)),
    )


def _described(media_type: str, body: bytes) -> Headers:
    return ((b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode()))
