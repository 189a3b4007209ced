"""Documents with their markup coloured, as HTML of our own classes."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from typing import Any

from wire.story import Document

#: Characters above which a document is shown plain: colouring a megabyte takes a second.
_MOST = 200_000


def shown(document: Document) -> str:
    """A document as HTML for a ``pre``: escaped, and coloured where it is XML or JSON of a usual size."""
    text = document.body.decode("utf-8", "replace")
    if document.suffix == "json":
        text = _indented(text)
    if len(text) > _MOST:
        return escape(text)
    if document.suffix in {"json", "xml", "nitf", "rss", "atom"}:
        return _coloured(text, "json" if document.suffix == "json" else "xml")
    return escape(text)


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
