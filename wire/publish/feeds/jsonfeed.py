"""JSON Feed 1.1: one item a story, joined under a head like the entries of the other formats.

Keys follow https://www.jsonfeed.org/version/1.1/; ours stand in ``_wire`` alone, as its section on extensions
asks. What is not known is absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from wire.ports import House
from wire.ports.feeds import Headline
from wire.publish.wording import authors, entry_id, image_type, public_pictures, story_url, title_of
from wire.story import Picture, Revision, Story
from wire.xmltools import clean_text

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def item(revision: Revision, house: House) -> bytes:
    """The revision as an item. Pure: the same revision gives the same bytes."""
    story = revision.story
    pictures = public_pictures(story)
    facts: dict[str, Any] = {
        "id": entry_id(revision, house),
        "url": story_url(revision, house),
        "title": title_of(story),
        "summary": clean_text(story.description or ""),
        "image": pictures[0][0] if pictures else None,
        "date_published": revision.published.astimezone(UTC).isoformat(),
        "date_modified": revision.significant_at.astimezone(UTC).isoformat(),
        "authors": [{"name": clean_text(name)} for name in authors(story)],
        "tags": list(_tags(story)),
        "language": story.language,
        "attachments": list(_attachments(pictures)),
        "_wire": _known({"version": revision.version, "provider": story.provider}),
    }
    # the one key that may be empty: every item needs a content
    return written({**_known(facts), "content_html": clean_text(story.body_html)})


def headline(made: bytes) -> Headline:
    """What a list of stories shows of an `item`."""
    facts = json.loads(made)
    return Headline(
        title=facts["title"],
        url=facts["url"],
        summary=facts.get("summary", ""),
        published=datetime.fromisoformat(facts["date_published"]),
        language=facts.get("language"),
    )


def opening(facts: Mapping[str, Any]) -> bytes:
    """A feed up to where its items begin; ``facts`` are its own keys beside version and items."""
    return written({"version": VERSION, **_known(facts)})[:-1] + b',"items":['


def written(facts: Mapping[str, Any]) -> bytes:
    """A JSON object in UTF-8, without blanks. A lone surrogate, which UTF-8 cannot say, becomes ``?``."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def _tags(story: Story) -> Iterator[str]:
    """Names of subjects, then keywords, each once."""
    names = [subject.name or subject.qcode or "" for subject in story.subjects]
    seen = dict.fromkeys(clean_text(name) for name in (*names, *story.keywords))
    return (name for name in seen if name)


def _attachments(pictures: Sequence[tuple[str, Picture]]) -> Iterator[dict[str, Any]]:
    """Pictures of a known type: an attachment without one is not allowed."""
    for url, picture in pictures:
        if media_type := image_type(url, picture):
            facts = {"url": url, "mime_type": media_type}
            title = clean_text(picture.caption or "")
            yield facts | _known({"title": title, "size_in_bytes": picture.size})
