"""Times as people write them, in the zone that they mean."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def in_zone(moment: datetime, zone: str, *, latest: bool = False) -> datetime:
    """The moment with its offset: its own where it has one, else that of the zone.

    zone    IANA name
    latest  where clocks are set back or forward, and the time came twice or never, the later instant that it
            may mean; without it, the first
    """
    if moment.tzinfo is not None:
        return moment
    first = _fixed(moment, ZoneInfo(zone), 0)
    return max(first, _fixed(moment, ZoneInfo(zone), 1)) if latest else first


def _fixed(moment: datetime, zone: ZoneInfo, fold: int) -> datetime:
    offset = moment.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()
    return moment.replace(tzinfo=timezone(offset), fold=0)
