"""Which story an arrival is a version of. Assigned once, never derived from headline, URL or host."""

from __future__ import annotations

from datetime import datetime

from wire.story import Story

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 50


def identity(story: Story) -> str:
    """What makes two arrivals versions of one story.

    The document's own guid where it states one, else the file's name within its source.
    """
    if story.guid is not None:
        return f"guid {story.guid}"
    return f"file {story.origin.source}/{story.origin.file}"


def story_id(moment: datetime, random: int) -> str:
    """A new id of ours: 20 characters ``[a-z0-9]``, rising with time to the millisecond.

    random  any integer; its lowest 50 bits are used
    """
    number = (int(moment.timestamp() * 1000) << _RANDOM_BITS) | (random & ((1 << _RANDOM_BITS) - 1))
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(95, -5, -5))


def own_guid(house_id: str, moment: datetime, story_id: str) -> str:
    """The guid of a story whose document states none: a tag URI (RFC 4151), fixed for ever."""
    return f"tag:{house_id},{moment:%Y-%m-%d}:{story_id}"
