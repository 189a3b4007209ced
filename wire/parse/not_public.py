"""What a body holds that is not for publication, taken out of it: notepads, and all after a notice.

Some agencies put their notes to editors at the end of the copy itself. Everything that stands in a part
marked as such goes, also what of it customers might publish: the story does not need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from wire.errors import Malformed
from wire.parse.html_input import line_of
from wire.parse.markup import inner_html, local_name, remove_element, text_of
from wire.parse.profiles import load
from wire.xmltools import MAX_HTML_CHARS, parse_html

Element = etree._Element

#: Looked for first, since hardly any body has one.
_HINTS = (
    *(b"notepad", b"note pad", b"np-", b"nonpublic", b"non-public", b"notizblock", b"publica"),
    b"ffentlichung",
)
_CLASS = re.compile(r"(?:^|\s)(?:notepad|np-\w+|non-?public|not-for-publication)(?:$|\s)", re.IGNORECASE)
_NOTEPAD = re.compile(r"\W*(?:notizblock|notepad|note ?pad)\W*", re.IGNORECASE)
_BLOCKS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "td", "th", "header"))
_LONGEST_NOTICE = 200  #: characters


def part_body(html: str) -> tuple[str, tuple[str, ...]]:
    """The body without what is not for publication, and that as notes, a block each."""
    folded = html.encode("utf-8", "replace").lower()  # of ASCII alone, which takes a fifth of the time
    if len(html) > MAX_HTML_CHARS or not any(hint in folded for hint in _HINTS):
        return html, ()
    try:
        root = parse_html(html)
    except Malformed:
        return html, ()
    body = next(root.iter("body"), root)
    doomed = [element for element in body.iter() if _CLASS.search(element.get("class") or "")]
    doomed += _after_notice(body)
    if not doomed:
        return html, ()
    notes = tuple(dict.fromkeys(note for element in doomed for note in _notes(element)))
    for element in doomed:
        if element.tail and not _CLASS.search(element.get("class") or ""):
            element.tail = None
        remove_element(element)
    return inner_html(body), notes


def _after_notice(body: Element) -> list[Element]:
    """The block that says so, and every element that follows it."""
    notice = next((block for block in body.iter() if _is_notice(block)), None)
    if notice is None:
        return []
    found = [notice]
    outer: Element | None = notice
    while outer is not None and outer is not body:
        found += outer.itersiblings()
        outer = outer.getparent()
    return found


def _is_notice(block: Element) -> bool:
    if local_name(block) not in _BLOCKS:
        return False
    text = " ".join((text_of(block) or "").split())
    if not text or len(text) > _LONGEST_NOTICE:
        return False
    return _NOTEPAD.fullmatch(text) is not None or load("default").notebook.fullmatch(text) is not None


def _notes(element: Element) -> Iterator[str]:
    """The blocks of what was taken out, each as one line."""
    blocks = [block for block in element.iter() if local_name(block) in _BLOCKS]
    for block in blocks or [element]:
        if note := line_of(" ".join((text_of(block) or "").split())):
            yield note
