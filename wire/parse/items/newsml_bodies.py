"""What stands inside ``inlineXML`` and ``inlineData`` of NewsML-G2: XHTML, NITF, an agency's own, text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree

from wire.parse.base import paragraphs_html
from wire.parse.items.nitf_body import read_body
from wire.parse.items.nitf_head import read_head
from wire.parse.items.said import Said
from wire.parse.markup import inner_html, local_name, named, remove_element, take_figures, text_of
from wire.story import Picture

Element = etree._Element

_MARKUP = re.compile(r"</?(?:p|br|div|table|h[1-6]|ul|li)\b[^<>]*>", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
#: Typesetting marks that STT leaves in its copy, escaped.
_LEFT_MARK = re.compile(r"&lt;/?(?:endash|emdash)&gt;")
_DASHES = "-–—"
#: What paragraphs are called in vocabularies that nobody here knows, in small letters.
_PARAGRAPHS = frozenset(("p", "para", "paragraph", "absatz", "stycke", "avsnitt", "paragraphe", "parrafo"))


def read_inline_xml(part: Element, said: Said) -> None:
    """The body in an ``inlineXML``; what its own head says where contentMeta does not."""
    content = next(part.iterchildren("*"), None)
    if content is None:
        said.warn("inlineXML is empty")
        return
    _BODIES.get(local_name(content), _unknown)(content, said)


def read_inline_data(part: Element, said: Said) -> None:
    """The body in an ``inlineData``: HTML or plain text."""
    text = text_of(part)
    if text and part.get("encoding"):
        said.warn("ignored: encoded inlineData")
    elif text and _MARKUP.search(text):
        said.say("body_html", text)
    elif text:
        said.say("body_html", paragraphs_html(block.strip() for block in _BLANK_LINE.split(text)))


def _xhtml(document: Element, said: Said) -> None:
    body = next(document.iterchildren("{*}body"), document)
    for header in list(body.iterchildren("{*}header")):  # repeats what contentMeta says
        body.remove(header)
    for picture in take_figures(body):
        said.add("pictures", picture)
    said.say("body_html", _LEFT_MARK.sub("", inner_html(body)))


def _nitf(document: Element, said: Said) -> None:
    """The body, and of a head the title and the notes; identity and dates are the item's."""
    read_body(document, said)
    for head in document.iterchildren("{*}head"):
        inner = Said()
        read_head(head, inner)
        for name in ("headline", "slugline", "subjects", "genres", "keywords"):
            said.say(name, inner.fields.get(name))
        for note in inner.fields.get("ed_notes", ()):
            said.add("ed_notes", note)


def _tt(document: Element, said: Said) -> None:
    """TT's own NITF (``application/ttnitf+xml``), whose elements have Swedish names in capitals.

    Its first ``TEXT`` is the story; those after it are boxes under headings of their own.
    """
    for picture in list(named(document, "BILD")):
        said.add("pictures", _tt_picture(picture))
        remove_element(picture)
    text, *boxes = list(named(document, "TEXT")) or [document]
    said.say("headline", _first(text, "RUBRIK"))
    said.say("dateline", _first(text, "SOURCE"))
    said.say("byline", _first(text, "BYLINE"))
    html = [_tt_copy(text)]
    for box in boxes:
        html += [paragraphs_html([_first(box, "RUBRIK")], "h2"), _tt_copy(box)]
    said.say("body_html", "".join(html))


def _tt_picture(picture: Element) -> Picture | None:
    href, caption, credit = (_first(picture, name) or None for name in ("BILDFIL", "BILDTEXT", "BILDSKAPARE"))
    return Picture(href=href, caption=caption, credit=credit) if href or caption else None


def _tt_copy(text: Element) -> str:
    """Paragraphs, subheads and lists; what somebody says begins with a dash, as it does in print."""
    blocks: list[str] = []
    for element in named(text, "P", "CITAT", "MELLIS", "UL"):
        kind, line = local_name(element), _line(element)
        if kind == "UL":
            blocks.append(f"<ul>{paragraphs_html(map(_line, named(element, 'LI')), 'li')}</ul>")
        elif kind == "CITAT" and line:
            blocks.append(paragraphs_html([line if line[0] in _DASHES else f"– {line}"]))
        elif next(element.iterancestors("{*}LI"), None) is None:
            blocks.append(paragraphs_html([line], "h2" if kind == "MELLIS" else "p"))
    return "".join(blocks)


def _unknown(document: Element, said: Said) -> None:
    """The paragraphs of an XML that nobody here knows; anything else in it may be for editors."""
    said.warn(f"inlineXML with {local_name(document)}: only its paragraphs were read")
    paragraphs = (element for element in document.iter(etree.Element) if _is_paragraph(element))
    said.say("body_html", paragraphs_html(map(_line, paragraphs)))


def _is_paragraph(element: Element) -> bool:
    return local_name(element).lower() in _PARAGRAPHS


def _first(element: Element, name: str) -> str:
    """What the first element of a name within another says."""
    return _line(next(named(element, name), None))


def _line(element: Element | None) -> str:
    """What an element says, on one line; empty where there is none."""
    return " ".join((text_of(element) or "").split())


_BODIES: Mapping[str, Callable[[Element, Said], None]] = {
    "html": _xhtml,
    "body": _xhtml,
    "div": _xhtml,
    "nitf": _nitf,
    "BODY": _tt,
}
