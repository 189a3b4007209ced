"""Second-level rules of NewsML-G2: what no schema catches, each rule a function from an item to findings.

Severity: an error makes the document wrong or dangerous to receive; a warning is odd, or cannot be
decided with what we hold. What the standard leaves free counts as an error only in our own documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree

from wire.common.words import count_words, html_to_text
from wire.iptc import codes
from wire.iptc.namespaces import NAR, XHTML
from wire.iptc.qcodes import catalogue, is_iptc_catalogue, is_qcode

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with a document."""

    rule: str
    where: str  #: line and path of the element
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.severity}: {self.rule}: {self.where}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One NewsML-G2 item, with what is declared for it."""

    element: etree._Element
    schemes: frozenset[str]  #: aliases that can be resolved
    catalogues_held: bool  #: false when it refers to a catalogue that we do not hold
    own: bool  #: written by `wire`

    def find(self, path: str) -> etree._Element | None:
        """The first element at a path of local names, such as ``itemMeta/embargoed``."""
        return self.element.find("/".join(f"{{{NAR}}}{name}" for name in path.split("/")))

    def strict(self) -> Severity:
        """How much a departure from our own ways weighs."""
        return "error" if self.own else "warning"


Rule = Callable[[Item], Iterator[Finding]]

_ITEMS = frozenset(
    f"{{{NAR}}}{name}Item" for name in ("news", "package", "concept", "knowledge", "planning", "catalog")
)


def items_of(root: etree._Element) -> list[Item]:
    """The items of a document: its root, or those inside a newsMessage."""
    if root.tag in _ITEMS:
        return [_item(root)]
    return [_item(element) for element in root.iter(*_ITEMS)]


def _item(element: etree._Element) -> Item:
    schemes: set[str] = set()
    held = True
    for reference in element.iterchildren(f"{{{NAR}}}catalogRef"):
        if is_iptc_catalogue(reference.get("href") or ""):
            schemes.update(catalogue())
        else:
            held = False
    for catalog in element.iterchildren(f"{{{NAR}}}catalog"):
        schemes.update(scheme.get("alias") or "" for scheme in catalog.iterchildren(f"{{{NAR}}}scheme"))
    generator = element.findtext(f"{{{NAR}}}itemMeta/{{{NAR}}}generator")
    return Item(element=element, schemes=frozenset(schemes), catalogues_held=held, own=generator == "wire")


# --- Times -------------------------------------------------------------------------------------

_ZONELESS = re.compile(r"\d{4}-\d\d-\d\dT[\d:.,]+")
_INSTANTS = frozenset(f"{{{NAR}}}{name}" for name in ("versionCreated", "firstCreated", "embargoed"))
_TIMED = _INSTANTS | {f"{{{NAR}}}{name}" for name in ("expires", "contentCreated", "contentModified")}
_TIME_ATTRIBUTES = ("modified", "validfrom", "validto", "generated")


def zones_are_given(item: Item) -> Iterator[Finding]:
    """Every time carries its zone; the times of a version are exact, not mere dates."""
    for element in _own_elements(item):
        if element.tag in _TIMED:
            value = (element.text or "").strip()
            if _ZONELESS.fullmatch(value):
                yield _found("zone", element, f"{value!r} has no time zone")
            elif element.tag in _INSTANTS and value and _instant(element) is None:
                yield _found("zone", element, f"{value!r} is no date-time")
        for name in _TIME_ATTRIBUTES:
            if _ZONELESS.fullmatch(element.get(name) or ""):
                yield _found("zone", element, f"@{name} {element.get(name)!r} has no time zone")


def times_agree(item: Item) -> Iterator[Finding]:
    """No version before the first one; no embargo over before the story existed or after it expired."""
    version = _instant(item.find("itemMeta/versionCreated"))
    first = _instant(item.find("itemMeta/firstCreated"))
    embargoed = _instant(item.find("itemMeta/embargoed"))
    expires = _instant(item.find("itemMeta/expires"))
    where = item.element
    if version and first and version < first:
        yield _found("times", where, "versionCreated lies before firstCreated", "warning")
    if embargoed and first and embargoed < first:
        yield _found("times", where, "the embargo ended before firstCreated: it has no effect", "warning")
    if embargoed and expires and expires <= embargoed:
        yield _found("times", where, "it expires before its embargo ends: it is never public", "warning")


def _instant(element: etree._Element | None) -> datetime | None:
    if element is None:
        return None
    try:
        moment = datetime.fromisoformat((element.text or "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo and "T" in (element.text or "") else None


# --- Codes -------------------------------------------------------------------------------------

_CODE_ATTRIBUTES = (
    *("qcode", "type", "role", "rel", "how", "why", "creator", "rendition", "format"),
    *("severity", "derivedfrom"),
    *("pubconstraint", "jobtitle", "mode", "scope", "action", "target", "residrefformat", "aspect"),
)


def aliases_resolve(item: Item) -> Iterator[Finding]:
    """Every qcode has the form ``alias:code``, and a declared catalogue gives its alias a scheme."""
    severity: Severity = "error" if item.catalogues_held else "warning"
    told: set[str] = set()
    for element, name, code in _codes(item):
        alias = code.partition(":")[0]
        if not is_qcode(code):
            if name == "qcode":
                yield _found("qcode", element, f"{code!r} is no qcode: it must read alias:code")
        elif alias not in item.schemes and alias not in told:
            told.add(alias)
            message = f"no declared catalogue resolves the alias of @{name} {code!r}"
            yield _found("alias", element, message, severity)


def _codes(item: Item) -> Iterator[tuple[etree._Element, str, str]]:
    """Every coded value: its element, its attribute, the code."""
    for element in _own_elements(item):
        for name in _CODE_ATTRIBUTES:
            for code in (element.get(name) or "").split():
                yield element, name, code


def status_is_known(item: Item) -> Iterator[Finding]:
    """The status is one of three; a kill and a correction tell editors why."""
    status = item.find("itemMeta/pubStatus")
    code = None if status is None else status.get("qcode")
    if status is not None and code is not None and code not in codes.PUB_STATUSES:
        yield _found("status", status, f"{code!r} is no known status: receivers will withhold it", "warning")
    signals = {signal.get("qcode") for signal in item.element.iter(f"{{{NAR}}}signal")}
    if (code == "stat:canceled" or codes.CORRECTION in signals) and item.find("itemMeta/edNote") is None:
        yield _found(
            "status", item.element, "a kill or correction without an edNote that says why", "warning"
        )


# --- Identity ----------------------------------------------------------------------------------


_WHOLE = re.compile(r"\s*\+?[0-9]{1,18}\s*")


def identity_is_stated(item: Item) -> Iterator[Finding]:
    """A guid, a version, and a previous version that is an older one."""
    element = item.element
    if not (element.get("guid") or "").strip():
        yield _found("identity", element, "has no guid")
    version = element.get("version")
    if version is None:
        yield _found("identity", element, "has no version: receivers take it for version 1", item.strict())
    elif not _number(version):
        yield _found("identity", element, f"version {version[:40]!r} is no positive integer")
    elif _number(version) <= max(_previous_versions(item), default=0):
        yield _found("identity", element, f"version {version} is not newer than the one it replaces")


def _previous_versions(item: Item) -> Iterator[int]:
    for link in item.element.iterfind(f"{{{NAR}}}itemMeta/{{{NAR}}}link"):
        same = link.get("residref") == item.element.get("guid")
        if same and link.get("rel") == codes.PREVIOUS_VERSION:
            yield _number(link.get("version") or "")


def _number(text: str) -> int:
    """A whole number as XML writes it; 0 for anything else, and for what no document can mean."""
    return int(text) if _WHOLE.fullmatch(text) else 0


# --- Order -------------------------------------------------------------------------------------


def _ranks(*groups: str) -> Mapping[str, int]:
    """Element to its place; names in one group may stand in any order among themselves."""
    return {f"{{{NAR}}}{name}": rank for rank, group in enumerate(groups) for name in group.split()}


_ITEM_META = (
    "itemClass provider versionCreated firstCreated embargoed pubStatus role fileName generator profile"
    " service title edNote memberOf instanceOf signal altRep deliverableOf hash expires origRep"
    " incomingFeedId metadataCreator link itemMetaExtProperty"
)
_ORDERS: Mapping[str, Mapping[str, int]] = {
    "": _ranks(
        "catalogRef catalog", "hopHistory", "pubHistory", "rightsInfo", "itemMeta", "contentMeta", "partMeta",
        "assert", "inlineRef", "derivedFrom derivedFromValue", "contentSet",
    ),
    "itemMeta": _ranks(*_ITEM_META.split()),
    "contentMeta": _ranks(
        "icon", "urgency", "contentCreated", "contentModified", "digitalSourceType",
        "located infoSource creator contributor audience exclAudience altId rating userInteraction",
        "language genre keyword subject slugline headline dateline by creditline description",
        "contentMetaExtProperty",
    ),
}  # fmt: skip


def order_is_right(item: Item) -> Iterator[Finding]:
    """The standard's order of elements: catalogues first, administrative before descriptive metadata."""
    if item.element.tag != f"{{{NAR}}}newsItem":
        return
    for path, ranks in _ORDERS.items():
        parent = item.find(path) if path else item.element
        if parent is None:
            continue
        placed = [child for child in parent.iterchildren(etree.Element) if child.tag in ranks]
        for before, after in pairwise(placed):
            if ranks[str(before.tag)] > ranks[str(after.tag)]:
                yield _found("order", after, f"must not stand after {etree.QName(before).localname}")


# --- Body --------------------------------------------------------------------------------------

_BODY = (
    "p h2 h3 ul ol li blockquote pre figure figcaption table caption thead tbody tfoot tr td th"
    " a em strong sub sup br"
)
_BODY_ELEMENTS = frozenset(f"{{{XHTML}}}{name}" for name in _BODY.split())
_BODY_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    f"{{{XHTML}}}a": frozenset(("href",)),
    f"{{{XHTML}}}td": frozenset(("colspan", "rowspan")),
    f"{{{XHTML}}}th": frozenset(("colspan", "rowspan")),
}
_LINK_SCHEMES = frozenset(("http", "https", "mailto"))


def body_is_clean(item: Item) -> Iterator[Finding]:
    """XHTML content is one page in its own namespace, with a title, of elements that do nothing."""
    for content in _xhtml_contents(item):
        page = next(content.iterchildren(etree.Element), None)
        body = None if page is None else page.find(f"{{{XHTML}}}body")
        if page is None or body is None or page.tag != f"{{{XHTML}}}html":
            yield _found("body", content, "must hold an XHTML html element with a body, in its own namespace")
            continue
        if page.find(f"{{{XHTML}}}head/{{{XHTML}}}title") is None:
            yield _found("body", page, "has no head with a title", item.strict())
        for element in body.iterdescendants(etree.Element):
            yield from _element_is_harmless(item, element)


def _element_is_harmless(item: Item, element: etree._Element) -> Iterator[Finding]:
    name = etree.QName(element).localname
    if element.tag not in _BODY_ELEMENTS:
        yield _found("body", element, f"element {name!r} is none that a body may hold", item.strict())
    known = _BODY_ATTRIBUTES.get(str(element.tag), frozenset())
    for attribute in element.keys():  # noqa: SIM118 - iterating lxml elements gives children
        if attribute not in known:
            yield _found(
                "body", element, f"attribute {attribute!r} is none that {name} may have", item.strict()
            )
    href = element.get("href")
    if href and not _is_harmless_link(href):
        yield _found("body", element, f"links to {href[:60]!r}: only http, https and mailto are safe")


def _is_harmless_link(href: str) -> bool:
    try:
        return urlsplit(href.strip()).scheme.lower() in _LINK_SCHEMES
    except ValueError:
        return False


def words_are_counted(item: Item) -> Iterator[Finding]:
    """``@wordcount`` says how many words the body has; others may count a little differently."""
    for content in _xhtml_contents(item):
        stated = content.get("wordcount")
        body = next(content.iter(f"{{{XHTML}}}body"), None)
        if stated is None:
            yield _found("word-count", content, "says no wordcount", item.strict())
        elif body is not None:
            counted = count_words(html_to_text(etree.tostring(body, encoding="unicode", with_tail=False)))
            if _number(stated) != counted:
                message = f"says {stated[:40]} words, has {counted}"
                near = not item.own and abs(_number(stated) - counted) * 10 <= counted
                yield _found("word-count", content, message, "warning" if near else "error")


def _xhtml_contents(item: Item) -> Iterator[etree._Element]:
    for content in item.element.iterfind(f"{{{NAR}}}contentSet/{{{NAR}}}inlineXML"):
        if (content.get("contenttype") or "").partition(";")[0].strip() == "application/xhtml+xml":
            yield content


# --- Shared ------------------------------------------------------------------------------------


def _own_elements(item: Item) -> Iterable[etree._Element]:
    """The elements of the standard's own namespace, content left out."""
    return item.element.iter(f"{{{NAR}}}*")


def _found(rule: str, element: etree._Element, message: str, severity: Severity = "error") -> Finding:
    names = [etree.QName(ancestor).localname for ancestor in element.iterancestors()]
    path = "/".join((*reversed(names), etree.QName(element).localname))
    return Finding(rule=rule, where=f"line {element.sourceline}: /{path}", message=message, severity=severity)


#: Every rule, in the order in which findings are told.
RULES: tuple[Rule, ...] = (
    identity_is_stated,
    order_is_right,
    zones_are_given,
    times_agree,
    aliases_resolve,
    status_is_known,
    body_is_clean,
    words_are_counted,
)
