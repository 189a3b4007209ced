"""What an endpoint's answer means. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wire.errors import DeliveryError, Refused, Unreachable

#: Client errors that pass by themselves.
_PASSING = frozenset({408, 425, 429})
_QUOTE = 200  #: characters of an answer that are kept
CUT = "…"  #: stands where a quotation is cut off


def failure(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime, *, disables: bool = True
) -> DeliveryError | None:
    """The error that an answer stands for; None for any 2xx.

    disables  whether 410 speaks for the endpoint, and not for one story of several

    A redirect is a failure: whoever answers so has moved, and the signed copy is not sent on. 408, 425,
    429 and 5xx pass; other 4xx are refusals; 410 asks never to be called again.
    """
    if 200 <= status < 300:
        return None
    reason = f"HTTP {status}{quoted(body)}"
    if 300 <= status < 400:
        return Refused(f"HTTP {status}: redirects are not followed; configure the new address", status=status)
    if status == 410 and disables:
        return Refused(f"{reason}: the endpoint wants no more calls", status=status, disable=True)
    if 400 <= status < 500 and status not in _PASSING:
        return Refused(reason, status=status)
    return Unreachable(reason, status=status, retry_after_s=retry_after_s(headers.get("retry-after"), now))


def results_of(body: bytes) -> list[tuple[int, str]] | None:
    """What an answer 207 says of each story: status and a remark; None when it does not say.

    ``{"results": [{"status": 200}, {"status": 422, "detail": "no headline"}]}``, in the order of the batch.
    """
    try:
        results = json.loads(body)["results"]
        found = [(result["status"], str(result.get("detail", ""))[:_QUOTE]) for result in results]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return found if all(type(status) is int and 200 <= status < 600 for status, _ in found) else None


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None when it is none."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def quoted(body: bytes) -> str:
    """The beginning of an answer on one printable line, for the attempt's record."""
    text = body[: _QUOTE * 4].decode("utf-8", "replace")
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if len(line) > _QUOTE:
        line = line[:_QUOTE] + CUT
    return f": {line}" if line else ""
