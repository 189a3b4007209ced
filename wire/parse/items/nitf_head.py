"""The ``head`` of a NITF document: ``meta``, ``tobject``, ``docdata``, ``pubdata``, revisions (NITF 3.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from wire.iptc.qcodes import is_qcode
from wire.parse.base import read_date
from wire.parse.items.coded import add_category, add_subject, country
from wire.parse.items.nitf_body import own_code, printed
from wire.parse.items.said import Said
from wire.parse.markup import local_name, named, text_of, whole
from wire.story import Concept, Link, PubStatus

Element = etree._Element


@dataclass(slots=True)
class Head:
    """What the head says, and which document this is."""

    said: Said
    doc_id: str | None = None
    version: int | None = None
    release: str | None = None  #: ``date.release/@norm``
    issue: str | None = None  #: ``date.issue/@norm``
    scope: str | None = None  #: ``doc-scope/@scope``
    category: str | None = None  #: ``meta`` of that name, the agency's own


def read_head(element: Element, said: Said) -> Head:
    """What a ``head`` element says; returns the document's identity as well."""
    head = Head(said)
    for part in element:
        kind = local_name(part)
        if kind == "docdata":
            _read_docdata(part, head)
        elif kind == "tobject":
            _read_tobject(part, said)
        elif kind == "meta":
            _read_meta(part, head)
    for revision in named(element, "revision-history"):  # some agencies put both inside docdata
        _read_revision(revision, said)
    for pubdata in named(element, "pubdata"):
        said.say_date("first_created", pubdata.get("date.publication"))
    for title in element.iterchildren("{*}title"):
        said.say("headline", text_of(title))
    return head


def _read_revision(part: Element, said: Said) -> None:
    """The latest of the revisions is this version's time; whoever wrote one is a creator."""
    if part.get("function") == "writer-author":
        said.add("creators", part.get("name"))
    moment, latest = read_date(part.get("norm")), said.fields.get("version_created")
    if moment is not None and (latest is None or str(moment) > str(latest)):
        said.fields["version_created"] = moment


def _read_meta(part: Element, head: Head) -> None:
    name, content = (part.get("name") or "").lower(), (part.get("content") or "").strip()
    if name in _META:
        head.said.say(_META[name], content)
    elif name == "category":
        head.category = content or None
    elif name == "anpa-category" and content:
        head.said.add(
            "subjects", Concept(qcode=f"a1312cat:{content}") if is_qcode(f"a1312cat:{content}") else None
        )


def _read_tobject(part: Element, said: Said) -> None:
    kind = part.get("tobject.type") or ""
    if kind.lower() not in {"", "news"}:
        said.add("subjects", Concept(name=kind))
    for inner in part:
        if local_name(inner) == "tobject.property":
            genre = inner.get("tobject.property.type")
            coded = is_qcode(genre or "")
            said.add("genres", Concept(qcode=genre) if coded else Concept(name=genre) if genre else None)
        elif local_name(inner) == "tobject.subject":
            _read_subject(inner, said)


def _read_subject(part: Element, said: Said) -> None:
    """A subject code with its most specific name; other providers' codes under their provider's name."""
    code = (part.get("tobject.subject.refnum") or "").strip()
    levels = ("qualifier", "detail", "matter", "type", "code")
    name = next((text for level in levels if (text := part.get(f"tobject.subject.{level}"))), None)
    provider = (part.get("tobject.subject.ipr") or "IPTC").strip()
    if provider.upper() == "IPTC" or not code:
        add_subject(said, name, code if code.isdigit() or is_qcode(code) else None)
    else:
        qcode = f"{provider}:{code}"
        add_subject(said, *((name, qcode) if is_qcode(qcode) else (name or code, None)))


def _read_docdata(docdata: Element, head: Head) -> None:
    for part in docdata:
        kind = local_name(part)
        reader = _DOCDATA.get(kind)
        if reader is not None:
            reader(part, head)
        elif kind not in _PASSED_OVER:
            head.said.warn(f"ignored: docdata/{kind}")
    _read_management(docdata, head)


def _read_management(docdata: Element, head: Head) -> None:
    """The document's own state, and what it does to the one it names (``management-doc-idref``)."""
    head.said.say_status(docdata.get("management-status"))
    if head.release and head.release != head.issue:
        head.said.say_embargo(head.release)
    other = docdata.get("management-doc-idref")
    if not other:
        return
    verdict = Said()
    verdict.say_status(docdata.get("management-idref-status"))
    if verdict.fields.get("pub_status") in {PubStatus.CANCELED, PubStatus.WITHHELD}:
        head.said.warn(f"acts on {other}: told by {head.doc_id or 'a document without an id'}")
        head.said.fields["pub_status"] = verdict.fields["pub_status"]
        head.doc_id = other
    else:
        head.said.add("links", Link(rel="irel:previousVersion", residref=other))


def _correction(part: Element, head: Head) -> None:
    head.said.add("signals", "correction")
    head.said.add("ed_notes", part.get("info"))
    head.said.add(
        "links",
        Link(rel="irel:previousVersion", residref=part.get("id-string")) if part.get("id-string") else None,
    )


def _evloc(part: Element, head: Head) -> None:
    """Where it happened: the nearest place that has a name, and the country's code."""
    code = part.get("iso-cc")
    names = (part.get(level) for level in ("city", "county-dist", "state-prov", "region"))
    name = text_of(part) or next(filter(None, names), None)
    if name:
        head.said.add("places", Concept(name=name))
    head.said.add("places", country(code.strip().upper()) if code else None)


def _doc_id(part: Element, head: Head) -> None:
    head.doc_id = (part.get("id-string") or "").strip() or head.doc_id
    head.said.add("info_sources", part.get("regsrc"))


def _du_key(part: Element, head: Head) -> None:
    head.said.say("slugline", part.get("key"))
    head.version = whole(part.get("version")) or whole(part.get("generation")) or head.version


def _doc_scope(part: Element, head: Head) -> None:
    head.scope = part.get("scope")


def _date_issue(part: Element, head: Head) -> None:
    head.issue = part.get("norm")
    head.said.say_date("first_created", head.issue)


def _date_release(part: Element, head: Head) -> None:
    head.release = part.get("norm")


def _ed_msg(part: Element, head: Head) -> None:
    head.said.add("ed_notes", part.get("info") or printed(part))


def _copyright(part: Element, head: Head) -> None:
    holder, year = part.get("holder"), part.get("year")
    head.said.say("copyright_holder", holder)
    head.said.say("copyright_notice", f"© {year} {holder}" if holder and year else None)


def _rights(part: Element, head: Head) -> None:
    head.said.say("copyright_holder", part.get("owner"))
    head.said.say("usage_terms", part.get("limitations") or part.get("type"))


def _key_list(part: Element, head: Head) -> None:
    for keyword in part.iterchildren("{*}keyword"):
        head.said.add("keywords", keyword.get("key"))


def _del_list(part: Element, head: Head) -> None:
    for source in named(part, "from-src"):
        head.said.add("info_sources", source.get("src-name"))


def _identified(part: Element, head: Head) -> None:
    for thing in part:
        kind, name = local_name(thing), printed(thing)
        if kind == "classifier":
            _classifier(thing, head.said)
        elif kind == "virtloc":
            head.said.add("links", _link(thing, name))
        elif kind in _KINDS and (name or own_code(thing)):
            head.said.add(_KINDS[kind], Concept(name=name, qcode=own_code(thing)))


def _link(part: Element, title: str | None) -> Link | None:
    """A virtual location: a page's address, or another item's identity under ``idsrc="guid"``."""
    value, rel = part.get("value"), part.get("class")
    if not value:
        return None
    if part.get("idsrc") == "guid":
        return Link(rel=rel, residref=value, title=title)
    return Link(rel=rel, href=value, title=title)


def _classifier(part: Element, said: Said) -> None:
    """A code of any vocabulary; AP's categories are those of ANPA 1312."""
    kind, value = part.get("type") or "", part.get("value") or printed(part) or ""
    if kind.lower() == "apcategorycode":
        add_category(said, value)
        return
    if not is_qcode(value):
        value = f"{kind}:{value}" if kind else value
    name = printed(part)
    add_subject(said, name, value if is_qcode(value) else None)


_Reader = Callable[[Element, Head], None]
_META = {
    **dict.fromkeys(("anpa-keyword", "ntbstikkord", "slug", "slugline"), "slugline"),
    "language": "language",
}
_KINDS = {"person": "people", "org": "organisations", "location": "places"}
_DOCDATA: Mapping[str, _Reader] = {
    "correction": _correction,
    "evloc": _evloc,
    "doc-id": _doc_id,
    "urgency": lambda part, head: head.said.say_urgency(part.get("ed-urg")),
    "date.issue": _date_issue,
    "date.release": _date_release,
    "date.expire": lambda part, head: head.said.say_date("expires", part.get("norm")),
    "ed-msg": _ed_msg,
    "du-key": _du_key,
    "doc-scope": _doc_scope,
    "doc.copyright": _copyright,
    "doc.rights": _rights,
    "key-list": _key_list,
    "del-list": _del_list,
    "identified-content": _identified,
}
_PASSED_OVER = frozenset(("fixture", "series", "pubdata", "revision-history"))
