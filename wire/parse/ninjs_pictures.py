"""Pictures of ninjs items: the item's own renditions, and its associations of type picture."""

from __future__ import annotations

from wire.parse.html_input import line_of
from wire.parse.json_input import Object, number, objects, text
from wire.parse.said import Said
from wire.story import Link, Picture


def pictures_of(item: Object, said: Said) -> list[Picture]:
    """The item's pictures; other associated items become links."""
    found = [_picture(item)] if (text(item, "type") or "") in {"picture", "graphic", "photo"} else []
    for other in objects(item, "associations"):
        kind = (text(other, "type") or "").lower()
        picture = _picture(other) if kind in {"picture", "graphic", "photo", "image", ""} else None
        if picture is not None and picture.href:
            found.append(picture)
        elif residref := text(other, "guid", "uri"):
            said.add("links", Link(rel="irel:associatedWith", residref=residref, title=_headline(other)))
    return [picture for picture in found if picture is not None]


def _picture(item: Object) -> Picture | None:
    """A picture item: its widest rendition, its caption, whom to credit."""
    renditions = [part for part in objects(item, "renditions") if text(part, "href") and _is_image(part)]
    best = max(renditions, key=lambda part: number(part, "width") or 0, default={})
    caption = _caption(item)
    if not (best or caption):
        return None
    return Picture(
        caption=caption,
        credit=line_of(text(item, "creditline", "description_creditline", "byline", "by")),
        href=text(best, "href"),
        mimetype=text(best, "mimetype", "contenttype"),
        width=number(best, "width"),
        height=number(best, "height"),
        size=number(best, "sizeinbytes"),
    )


def _is_image(rendition: Object) -> bool:
    media_type = text(rendition, "mimetype", "contenttype")
    return media_type is None or media_type.startswith("image/")


def _caption(item: Object) -> str | None:
    stated = text(item, "description_caption", "description_text", "description_html")
    if stated:
        return line_of(stated)
    descriptions = [part for part in objects(item, "descriptions") if text(part, "value")]
    plain = [part for part in descriptions if "html" not in (text(part, "contenttype") or "")]
    captions = [part for part in descriptions if (text(part, "role") or "").endswith("caption")]
    best = next(iter((*captions, *plain, *descriptions)), {})
    return line_of(text(best, "value"))


def _headline(item: Object) -> str | None:
    headlines = objects(item, "headlines")
    return line_of(text(item, "headline", "title") or (text(headlines[0], "value") if headlines else None))
