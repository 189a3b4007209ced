"""What a page states of its story beyond headline, authors and dates: schema.org, rNews.

JSON-LD comes first; then RDFa with rNews' or schema.org's names and microdata, for what it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from wire.iptc.qcodes import is_qcode
from wire.parse.base import read_date
from wire.parse.markup import whole
from wire.parse.page.blocks import shown_text
from wire.story import Concept, Location, PubStatus

Node = Mapping[str, Any]

#: Fields of one text, by the names of schema.org, which are rNews' too.
_TEXTS = {
    "alternativeHeadline": "subheadline",
    "dateline": "dateline",
    "creditText": "creditline",
    "creditLine": "creditline",
    "copyrightNotice": "copyright_notice",
    "usageTerms": "usage_terms",
}
_NAMES = {"copyrightHolder": "copyright_holder", "provider": "provider"}
_CONCEPTS = {"about": "subjects", "genre": "genres", "contentLocation": "places"}
#: Kinds of what an article is about that are no subjects.
_OF_KIND = {
    "Person": "people",
    "Organization": "organisations",
    "Corporation": "organisations",
    "Place": "places",
}
#: What pages may say of themselves that readers must heed; ``Published`` and the like say nothing new.
_STATUSES = {str(status): status for status in (PubStatus.CANCELED, PubStatus.WITHHELD)}
_INLINE = frozenset((*_TEXTS, *_NAMES, "identifier", "expires", "dateCreated", "inLanguage", "keywords"))
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|NewsItem|CreativeWork|WebPage)$")
_TIME = re.compile(r"\d{1,2}:\d\d")
_ADDRESS = re.compile(r"[a-z][a-z\d+.-]{1,20}:\S{3,500}")
_LONGEST = 5_000  #: characters of a text
_LONGEST_NAME = 120  #: characters of a concept's name
_MOST = 100  #: concepts of a kind


def details_of(article: Node, root: etree._Element) -> dict[str, Any]:
    """The fields of a draft that an article's JSON-LD and the page's properties give besides."""
    inline = _inline(root)
    fields: dict[str, Any] = {}
    for name, field in _TEXTS.items():
        fields.setdefault(field, _text(article.get(name)) or next(iter(inline.get(name, ())), None))
    for name, field in _NAMES.items():
        fields[field] = next(_names(article.get(name)), None) or next(iter(inline.get(name, ())), None)
    for name, field in (("expires", "expires"), ("dateCreated", "content_created")):
        fields[field] = read_date(_text(article.get(name)) or next(iter(inline.get(name, ())), None))
    fields["guid"] = _identity(article.get("identifier")) or _identity(
        next(iter(inline.get("identifier", ())), None)
    )
    if _TIME.search(fields["dateline"] or ""):
        fields["dateline"] = None
    if fields["guid"]:
        fields["version"] = whole(str(article.get("version") or ""))
    fields["pub_status"] = _STATUSES.get(str(article.get("creativeWorkStatus")).lower())
    fields["info_sources"] = tuple(_names(article.get("sourceOrganization")))
    fields["located"] = _located(article.get("locationCreated"))
    fields |= _concepts(article)
    return {name: value for name, value in fields.items() if value}


def _inline(root: etree._Element) -> dict[str, list[str]]:
    """The values of RDFa's ``property`` and microdata's ``itemprop``, by name without prefix."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta", "span", "p", "div", "time", "h2", "a", "address"):
        stated = element.get("property") or element.get("itemprop") or ""
        name = stated.rpartition(":")[2]
        if name in _INLINE and not stated.startswith(("og:", "article:")) and _is_of_article(element):
            value = element.get("content") or element.get("datetime") or shown_text(element)
            found.setdefault(name, []).append(" ".join(value[:_LONGEST].split()))
    return found


def _is_of_article(element: etree._Element) -> bool:
    """Whether the nearest thing that it stands in is no picture, person or other part of an article."""
    for outer in element.iterancestors():
        if outer.tag == "figure":
            return False
        if kind := outer.get("itemtype") or outer.get("typeof"):
            return _ARTICLE.search(kind) is not None
    return True


def _text(value: Any) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    return " ".join(value[:_LONGEST].split()) or None if isinstance(value, str) else None


def _names(value: Any) -> Iterator[str]:
    """The names in a value that may be a text, an object with a name, or a list of these."""
    for part in (value if isinstance(value, list) else [value])[:_MOST]:
        if name := _text(part.get("name") if isinstance(part, dict) else part):
            yield name


def _identity(value: Any) -> str | None:
    """An identifier that is one anywhere; the numbers of a content system are none."""
    value = value[0] if isinstance(value, list) and value else value
    named = isinstance(value, dict) and value.get("propertyID") == "guid"
    text = _text(value.get("value") if isinstance(value, dict) else value) or ""
    return text if _ADDRESS.fullmatch(text) or (named and text) else None


def _code(value: Any) -> str | None:
    """The identifier of a thing that an article is about, if it is a code or an address."""
    text = _text(value.get("identifier")) if isinstance(value, dict) else None
    return text if text and is_qcode(text) else None


def _located(value: Any) -> Location | None:
    value = value[0] if isinstance(value, list) and value else value
    name = next(_names(value), None)
    address = value.get("address") if isinstance(value, dict) else None
    country = address.get("addressCountry") if isinstance(address, dict) else None
    if name is None:
        return None
    return Location(name=name, country=next(_names(country), None), qcode=_code(value))


def _concepts(article: Node) -> dict[str, Any]:
    """What it is about, its genre and its places. Its section says where it stands, not what it is about."""
    found: dict[str, list[Concept]] = {}
    for name, field in _CONCEPTS.items():
        value = article.get(name)
        for part in (value if isinstance(value, list) else [value])[:_MOST]:
            kind = part.get("@type") if isinstance(part, dict) else None
            named = [text for text in _names(part) if len(text) <= _LONGEST_NAME]
            code = _code(part)
            for text in named or ((None,) if code else ()):
                coded = field == "genres" and is_qcode(text or "")
                concept = Concept(qcode=text) if coded else Concept(name=text, qcode=code)
                found.setdefault(_OF_KIND.get(str(kind), field), []).append(concept)
    return {field: tuple(dict.fromkeys(concepts)) for field, concepts in found.items()}
