"""A clean XHTML fragment in NITF's elements (NITF 3.6, ``body.content``).

NITF has one kind of emphasis and one subhead, and no figures: ``@class`` tells the others apart, so that
whoever reads it may have them back: ``em class="strong"``, ``hl2 class="h3"``, ``block class="figure"``.
"""

from __future__ import annotations

from lxml import etree

from wire.publish.markup import element, escape

Element = etree._Element

_INLINE = frozenset(("a", "em", "strong", "sub", "sup", "br"))
_PARAGRAPHS = {"p": ("p", ""), "h2": ("hl2", ""), "h3": ("hl2", "h3"), "figcaption": ("p", "figcaption")}


def nitf_content(body_html: str) -> str:
    """The content of ``body.content``. Raises lxml's XMLSyntaxError when the fragment is not balanced."""
    return _flow(etree.fromstring(f"<div>{body_html}</div>".encode()), top=True)


def _flow(container: Element, *, top: bool = False) -> str:
    """Blocks only: loose text becomes paragraphs.

    top  whether a ``block`` may stand here: in ``body.content`` itself, never in another block
    """
    blocks: list[str] = []
    run = escape(container.text or "")
    for child in container:
        if child.tag in _INLINE:
            run += _inline(child)
        else:
            blocks += (_paragraph(run), _block(child, top=top))
            run = ""
        run += escape(child.tail or "")
    return "".join((*blocks, _paragraph(run)))


def _paragraph(run: str) -> str:
    return element("p", run) if run.strip() else ""


def _block(child: Element, *, top: bool = False) -> str:
    if child.tag in _PARAGRAPHS:
        tag, kind = _PARAGRAPHS[child.tag]
        return element(tag, _inline_content(child), **({"class": kind} if kind else {}))
    if child.tag in ("ul", "ol"):
        items = "".join(element("li", _mixed(item)) for item in child if item.tag == "li")
        return element(child.tag, items) if items else ""
    if child.tag == "blockquote":
        return element("bq", element("block", _flow(child)))
    if child.tag == "pre":
        return element("pre", escape("".join(map(str, child.itertext()))))
    if child.tag == "table":
        return _table(child)
    if child.tag == "figure" and top:
        return element("block", _flow(child), **{"class": "figure"})
    return _flow(child)


def _table(table: Element) -> str:
    """In NITF's order: caption, head, foot, and then one body; its rows stand bare if they did before."""
    captions = [_mixed(caption) for caption in table.iterchildren("caption")]
    parts = {name: "".join(map(_rows, table.iterchildren(name))) for name in ("thead", "tfoot", "tbody")}
    bare = _rows(table)
    body = element("tbody", parts["tbody"] + bare) if parts["tbody"] else bare
    return element(
        "table",
        (element("caption", "".join(captions)) if captions else "")
        + "".join(element(name, parts[name]) for name in ("thead", "tfoot") if parts[name])
        + body,
    )


def _rows(container: Element) -> str:
    rows = (
        "".join(_cell(cell) for cell in row if cell.tag in ("td", "th"))
        for row in container.iterchildren("tr")
    )
    return "".join(element("tr", cells) for cells in rows if cells)


def _cell(cell: Element) -> str:
    spans = {name: value for name in ("colspan", "rowspan") if (value := cell.get(name))}
    return element(str(cell.tag), _mixed(cell), **spans)


def _mixed(container: Element) -> str:
    """Text, inline elements and blocks beside each other, as list items and cells may hold them."""
    pieces = [escape(container.text or "")]
    for child in container:
        pieces.append(_inline(child) if child.tag in _INLINE else _block(child))
        pieces.append(escape(child.tail or ""))
    return "".join(pieces)


def _inline(child: Element) -> str:
    if child.tag == "br":
        return "<br/>"
    if child.tag in ("sub", "sup"):  # known to NITF in numbers only, and without elements in them
        return element("num", element(str(child.tag), escape("".join(map(str, child.itertext())))))
    content = _inline_content(child)
    if child.tag == "a":
        return element("a", content, href=child.get("href") or "")
    return element("em", content, **({"class": "strong"} if child.tag == "strong" else {}))


def _inline_content(parent: Element) -> str:
    """Text and inline elements; of anything else only its text."""
    pieces = [escape(parent.text or "")]
    for child in parent:
        pieces.append(_inline(child) if child.tag in _INLINE else _inline_content(child))
        pieces.append(escape(child.tail or ""))
    return "".join(pieces)
