"""What feeds say of a story that was taken back: an Atom tombstone (RFC 6721), and a notice in its place.

Neither says anything of what the story told, not even its headline.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from html import escape

from wire.ports import House
from wire.publish.phrases import phrases
from wire.publish.wording import entry_id
from wire.story import Revision, Standing, Story

NAMESPACE = "http://purl.org/atompub/tombstones/1.0"
WITHDRAWN = frozenset((Standing.KILLED, Standing.WITHHELD))

#: What the trade calls it, in every language.
_MARK = "KILL"


def tombstone(revision: Revision, house: House) -> bytes:
    """The ``at:deleted-entry`` of a story that this revision took back, as a child of an Atom feed."""
    when = revision.updated.astimezone(UTC).isoformat()
    ref = escape(entry_id(revision, house))
    return f'<at:deleted-entry xmlns:at="{NAMESPACE}" ref="{ref}" when="{when}"/>'.encode()


def notice(revision: Revision, house: House) -> Revision:
    """The revision as readers may see it: the same story by its id, with nothing left of its copy.

    In the story's language; in the house's where a kill came without a word of copy.
    """
    spoken = phrases(revision.story.language or house.language)
    headline = spoken.words["withdrawn_notice"]
    if revision.standing is Standing.KILLED:
        headline = f"{_MARK}: {headline}"
    text = escape(spoken.words["withdrawn_text"], quote=False)
    return replace(
        revision,
        story=Story(
            headline=headline,
            body_html=f"<p>{text}</p>",
            language=spoken.language,
            origin=revision.story.origin,
        ),
    )
