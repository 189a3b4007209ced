"""Documents with their markup coloured, as HTML of our own classes."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from typing import Any

from wire.story import Document

#: Characters above which a document is shown plain: colouring a megabyte takes a second.
_MOST = 200_000
_TAGS = re.compile(r"(<[^>]*>)|([^<]+)")


def shown(document: Document) -> str:
    """A document as HTML for a ``pre``: escaped, and coloured where it is XML or JSON of a usual size."""
    text = document.body.decode("utf-8", "replace")
    is_xml = document.suffix in {"xml", "nitf", "rss", "atom"}
    if document.suffix == "json":
        text = _indented(text)
    elif is_xml:
        text = laid_out(text)
    if len(text) > _MOST:
        return escape(text)
    if is_xml or document.suffix == "json":
        return _coloured(text, "xml" if is_xml else "json")
    return escape(text)


def laid_out(xml: str) -> str:
    """XML with an element a line, for reading alone; elements that hold text stay on one line."""
    lines: list[str] = []
    depth = holding = 0  # elements that are open, and of these those on the line being written
    for tag, text in _TAGS.findall(xml.replace("><", ">\n<")):
        if not tag:
            lines[-1:] = ["".join((*lines[-1:], text.strip("\n")))]
            holding = holding or bool(text.strip())
            continue
        closes, opens = tag.startswith("</"), not tag.startswith(("</", "<?", "<!")) and tag[-2] != "/"
        depth -= closes
        after_own = closes and lines and lines[-1].lstrip().startswith(f"<{tag[2:-1]}")
        if holding or (after_own and lines[-1].count("<") == 1):
            lines[-1] += tag
            holding = 0 if closes and _is_whole(lines[-1]) else holding
        else:
            lines.append("  " * depth + tag)
        depth += opens
    return "\n".join(lines)


def _is_whole(line: str) -> bool:
    """Whether every element of a line is closed on it."""
    tags = [tag for tag, _ in _TAGS.findall(line) if tag and tag[-2] != "/"]
    return sum(-1 if tag.startswith("</") else 1 for tag in tags) == 0


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text


def _coloured(text: str, language: str) -> str:
    from pygments import highlight

    made: str = highlight(text, _lexer(language), _formatter())
    return made


@cache
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(language, stripnl=False)


@cache
def _formatter() -> Any:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True, classprefix="t-")
