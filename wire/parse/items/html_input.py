"""Bodies that come as HTML text in a document of another format."""

from __future__ import annotations

import re
from html import unescape
from textwrap import dedent

from wire.errors import Malformed
from wire.parse.base import paragraphs_html
from wire.parse.markup import inner_html, remove_element, take_figures, text_of
from wire.story import Picture
from wire.xmltools import MAX_HTML_CHARS, parse_html

_MARKUP = re.compile(
    r"</?(?:p|br|div|span|table|h[1-6]|[buis]|del|ins|strike|ul|ol|li|a|em|strong|img|figure|section|article|blockquote|pre|sup|sub)"
    r"\b[^<>]*>",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"<(?:!doctype|html|head|body|h1)\b", re.IGNORECASE)
_PICTURE = re.compile(r"<(?:img|figure)\b", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_REFERENCE = re.compile(r"&(?:#\d{2,7}|#x[0-9a-f]{2,6}|[a-z][a-z0-9]{1,12});", re.IGNORECASE)
_LONGEST = 200_000  #: characters of which the lines are looked at; no story is longer
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\n(?=[ \t]{2,}\S)|\n(?=\t)")


def is_markup(text: str) -> bool:
    """Whether a text holds HTML elements."""
    return "<" in text and _MARKUP.search(text) is not None


def body_of(text: str, headline: str | None = None) -> tuple[str, tuple[Picture, ...]]:
    """A body and the pictures taken out of it; text without markup becomes paragraphs.

    headline  left out where the body repeats it as its ``h1``
    """
    if not is_markup(text):
        return paragraphs_html(paragraphs(text)), ()
    if len(text) > MAX_HTML_CHARS or not (_PICTURE.search(text) or _DOCUMENT.search(text)):
        return text, ()
    try:
        root = parse_html(text)
    except Malformed:
        return paragraphs_html(paragraphs(line_of(text) or "")), ()
    container = next(root.iter("body"), root)
    pictures = take_figures(container)
    for heading in list(container.iter("h1")):
        if headline and " ".join((text_of(heading) or "").split()) == " ".join(headline.split()):
            remove_element(heading)
    return inner_html(container), pictures


def paragraphs(text: str, *, by_line: bool = True) -> list[str]:
    """The paragraphs of plain text: parted by empty lines or indents; else one a line, if ``by_line``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if shifted := len(text) < _LONGEST and _is_shifted(text):
        text = dedent(text)
    parts = _PARAGRAPH.split(text)
    if len(parts) == 1 and by_line and not shifted:
        parts = text.split("\n")
    return [line for part in parts if (line := " ".join(part.split()))]


def _is_shifted(text: str) -> bool:
    """Whether all lines are indented alike to lie well in a file, and go on where the one before ended."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    return all(line.startswith("  ") for line in lines) and not all(map(_ends_sentence, lines[:-1]))


def _ends_sentence(line: str) -> bool:
    return line.endswith((".", "!", "?", ":", '"', "”", "»", "。"))


def line_of(text: str | None) -> str | None:
    """A text that may hold markup or references, without them; None when nothing is left."""
    if not text:
        return None
    if is_markup(text):
        text = _TAG.sub("", _BREAK.sub(" ", text))
    if "&" in text and _REFERENCE.search(text):
        text = unescape(text)
    return text.strip() or None
