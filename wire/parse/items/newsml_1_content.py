"""What the ContentItems of NewsML 1 hold: the body, titles, captions, pictures.

``DataContent`` is NITF or XHTML in elements, or any of these or plain text in characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from wire.errors import IntakeError
from wire.parse.for_editors import is_role_of_notes
from wire.parse.items.html_input import body_of, line_of
from wire.parse.items.newsml_1_meta import formal_name, line, properties
from wire.parse.items.nitf_body import read_body
from wire.parse.items.nitf_head import read_head
from wire.parse.items.said import Said
from wire.parse.markup import inner_html, local_name, named, take_figures, text_of, whole
from wire.story import Picture
from wire.xmltools import parse_untrusted

Element = etree._Element

_NITF = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>\[]*>)?\s*(<nitf[\s>].*</nitf>)", re.DOTALL)
_PICTURE_MEDIA = frozenset(("photo", "picture", "image", "graphic", "jpeg", "jpg", "png", "gif"))
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|tiff?)(?:$|\?)", re.IGNORECASE)
_KINDS = ("MimeType", "MediaType", "Format")
_TITLES = frozenset(("title", "headline"))
_LEADS = frozenset(("lead", "abstract", "summary", "standfirst"))
_CAPTIONS = frozenset(("caption", "captionnew"))
_LESSER = frozenset(("thumbnail", "preview", "quicklook", "lowres", "web", "squared120", "icon"))
_NO_COPY = frozenset(("stylesheet", "logo", "navigation"))
_FOR_EDITORS = frozenset(("contact", "contacts", "advisory", "ednote", "notes", "instruction"))


@dataclass(slots=True)
class PictureGroup:
    """One picture in the making: its caption and its renditions."""

    credit: str | None = None
    captions: list[str] = field(default_factory=list)
    full: list[Picture] = field(default_factory=list)
    lesser: list[Picture] = field(default_factory=list)  #: thumbnails and previews


class Content:
    """Collects what the ContentItems of one story hold."""

    def __init__(self, said: Said) -> None:
        self._said = said
        self._groups: list[PictureGroup] = []

    def is_part(self, role: str) -> bool:
        """Whether a component of that role is a piece of another: its metadata are not the story's."""
        return any(role in roles for roles in (_CAPTIONS, _LESSER, _NO_COPY, _TITLES, _PICTURE_MEDIA))

    def picture_of(self, component: Element | None) -> PictureGroup:
        """A new group for the pictures directly in a component."""
        lines = next(component.iterchildren("{*}NewsLines"), None) if component is not None else None
        credit = next(lines.iterchildren("{*}CreditLine"), None) if lines is not None else None
        group = PictureGroup(credit=line(credit) if credit is not None else None)
        self._groups.append(group)
        return group

    def read(self, items: Sequence[Element], role: str, group: PictureGroup) -> None:
        """The items of a component with a role (in lower case): renditions of one picture, or text."""
        renditions = [picture for item in items if (picture := _rendition(item)) is not None]
        if renditions and role not in _NO_COPY:
            best = max(renditions, key=lambda picture: (picture.width or 0, picture.size or 0))
            (group.lesser if role in _LESSER else group.full).append(best)
        for item in items:
            data = next(item.iterchildren("{*}DataContent", "{*}Encoding"), None)
            if data is not None:
                self._read_text(data, role, group)
            elif _rendition(item) is None and item.get("Href"):
                self._said.warn(f"ignored: content of type {_kind(item) or 'unknown'}")

    def finish(self) -> None:
        """Give the story its pictures; a caption goes to the picture that it came with."""
        for group in self._groups:
            pictures = group.full or group.lesser[:1]
            if not pictures and group.captions:
                pictures = [Picture()]
            for number, picture in enumerate(pictures):
                caption = group.captions[min(number, len(group.captions) - 1)] if group.captions else None
                self._said.add("pictures", replace(picture, caption=caption, credit=group.credit))

    def _read_text(self, data: Element, role: str, group: PictureGroup) -> None:
        if local_name(data) == "Encoding":
            self._said.warn(f"ignored: content encoded as {data.get('Notation') or 'unknown'}")
        elif role in _NO_COPY:
            return
        elif role in _TITLES:
            self._said.say("headline", _plain(data))
        elif role in _LEADS:
            self._said.say("description", _plain(data))
        elif role in _CAPTIONS:
            group.captions += [text for text in [_plain(data)] if text]
        elif role in _FOR_EDITORS or is_role_of_notes(role):
            self._said.add("ed_notes", _plain(data))
        elif "body_html" not in self._said.fields:
            self._read_body(data)
        elif text_of(data):
            self._said.warn(f"ignored: a further text{f' ({role})' if role else ''}")

    def _read_body(self, data: Element) -> None:
        inner = next(data.iterchildren("*"), None)
        if inner is None:
            self._read_characters(text_of(data) or "")
        elif local_name(inner) == "nitf":
            self._read_nitf(inner)
        else:
            body = next(named(data, "body"), data)
            for picture in take_figures(body):
                self._said.add("pictures", picture)
            self._said.say("body_html", inner_html(body).strip() if text_of(body) else None)

    def _read_nitf(self, document: Element) -> None:
        read_body(document, self._said)
        for head in document.iterchildren("{*}head"):
            inner = Said()
            read_head(head, inner)
            for name in ("headline", "slugline", "byline", "subjects", "genres", "keywords", "places"):
                self._said.say(name, inner.fields.get(name))
            for note in inner.fields.get("ed_notes", ()):
                self._said.add("ed_notes", note)

    def _read_characters(self, text: str) -> None:
        """A body that stands as characters (CDATA): NITF, HTML or plain text."""
        if not text:
            return None
        if nitf := _NITF.match(text):
            try:
                return self._read_nitf(parse_untrusted(nitf[1].encode("utf-8", "replace")))
            except IntakeError as broken:
                self._said.warn(f"the NITF in it could not be read as such: {broken}")
        html, pictures = body_of(text, self._said.fields.get("headline"))
        for picture in pictures:
            self._said.add("pictures", picture)
        self._said.say("body_html", html)
        return None


def _plain(data: Element) -> str | None:
    element = next(named(data, "body.content", "body"), data)
    return line_of(inner_html(element) if len(element) else text_of(element))


def _kind(item: Element) -> str:
    """The media type, as MIME, kind or format names it; in lower case."""
    names = (formal_name(item, name) for name in _KINDS)
    return next((name.lower() for name in names if name), "")


def _is_picture(kinds: Sequence[str]) -> bool:
    """Whether a MIME type, kind of medium or format is that of a picture."""
    words = {word for kind in kinds for word in kind.split()}
    return any(kind.startswith("image/") for kind in kinds) or not words.isdisjoint(_PICTURE_MEDIA)


def _rendition(item: Element) -> Picture | None:
    href = (item.get("Href") or "").strip()
    kinds = [kind.lower() for part in _KINDS if (kind := formal_name(item, part))]
    if not href or not (_is_picture(kinds) if kinds else _PICTURE_NAME.search(href)):
        return None
    characteristics = next(item.iterchildren("{*}Characteristics"), None)
    told = properties(characteristics) if characteristics is not None else {}
    size = next((text_of(part) for part in item.iter("{*}SizeInBytes")), None)
    return Picture(
        href=href,
        mimetype=next((kind for kind in kinds if kind.startswith("image/")), None),
        width=whole(told.get("width") or told.get("pixelwidth")),
        height=whole(told.get("height") or told.get("pixelheight")),
        size=whole(size) or None,
    )
