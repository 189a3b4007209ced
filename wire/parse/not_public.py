"""What a body holds that is not for publication, taken out of it: notepads, and all after a notice.

Some agencies put their notes to editors at the end of the copy itself. Everything that stands in a part
marked as such goes, also what of it customers might publish: the story does not need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from wire.errors import Malformed
from wire.parse.for_editors import any_opens_notes, is_role_of_notes, opens_notes, parts_for_editors
from wire.parse.items.html_input import line_of
from wire.parse.markup import inner_html, remove_element, text_of
from wire.xmltools import MAX_HTML_CHARS, parse_html

Element = etree._Element

#: Where an element may have a class or role as `_is_marked` wants one; "=" first, since it is found soonest.
_CLASSED = re.compile(
    r"=(?:(?<=class=)|(?<=role=))[\"'][^\"'<>]*"
    r"(?i:notepad|np-|nfp|npa|non.?public|not.?(?:for.?)?public|unpublished|ed(?:itors?.?)?.?note|editors|internal)"
)
_CLASS = re.compile(r"(?:^|\s)(?:notepad|np-\w+|nfp|non-?public|not-for-publication)(?:$|\s)", re.IGNORECASE)
#: Where a block begins, and marks of emphasis in it.
_EMPHASIS = r"(?:\s|<(?:strong|b|em|i|u|span|font)(?: [^<>]*)?>)*+"
_START = re.compile(
    r"<(?:p|h[1-6]|li|pre|t[dh]|header|div|section|article|blockquote|figcaption|d[dt]|br ?/?)(?: [^<>]*)?>"
    rf"{_EMPHASIS}([^<]{{2,90}})"
)
_BREAK = re.compile(rf"<br ?/?>({_EMPHASIS}([^<]{{2,90}}))")
_BLOCKS = (
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "td", "th", "header"),
    *("div", "section", "article", "blockquote", "figcaption", "dd", "dt"),
)
_TOP = 2  #: blocks among which a note stands by itself, copy below it


def part_body(html: str) -> tuple[str, tuple[str, ...]]:
    """The body without what is not for publication, and that as notes, a block each."""
    if len(html) > MAX_HTML_CHARS or not (_CLASSED.search(html) or _may_open_notes(html)):
        return html, ()
    try:
        root = parse_html(with_notes_apart(html))
    except Malformed:
        return html, ()
    body = next(root.iter("body"), root)
    doomed = [element for element in body.iter() if _is_marked(element)]
    doomed += _after_notice(body)
    if not doomed:
        return html, ()
    notes = tuple(dict.fromkeys(note for element in doomed for note in _notes(element)))
    for element in doomed:
        if element.tail and not _is_marked(element):
            element.tail = None
        remove_element(element)
    return inner_html(body), notes


def with_notes_apart(html: str) -> str:
    """HTML in which a line within a paragraph that opens notes to editors begins a paragraph."""
    if "<br" not in html:
        return html
    return _BREAK.sub(_apart, html)


def _apart(line: re.Match[str]) -> str:
    return f"<p>{line[1]}" if opens_notes(unescape(line[2]).strip()) else line[0]


def _is_marked(element: Element) -> bool:
    """Whether its class or role says so."""
    if _CLASS.search(element.get("class") or ""):
        return True
    return any(map(is_role_of_notes, (element.get("role"), element.get("data-role"))))


def _may_open_notes(html: str) -> bool:
    """By how its blocks begin, which takes a tenth of the time of reading it; hardly any body does."""
    return any_opens_notes([unescape(start).strip() for start in _START.findall(html)])


def _after_notice(body: Element) -> list[Element]:
    """The blocks that open what is for editors, and what goes on with them; above the copy, them alone."""
    found: list[Element] = []
    blocks = [block for block in body.iterdescendants(*_BLOCKS) if _is_innermost(block)]
    texts = [" ".join((text_of(block) or "").split()) for block in blocks]
    for start, end in parts_for_editors(texts, _TOP):
        found += blocks[start:end]
        if end == len(blocks):
            found += _following(blocks[start], body)
    return found


def _is_innermost(block: Element) -> bool:
    return next(block.iterdescendants(*_BLOCKS), None) is None


def _following(block: Element, body: Element) -> list[Element]:
    found: list[Element] = []
    outer: Element | None = block
    while outer is not None and outer is not body:
        found += outer.itersiblings()
        outer = outer.getparent()
    return found


def _notes(element: Element) -> Iterator[str]:
    """The blocks of what was taken out, each as one line."""
    blocks = [block for block in element.iter(*_BLOCKS) if _is_innermost(block)]
    for block in blocks or [element]:
        if note := line_of(" ".join((text_of(block) or "").split())):
            yield note
