"""NewsML-G2 metadata: what each child of ``rightsInfo``, ``itemMeta`` and ``contentMeta`` says.

One small function an element, found by its name in a table; what no table knows becomes a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from lxml import etree

from wire.common.words import says_none
from wire.parse.base import read_date
from wire.parse.for_editors import is_role_of_notes
from wire.parse.items.coded import add_category, add_subject, qcode_of, subject_code
from wire.parse.items.said import Said
from wire.parse.markup import block_texts, local_name, text_of, whole
from wire.story import Concept, Link, Location, Picture

NAR = "{http://iptc.org/std/nar/2006-10-01/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Element = etree._Element


class ItemSaid(Said):
    """What an item said so far; captions and titles find their place when all is read."""

    def __init__(self, warnings: tuple[str, ...] = ()) -> None:
        super().__init__(warnings)
        self.captions: list[str] = []  #: of pictures known by their caption only
        self.asserted: dict[str, str] = {}  #: names by the code that an ``assert`` is about
        self.linked: set[str] = set()  #: addresses of pictures that ``itemMeta/link`` names
        self.language: str | None = None  #: of the item itself
        self.languages: dict[str, str | None] = {}  #: of fields that are told in several
        self.title: str | None = None  #: of the item, for tables of contents
        self.modified: datetime | None = None  #: ``contentModified``


Handler = Callable[[Element, ItemSaid], None]


def read_properties(parent: Element, handlers: Mapping[str, Handler], said: ItemSaid) -> None:
    """Let each child's handler speak; children that nobody knows are warned of."""
    for element in parent:
        handler = handlers.get(element.tag)
        if handler is not None:
            handler(element, said)
        elif element.tag not in _PASSED_OVER:
            said.warn(f"ignored: {local_name(parent)}/{local_name(element)}")


def child(element: Element, name: str) -> Element | None:
    """The first child of that name in the standard's namespace."""
    wanted = NAR + name
    for inside in element:  # half the time of lxml's own search
        if inside.tag == wanted:
            return inside
    return None


def concept(element: Element) -> Concept | None:
    """A coded or named thing: ``@qcode`` or ``@uri``, with ``name`` or ``@literal`` for people."""
    qcode = element.get("qcode") or element.get("uri")
    name = text_of(child(element, "name")) or element.get("literal")
    if not (qcode or name):
        return None
    return Concept(qcode=qcode, name=name, guessed=(element.get("how") or "").endswith(":tool"))


def party(element: Element) -> str | None:
    """Somebody's name: ``name``, ``@literal``, the element's text, or what the code or URI says."""
    return (
        text_of(child(element, "name"))
        or element.get("literal")
        or (element.text or "").strip()
        or _spoken(element.get("qcode") or "")
        or element.get("uri")
        or None
    )


def _spoken(qcode: str) -> str:
    """A code that is a name, such as ``nprov:AFP``, without its scheme; any other as it stands."""
    code = qcode.partition(":")[2]
    return qcode if any(map(str.isdigit, code)) else code or qcode


def _says_text(field: str) -> Handler:
    return lambda element, said: _say_text(field, element, said)


def _say_text(field: str, element: Element, said: ItemSaid) -> None:
    """The first text, unless another is told in the item's language and that one is not."""
    text, language = text_of(element), element.get(XML_LANG)
    nearer = language is not None and language == said.language != said.languages.get(field)
    if text and (nearer or field not in said.fields):
        said.fields[field], said.languages[field] = text, language


def _adds_text(field: str) -> Handler:
    return lambda element, said: said.add(field, text_of(element))


def _says_terms(field: str) -> Handler:
    """Of rights: several terms of the first one's language are a line each; a word for none says nothing."""

    def handle(element: Element, said: ItemSaid) -> None:
        text = text_of(element) or ""
        known = said.fields.get(field, "")
        if not text or says_none(text) or text in known:
            return
        if said.languages.setdefault(field, element.get(XML_LANG)) == element.get(XML_LANG):
            said.fields[field] = f"{known}\n{text}".strip()

    return handle


def _says_party(field: str) -> Handler:
    return lambda element, said: said.say(field, party(element))


def _adds_party(field: str) -> Handler:
    return lambda element, said: said.add(field, party(element))


def _says_date(field: str) -> Handler:
    def handle(element: Element, said: ItemSaid) -> None:
        text = text_of(element)
        moment = read_date(text)
        if text and moment is None:
            said.warn(f"{local_name(element)} is no date: {text[:40]}")
        said.say(field, moment)

    return handle


def _embargoed(element: Element, said: ItemSaid) -> None:
    said.say_embargo(text_of(element))


def _pub_status(element: Element, said: ItemSaid) -> None:
    said.say_status(element.get("qcode") or element.get("uri") or element.get("literal"))


def _signal(element: Element, said: ItemSaid) -> None:
    """IPTC's signals; of the agencies' own those that say the same."""
    qcode = element.get("qcode") or element.get("uri") or ""
    for prefix in ("sig:", "http://cv.iptc.org/newscodes/signal/"):
        if qcode.startswith(prefix):
            said.add("signals", qcode.removeprefix(prefix))
            return
    if qcode in _OWN_SIGNALS:
        said.add("signals", _OWN_SIGNALS[qcode])
    else:
        said.warn(f"ignored: signal {qcode or element.get('literal') or ''}".rstrip())


def _link(element: Element, said: ItemSaid) -> None:
    href = element.get("href")
    item_class = child(element, "itemClass")
    if href and item_class is not None and (item_class.get("qcode") or "").endswith(":picture"):
        said.linked.add(href)
        said.add("pictures", _linked_picture(element, href))
        return
    residref = element.get("residref") or element.get("guidref")
    if href or residref:
        said.add(
            "links",
            Link(
                rel=element.get("rel") or qcode_of(element.get("reluri") or "") or None,
                href=href,
                residref=residref,
                version=whole(element.get("version")),
                title=text_of(child(element, "title")) or element.get("title"),
            ),
        )


def _linked_picture(element: Element, href: str) -> Picture:
    return Picture(
        href=href,
        mimetype=element.get("contenttype"),
        size=whole(element.get("size")),
        caption=text_of(child(element, "description")),
        credit=text_of(child(element, "creditline")),
    )


def _modified(element: Element, said: ItemSaid) -> None:
    said.modified = read_date(text_of(element))


def _note(element: Element, said: ItemSaid) -> None:
    """A note; one in XHTML a line a block."""
    said.add("ed_notes", "\n".join(block_texts(element)) if len(element) else text_of(element))


def _title(element: Element, said: ItemSaid) -> None:
    said.title = said.title or text_of(element)


def _urgency(element: Element, said: ItemSaid) -> None:
    number = whole(text_of(element))
    if number is not None and 1 <= number <= 9:
        said.say("urgency", number)
    else:
        said.warn(f"urgency is not 1 to 9: {text_of(element) or ''}")


def _located(element: Element, said: ItemSaid) -> None:
    place = concept(element)
    if place is None:
        return
    country = None
    for broader in element.iter(f"{NAR}broader"):
        code = (broader.get("qcode") or "").partition(":")
        if code[0].startswith("iso3166-1"):
            country = code[2]
        elif country is None and (broader.get("type") or "").endswith(":country"):
            country = text_of(child(broader, "name")) or broader.get("literal")
        elif country is None and not code[0]:
            country = broader.get("literal")
    said.say(
        "located",
        Location(
            name=place.name or _spoken(place.qcode or ""),
            qcode=place.qcode,
            country=country,
            guessed=place.guessed,
        ),
    )


def _headline(element: Element, said: ItemSaid) -> None:
    role = (element.get("role") or "").rpartition(":")[2].lower()
    if is_role_of_notes(role):
        said.add("ed_notes", text_of(element))
    elif "sub" in role:
        _say_text("subheadline", element, said)
    elif element.get("rank") == "1":
        said.fields["headline"] = text_of(element) or said.fields.get("headline")
    else:
        _say_text("headline", element, said)


def _subject(element: Element, said: ItemSaid) -> None:
    kind = (element.get("type") or "").rpartition(":")[2].lower()
    field = _FIELD_OF_KIND.get(kind, "subjects")
    found = concept(element)
    if found is not None and field == "subjects" and (code := subject_code(found.qcode) or _tt_code(found)):
        add_subject(said, found.name, code)
        return
    said.add(field, found)
    scheme, _, category = (found.qcode or "").partition(":") if found else ("", "", "")
    if scheme.lower() == "apcategorycode":
        add_category(said, category)


def _tt_code(subject: Concept) -> str | None:
    """The old subject code in a literal of TT's, such as ``TT:02000000:LAG``."""
    parts = (subject.name or "").split(":")
    return subject_code(parts[1]) if subject.qcode is None and len(parts) == 3 and parts[0] == "TT" else None


def _dateline(element: Element, said: ItemSaid) -> None:
    """As it is printed; some agencies put the machine's time there."""
    text = text_of(element)
    said.say("dateline", None if text and _MACHINE_TIME.match(text) else text)


def _description(element: Element, said: ItemSaid) -> None:
    text = text_of(element)
    role = (element.get("role") or "").rpartition(":")[2].lower()
    if is_role_of_notes(role):
        said.add("ed_notes", text)
    elif role != "caption":
        said.say("description", text)
    elif text:
        said.captions.append(text)


_MACHINE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
#: What Reuters and STT signal in codes of their own.
_OWN_SIGNALS = {
    "edStat:U": "update",
    "edStat:C": "correction",
    "update:append-major-content": "update",
    "tt_sig:replace": "update",
}
_FIELD_OF_KIND = {
    **dict.fromkeys(("geoarea", "place", "city", "country", "poi"), "places"),
    **dict.fromkeys(("person", "people"), "people"),
    **dict.fromkeys(("organisation", "organization", "company"), "organisations"),
}


def _by_tag(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    return {NAR + name: handler for name, handler in handlers.items()}


RIGHTS = _by_tag(
    {
        "copyrightHolder": _says_party("copyright_holder"),
        "copyrightNotice": _says_terms("copyright_notice"),
        "usageTerms": _says_terms("usage_terms"),
    }
)
ITEM_META = _by_tag(
    {
        "provider": _says_party("provider"),
        "versionCreated": _says_date("version_created"),
        "firstCreated": _says_date("first_created"),
        "embargoed": _embargoed,
        "pubStatus": _pub_status,
        "title": _title,
        "edNote": _note,
        "ednote": _note,
        "located": _located,
        "signal": _signal,
        "expires": _says_date("expires"),
        "link": _link,
    }
)
CONTENT_META = _by_tag(
    {
        "urgency": _urgency,
        "contentCreated": _says_date("content_created"),
        "contentModified": _modified,
        "located": _located,
        "infoSource": _adds_party("info_sources"),
        "creator": _adds_party("creators"),
        "language": lambda element, said: said.say("language", element.get("tag")),
        "genre": lambda element, said: said.add("genres", concept(element)),
        "keyword": _adds_text("keywords"),
        "subject": _subject,
        "slugline": _says_text("slugline"),
        "headline": _headline,
        "dateline": _dateline,
        "by": _says_text("byline"),
        "creditline": _says_text("creditline"),
        "description": _description,
    }
)
#: Properties of the standard that the story has no place for; not worth a warning each time.
_PASSED_OVER = frozenset(
    NAR + name
    for name in [
        *("itemClass", "role", "fileName", "generator", "profile", "service", "memberOf"),
        *("instanceOf", "altRep", "deliverableOf", "hash", "origRep", "incomingFeedId"),
        *("metadataCreator", "itemMetaExtProperty", "icon", "digitalSourceType", "contributor"),
        *("audience", "exclAudience", "altId", "rating", "userInteraction"),
        *("contentMetaExtProperty", "accountable", "link", "rightsInfoExtProperty"),
        *("rightsExpressionXML", "rightsExpressionData", "dataMining", "versionedId"),
    ]
)
