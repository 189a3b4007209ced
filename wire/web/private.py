"""Who may read private feeds: by an address that nobody can guess, or by name and password (RFC 7617).

A reader's token is both the secret part of the address and the password. Only its SHA-256 is known here; that
is enough, since a token is random and long. Comparing takes the same time whatever was sent.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from wire.web.answers import Headers

#: On everything that has to do with private feeds: for nobody else's eyes, and for no cache.
SECRET: Headers = (
    (b"cache-control", b"private, no-store"),
    (b"x-robots-tag", b"noindex"),
    (b"referrer-policy", b"no-referrer"),
)
CHALLENGE: Headers = ((b"www-authenticate", b'Basic realm="wire", charset="UTF-8"'),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who may read some private feeds."""

    id: str
    token_sha256: str  #: 64 hex digits
    feeds: frozenset[str]


class Readers:
    """Everybody who may read private feeds. Immutable."""

    def __init__(self, readers: Iterable[Reader] = ()) -> None:
        self._readers = tuple(readers)

    def admits_token(self, token: str, feed: str) -> bool:
        """Whether the token in an address opens the feed."""
        return self._admits(token, feed, self._readers)

    def admits_header(self, authorization: str, feed: str) -> bool:
        """Whether an ``Authorization`` header opens the feed: a reader's id and token as Basic says them."""
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            name, _, token = b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
        except (NotBase64, ValueError):  # of characters that are no base64, or bytes that are no UTF-8
            return False
        return self._admits(token, feed, [reader for reader in self._readers if reader.id == name])

    def _admits(self, token: str, feed: str, readers: Iterable[Reader]) -> bool:
        digest = sha256(token.encode("utf-8", "replace")).hexdigest()
        matching = [reader for reader in readers if hmac.compare_digest(digest, reader.token_sha256)]
        return any(feed in reader.feeds for reader in matching)
