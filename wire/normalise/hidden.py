"""A body without what its readers were not meant to see: hidden elements, and words that were struck out."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from wire.common.hidden import STRUCK_OUT, is_hidden
from wire.errors import Malformed
from wire.xmltools import MAX_HTML_CHARS, parse_html

_NOT_BARE = re.compile(r"<(?!/?(?:p|h[23]|ul|li)>)")  #: sooner known than what it is
#: Nothing is hidden where none of these stands; looking takes a fraction of reading the body.
_HINTS = ("hidden", "display", "visibility", "mso-hide", "<del", "<s>", "<s ", "<s\t", "<s\n", "<strike")
#: The words as copy does not write them. Tags are not told from text: quoting may be as broken as it likes.
_HIDES = re.compile(
    r"display\s*:|visibility\s*:|mso-hide|aria-hidden|[\s\"'/]hidden(?:\s*[=>/]|\s+[\w:-]+\s*[=>])|"
    r"<(?:del|s|strike)[\s>/]"
)


def without_hidden(html: str) -> str:
    """The body without them; as it is, when there are none.

    Sanitised text says no more which of its words were hidden, so this comes first.
    """
    if _NOT_BARE.search(html) is None:
        return html
    lower = html.lower()
    if not any(map(lower.__contains__, _HINTS)) or _HIDES.search(lower) is None:
        return html
    try:
        root = parse_html(html[:MAX_HTML_CHARS])
    except Malformed:
        return html
    body = next(root.iter("body"), root)
    doomed = [element for element in body.iterdescendants("*") if _is_unseen(element)]
    if not doomed:
        return html
    for element in doomed:
        # what is left of it says nothing, and goes with the sanitiser
        element.clear(keep_tail=True)  # type: ignore[call-arg]  # unknown to the stubs
    inner = (etree.tostring(child, encoding="unicode", method="html") for child in body)
    return escape(body.text or "", quote=False) + "".join(inner)


def _is_unseen(element: etree._Element) -> bool:
    return element.tag in STRUCK_OUT or is_hidden(element.attrib)  # type: ignore[arg-type]  # a mapping indeed
