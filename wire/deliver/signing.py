"""Standard Webhooks: who sent it, when, and that it is what was sent."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

_PREFIX = "whsec_"


class Signer:
    """Signs with every secret it has, so that a receiver may change over from the old to the new.

    Signs bytes, whatever they are; the reference library signs UTF-8 alone, and wire formats are older.
    Raises ValueError on a secret that is not ``whsec_`` and base64.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = tuple(_key(secret) for secret in secrets)

    def headers(self, key: str, body: bytes, now: datetime) -> dict[str, str]:
        """The headers of one attempt; without a secret the id and the time alone.

        key  idempotency key, the same on every attempt
        now  aware UTC; new on every attempt
        """
        timestamp = str(int(now.timestamp()))
        headers = {"webhook-id": key, "webhook-timestamp": timestamp}
        if self._keys:
            signed = f"{key}.{timestamp}.".encode() + body
            digests = (hmac.digest(each, signed, "sha256") for each in self._keys)
            headers["webhook-signature"] = " ".join(f"v1,{b64encode(one).decode()}" for one in digests)
        return headers


def _key(secret: str) -> bytes:
    text = secret.removeprefix(_PREFIX)
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key or text == secret:
        # the message must not hold the secret
        raise ValueError("a signing secret is not 'whsec_' followed by base64")
    return key
