"""The ``body`` of a NITF document, whether it stands alone or in a NewsML item (NITF 3.6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree

from wire.iptc.qcodes import is_qcode
from wire.parse.base import read_date
from wire.parse.for_editors import is_role_of_notes
from wire.parse.items.said import Said
from wire.parse.markup import local_name, named, nitf_html, remove_element, text_of, whole
from wire.story import Location, Picture

Element = etree._Element

_MACHINE_DATE = re.compile(r"\d{8}T\d{4,6}\S*|\d{4}-\d\d-\d\dT\S+")
_BEFORE_STOP = re.compile(r" (?=[,;.])")
_PICTURES = frozenset(("image", "photo", "picture", "graphic"))
_OWN_LINES = frozenset(("br", "p", "block"))


def read_body(document: Element, said: Said) -> None:
    """What ``body.head``, ``body.content`` and ``body.end`` say."""
    body = next(document.iterchildren("{*}body"), document)
    said.say("language", body.get("{http://www.w3.org/XML/1998/namespace}lang"))
    for part in body:
        kind = local_name(part)
        if kind == "body.head":
            _read_head(part, said)
        elif kind == "body.content":
            _read_content(part, said)
        elif kind == "body.end":
            said.say("byline", printed(next(part.iterchildren("{*}tagline"), None)))


def printed(element: Element | None) -> str | None:
    """An element's text as it is printed: parts that stand on lines of their own are parted by a blank."""
    if element is None:
        return None
    text = element.text or ""
    for child in element:
        if local_name(child) in _OWN_LINES:
            text += " "
        glued = text[-1:].isalnum() and local_name(child) in {"byttl", "person"}
        text += f"{' ' if glued else ''}{printed(child) or ''}{child.tail or ''}"
    return " ".join(text.split()) or None


def _read_head(head: Element, said: Said) -> None:
    for part in head:
        reader = _HEAD.get(local_name(part))
        if reader is not None:
            reader(part, said)
        elif local_name(part) != "series":
            said.warn(f"ignored: body.head/{local_name(part)}")


def _hedline(part: Element, said: Said) -> None:
    said.say("headline", printed(next(part.iterchildren("{*}hl1"), None)))
    said.say("subheadline", next(filter(None, map(printed, part.iterchildren("{*}hl2"))), None))


def _rights(part: Element, said: Said) -> None:
    said.say("copyright_notice", printed(part))
    said.say("copyright_holder", printed(next(named(part, "rights.owner"), None)))


def _byline(part: Element, said: Said) -> None:
    said.say("byline", printed(part))
    for person in named(part, "person"):
        said.add("creators", printed(person))


def _dateline(part: Element, said: Said) -> None:
    location = next(named(part, "location"), None)
    date = next(named(part, "story.date"), None)
    said.say("content_created", read_date(date.get("norm")) if date is not None else None)
    if date is not None and _MACHINE_DATE.fullmatch(text_of(date) or ""):
        date.text = None
    said.say("dateline", _printed_apart(part))
    if location is not None or date is None:
        said.say("located", place(location if location is not None else part))


def _printed_apart(element: Element) -> str | None:
    """An element's text as printed; parts that nothing is set between are parted by commas."""
    told = (element.text or "").strip()
    for child in element:
        if text := printed(child):
            told += f"{', ' if told[-1:].isalnum() else ' ' if told else ''}{text}"
        told += f" {' '.join((child.tail or '').split())}".rstrip()
    return _BEFORE_STOP.sub("", told).strip() or None


def place(element: Element) -> Location | None:
    """A ``location``: its city, else all it says, its code and its country's."""
    country = next(named(element, "country"), None)
    name = printed(next(named(element, "city"), None)) or printed(element)
    code = element.get("iso-cc") or (country.get("iso-cc") if country is not None else None)
    return Location(name=name, country=code or printed(country), qcode=own_code(element)) if name else None


def own_code(element: Element) -> str | None:
    """The code of a person, organisation or place: that of a scheme, or an address."""
    source = element.get("idsrc") or element.get("code-source")
    value = element.get("value") or element.get("location-code") or ""
    if not source:
        return value if "://" in value and is_qcode(value) else None
    return code if is_qcode(code := f"{source}:{value}") else None


def _read_content(content: Element, said: Said) -> None:
    for media in list(named(content, "media")):
        _take_media(media, said)
    for note in list(named(content, "note")):
        if is_role_of_notes(note.get("noteclass")) or is_role_of_notes(note.get("type")):
            said.add("ed_notes", printed(note))
            remove_element(note)
    said.say("body_html", nitf_html(content).strip())


def _take_media(media: Element, said: Said) -> None:
    """A ``media`` out of the body: a picture, its widest ``media-reference``; warned of when it is none."""
    kind = (media.get("media-type") or "image").lower()
    references = [part for part in named(media, "media-reference") if part.get("source") or part.get("name")]
    best = max(references, key=lambda part: whole(part.get("width")) or 0, default=etree.Element("none"))
    if kind in _PICTURES or best.get("mime-type", "").startswith("image/"):
        picture = Picture(
            caption=printed(next(named(media, "media-caption"), None)),
            credit=printed(next(named(media, "media-producer"), None)),
            href=best.get("source") or best.get("name"),
            mimetype=best.get("mime-type"),
            width=whole(best.get("width")),
            height=whole(best.get("height")),
        )
        said.add("pictures", picture if picture.caption or picture.href else None)
    else:
        said.warn(f"ignored: media of type {kind[:40]}")
    remove_element(media)


_HEAD: Mapping[str, Callable[[Element, Said], None]] = {
    "hedline": _hedline,
    "note": lambda part, said: said.add("ed_notes", printed(part)),
    "rights": _rights,
    "byline": _byline,
    "distributor": lambda part, said: said.say("provider", printed(part)),
    "dateline": _dateline,
    "abstract": lambda part, said: said.say("description", text_of(part)),
}
