"""Whole HTML pages: the page's own metadata, and the part of it that holds the copy.

Metadata comes from JSON-LD first, then OpenGraph and ``meta``, then the page itself. The body is the
``article`` or ``main`` or else the element whose own paragraphs hold most text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from wire.errors import NotAStory
from wire.parse.base import head_of, read_date
from wire.parse.charset import decode
from wire.parse.lines import LONG, look
from wire.parse.markup import inner_html, remove_element, take_figures, text_of
from wire.story import Draft, Picture, RawFile
from wire.xmltools import parse_html

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
_FRAGMENT = re.compile(rb"^<(?:p|div|h[1-6]|section|main)\b[^<>]*>", re.IGNORECASE)
_FURNITURE = (
    *("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "button"),
    *("iframe", "svg", "select", "dialog", "object", "video", "audio"),
)
_FURNITURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|share|social|related|recommend\w*|promo|newsletter|comments?|advert\w*|ads?|cookie|"
    r"consent|breadcrumbs?|footer|sidebar|teaser|tags|subscri\w+|paywall|byline|author-?bio)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ARTICLE_TYPES = frozenset(
    (
        "NewsArticle",
        "Article",
        "ReportageNewsArticle",
        "BlogPosting",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
    )
)
_BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote")
_MAX_LINKED = 0.6  #: share of a block's text that may be links
_TITLE_PARTS = re.compile(r"\s+[|–—-]\s+")


class WebPageParser:
    """Reads HTML pages and fragments."""

    name = "html"

    def evidence(self, raw: RawFile) -> int:
        """95 for an HTML root, 60 for a fragment or for markup under an HTML name."""
        head = head_of(raw)
        if head.startswith(b"<") and _HTML.search(head):
            return 95
        named = raw.name.lower().endswith((".html", ".htm", ".xhtml"))
        return 60 if _FRAGMENT.match(head) or (named and b"<" in head) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft a page. Raises Malformed or NotAStory when the page holds no text."""
        decoded = decode(raw.data, raw.source.charset)
        root = parse_html(decoded.text)
        page = _metadata(root)
        h1 = text_of(next(root.iter("h1"), None))
        container = _container(root)
        page.setdefault("pictures", ())
        page["pictures"] += take_figures(container)
        _clear(container, h1)
        body = inner_html(container)
        if not (page.get("headline") or text_of(container)):
            raise NotAStory("this HTML page holds no text")
        return [
            Draft(
                format=self.name,
                charset=decoded.charset,
                body_html=body,
                warnings=decoded.warnings,
                **page,
            )
        ]


def _metadata(root: etree._Element) -> dict[str, Any]:
    """Fields of the draft that the page states, JSON-LD before ``meta`` before the text."""
    meta = _meta(root)
    ld = _json_ld(root)
    publishers = (*_names(ld.get("publisher")), meta.get("og:site_name"))
    stated = {
        "language": root.get("lang") or meta.get("og:locale"),
        "headline": _text(ld.get("headline")) or meta.get("og:title") or _heading(root),
        "description": _text(ld.get("description")) or meta.get("og:description") or meta.get("description"),
        "creators": _creators(ld, meta),
        "first_created": read_date(_text(ld.get("datePublished")) or meta.get("article:published_time")),
        "version_created": read_date(_text(ld.get("dateModified")) or meta.get("article:modified_time")),
        "provider": publishers[0],
        "keywords": tuple(_keywords(ld.get("keywords") or meta.get("keywords"))),
        "pictures": (Picture(href=meta["og:image"]),) if "og:image" in meta else (),
        "base_url": _base_url(root, meta),
    }
    return {name: value for name, value in stated.items() if value}


def _creators(ld: dict[str, Any], meta: dict[str, str]) -> tuple[str, ...]:
    """The authors' names; addresses of their pages are none."""
    names = tuple(_names(ld.get("author"))) or tuple(_names(meta.get("author")))
    return tuple(name for name in names if not name.startswith("http"))


def _meta(root: etree._Element) -> dict[str, str]:
    """``meta`` names and properties in lower case, first occurrence each."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        key = (element.get("property") or element.get("name") or "").lower()
        content = (element.get("content") or "").strip()
        if key and content:
            found.setdefault(key, content)
    return found


def _json_ld(root: etree._Element) -> dict[str, Any]:
    """The first article that the page describes in JSON-LD."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            if _ARTICLE_TYPES.intersection(
                k for k in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(k, str)
            ):
                return node
    return {}


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top of a JSON-LD document."""
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            yield from (
                (inner for inner in graph if isinstance(inner, dict)) if isinstance(graph, list) else ()
            )


def _names(value: Any) -> Iterator[str]:
    for part in value if isinstance(value, list) else [value]:
        name = part.get("name") if isinstance(part, dict) else part
        if isinstance(name, str) and name.strip():
            yield name.strip()


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _keywords(value: Any) -> Iterator[str]:
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    yield from (part.strip() for part in parts if isinstance(part, str) and part.strip())


def _heading(root: etree._Element) -> str | None:
    """The only ``h1``, else the title without the site's name at its end."""
    headings = [text for h1 in root.iter("h1") if (text := text_of(h1))]
    if len(headings) == 1:
        return headings[0]
    title = text_of(next(root.iter("title"), None))
    return _TITLE_PARTS.split(title)[0] if title else next(iter(headings), None)


def _base_url(root: etree._Element, meta: dict[str, str]) -> str | None:
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").startswith("http"):
            return link.get("href")
    base = next(root.iter("base"), None)
    return (base.get("href") if base is not None else None) or meta.get("og:url")


def _container(root: etree._Element) -> etree._Element:
    """The element that holds the copy: by its name where there is one such, else by its paragraphs."""
    for name in ("article", "main"):
        named = list(root.iter(name))
        if len(named) == 1 and len(text_of(named[0]) or "") > LONG:
            return named[0]
    totals: dict[etree._Element, int] = {}
    for paragraph in root.iter("p"):
        size = len(text_of(paragraph) or "")
        parent = paragraph.getparent()
        if parent is not None and size > LONG // 2:
            totals[parent] = totals.get(parent, 0) + size
    body = next(root.iter("body"), root)
    return max(totals, key=totals.__getitem__) if totals else body


def _clear(container: etree._Element, h1: str | None) -> None:
    """Remove furniture from the copy, and the headline that its metadata repeats."""
    for element in list(container.iterdescendants(*_FURNITURE)):
        remove_element(element)
    for element in list(container.iterdescendants("div", "section", "ul", "p", "span")):
        if _FURNITURE_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            remove_element(element)
    for heading in list(container.iterdescendants("h1")):
        if text_of(heading) == h1:
            remove_element(heading)
    _clear_lines(container)


def _clear_lines(container: etree._Element) -> None:
    """Remove short blocks that read like furniture or hold little but links."""
    blocks = list(container.iterdescendants(*_BLOCKS))
    for block, line in zip(blocks, look([text_of(block) or "-" for block in blocks]), strict=True):
        short = line.size < 2 * LONG and not line.stops
        if short and (line.furniture or _linked_share(block) > _MAX_LINKED):
            remove_element(block)


def _linked_share(block: etree._Element) -> float:
    total = len(text_of(block) or "")
    linked = sum(len(text_of(link) or "") for link in block.iterdescendants("a"))
    return linked / total if total else 0.0
