"""What every parser needs: dates as documents write them, paragraphs from lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from html import escape

from wire.parse.zones import in_named_zone, names_zone
from wire.story import RawFile

HEAD_BYTES = 4096  #: what `evidence` may look at

#: A sixtieth second, which no calendar of ours knows.
_LEAP_SECOND = re.compile(r"(?<!\d)(\d\d:\d\d):60(?!\d)")
_LONGEST_DATE = 100  #: characters
#: Date and time with nothing between them: the library would take the ninth digit for what parts them.
_ALL_DIGITS = re.compile(r"\d{9}")
_YEAR_MONTH = re.compile(r"\d{4}-\d{2}")
_CLOCK_12 = re.compile(r"\b(0?\d|1[0-2]):(\d\d)(?::(\d\d))? ?([AaPp])\.?[Mm]\b\.?")
_MIDNIGHT = re.compile(r"(?<!\d)24:00(?!:[0-5]?[1-9])")
_BRACKETED = re.compile(r"\[[\w/+-]*\]$")  #: a zone's name beside its offset
_ZONE_NAME = re.compile(r" ?\(?((?<![A-Z])[A-Z]{1,5})\)?$")
#: Dates without punctuation, or with another one, as ISO 8601 has them.
_ISO_OF = (
    (re.compile(r"^(\d{8})(\d{4}(?:\d\d)?)$"), r"\1T\2"),
    (re.compile(r"^(\d{4})/(\d\d)/(\d\d)(?!\d)"), r"\1-\2-\3"),
    (re.compile(r"^(\d\d)\.(\d\d)\.(\d{4})(?!\d)"), r"\3-\2-\1"),
)
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
    if _ALL_DIGITS.match(text) is None:
        with suppress(ValueError):
            return datetime.fromisoformat(f"{text}-01" if _YEAR_MONTH.fullmatch(text) else text)
    return _read_loosely(text)


def _read_loosely(text: str) -> datetime | None:
    """A date as few write it: on a 12-hour clock, without punctuation, with its zone's name, at 24:00."""
    text, midnights = _MIDNIGHT.subn("00:00", _CLOCK_12.sub(_on_24, _BRACKETED.sub("", text)))
    zone = _ZONE_NAME.search(text)
    bare = text[: zone.start()] if zone and names_zone(zone[1]) else text
    for pattern, iso in _ISO_OF:
        bare = pattern.sub(iso, bare, 1)
    try:
        read = datetime.fromisoformat(bare)
    except ValueError:
        try:
            read = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if zone and read.tzinfo is None:
        read = in_named_zone(read, zone[1]) or read
    try:
        return read + timedelta(midnights)
    except OverflowError:
        return None


def _on_24(clock: re.Match[str]) -> str:
    hour = int(clock[1]) % 12 + (12 if clock[4] in "pP" else 0)
    return f"{hour:02}:{clock[2]}:{clock[3] or '00'}"


def paragraphs_html(paragraphs: Iterable[str], tag: str = "p") -> str:
    """Plain paragraphs as escaped HTML."""
    return "".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for text in paragraphs if text)
