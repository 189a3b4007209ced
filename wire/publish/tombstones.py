"""What feeds say of a story that was taken back: an Atom tombstone (RFC 6721), and a notice in its place.

Neither says anything of what the story told, not even its headline.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from html import escape

from wire.ports import House
from wire.publish.wording import entry_id
from wire.story import Revision, Standing, Story

NAMESPACE = "http://purl.org/atompub/tombstones/1.0"
WITHDRAWN = frozenset((Standing.KILLED, Standing.WITHHELD))

_HEADLINES = {Standing.KILLED: "KILL: this story has been withdrawn"}
_HELD = "This story has been withdrawn for now"
_TEXT = "<p>This story has been withdrawn. Please do not use it, and delete any copy of it.</p>"


def tombstone(revision: Revision, house: House) -> bytes:
    """The ``at:deleted-entry`` of a story that this revision took back, as a child of an Atom feed."""
    when = revision.updated.astimezone(UTC).isoformat()
    ref = escape(entry_id(revision, house))
    return f'<at:deleted-entry xmlns:at="{NAMESPACE}" ref="{ref}" when="{when}"/>'.encode()


def notice(revision: Revision) -> Revision:
    """The revision as readers may see it: the same story by its id, with nothing left of its copy."""
    headline = _HEADLINES.get(revision.standing, _HELD)
    return replace(
        revision, story=Story(headline=headline, body_html=_TEXT, language="en", origin=revision.story.origin)
    )
