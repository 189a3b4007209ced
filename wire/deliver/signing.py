"""Standard Webhooks: who sent it, when, and that it is what was sent."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

_PREFIX = "whsec_"


class Signer:
    """Signs with every secret it has, so that a receiver may change over from the old to the new.

    Raises ValueError on a secret that is not ``whsec_`` and base64.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = tuple(_key(secret) for secret in secrets)

    def headers(self, key: str, body: bytes, now: datetime) -> dict[str, str]:
        """The headers of one attempt; without a secret the id and the time alone.

        key  idempotency key, the same on every attempt
        now  aware UTC; new on every attempt
        """
        headers = {"webhook-id": key, "webhook-timestamp": str(int(now.timestamp()))}
        if self._keys:
            signatures = (_signature(each, key, now, body) for each in self._keys)
            headers["webhook-signature"] = " ".join(signatures)
        return headers


def _signature(secret: bytes, key: str, now: datetime, body: bytes) -> str:
    """``v1,`` and the digest. The library signs text alone, and wire formats may be older than UTF-8."""
    # loaded by the first endpoint that has a secret: it takes 20 ms of a start
    from standardwebhooks.webhooks import Webhook, hmac_data

    try:
        return str(Webhook(secret).sign(key, now, body.decode("utf-8")))
    except UnicodeDecodeError:
        signed = f"{key}.{int(now.timestamp())}.".encode() + body
        return f"v1,{b64encode(hmac_data(secret, signed)).decode()}"


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
