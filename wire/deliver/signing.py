"""Standard Webhooks: who sent it, when, and that it is what was sent."""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from wire.errors import Refused


class Signer:
    """Signs with every secret it has, so that a receiver may change over from the old to the new.

    Raises ValueError on a secret that is not ``whsec_`` and base64.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        try:
            self._hooks = tuple(Webhook(secret) for secret in secrets)
        except (binascii.Error, EmptyWebhookSecretError, ValueError) as exc:
            # the message must not hold the secret
            raise ValueError("a signing secret is not 'whsec_' followed by base64") from exc

    def headers(self, key: str, body: bytes, now: datetime) -> dict[str, str]:
        """The headers of one attempt; without a secret the id and the time alone.

        key  idempotency key, the same on every attempt
        now  aware UTC; new on every attempt
        """
        headers = {"webhook-id": key, "webhook-timestamp": str(int(now.timestamp()))}
        if self._hooks:
            try:
                text = body.decode("utf-8")
            except UnicodeDecodeError as exc:
                raise Refused("the document is not UTF-8 and cannot be signed") from exc
            headers["webhook-signature"] = " ".join(hook.sign(key, now, text) for hook in self._hooks)
        return headers
