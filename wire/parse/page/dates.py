"""When a page says it was published, in whatever form: metadata, ``time`` elements, print, its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from wire.parse.base import read_date
from wire.parse.dates import first_date
from wire.parse.page.blocks import Page

_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?$")
_ISO_START = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]?(\d{2}:\d{2}(?::\d{2})?)?")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|\D|$)")
_BEFORE, _AFTER = 10, 4  #: blocks around the headline in which a date may stand
_LONGEST = 160  #: characters of a line that tells the date


def stated_date(texts: Iterable[str]) -> datetime | None:
    """The first of these texts that is a date, however it is written."""
    return next((found for text in texts if (found := loose_date(text)) is not None), None)


def loose_date(text: str) -> datetime | None:
    """A date as metadata write it: ISO 8601, RFC 5322, seconds since 1970, words; naive without a zone."""
    text = text.strip()[:80]
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    found = read_date(text)
    if found is not None and found.year > 1900:
        return found
    for pattern in (_COMPACT, _ISO_START):
        if (match := pattern.match(text)) and (found := _from_parts(match)) is not None:
            return found
    day = first_date(text)
    return datetime.combine(day, time()) if day else None


def _from_parts(match: re.Match[str]) -> datetime | None:
    digits = "".join(part or "" for part in match.groups()).replace("-", "").replace(":", "").ljust(14, "0")
    return read_date(f"{digits[:8]}T{digits[8:]}")


def marked_date(page: Page, headline: int, first: int) -> datetime | None:
    """The date of the ``time`` element nearest to the headline, or to the story's beginning."""
    start = headline if headline >= 0 else first
    near = [
        (abs(place - start), found)
        for place, text in page.times
        if start - _BEFORE <= place <= first + _AFTER and (found := loose_date(text)) is not None
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def printed_date(page: Page, headline: int, first: int, last: int, address: str | None) -> date | None:
    """The date printed around headline and story, else the one in the page's address."""
    start = headline if headline >= 0 else first
    region = [
        *range(start, min(len(page.blocks), first + _AFTER)),
        *range(start - 1, start - _BEFORE - 1, -1),
    ]
    region += range(last + 1, last + 1 + _AFTER)
    return _first_printed(page, region) or in_address(address)


def _first_printed(page: Page, region: Sequence[int]) -> date | None:
    for n in region:
        if (
            0 <= n < len(page.blocks)
            and len(text := page.blocks[n].text) <= _LONGEST
            and (found := first_date(text))
        ):
            return found
    return None


def in_address(address: str | None) -> date | None:
    """The date in a path such as ``/2026/05/14/``."""
    match = _IN_ADDRESS.search(address or "")
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
