"""Pictures of feed entries: enclosures, and Media RSS (``media:content``, ``media:group``, thumbnails)."""

from __future__ import annotations

import re

from lxml import etree

from wire.parse.items.html_input import line_of
from wire.parse.items.said import Said
from wire.parse.markup import local_name, text_of, whole
from wire.story import Picture

Element = etree._Element

MEDIA = "{http://search.yahoo.com/mrss/}"
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)


def read_media(part: Element, said: Said) -> None:
    """The picture of an enclosure or of an element of Media RSS; other media are warned of."""
    kind = local_name(part)
    contents = [part] if kind != "group" else list(part.iterchildren(f"{MEDIA}content"))
    pictures = [content for content in contents if content.get("url") and _is_picture(content)]
    if pictures and not (kind == "thumbnail" and said.fields.get("pictures")):
        best = max(pictures, key=lambda content: whole(content.get("width")) or 0)
        said.add_pictures([_picture(best, part)])
    elif kind != "thumbnail" and any(content.get("url") for content in contents):
        medium = contents[0].get("type") or contents[0].get("medium") or "unknown"
        said.warn(f"ignored: media of type {medium[:60]}")


def _is_picture(content: Element) -> bool:
    if local_name(content) == "thumbnail" or content.get("medium") == "image":
        return True
    media_type = content.get("type")
    if media_type:
        return media_type.startswith("image/")
    return content.get("medium") is None and _PICTURE_NAME.search(content.get("url") or "") is not None


def _picture(content: Element, around: Element) -> Picture:
    media_type = content.get("type") or ""
    return Picture(
        href=(content.get("url") or "").strip(),
        caption=_told("description", content, around) or _told("title", content, around),
        credit=_told("credit", content, around) or _told("copyright", content, around),
        mimetype=media_type if media_type.startswith("image/") else None,
        width=whole(content.get("width")),
        height=whole(content.get("height")),
        size=whole(content.get("fileSize") or content.get("length")) or None,
    )


def _told(name: str, *elements: Element) -> str | None:
    """The text of a Media RSS child of the first element that has one."""
    for element in elements:
        child = next(element.iterchildren(f"{MEDIA}{name}"), None)
        if child is not None and (text := line_of(text_of(child))):
            return text
    return None
