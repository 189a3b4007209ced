"""A body as the blocks that formats without markup print: paragraphs, items with marks, rows, set lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape

from lxml import etree

from wire.xmltools import clean_line, is_legal, is_plain

_TEXTS = frozenset(("p", "h2", "h3", "caption", "figcaption"))
_LISTS = frozenset(("ul", "ol"))
_CONTAINERS = frozenset(("table", "thead", "tbody", "tfoot", "blockquote", "figure"))
_BLOCKS = _TEXTS | _LISTS | _CONTAINERS | {"pre", "tr"}
_BULLET = "- "
_TAB_CHARACTERS = 8
_PLAIN_BLOCK = re.compile(r"<(p|h2|h3)>([^<]*)")
_DASHES = re.compile(r"[\s–—_-]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands between two blank lines, or on one line of a list or table."""

    kind: str  #: ``p``, ``h2``, ``h3``, ``caption``, ``figcaption``, ``li``, ``tr`` or ``pre``
    #: its lines, which only line breaks part; the cells of a row; set lines as they are
    texts: tuple[str, ...]
    mark: str = ""  #: what opens an item of a list: ``- ``, or its number and a full stop


def blocks_of(body_html: str) -> Iterator[Block]:
    """The blocks of a clean fragment in their order.

    Raises lxml's XMLSyntaxError or a ValueError when it is no well-formed XML.
    """
    if is_plain(body_html) and is_legal(body_html):  # as most are; there is nothing to take apart
        for kind, text in _PLAIN_BLOCK.findall(body_html):
            yield Block(kind=kind, texts=(clean_line(unescape(text)),))
    else:
        yield from _flow(etree.fromstring(f"<div>{body_html}</div>".encode()))


def dated(blocks: Iterable[Block], dateline: str | None, joint: str) -> list[Block]:
    """The blocks; the first paragraph opens with the dateline and a joint, unless one does so by itself."""
    printed, found = _DASHES.sub("", clean_line(dateline or "")), list(blocks)
    paragraphs = [n for n, block in enumerate(found) if block.kind == "p"]
    if printed and paragraphs and not any(found[n].texts[0].startswith(printed) for n in paragraphs):
        first, *more = found[paragraphs[0]].texts
        found[paragraphs[0]] = replace(found[paragraphs[0]], texts=(f"{printed}{joint}{first}", *more))
    return found


def stacked(blocks: Iterable[tuple[Block, str]]) -> str:
    """Blocks as printed, under each other: a blank line between them, none within a list or table."""
    printed, before = "", None
    for block, text in blocks:
        if before is not None:
            printed += "\n" if _go_together(before, block) else "\n\n"
        printed += text
        before = block
    return printed


def _go_together(above: Block, below: Block) -> bool:
    return above.kind == below.kind and (above.kind == "tr" or above.mark == below.mark == _BULLET)


def _flow(container: etree._Element) -> Iterator[Block]:
    """The container's blocks; loose text between them is a paragraph."""
    loose = container.text or ""
    for child in container:
        if child.tag in _BLOCKS:
            yield from _paragraph(loose)
            loose = ""
            yield from _block(child)
        else:
            loose += _text(child)
        loose += child.tail or ""
    yield from _paragraph(loose)


def _block(element: etree._Element) -> Iterator[Block]:
    if element.tag == "pre":
        lines = (line.expandtabs(_TAB_CHARACTERS).rstrip() for line in _text(element).split("\n"))
        yield Block(kind="pre", texts=tuple(lines))
    elif element.tag == "tr":
        yield Block(kind="tr", texts=tuple(map(_cell, element)))
    elif element.tag in _LISTS:
        for number, item in enumerate(element, 1):
            yield from _item(item, f"{number}. " if element.tag == "ol" else _BULLET)
    elif element.tag in _CONTAINERS:
        yield from _flow(element)
    else:
        yield from (replace(block, kind=str(element.tag)) for block in _paragraph(_text(element)))


def _item(item: etree._Element, mark: str) -> Iterator[Block]:
    """What an item of a list holds; its first paragraph bears the mark."""
    for block in _flow(item):
        marked = mark and block.kind == "p"
        yield replace(block, kind="li", mark=mark) if marked else block
        mark = "" if marked else mark


def _cell(cell: etree._Element) -> str:
    return clean_line(" ".join(text for block in _flow(cell) for text in block.texts))


def _paragraph(text: str) -> Iterator[Block]:
    if lines := tuple(filter(None, map(clean_line, text.split("\n")))):
        yield Block(kind="p", texts=lines)


def _text(element: etree._Element) -> str:
    """All text in an element; only a line break ends a line."""
    if element.tag == "br":
        return "\n"
    return (element.text or "") + "".join(_text(child) + (child.tail or "") for child in element)
