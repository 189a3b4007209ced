"""Several documents as the body of one request. Pure: the same documents give the same bytes and key.

What they become depends on what they are:

- JSON: JSON Lines, a document a line (``application/x-ndjson``)
- NewsML-G2: one ``newsMessage`` whose ``itemSet`` holds the items
- anything else: ``multipart/mixed`` (RFC 2046, 5.1.3), each part with the headers it would have had alone
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import UTC
from hashlib import sha256

from wire.iptc.namespaces import NAR
from wire.story import Delivery

_ITEM = "application/vnd.iptc.g2.newsitem+xml"
_MESSAGE = "application/vnd.iptc.g2.newsmessage+xml"


def bundle_key(deliveries: Sequence[Delivery]) -> str:
    """Idempotency key of a bundle, made from those of its deliveries in their order."""
    return f"batch_{digest_of(delivery.key.encode() for delivery in deliveries)}"


def bundled(deliveries: Sequence[Delivery]) -> tuple[str, bytes]:
    """Media type and body; at least one delivery, all of one format, in the order given."""
    media_type = deliveries[0].document.media_type
    if media_type.partition(";")[0].endswith(("/json", "+json")):
        return "application/x-ndjson", b"".join(_line(delivery) for delivery in deliveries)
    if media_type == _ITEM:
        return _MESSAGE, _message(deliveries)
    return _multipart(deliveries)


def about(delivery: Delivery) -> dict[str, str]:
    """The headers that say which story and version a document is, and what has become of it."""
    return {
        "wire-story": delivery.story_id,
        "wire-version": str(delivery.version),
        "wire-action": delivery.action.value,
    }


def _line(delivery: Delivery) -> bytes:
    # Within JSON's texts line ends are escaped, so those that are left are blanks between values.
    return b" ".join(delivery.document.body.split(b"\n")).replace(b"\r", b" ").strip() + b"\n"


def _message(deliveries: Sequence[Delivery]) -> bytes:
    """A ``newsMessage``, sent when the last of its stories was accepted: no attempt changes its bytes."""
    sent = max(delivery.created_at for delivery in deliveries).astimezone(UTC)
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<newsMessage xmlns="{NAR}"><header>'
        f"<sent>{sent.isoformat(timespec='seconds')}</sent>"
        f"<transmitId>{bundle_key(deliveries)}</transmitId></header><itemSet>\n"
    )
    items = (delivery.document.body.partition(b"?>")[2].strip() for delivery in deliveries)
    return head.encode() + b"\n".join(items) + b"\n</itemSet></newsMessage>\n"


def _multipart(deliveries: Sequence[Delivery]) -> tuple[str, bytes]:
    # Made from what it parts, so that no document can hold it.
    boundary = f"wire-{digest_of(delivery.document.body for delivery in deliveries)}"
    parts = []
    for delivery in deliveries:
        headers = {
            "Content-Type": delivery.document.media_type,
            "webhook-id": delivery.key,
            **about(delivery),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        parts.append(f"--{boundary}\r\n{head}\r\n".encode() + delivery.document.body + b"\r\n")
    return f"multipart/mixed; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def digest_of(parts: Iterable[bytes]) -> str:
    """26 characters that stand for these parts in this order, and for no others."""
    digest = sha256()
    for part in parts:
        digest.update(sha256(part).digest())
    return b32encode(digest.digest())[:26].decode("ascii").lower()
