"""XML elements as text, and the proof that the text is XML.

Building a tree node by node costs three times what lxml needs to parse the same text, so the formats
write text. Nothing leaves that is not well-formed: either it is so by its making (`element` and `text` escape
what they are given, so that characters and finished markup are all there is to judge), or lxml parses and
writes the whole.
"""

from __future__ import annotations

import re

from lxml import etree

#: In an attribute, line ends and tabs would come back as blanks.
_ATTRIBUTE_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
)
_IN_ATTRIBUTE = re.compile('[&<>"\n\t]').search
_DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"


def escape(content: str) -> str:
    """Text as element content."""
    return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def element(tag: str, content: str = "", /, **attributes: str) -> str:
    """An element with finished markup inside; attribute values are escaped here."""
    start = tag
    for name, value in attributes.items():
        safe = value.translate(_ATTRIBUTE_ESCAPES) if _IN_ATTRIBUTE(value) else value
        start = f'{start} {name}="{safe}"'
    return f"<{start}>{content}</{tag}>" if content else f"<{start}/>"


def text(tag: str, content: str | None, /, **attributes: str) -> str:
    """An element with text inside; nothing at all when there is no text."""
    if not content:
        return ""
    content = escape(content)
    return element(tag, content, **attributes) if attributes else f"<{tag}>{content}</{tag}>"


def serialised(markup: str) -> tuple[etree._Element, bytes]:
    """The markup as lxml's tree and as its UTF-8 bytes with an XML declaration.

    Raises lxml's XMLSyntaxError or a ValueError when the markup is no well-formed XML. Entities are none of
    ours and the parser, lxml's own for each thread, opens nothing.
    """
    root = etree.fromstring(markup.encode())
    return root, etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def declared(markup: str) -> bytes:
    """Markup known to be well-formed, as lxml would write it."""
    return _DECLARATION + markup.encode()
