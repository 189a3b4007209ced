"""Texts of feed entries: plain, HTML written as text, or XHTML in elements (RFC 4287, 3.1)."""

from __future__ import annotations

from html import unescape

from lxml import etree

from wire.parse.base import paragraphs_html
from wire.parse.items.html_input import is_markup, line_of, paragraphs
from wire.parse.markup import inner_html, text_of

Element = etree._Element


def plain(element: Element) -> str | None:
    """An element's text as it stands."""
    return text_of(element)


def line_in(element: Element) -> str | None:
    """An element's text without markup, whatever its type says; titles hold HTML more often than not."""
    text = text_of(element)
    if element.get("type") == "text" and text and not is_markup(text):
        return text
    return line_of(text)


def html_in(element: Element | None) -> str | None:
    """An element's content as HTML; None when it is absent or empty.

    HTML that was escaped once too often is recognised by its paragraphs.
    """
    if element is None:
        return None
    if len(element):
        inner = element[0] if len(element) == 1 and not (element.text or "").strip() else element
        return inner_html(inner).strip() or None
    text = text_of(element)
    if text is None:
        return None
    if not is_markup(text) and is_markup(unescaped := unescape(text)):
        text = unescaped
    if element.get("type") == "text" or not is_markup(text):
        return paragraphs_html(paragraphs(line_of(text) or "", by_line=False)) or None
    return text
