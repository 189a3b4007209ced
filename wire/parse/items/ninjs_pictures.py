"""Pictures of ninjs items: the item's own renditions, and its associations of type picture."""

from __future__ import annotations

from wire.parse.items.html_input import line_of
from wire.parse.items.json_input import Object, number, objects, text
from wire.parse.items.said import Said
from wire.story import Link, Picture

_KINDS = frozenset(("picture", "graphic", "photo", "image"))


def pictures_of(item: Object, said: Said) -> list[Picture]:
    """The item's pictures; other associated items become links."""
    found = [_picture(item)] if is_picture(item) else []
    for other in objects(item, "associations"):
        picture = _picture(other) if is_picture(other) or not text(other, "type") else None
        if picture is not None and (picture.href or picture.caption):
            found.append(picture)
        else:
            said.add("links", _link(other))
    return [picture for picture in found if picture is not None]


def _link(other: Object) -> Link | None:
    """Another item by its identity; a page whose address is all that we know of it by that."""
    residref = text(other, "guid", "uri")
    if residref is None:
        return None
    rel, title = text(other, "rel") or "irel:associatedWith", _headline(other)
    if any(text(part, "href") == residref for part in objects(other, "renditions")):
        return Link(rel=rel, href=residref, title=title)
    return Link(rel=rel, residref=residref, title=title)


def is_picture(item: Object) -> bool:
    """Whether the item says that it is a picture."""
    return (text(item, "type") or "").lower() in _KINDS


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
