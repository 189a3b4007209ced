"""Every time with a zone; those that cannot be true dropped, and said so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from wire.common.zones import in_zone
from wire.story import OPEN_ENDED, Draft, RawFile

_PAST = ("first_created", "version_created", "content_created")
_FUTURE = ("embargoed", "expires")
_EARLIEST_YEAR = 1800
_CLOCKS_DIFFER = timedelta(days=2)  #: how far ahead of our clock a sender's may be


def settle_times(draft: Draft, raw: RawFile) -> Draft:
    """The draft with aware times; a date alone is its midnight.

    What gave no zone is in that of its source, if one is known of it, else of its agency, else of the desk.
    """
    of_agency = None if raw.source.own_timezone else draft.timezone
    changed: dict[str, Any] = {}
    warnings = draft.warnings
    for name in _PAST + _FUTURE:
        stated = getattr(draft, name)
        if stated is None or (stated.tzinfo is not None and _plausible(name, stated, raw.arrived_at)):
            continue
        # of an hour that comes twice the later one: an embargo must not end early
        moment = in_zone(stated, of_agency or raw.source.timezone, latest=name == "embargoed")
        if _plausible(name, moment, raw.arrived_at):
            changed[name] = moment
        else:
            warnings = (*warnings, f"{name} cannot be true: {stated.isoformat()}")
            changed[name] = OPEN_ENDED if name == "embargoed" else None
    return replace(draft, warnings=warnings, **changed) if changed else draft


def _plausible(name: str, moment: datetime, arrived_at: datetime) -> bool:
    if moment == OPEN_ENDED and name == "embargoed":
        return True
    if not _EARLIEST_YEAR <= moment.year < OPEN_ENDED.year:
        return False
    return name in _FUTURE or moment <= arrived_at + _CLOCKS_DIFFER
