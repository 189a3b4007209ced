"""What every parser needs: dates as documents write them, paragraphs from lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import escape

from wire.story import RawFile

HEAD_BYTES = 4096  #: what `evidence` may look at

#: A sixtieth second, which no calendar of ours knows.
_LEAP_SECOND = re.compile(r"(?<!\d)(\d\d:\d\d):60(?!\d)")
_LONGEST_DATE = 100  #: characters
_YEAR_MONTH = re.compile(r"\d{4}-\d{2}")
_LOOSE_ZONE = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)")


def head_of(raw: RawFile) -> bytes:
    """The first 4 kB of a file without a byte order mark or leading blanks; UTF-16 brought to ASCII."""
    head = raw.data[:HEAD_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("ascii", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def read_date(text: str | None) -> datetime | None:
    """A date-time in ISO 8601 (basic or extended) or RFC 5322 form; naive when it gives no zone.

    A date without time is midnight of that day, naive. None for anything else.
    """
    if not text or len(text := text.strip()) > _LONGEST_DATE:
        return None
    text = _LEAP_SECOND.sub(r"\g<1>:59", _LOOSE_ZONE.sub("", text))
    try:
        return datetime.fromisoformat(f"{text}-01" if _YEAR_MONTH.fullmatch(text) else text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def paragraphs_html(paragraphs: Iterable[str], tag: str = "p") -> str:
    """Plain paragraphs as escaped HTML."""
    return "".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for text in paragraphs if text)
