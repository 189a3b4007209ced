"""Names of time zones as wires, documents and people use them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from wire.common.zones import in_zone

#: Hours east of Greenwich.
_HOURS: Mapping[str, float] = {
    **dict.fromkeys(("GMT", "UTC", "UT", "Z", "WET"), 0),
    **dict.fromkeys(("WEST", "BST", "MEZ", "CET"), 1),
    **dict.fromkeys(("MESZ", "CEST", "EET"), 2),
    **dict.fromkeys(("EEST", "MSK"), 3),
    "IST": 5.5,
    **dict.fromkeys(("SGT", "HKT"), 8),
    "JST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    **dict.fromkeys(("AST", "EDT"), -4),
    "ADT": -3,
    **dict.fromkeys(("EST", "CDT"), -5),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    "PST": -8,
}
_ZONES: Mapping[str, tzinfo] = {
    name: timezone(timedelta(hours=hours)) if hours else UTC for name, hours in _HOURS.items()
}
#: Names that stand for the clock in use, in summer as in winter; the words stand before "time".
_REGIONS: Mapping[str, str] = {
    **dict.fromkeys(("ET", "Eastern", "New York", "Washington", "Toronto"), "America/New_York"),
    **dict.fromkeys(("CT", "Central"), "America/Chicago"),
    **dict.fromkeys(("MT", "Mountain"), "America/Denver"),
    **dict.fromkeys(("PT", "Pacific"), "America/Los_Angeles"),
    **dict.fromkeys(("London", "UK", "British"), "Europe/London"),
    **dict.fromkeys(("Central European", "Brussels", "Paris", "Berlin", "Geneva"), "Europe/Brussels"),
    **dict.fromkeys(("Tokyo", "Japan"), "Asia/Tokyo"),
    **dict.fromkeys(("Beijing", "China"), "Asia/Shanghai"),
    **dict.fromkeys(("Sydney", "Canberra"), "Australia/Sydney"),
    "Greenwich": "UTC",
    "Moscow": "Europe/Moscow",
    "New Delhi": "Asia/Kolkata",
}


def names_zone(word: str) -> bool:
    """Whether a word is a zone's name."""
    return word in _ZONES or word in _REGIONS


def in_named_zone(at: datetime, name: str) -> datetime | None:
    """The time with the offset of a zone by its name; None when nobody knows the name."""
    if name in _ZONES:
        return at.replace(tzinfo=_ZONES[name])
    return in_zone(at.replace(tzinfo=None), _REGIONS[name]) if name in _REGIONS else None
