"""AP Media API items as JSON, alone or in the answer that carries them.

The text of a story is not in its item: it lies in NITF under a link with a key in it. The link is named
in a warning without its key, and never followed. Categories are those of ANPA 1312.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from wire.errors import IntakeError
from wire.parse.items.coded import add_category, add_subject, code_in
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
    without_key,
)
from wire.parse.items.said import Said
from wire.parse.json_text import JsonText
from wire.story import Concept, Draft, Link, Location, Picture, PubStatus, RawFile

_ANSWER = frozenset(("api_version", "api_mode", "method", "org_name"))
_ITEM = frozenset(("itemid", "etag", "friendlykey", "referenceid", "transref", "editorialpriority"))
_PICTURES = frozenset(("picture", "graphic"))
_CORRECTIONS = frozenset(("correction", "corrective", "clarification"))
_KILLS = frozenset(("kill", "elimination", "withdrawal"))


class APMediaParser:
    """Reads items of the AP Media API."""

    name = "ap-media"

    def evidence(self, raw: RawFile) -> int:
        """98 for the API's answer, for an item with its ids; surer than ninjs, which it resembles."""
        keys = keys_in_head(raw)
        if len(keys & _ANSWER) >= 3 or ("api_version" in keys and "item" in keys):
            return 98
        return 97 if "altids" in keys and len(keys & _ITEM) >= 3 else 0

    def parse(self, raw: RawFile) -> Sequence[Draft | IntakeError]:
        """One draft an item. Raises Malformed, UnsafeInput, or NotAStory when there is no item."""
        return read_items(raw, _items, _draft, "this answer of the AP Media API holds no item")


def _items(answer: Object) -> Iterator[Object]:
    """The item itself, the item of an answer, or the items of a feed."""
    if isinstance(answer.get("altids"), dict):
        yield answer
        return
    data = answer.get("data")
    holder = data if isinstance(data, dict) else answer
    item = holder.get("item")
    if isinstance(item, dict):
        yield item
        return
    for member in objects(holder, "items", "current_items"):
        inner = member.get("item")
        yield inner if isinstance(inner, dict) else member


def _draft(item: Object, read: JsonText) -> Draft:
    said = Said(read.warnings)
    _say_management(item, said)
    _say_texts(item, said)
    _say_concepts(item, said)
    _say_rights(item, said)
    _say_media(item, said)
    ids = item.get("altids")
    guid = text(ids, "itemid") if isinstance(ids, dict) else None
    version = number(item, "version")  # counts from 0, ours from 1
    return said.draft(
        APMediaParser.name,
        guid=guid or without_key(text(item, "uri")),
        version=None if version is None else version + 1,
        charset=read.charset,
    )


def _say_management(item: Object, said: Said) -> None:
    kinds = {kind.lower() for kind in texts(item, "editorialtypes")}
    if kinds & _KILLS:
        said.say("pub_status", PubStatus.CANCELED)
    if kinds & _CORRECTIONS:
        said.add("signals", "correction")
    said.say_status(text(item, "pubstatus"))
    say_embargo(item, said, "embargoed")
    said.say_date("version_created", text(item, "versioncreated"))
    said.say_date("first_created", text(item, "firstcreated"))
    said.say_date("expires", text(item, "expires"))
    said.say_urgency(text(item, "urgency"))
    said.say("language", text(item, "language"))
    for note in (*texts(item, "ednote"), *texts(item, "outinginstructions", "specialinstructions")):
        said.add("ed_notes", line_of(note))


def _say_texts(item: Object, said: Said) -> None:
    said.say("headline", line_of(text(item, "headline") or text(item, "title")))
    said.say("subheadline", line_of(text(item, "headline_extended")))
    slugline = text(item, "slugline")
    said.say("slugline", slugline)
    said.say("description", line_of(text(item, "description_summary", "summary")))
    for byline in objects(item, "bylines"):
        parts = (text(byline, "by", "name"), text(byline, "title"))
        said.say("byline", ", ".join(part for part in parts if part))
    photographer = item.get("photographer")
    if isinstance(photographer, dict):
        said.add("creators", text(photographer, "name"))
    said.say("dateline", text(item, "located"))
    said.say("located", _located(item))
    for keyword in texts(item, "keywords"):
        said.add("keywords", keyword)


def _located(item: Object) -> Location | None:
    place = item.get("datelinelocation")
    if isinstance(place, dict) and (name := text(place, "city", "countryareaname", "countryname")):
        return Location(name=name, country=text(place, "countrycode"))
    stated = text(item, "located")
    return Location(name=stated) if stated else None


def _say_concepts(item: Object, said: Said) -> None:
    for subject in objects(item, "subject"):
        name, code = text(subject, "name"), text(subject, "code")
        if code and "category" in texts(subject, "rels"):
            add_category(said, code, name)
        else:
            add_subject(said, name, _code(subject))
    for field, key in (("people", "person"), ("organisations", "organisation"), ("places", "place")):
        for thing in objects(item, key):
            name, code = text(thing, "name"), _code(thing)
            said.add(field, Concept(name=name, qcode=code) if name or code else None)


def _code(thing: Object) -> str | None:
    code = text(thing, "code")
    return code_in(text(thing, "scheme"), code) if code else None


def _say_rights(item: Object, said: Said) -> None:
    said.say("provider", text(item, "provider"))
    for source in objects(item, "infosource"):
        said.add("info_sources", text(source, "name"))
    said.say("creditline", text(item, "description_creditline"))
    said.say("copyright_notice", text(item, "copyrightnotice"))
    said.say("copyright_holder", text(item, "copyrightholder"))
    said.say("usage_terms", "\n".join(texts(item, "usageterms")))


def _say_media(item: Object, said: Said) -> None:
    """Pictures, related items, and where the text lies."""
    if (text(item, "type") or "") in _PICTURES:
        said.add("pictures", _picture(item))
    for other in objects(item, "associations"):
        ids = other.get("altids")
        guid = (text(ids, "itemid") if isinstance(ids, dict) else None) or without_key(text(other, "uri"))
        if guid:
            title = line_of(text(other, "headline"))
            said.add("links", Link(rel="irel:associatedWith", residref=guid, title=title))
    for link in objects(item, "links"):
        if text(link, "rel") == "canonical" and (href := text(link, "href")):
            said.add("links", Link(rel="irel:seeAlso", href=href))
    _say_body(item, said)


def _say_body(item: Object, said: Said) -> None:
    body = text(item, "body_html", "body_nitf", "body_text")
    if body is not None:
        html, pictures = body_of(body, said.fields.get("headline"))
        said.say("body_html", html)
        for picture in pictures:
            said.add("pictures", picture)
        return
    renditions = item.get("renditions")
    nitf = renditions.get("nitf") if isinstance(renditions, dict) else None
    if isinstance(nitf, dict) and (href := text(nitf, "href")):
        said.warn(f"the text is not in this item: it lies in NITF at {_place(href)}, which was not fetched")


def _place(href: str) -> str:
    try:
        parts = urlsplit(href)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _picture(item: Object) -> Picture | None:
    """The widest rendition that has an address."""
    images = [
        part
        for part in objects(item, "renditions")
        if text(part, "href") and (text(part, "mimetype") or "").startswith("image/")
    ]
    best = max(images, key=lambda part: number(part, "width") or 0, default={})
    caption = line_of(text(item, "description_caption"))
    if not (best or caption):
        return None
    photographer = item.get("photographer")
    by = text(photographer, "name") if isinstance(photographer, dict) else None
    return Picture(
        caption=caption,
        credit="/".join(part for part in (by, text(item, "description_creditline")) if part) or None,
        href=text(best, "href"),
        mimetype=text(best, "mimetype"),
        width=number(best, "width"),
        height=number(best, "height"),
        size=number(best, "sizeinbytes"),
    )
