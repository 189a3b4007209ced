"""Whether a new version is news to who has read a story: what moves ``updated`` in feeds (RFC 4287, 4.2.15).

Pure. A version that mends only what nobody reads (keywords, subjects, urgency, notes to editors, markup,
blanks) changes the bytes of feeds, but makes no reader mark the story as changed.
"""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import blake2b

from wire.story import Action, Kept, Standing, Story

_TAG = re.compile(r"<[^>]*>")
_BLANKS = b" \t\n\r\x0b\x0c"


def told(story: Story) -> str:
    """A digest of what a reader sees of the story, whatever its blanks: 32 hex digits."""
    seen = [
        story.headline,
        story.subheadline,
        story.description,
        story.byline,
        *story.creators,
        story.dateline,
    ]
    seen.append(_TAG.sub("", story.body_html))
    for picture in story.pictures:
        seen += (picture.href, picture.caption, picture.credit)
    plain = "\0".join(text or "" for text in seen).encode("utf-8", "surrogatepass")
    return blake2b(plain.translate(None, _BLANKS), digest_size=16).hexdigest()


def revised(
    action: Action, standing: Standing, digest: str, before: Kept | None, instant: datetime
) -> datetime:
    """When the story last changed in a way that its readers should look at again.

    action    of the new version; a correction always is one, whatever it changes
    standing  of the story from now on
    digest    of what is told now (`told`)
    instant   of the new version
    """
    if before is None or before.revised is None or before.told != digest:
        return instant
    silent = (
        action in {Action.UPDATE, Action.EXPIRE}
        and before.standing is Standing.LIVE
        and standing in {Standing.LIVE, Standing.EXPIRED}
    )
    return before.revised if silent else instant
