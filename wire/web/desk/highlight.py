"""Documents with their markup coloured, as HTML of our own classes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
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
    if len(text) > _MOST or not (is_xml or document.suffix == "json"):
        return escape(text)
    laid = laid_out(text) if is_xml else _indented(text)
    return escape(text) if len(laid) > _MOST else _coloured(laid, "xml" if is_xml else "json")


@dataclass(slots=True)
class _Line:
    """A line of XML as it is written."""

    parts: list[str]
    begun: str = ""  #: the name of the element whose tag is all that stands on it
    unclosed: int = 0  #: elements that begin on it and do not end on it
    holds_text: bool = False


def laid_out(xml: str) -> str:
    """XML with an element a line, for reading alone; elements that hold text stay on one line."""
    lines: list[_Line] = []
    depth = 0
    for tag, text in _TAGS.findall(xml.replace("><", ">\n<")):
        if not tag:
            if text := text.strip("\n"):
                line = lines[-1] if lines else _Line([])
                lines[-1:] = [line]
                line.parts.append(text)
                line.begun, line.holds_text = "", line.holds_text or not text.isspace()
            continue
        closes, opens = tag.startswith("</"), not tag.startswith(("</", "<?", "<!")) and tag[-2] != "/"
        depth -= closes
        line = lines[-1] if lines else _Line([])
        if line.holds_text or (closes and line.begun == tag[2:-1]):
            line.parts.append(tag)
            line.begun, line.unclosed = "", line.unclosed + opens - closes
            line.holds_text = line.holds_text and not (closes and line.unclosed <= 0)
        else:
            lines.append(_Line(["  " * depth, tag], _name(tag) if opens else "", opens - closes))
        depth += opens
    return "\n".join("".join(line.parts) for line in lines)


def _name(tag: str) -> str:
    return tag[1:-1].split(None, 1)[0]


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
