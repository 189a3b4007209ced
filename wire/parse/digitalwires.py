"""dpa digitalwires: one JSON object a story, or several in an array, one a line or under ``entries``.

The notepad and every ``ednotes`` entry are for editors, also those that dpa lets customers publish: a
body never holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wire.errors import IntakeError
from wire.iptc.qcodes import is_qcode
from wire.parse.items.coded import add_subject
from wire.parse.items.html_input import body_of, line_of
from wire.parse.items.json_input import (
    Object,
    keys_in_head,
    number,
    objects,
    read_items,
    say_embargo,
    text,
    texts,
)
from wire.parse.items.said import Said
from wire.parse.json_text import JsonText
from wire.story import Concept, Draft, Link, Location, Picture, RawFile

_FORMAT = re.compile(rb'"format"\s*:\s*"digitalwires\b')
_KEYS = frozenset(
    (
        *("article_html", "infobox_html", "linkbox_html", "notepad", "teaser", "kicker"),
        *("entry_id", "rubric_names"),
    )
)
_LINK = re.compile(
    r"<a\b[^<>]*\bhref=\"([^\"<>]{1,2000})\"[^<>]*>(.{0,1000}?)</a>", re.IGNORECASE | re.DOTALL
)
_NOTE = re.compile(r"<(li|p|h4)\b[^<>]*>(.*?)(?=</?(?:li|p|h4|ul|section)\b)", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"\w")


class DigitalwiresParser:
    """Reads dpa digitalwires."""

    name = "digitalwires"

    def evidence(self, raw: RawFile) -> int:
        """100 for its own ``format``, 96 for its keys."""
        keys = keys_in_head(raw)
        if not keys:
            return 0
        if _FORMAT.search(raw.data[:4096]):
            return 100
        return 96 if len(keys & _KEYS) >= 3 else 0

    def parse(self, raw: RawFile) -> Sequence[Draft | IntakeError]:
        """One draft an entry. Raises Malformed, UnsafeInput, or NotAStory when there is none."""
        return read_items(raw, _entries, _draft, "this JSON holds no entry with a headline or a text")


def _entries(outer: Object) -> Iterator[Object]:
    for entry in objects(outer, "entries") or [outer]:
        if text(entry, "headline", "article_html", "urn"):
            yield entry


def _draft(entry: Object, read: JsonText) -> Draft:
    said = Said(read.warnings)
    _say_management(entry, said)
    _say_texts(entry, said)
    _say_notes(entry, said)
    _say_pictures(entry, said)
    for category in objects(entry, "categories"):
        _say_category(category, said)
    return said.draft(
        DigitalwiresParser.name,
        guid=text(entry, "urn", "entry_id"),
        version=number(entry, "version") or None,
        charset=read.charset,
    )


def _say_management(entry: Object, said: Said) -> None:
    said.say_status(text(entry, "pubstatus"))
    for signal in texts(entry, "signal"):
        said.add("signals", signal.removeprefix("sig:"))
    say_embargo(entry, said, "embargoed")
    said.say_date("version_created", text(entry, "version_created"))
    said.say_date("first_created", text(entry, "first_created"))
    said.say_date("content_created", text(entry, "content_created"))
    said.say_date("expires", text(entry, "expires"))
    said.say_urgency(text(entry, "urgency"))
    said.say("language", text(entry, "language"))
    said.say("creditline", text(entry, "creditline"))
    notices = (text(entry, "copyrightnotice"), text(entry, "autopublishnotice"))
    said.say("copyright_notice", "\n".join(notice for notice in notices if notice))
    said.say("usage_terms", text(entry, "usageterms"))


def _say_texts(entry: Object, said: Said) -> None:
    """The texts of the story; the infobox is part of the copy, the linkbox becomes links."""
    said.say("headline", line_of(text(entry, "headline")))
    said.say("subheadline", line_of(text(entry, "subhead") or text(entry, "kicker")))
    said.say("byline", line_of(text(entry, "byline")))
    said.say("dateline", (text(entry, "dateline") or "").strip().removesuffix("-").rstrip())
    said.say("description", line_of(text(entry, "teaser")))
    parts = [part for part in (text(entry, "article_html"), text(entry, "infobox_html")) if part]
    html, pictures = body_of("".join(parts)) if parts else ("", ())
    said.say("body_html", html)
    for picture in pictures:
        said.add("pictures", picture)
    for href, title in _LINK.findall(text(entry, "linkbox_html") or ""):
        said.add("links", Link(rel="irel:seeAlso", href=line_of(href), title=line_of(title)))


def _say_notes(entry: Object, said: Said) -> None:
    """All that is told to editors, each note once."""
    for note in objects(entry, "ednotes"):
        said.add("ed_notes", line_of(text(note, "ednote")))
    for line in texts(entry, "ednote", "ednotes"):
        said.add("ed_notes", line_of(line))
    notepad = entry.get("notepad")
    if isinstance(notepad, dict):
        known = "\n".join(said.fields.get("ed_notes", ()))
        for part in ("public_html", "nonpublic_html"):
            for _, inner in _NOTE.findall(text(notepad, part) or ""):
                line = " ".join((line_of(inner) or "").split())
                if _WORD.search(line) and line not in known:
                    said.add("ed_notes", line)


def _say_pictures(entry: Object, said: Said) -> None:
    captions = [
        note for note in objects(entry, "descriptions") if (text(note, "role") or "").endswith("caption")
    ]
    caption = line_of(text(captions[0], "description")) if captions else None
    for part in objects(entry, "associations"):
        kind = (text(part, "type") or "").lower()
        if kind != "image":
            said.warn(f"ignored: association of type {kind or 'unknown'}")
            continue
        picture = _picture(part, caption)
        said.add("pictures", picture if picture.href or picture.caption else None)
    if caption and "pictures" not in said.fields:
        said.say("description", caption)


def _picture(part: Object, caption: str | None) -> Picture:
    """The widest rendition of an associated picture; the story's caption where it has none itself."""
    renditions = [one for one in objects(part, "renditions") if text(one, "url")]
    best = max(renditions, key=lambda one: number(one, "width") or 0, default={})
    return Picture(
        caption=line_of(text(part, "caption")) or caption,
        credit=line_of(text(part, "creditline")),
        href=text(best, "url"),
        mimetype=text(best, "mimetype"),
        width=number(best, "width"),
        height=number(best, "height"),
    )


def _say_category(category: Object, said: Said) -> None:
    """A category of any kind; desks are dpa's ``Ressort`` letters."""
    kind = (text(category, "type") or "").rpartition(":")[2]
    name, code = text(category, "name"), text(category, "qcode")
    code = code if code and is_qcode(code) else None
    if kind == "keyword":
        said.add("keywords", name)
    elif kind == "creator":
        said.add("creators", name)
    elif kind == "provider":
        said.say("provider", name)
    elif kind == "infosource":
        said.add("info_sources", name)
    elif kind == "locationcreated" and (located := _located(category)):
        said.say("located", located)
    elif kind in {"dpasubject", "subject", "mediatopic", "desk"}:
        add_subject(said, name, code)
    elif field := _CONCEPTS.get(kind):
        said.add(field, Concept(name=name, qcode=code) if name or code else None)


def _located(category: Object) -> Location | None:
    """Where a picture was taken; the name itself is a list of what the properties tell apart."""
    geojson = category.get("geojson")
    properties = geojson.get("properties") if isinstance(geojson, dict) else None
    if not isinstance(properties, dict) or not (town := text(properties, "locality")):
        return None
    return Location(name=town, country=text(properties, "country"))


_CONCEPTS = {
    "genre": "genres",
    "geosubject": "places",
    "poi": "places",
    "locationcreated": "places",
    "person": "people",
    "organisation": "organisations",
}
