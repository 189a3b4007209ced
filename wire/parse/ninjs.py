"""ninjs 1.x, 2.x and 3.x, and items that are ninjs in all but name; several in an array or one a line.

The versions differ in spelling (``versioncreated``, ``versionCreated``) and in shape (``headline``,
``headlines[]``): keys are folded to lower case, and each field is looked for in all its shapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from wire.errors import IntakeError
from wire.parse.base import HEAD_BYTES
from wire.parse.for_editors import is_role_of_notes
from wire.parse.items.coded import add_subject, code_in
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
from wire.parse.items.ninjs_pictures import is_picture, pictures_of
from wire.parse.items.said import Said
from wire.parse.json_text import JsonText
from wire.story import Concept, Draft, Link, Location, RawFile
from wire.xmltools import clean_line

_STRONG = frozenset(
    (
        *("body_html", "body_xhtml", "body_text", "bodies", "headlines", "versioncreated", "pubstatus"),
        *("firstcreated", "description_text", "description_html", "copyrightholder", "usageterms"),
    )
)
_WEAK = frozenset(
    ("uri", "headline", "byline", "slugline", "urgency", "renditions", "associations", "ednote", "language")
)
_WRAPPERS = ("items", "_items", "item", "results", "data")
_NO_STORIES = frozenset(("event", "planning", "component", "featurecollection"))
#: Without one of these an object is no item, whatever else is in it.
_CONTENT = (
    *("headline", "headlines", "headline_main", "title", "body_html", "body_xhtml"),
    *("body_text", "bodies", "pubstatus"),
    *("description_text", "description_html", "descriptions", "description_caption"),
    *("renditions", "slugline"),
)
_BODIES = ("body_html", "body_xhtml", "body_text", "bodies")
_WROTE = frozenset(("author", "creator", "writer"))  #: how people are related to what they wrote
_HEARD_OR_SEEN = frozenset(("audio", "video"))
#: Roles of Apple's components that are the article's own words.
_COPY = frozenset(("body", "intro", "quote", "pullquote"))
_RICH = frozenset(("text/html", "application/xhtml+xml", "text/html5", "html", "richtext"))


class NinjsParser:
    """Reads ninjs, and refuses other JSON with a reason."""

    name = "ninjs"

    def evidence(self, raw: RawFile) -> int:
        """Up to 95 by the keys in the first 4 kB; 10 for any other JSON, so that none is taken for text."""
        keys = keys_in_head(raw)
        if not keys:
            return 0
        points = 20 * len(keys & _STRONG) + 10 * len(keys & _WEAK)
        return min(95, 10 + points + 20 * (b"ninjs" in raw.data[:HEAD_BYTES].lower()))

    def parse(self, raw: RawFile) -> Sequence[Draft | IntakeError]:
        """One draft an item. Raises Malformed, UnsafeInput, or NotAStory when there is no item."""
        none = "this JSON holds no news item: nothing in it has a headline or a text"
        return read_items(raw, _items, _draft, none)


def is_item(item: Object) -> bool:
    """Whether an object is a news item that says something; events and plans are none."""
    if (text(item, "type") or "").lower() in _NO_STORIES:
        return False
    return any(item.get(key) for key in _CONTENT)


def _items(outer: Object) -> Iterator[Object]:
    """The items in an object; below a package those that it holds whole, with their texts."""
    for item in filter(is_item, _unwrapped(outer)):
        yield item
        if text(item, "type") == "composite":
            yield from (one for one in objects(item, "associations") if any(map(one.get, _BODIES)))


def _unwrapped(outer: Object) -> list[Object]:
    """The items in what an interface answers with, twice wrapped at most, or the object itself."""
    if is_item(outer):
        return [outer]
    found = objects(outer, *_WRAPPERS) or [outer]
    if len(found) == 1 and not is_item(found[0]):
        return objects(found[0], *_WRAPPERS) or found
    return found


def _draft(item: Object, read: JsonText) -> Draft:
    said = Said(read.warnings)
    _say_management(item, said)
    _say_texts(item, said)
    _say_people(item, said)
    _say_rights(item, said)
    for picture in pictures_of(item, said):
        said.add("pictures", picture)
    _say_body(item, said)
    guid = without_key(text(item, "guid", "uri", "_id", "uuid"))
    version = number(item, "version")
    if version == 0:
        said.warn("version 0: counted anew from 1")
    return said.draft(NinjsParser.name, guid=guid, version=version or None, charset=read.charset)


def _codes(item: Object, *keys: str) -> list[str]:
    """The codes of concepts under the first key that has any."""
    return [code for one in objects(item, *keys) if (code := text(one, "code", "qcode"))]


def _say_management(item: Object, said: Said) -> None:
    said.say_status(text(item, "pubstatus"))
    said.say_state(text(item, "status"))
    for signal in (*texts(item, "signal", "signals"), *_codes(item, "signal", "signals")):
        said.add("signals", signal.removeprefix("sig:") if signal.startswith("sig:") else None)
    say_embargo(item, said, "embargoeduntil", "embargoed")
    said.say_date("version_created", text(item, "versioncreated"))
    said.say_date("first_created", text(item, "firstcreated", "firstversion"))
    said.say_date("content_created", text(item, "contentcreated"))
    said.say_date("expires", text(item, "expires", "expiry"))
    said.say_urgency(text(item, "urgency"))
    said.say("language", text(item, "language"))
    for note in texts(item, "ednote", "ednotes"):
        said.add("ed_notes", line_of(note))
    previous = text(item, "evolvedfrom", "rewrite_of")
    said.add("links", Link(rel="irel:evolvedFrom", residref=previous) if previous else None)


def _say_texts(item: Object, said: Said) -> None:
    headlines = _for_readers(item, "headlines", said)
    main = _of_role(headlines, "main", "headline") or (headlines[0] if headlines else {})
    said.say(
        "headline",
        line_of(
            text(item, "headline") or text(main, "value") or text(item, "headline_main", "title", "name")
        ),
    )
    sub = _of_role(headlines, "subheadline", "sub", "subhead", "secondary")
    said.say(
        "subheadline",
        line_of(text(sub, "value") or text(item, "headline_extended", "headline_sub", "subhead")),
    )
    said.say("slugline", text(item, "slugline", "slug"))
    said.say("byline", line_of(text(item, "byline", "by")))
    said.say("dateline", text(item, "dateline"))
    for keyword in texts(item, "keywords", "keyword"):
        said.add("keywords", keyword)
    located = item.get("located")
    name = text(located, "name", "city") if isinstance(located, dict) else text(item, "located")
    said.say("located", Location(name=name) if name else None)
    said.say("description", _description(item, said))


def _description(item: Object, said: Said) -> str | None:
    """The summary; of what is heard or seen the caption, since it has no other text."""
    heard = ("caption",) if (text(item, "type") or "").lower() in _HEARD_OR_SEEN else ()
    summary = _of_role(
        _for_readers(item, "descriptions", said), "summary", "text", "abstract", "main", "", *heard
    )
    stated = text(item, "description_summary", "description_text", "abstract", "description_html", "lead")
    return line_of(stated or text(item, *(f"description_{role}" for role in heard)) or text(summary, "value"))


def _for_readers(item: Object, key: str, said: Said) -> list[Object]:
    """The texts under a key without those whose role says that they are for editors, which become notes."""
    shown: list[Object] = []
    for member in objects(item, key):
        if is_role_of_notes(text(member, "role")):
            said.add("ed_notes", line_of(text(member, "value")))
        else:
            shown.append(member)
    return shown


def _of_role(members: list[Object], *roles: str) -> Object:
    """The first member whose role (or name) is one of these, in their order."""
    for role in roles:
        for member in members:
            if (text(member, "role") or "").rpartition(":")[2].lower() == role:
                return member
    return {}


def _say_body(item: Object, said: Said) -> None:
    """The richest of the bodies; pictures in it are the story's."""
    stated = text(item, "body_html", "body_xhtml")
    bodies = [body for body in _for_readers(item, "bodies", said) if text(body, "value")]
    rich = next((body for body in bodies if _is_rich(body)), None)
    body = stated or text(rich or {}, "value") or text(item, "body_text")
    body = body or (text(bodies[0], "value") if bodies else None) or text(item, "body") or _components(item)
    if body is None or (is_picture(item) and line_of(body) == said.fields.get("headline")):
        return  # some repeat a picture's headline as its text
    html, pictures = body_of(body, said.fields.get("headline"))
    said.say("body_html", html)
    said.add_pictures(pictures)


def _components(item: Object) -> str | None:
    """The texts of an article in Apple News Format, in their order; those in containers with the others."""
    found: list[str] = []
    for component in objects(item, "components"):
        role, words = text(component, "role") or "", text(component, "text")
        if inner := _components(component):
            found.append(inner)
        elif words and role.startswith("heading"):
            found.append(f"<h2>{escape(words, quote=False)}</h2>")
        elif words and role in _COPY:
            rich = text(component, "format") == "html"
            found.append(words if rich else f"<p>{escape(words, quote=False)}</p>")
    return "".join(found) or None


def _is_rich(body: Object) -> bool:
    kinds = (text(body, "contenttype"), text(body, "role"))
    return any((kind or "").lower() in _RICH for kind in kinds)


def _say_people(item: Object, said: Said) -> None:
    """Concepts of every kind; authors are creators."""
    for field, keys in _CONCEPTS.items():
        for member in objects(item, *keys):
            wrote = field == "people" and (text(member, "rel") or "").lower() in _WROTE
            said.add(
                "creators" if wrote else field, line_of(text(member, "name")) if wrote else _concept(member)
            )
    for keys in (("subject", "subjects"), ("anpa_category", "service")):
        for member in objects(item, *keys):
            if text(member, "rel") == "keyword":
                said.add("keywords", text(member, "name"))
                continue
            add_subject(said, text(member, "name"), _code(member, bare=keys[0] == "subject"))
    for creator in (
        *objects(item, "authors", "creators"),
        *_of_roles(objects(item, "infosources", "infosource"), "author"),
    ):
        said.add("creators", clean_line(text(creator, "name") or "") or None)


def _of_roles(members: list[Object], role: str) -> list[Object]:
    return [member for member in members if (text(member, "role", "rel") or "").lower().endswith(role)]


def _concept(member: Object) -> Concept | None:
    name, code = text(member, "name"), _code(member)
    return Concept(name=name, qcode=code) if name or code else None


def _code(member: Object, *, bare: bool = False) -> str | None:
    """The concept's code: its address, or scheme and code; ``bare`` codes of 8 digits stand alone."""
    if uri := text(member, "uri"):
        return code_in(None, uri)
    code = text(member, "code", "qcode", "literal")
    if code is None:
        return None
    code = code.strip()
    alone = code if bare and len(code) == 8 and code.isdigit() else None
    return code_in(text(member, "scheme"), code) or alone


def _say_rights(item: Object, said: Said) -> None:
    said.say("copyright_holder", text(item, "copyrightholder"))
    said.say("copyright_notice", text(item, "copyrightnotice"))
    said.say("usage_terms", "\n".join(texts(item, "usageterms", "usage")))
    said.say("creditline", text(item, "creditline", "description_creditline"))
    credit = _of_role(objects(item, "descriptions"), "creditline", "credit")
    said.say("creditline", text(credit, "value"))
    said.say("provider", text(item, "provider"))
    for source in objects(item, "infosources", "infosource"):
        role, name = (text(source, "role", "rel") or "").lower(), text(source, "name", "literal")
        if role.endswith("provider"):
            said.say("provider", name)
        elif not role.endswith("author"):
            said.add("info_sources", name)
    said.say("provider", text(item, "source"))


_CONCEPTS = {
    "genres": ("genre", "genres"),
    "people": ("person", "people"),
    "organisations": ("organisation", "organisations"),
    "places": ("place", "places"),
}
