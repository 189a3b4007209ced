"""What a request asks for and what it already has: conditions and encodings (RFC 9110, 12.5.3 and 13).

Pure functions from header texts to decisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from wire.common.renditions import CODINGS

_TAG = re.compile(r'"([^"]*)"')
_ALIASES = {"x-gzip": "gzip"}  #: RFC 9110, 8.4.1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The headers of a request that decide what is sent; empty when absent."""

    if_none_match: str = ""
    if_modified_since: str = ""
    accept_encoding: str = ""
    a_im: str = ""
    authorization: str = field(default="", repr=False)

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]]) -> Asked:
        """Read them out of ASGI's raw headers; repeated ones are joined as the RFC says."""
        match, since, encoding, manipulation, authorization = [], [], [], [], b""
        for name, value in headers:
            if name == b"if-none-match":
                match.append(value)
            elif name == b"if-modified-since":
                since.append(value)
            elif name == b"accept-encoding":
                encoding.append(value)
            elif name == b"a-im":
                manipulation.append(value)
            elif name == b"authorization":
                authorization = value
        return cls(
            if_none_match=b",".join(match).decode("latin-1"),
            if_modified_since=b",".join(since).decode("latin-1"),
            accept_encoding=b",".join(encoding).decode("latin-1"),
            a_im=b",".join(manipulation).decode("latin-1"),
            authorization=authorization.decode("latin-1"),
        )

    @property
    def wants_delta(self) -> bool:
        """Whether only what is new may be sent (RFC 3229 with the ``feed`` manipulation)."""
        parts = (_quality(part) for part in self.a_im.lower().split(","))
        return any(name == "feed" and quality > 0 for name, quality in parts)


def is_known(asked: Asked, etag: str, modified: datetime) -> bool:
    """Whether the client has this very content already, so that 304 is the answer.

    If-None-Match decides alone when it is there (RFC 9110, 13.2.2). If-Modified-Since must name our
    Last-Modified exactly, as nginx asks by default: a feed that lost its newest story is older than
    before, yet new to the client.
    """
    if asked.if_none_match:
        return matches(asked.if_none_match, etag)
    if not asked.if_modified_since:
        return False
    return asked.if_modified_since == http_date(modified) or _same_second(asked.if_modified_since, modified)


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the header names this content, by weak comparison.

    The same content in another coding matches too: our own suffixes, and the ``-gzip`` that some proxies add,
    are taken off.
    """
    if if_none_match.strip() == "*":
        return True
    return etag in if_none_match and etag in known_tags(if_none_match)


def known_tags(if_none_match: str) -> list[str]:
    """The entity tags in the header without what stands behind a hyphen: the coding, and what proxies add."""
    return [tag.partition("-")[0] for tag in _TAG.findall(if_none_match)]


def entity_tag(etag: str, coding: str | None) -> bytes:
    """The strong tag of content in one coding, as its header says it."""
    return f'"{etag}-{coding}"'.encode() if coding else f'"{etag}"'.encode()


@lru_cache(maxsize=256)
def best_coding(accept_encoding: str) -> str | None:
    """The content coding to send, None for none: what the client likes best, of equals our best.

    By RFC 9110, 12.5.3; identity, unless it is named, is liked less than any coding that may be sent, and
    ``q=0`` forbids.
    """
    qualities = dict(_quality(part) for part in accept_encoding.lower().split(",") if part.strip())
    for alias, coding in _ALIASES.items():
        if alias in qualities:
            qualities.setdefault(coding, qualities[alias])
    other = qualities.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: qualities.get(coding, other))  # the first of equals
    quality = qualities.get(best, other)
    return best if quality > 0 and quality >= qualities.get("identity", 0.0) else None


@lru_cache(maxsize=256)
def http_date(moment: datetime) -> str:
    """An aware time as HTTP writes it, to the second."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _quality(part: str) -> tuple[str, float]:
    coding, _, parameter = part.partition(";")
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return coding.strip(), 1.0
    try:
        return coding.strip(), float(value)
    except ValueError:
        return coding.strip(), 0.0


def _same_second(text: str, modified: datetime) -> bool:
    """Whether a date in any of HTTP's three forms is the same second; a malformed one never is."""
    try:
        return int(parsedate_to_datetime(text).timestamp()) == int(modified.timestamp())
    except (ValueError, OverflowError):
        return False
