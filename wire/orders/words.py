"""What people say with an order, as it is kept: who they are, and why. Pure."""

from __future__ import annotations

from wire.xmltools import clean_line, clean_text

_LONGEST_NAME = 64  #: characters; what the store's columns hold
_LONGEST_NOTE = 2000


def name_of(who: str) -> str:
    """A person's name as histories have it: one line of characters that every database and document holds."""
    return clean_line(who)[:_LONGEST_NAME] or "somebody"


def note_of(note: str | None) -> str | None:
    """A note without what no document may hold; None when nothing is left of it."""
    return None if note is None else clean_text(note).strip()[:_LONGEST_NOTE] or None
