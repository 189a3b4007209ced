"""What people say with an order, as it is kept: who they are, why, and from or until when. Pure."""

from __future__ import annotations

from datetime import datetime

from wire.common.zones import in_zone
from wire.errors import CommandError
from wire.xmltools import clean_line, clean_text

_LONGEST_NAME = 64  #: characters; what the store's columns hold
_LONGEST_NOTE = 2000
_YEARS = range(1800, 9999)  #: near the calendar's end an instant may have no time in UTC


def name_of(who: str) -> str:
    """A person's name as histories have it: one line of characters that every database and document holds."""
    return clean_line(who)[:_LONGEST_NAME] or "somebody"


def note_of(note: str | None) -> str | None:
    """A note without what no document may hold; None when nothing is left of it."""
    return None if note is None else clean_text(note).strip()[:_LONGEST_NOTE] or None


def instant_of(text: str, timezone: str, *, latest: bool = False) -> datetime:
    """The instant that a person means. Raises CommandError.

    timezone  IANA name; where the text says none
    latest    of a time that comes twice or never, as clocks are set, the later instant; without it, the first
    """
    try:
        moment = in_zone(datetime.fromisoformat(text), timezone, latest=latest)
    except ValueError as exc:
        raise CommandError(f"{text!r} is no time; write it like 2026-03-02T18:00+01:00") from exc
    if moment.year not in _YEARS:
        raise CommandError(f"{text!r} is no time that a story can wait for, or have")
    return moment
