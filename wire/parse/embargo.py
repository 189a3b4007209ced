"""Embargoes as people write them into notes: whether there is one, and when it ends.

A note that cannot be read holds its story until somebody lets it go: better late than early.
"""

from __future__ import annotations

import re
from datetime import datetime

from wire.parse.base import read_date, says_none
from wire.parse.dates import first_date, month_number
from wire.parse.profiles import Profile
from wire.parse.wirelines import moment, names_zone
from wire.story import OPEN_ENDED

_HINTS = ("embarg", "sperr", "release")
_EMBARGO = re.compile(
    r"\b(?:sperrfrist|sperrvermerk|embargo(?:ed)?|embargad[oa]s?|hold for release|"
    r"not for release (?:before|until))\b",
    re.IGNORECASE,
)
_NO_EMBARGO = re.compile(r"\b(?:no|without|ohne|keine|sans) (?:embargo|sperrfrist)", re.IGNORECASE)
_TOLD_EMBARGO = re.compile(
    r"\b(?:sperrfrist|sperrvermerk|embargo(?:ed)?)\b[\s:=]*([^\s)\]]*)\W*\Z", re.IGNORECASE
)
_HOLDS = re.compile(
    r"\b(?:sperrfrist|sperrvermerk)\b|\bembargoed\b\W*(?:$|\d|(?:until|till|for|to|not before)\b)|"
    r"^\W*embargoed\W{0,3}[])}:–—-]|\bunder (?:strict )?embargo\b|"
    r"\b(?:sous|sotto|onder) embargo (?:jusqu|fino|tot\b)|\bembargad[oa]s? hasta\b|"
    r"\bhold for release\b|\bnot for release (?:before|until)\b|"
    r"^\W*(?:(?:strict|media|press|news|publication|release)\W+)?embargo\b"
    r"(?:\W*$|\W+\d|\W*:.*\d|\W*:?\W*(?:until|till|bis|for release|jusqu|hasta|fino|até)\b)",
    re.IGNORECASE,
)
_LONGEST_NOTICE, _LONGEST_NOTE = 160, 2000  #: characters of a line that holds back; of a note that is read
#: Wherever one begins: in "Monday 4 May" the second is meant.
_DAY_MONTH = re.compile(
    r"(?=\b(\d{1,2})\.? ?(?:de )?(?:([^\W\d_]{3,10})\b|(\d{1,2})\.)|\b([A-Z][A-Za-z]{2,8})\.? (\d{1,2})\b)"
)
_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:?\d\d[\d:]*(?:Z|[+-]\d\d:?\d\d)")
_CLOCK_12 = re.compile(r"\b(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))? ?([ap])(?:\. ?)?m\b", re.IGNORECASE)
#: 18:00, 18.00 (a second full stop makes it a date), 18h00; 1800 GMT; to 0001 Monday.
_CLOCK = re.compile(
    r"(?:(?<![\w:.,])|(?<=\dT))([01]?\d|2[0-3])(?:[:h]|\.(?=\d\d(?!\.)))([0-5]\d)(?!\d)|"
    r"\b([01]\d|2[0-3])([0-5]\d)(?= ?(?:Uhr|h|hrs|hours|[A-Z]{2,4})\b)|"
    r"\b(?i:to|until|till|before) ([01]\d|2[0-3])([0-5]\d)(?=,? [A-Za-z])"
)
_HOUR = re.compile(r"(?<![\w:.,])([01]?\d|2[0-3]) ?(?:Uhr|h|hrs|hours)\b")
_CAPITALS = re.compile(r"\b[A-Z]{2,4}\b")


def is_embargo(note: str) -> bool:
    """Whether a note speaks of an embargo."""
    lower = note.lower()
    if not any(hint in lower for hint in _HINTS):
        return False
    told = _TOLD_EMBARGO.search(note[-80:])
    if told and told[1] and says_none(told[1]):
        return False
    return _EMBARGO.search(note) is not None and _NO_EMBARGO.search(note) is None


def holds_back(text: str) -> bool:
    """Whether it is a line that holds the copy back: "Embargoed until 6 am", "Sperrfrist: Montag, 6 Uhr"."""
    return len(text) < _LONGEST_NOTICE and is_embargo(text) and _HOLDS.search(text) is not None


def embargo_until(note: str, sent: datetime | None, profile: Profile) -> datetime:
    """When an embargo told in a note ends; open-ended when the note cannot be read.

    sent  when the message was sent, for notes without a year
    """
    note = note[:_LONGEST_NOTE]
    if (instant := _INSTANT.search(note)) and (at := read_date(instant[0])):
        return at
    day = _day_in(note, sent)
    clock, zone = _clock_in(note)
    if day is None or clock is None:
        return OPEN_ENDED
    return moment(day, clock, zone, profile).at or OPEN_ENDED


def _day_in(note: str, sent: datetime | None) -> tuple[int, int, int] | None:
    """Year, month and day; the year of the message, or the next one, where the note names none."""
    if whole := first_date(note):
        return whole.year, whole.month, whole.day
    for match in _DAY_MONTH.finditer(note) if sent else ():
        month = int(match[3]) if match[3] else month_number(match[2] or match[4])
        if sent and month and 1 <= month <= 12:
            return sent.year + (month < sent.month - 6), month, int(match[1] or match[5])
    return None


def _clock_in(note: str) -> tuple[tuple[int, int] | None, str | None]:
    """The first time of day, and the zone that stands behind it, else anywhere."""
    found = [match for pattern in (_CLOCK_12, _CLOCK) if (match := pattern.search(note))]
    match = min(found, key=lambda match: match.start(), default=None) or _HOUR.search(note)
    if match is None:
        return None, None
    words = (*_CAPITALS.findall(note, match.end()), *_CAPITALS.findall(note))
    return _time(match), next(filter(names_zone, words), None)


def _time(match: re.Match[str]) -> tuple[int, int]:
    if match.re is _CLOCK_12:
        return int(match[1]) % 12 + (12 if match[3] in "pP" else 0), int(match[2] or 0)
    hour, *minute = filter(None, match.groups())
    return int(hour), int(*minute)
