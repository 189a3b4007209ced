"""What stands inside ``inlineXML`` and ``inlineData`` of NewsML-G2: XHTML, NITF, an agency's own, text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

from lxml import etree

from wire.parse.base import paragraphs_html
from wire.parse.items.nitf_body import read_body
from wire.parse.items.nitf_head import read_head
from wire.parse.items.said import Said
from wire.parse.markup import inner_html, local_name, named, take_figures, text_of

Element = etree._Element

_MARKUP = re.compile(r"</?(?:p|br|div|table|h[1-6]|ul|li)\b[^<>]*>", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
#: Typesetting marks that STT leaves in its copy, escaped.
_LEFT_MARK = re.compile(r"&lt;/?(?:endash|emdash)&gt;")


def read_inline_xml(part: Element, said: Said) -> None:
    """The body in an ``inlineXML``; what its own head says where contentMeta does not."""
    content = next(part.iterchildren("*"), None)
    if content is None:
        said.warn("inlineXML is empty")
        return
    reader = _BODIES.get(local_name(content))
    if reader is None:
        said.warn(f"ignored: inlineXML with {local_name(content)}")
    else:
        reader(content, said)


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
    """TT's own NITF (``application/ttnitf+xml``), whose elements have Swedish names in capitals."""
    said.say("headline", text_of(next(named(document, "RUBRIK"), None)))
    said.say("dateline", text_of(next(named(document, "SOURCE"), None)))
    blocks = [
        f"<{tag}>{escape(text, quote=False)}</{tag}>"
        for element in named(document, *_TT_BLOCKS)
        if (tag := _TT_BLOCKS[local_name(element)]) and (text := " ".join((text_of(element) or "").split()))
    ]
    said.say("body_html", "".join(blocks))


_TT_BLOCKS = {"P": "p", "CITAT": "p", "MELLIS": "h2"}
_BODIES: Mapping[str, Callable[[Element, Said], None]] = {
    "html": _xhtml,
    "body": _xhtml,
    "div": _xhtml,
    "nitf": _nitf,
    "BODY": _tt,
}
