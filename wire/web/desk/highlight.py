"""Documents with their markup coloured, as HTML of our own classes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
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

    parts: list[str] = field(default_factory=list)
    begun: str = ""  #: the name of the element whose tag is all that stands on it
    unclosed: int = 0  #: elements that begin on it and do not end on it
    holds_text: bool = False

    def say(self, text: str) -> None:
        """Text behind what stands on it."""
        self.parts.append(text)
        self.begun, self.holds_text = "", self.holds_text or not text.isspace()

    def goes_on(self, tag: str) -> bool:
        """Whether a tag stands on it, too."""
        return self.holds_text or (bool(self.begun) and tag == f"</{self.begun}>")

    def add(self, tag: str, opens: int) -> None:
        """A tag behind what stands on it; ``opens`` is 1, of a closing one -1, else 0."""
        self.parts.append(tag)
        self.begun, self.unclosed = "", self.unclosed + opens
        self.holds_text = self.holds_text and not (opens < 0 and self.unclosed <= 0)


def laid_out(xml: str) -> str:
    """XML with an element a line, for reading alone; elements that hold text stay on one line."""
    lines: list[_Line] = [_Line()]
    depth = 0
    for tag, text in _TAGS.findall(xml.replace("><", ">\n<")):
        opens = _opens(tag)
        depth += min(opens, 0)
        if not tag:
            if text := text.strip("\n"):
                lines[-1].say(text)
        elif lines[-1].goes_on(tag):
            lines[-1].add(tag, opens)
        else:
            lines.append(_Line(["  " * depth, tag], _name(tag) if opens > 0 else "", opens))
        depth += max(opens, 0)
    return "\n".join("".join(line.parts) for line in lines if line.parts)


def _opens(tag: str) -> int:
    """How many elements it opens: -1 where it closes one."""
    if tag.startswith("</"):
        return -1
    return int(bool(tag) and not tag.startswith(("<?", "<!")) and tag[-2] != "/")


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
