"""Which story an arrival is a version of. Assigned once, never derived from headline, URL or host."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from wire.desk.marks import without_mark
from wire.story import Source, Story, identity_of

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 50
_SLUG_PARTS = re.compile(r"[^\W_]+")


def identity(story: Story, source: Source, arrived_at: datetime, number: int = 1) -> str:
    """What makes two arrivals versions of one story.

    The document's own guid where it states one; else as the source's configuration says; else the file's name
    within its source.

    number  of the story within its file, from 1
    """
    if story.guid is not None:
        return identity_of("guid", story.guid)
    if source.same_story == "slugline" and (slug := slug_of(story.slugline)):
        return identity_of("slug", f"{source.id}/{_day(story, source, arrived_at)}/{slug}")
    name = story.origin.file
    if source.same_story == "nothing":
        name = f"{name}/{story.origin.sha256}"
    elif source.story_in_name is not None and (found := re.search(source.story_in_name, name)):
        name = found[1] if found.re.groups else found[0]
    return identity_of("file", f"{source.id}/{name}" + (f"#{number}" if number > 1 else ""))


def slug_of(slugline: str | None) -> str:
    """A slugline as it stays from take to take: its words alone, in small letters, without a mark."""
    return "-".join(_SLUG_PARTS.findall(without_mark(slugline or "").casefold()))


def _day(story: Story, source: Source, arrived_at: datetime) -> str:
    """The day on which the story began: agencies use a slugline again on another."""
    began = story.first_created or story.content_created or story.version_created or arrived_at
    return began.astimezone(ZoneInfo(source.timezone)).date().isoformat()


def story_id(moment: datetime, random: int) -> str:
    """A new id of ours: 20 characters ``[a-z0-9]``, rising with time to the millisecond.

    random  any integer; its lowest 50 bits are used
    """
    number = (int(moment.timestamp() * 1000) << _RANDOM_BITS) | (random & ((1 << _RANDOM_BITS) - 1))
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(95, -5, -5))


def own_guid(house_id: str, moment: datetime, story_id: str) -> str:
    """The guid of a story whose document states none: a tag URI (RFC 4151), fixed for ever."""
    return f"tag:{house_id},{moment.date()}:{story_id}"
