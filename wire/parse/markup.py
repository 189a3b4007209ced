"""Bodies in XHTML or NITF elements as one HTML string, pictures taken out of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from wire.story import Picture

_PREFIX = re.compile(r"(</?)[\w.-]+:(?=\w)")
_SELF_CLOSED = re.compile(r"<([\w.-]+)([^<>]*)/>")
_VOID = frozenset(("br", "hr", "img", "col", "wbr"))
_NITF_NAME = re.compile(r"<(/?)(hl1|hl2|bq|block|credit|nitf-table)(?=[\s>/])")
_HTML_NAME: Mapping[str, str] = {
    "hl1": "h2",
    "hl2": "h2",
    "bq": "blockquote",
    "block": "div",
    "credit": "p",
    "nitf-table": "div",
}
#: NITF's element and its class, as we write them ourselves.
_CLASSED: Mapping[tuple[str, str], str] = {
    ("em", "strong"): "strong",
    ("hl2", "h3"): "h3",
    ("block", "figure"): "figure",
    ("p", "figcaption"): "figcaption",
}
_TRACKER_PIXELS = 2
_LONG_TEXT = 2000  #: characters
_BLOCKS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "tr", "div", "section", "header", "br")
)


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: etree._Element | None) -> str | None:
    """All text in an element, stripped; None when there is none."""
    if element is None:
        return None
    if len(element) and next(element.iterdescendants("{*}br"), None) is not None:
        text: str | None = " ".join(block_texts(element))
    else:
        text = element.text if not len(element) else "".join(map(str, element.itertext()))
    return (text or "").strip() or None


def named(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The element's descendants of these local names, whatever their namespace."""
    return element.iterdescendants(*(f"{{*}}{name}" for name in names))


def block_texts(element: etree._Element) -> list[str]:
    """What an element's blocks say, a line each; what stands outside of blocks by itself."""
    lines = [""]
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if local_name(part) in _BLOCKS:
            lines.append("")
        lines[-1] += (part.text if event == "start" else part.tail if part is not element else "") or ""
    return [line for text in lines if (line := " ".join(text.split()))]


def inner_html(element: etree._Element) -> str:
    """What is in the element as HTML: no namespaces, no self-closed elements that HTML would leave open."""
    html = etree.tostring(element, encoding="unicode", with_tail=False)
    html = html[html.index(">") + 1 : html.rfind("<")] if not html.endswith("/>") else ""
    if ":" in html:
        html = _PREFIX.sub(r"\1", html)
    if "/>" in html:
        html = _SELF_CLOSED.sub(_opened, html)
    return html


def nitf_html(content: etree._Element) -> str:
    """NITF's ``body.content`` as HTML; ``@class`` tells apart what NITF has one element for."""
    for element in named(content, "em", "hl2", "block", "p"):
        kind = element.get("class")
        if kind and (name := _CLASSED.get((local_name(element), kind))):
            element.tag = name
    return _NITF_NAME.sub(lambda tag: f"<{tag[1]}{_HTML_NAME[tag[2]]}", inner_html(content))


def take_figures(body: etree._Element) -> tuple[Picture, ...]:
    """The figures and loose pictures of an (X)HTML body, removed from it."""
    pictures: list[Picture] = []
    for element in list(named(body, "figure", "img")):
        if local_name(element) == "img" and any(local_name(up) == "figure" for up in element.iterancestors()):
            continue
        if local_name(element) == "figure" and next(named(element, "table", "blockquote"), None) is not None:
            continue  # a figure in the wide sense: its content is copy
        if (picture := _figure(element)) is not None:
            pictures.append(picture)
        remove_element(element)
    return tuple(pictures)


def whole(text: str | None) -> int | None:
    """A whole number of at most nine digits; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _opened(tag: re.Match[str]) -> str:
    return tag[0] if tag[1] in _VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>"


def _figure(element: etree._Element) -> Picture | None:
    """The picture of a figure or loose ``img``; None for pixels that only count readers."""
    image = element if local_name(element) == "img" else next(named(element, "img"), None)
    caption = text_of(next(named(element, "figcaption"), None))
    if image is None:
        return Picture(caption=caption) if caption else None
    width, height = whole(image.get("width")), whole(image.get("height"))
    caption = caption or (image.get("alt") or "").strip() or None
    href = _source(image)
    if (width is not None and width <= _TRACKER_PIXELS) or not (caption or href):
        return None
    return Picture(caption=caption, href=href, width=width, height=height)


def _source(image: etree._Element) -> str | None:
    """Where the picture lies; pictures written into the page itself lie nowhere."""
    href = image.get("src") or image.get("data-src")
    return None if href is None or href.startswith("data:") else href


def remove_element(element: etree._Element) -> None:
    """Take an element out; the text after it stays.

    Behind a long text an empty one is left, since joining many texts costs the square of their number.
    """
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        text = (before.tail if before is not None else parent.text) or ""
        if len(text) > _LONG_TEXT:
            element.clear(keep_tail=True)  # type: ignore[call-arg]  # unknown to the stubs
            element.tag = "span"
            return
        if before is not None:
            before.tail = text + element.tail
        else:
            parent.text = text + element.tail
    parent.remove(element)
