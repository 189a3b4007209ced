"""The body that a page marks as its article's (schema.org's ``articleBody``), where that is copy alone.

Most content systems mark a part of the page in which there are teasers, figures and scripts as well; what is
story in it has to be told like anywhere else on a page.
"""

from __future__ import annotations

from lxml import etree

from wire.parse.markup import inner_html
from wire.xmltools import clean_html

#: What elements of bare copy may have.
_ATTRIBUTES = frozenset(("href", "colspan", "rowspan"))


def marked_body(root: etree._Element) -> tuple[etree._Element, str] | None:
    """The element and what is in it, which sanitising would leave as it is; None where there is none such."""
    for element in root.iter("div", "section"):
        named = element.get("itemprop") or (element.get("property") or "").rpartition(":")[2]
        if named == "articleBody" and len(element) and _is_bare(element):
            html = inner_html(element)
            return (element, html) if clean_html(html) == html else None
    return None


def _is_bare(element: etree._Element) -> bool:
    """Whether nothing in it is laid out or named, as it is in pages of content systems."""
    return all(
        inner.tag != "div" and _ATTRIBUTES.issuperset(inner.keys())
        for inner in element.iterdescendants(etree.Element)
    )
