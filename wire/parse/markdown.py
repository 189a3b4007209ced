"""Markdown (CommonMark with tables) under front matter of ``key: value`` lines and simple lists.

Front matter is read by rules of our own, those of header lines in plain text (`wire.parse.sent.headers`):
YAML, TOML and JSON can do far more, most of it unwanted in a file from outside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wire.common.words import html_to_text
from wire.errors import NotAStory, UnsafeInput
from wire.parse.base import head_of, paragraphs_html
from wire.parse.charset import decode
from wire.parse.sent.documents import Block, described, story_fields
from wire.parse.sent.headers import take_headers
from wire.story import Draft, Picture, RawFile
from wire.xmltools import clean_text

_NAME = (".md", ".markdown", ".mdown", ".mkd")
#: In YAML; in TOML between plus signs, or in JSON.
_FENCE = re.compile(r"\ufeff?\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_OTHER_FENCE = re.compile(
    r"\ufeff?\s*(?:\+\+\+[ \t]*\n(.*?)^\+\+\+|\{[ \t]*\n(.*?)^\})[ \t]*$\n?", re.DOTALL | re.MULTILINE
)
_FRONT_MATTER = re.compile(
    rb"(?:---|\+\+\+)[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*+[ \t]*[A-Za-z][\w -]{0,40}[:=]"
)
_JSON = re.compile(rb"\{[ \t]*\r?\n")  #: nothing beside the bracket
_PAIR = re.compile(r"[ \t]*[\"']?([A-Za-z][\w -]{0,40}?)[\"']?[ \t]*[:=][ \t]*(.*)")
_ARRAY = re.compile(r"\[[^\[\]]{0,2000}\]")
_MAX_LINES = 20_000  #: a table of as many rows takes a second
_ITEM = re.compile(r"\s*-\s+(.*)")
_KEY = re.compile(r"([A-Za-z][\w -]{0,40}?)\s*:\s*(.*)")
#: Keys of site generators that are spelt otherwise in header lines.
_MEANT = {
    "lang": "language",
    "categories": "tags",
    "authors": "author",
    "excerpt": "summary",
    "rights": "usage",
}
_UNPUBLISHED = frozenset((("draft", "true"), ("published", "false"), ("publish", "false")))
_LONGEST = 200_000  #: characters that are read as Markdown; more is no story and costs too much time
_MOST_KEYS = 1000  #: lines of front matter that are read
_MOST_BRACKETS = 10_000  #: what costs most of that time
_DEEPEST = 20  #: blocks within blocks
_ONLY_PICTURE = re.compile(r"<p>\s*(?:<img[^<>]*>\s*)+</p>")


class MarkdownParser:
    """Reads Markdown files."""

    name = "markdown"

    def evidence(self, raw: RawFile) -> int:
        """80 for front matter, 70 for the name alone."""
        head = head_of(raw)
        if _FRONT_MATTER.match(head):
            return 80
        if not raw.name.lower().endswith(_NAME) or head.startswith(b"<"):
            return 0
        return 70 if not head.startswith(b"{") or _JSON.match(head) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft. Raises NotAStory when there is nothing in it, UnsafeInput when it has no bounds."""
        decoded = decode(raw.data, raw.source.charset)
        text = clean_text(decoded.text)
        if text.count("\n") > _MAX_LINES:
            raise UnsafeInput("this Markdown has more lines than any story")
        warnings = list(decoded.warnings)
        stated: dict[str, object] = {}
        if front := _FENCE.match(text) or _OTHER_FENCE.match(text):
            stated, unknown = _front_matter(front[1] if front.re is _FENCE else _as_yaml(front))
            warnings += unknown
            text = text[front.end() :]
        blocks, pictures = _read(text, warnings)
        title = stated.get("headline")
        fields, more = story_fields(blocks, title=title, sent=raw.arrived_at)  # type: ignore[arg-type]
        notes = (*stated.pop("ed_notes", ()), *fields.pop("ed_notes", ()))  # type: ignore[misc]
        told = described(fields, stated)
        if not (told.get("headline") or told.get("body_html") or pictures):
            raise NotAStory("there is no text in this Markdown file")
        return [
            Draft(
                format=self.name,
                charset=decoded.charset,
                pictures=tuple(pictures),
                ed_notes=notes,
                warnings=(*warnings, *more),
                **told,
            )
        ]


def _front_matter(text: str) -> tuple[dict[str, object], list[str]]:
    """The fields that front matter states, and warnings for keys that nobody knows."""
    lines: list[str] = []
    for line in text.split("\n")[:_MOST_KEYS]:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if (item := _ITEM.fullmatch(line)) and lines:
            value = _unquoted(item[1])
            lines[-1] = f"{lines[-1]}{value}" if lines[-1].endswith(": ") else f"{lines[-1]}, {value}"
        elif match := _KEY.fullmatch(line):
            key = match[1].lower().replace("_", "-")
            lines.append(_line(key, _value(match[2])))
        elif lines and line[0] in " \t":  # a value goes on
            lines[-1] = f"{lines[-1].rstrip('>| ')} {line.strip()}"
    fields: dict[str, object] = {}
    warnings: list[str] = []
    for line in lines:
        found, rest, said = take_headers([line, line])  # twice: one doubtful header alone counts for nothing
        warnings += said[:1]
        if rest:
            warnings.append(f"front matter not known: {line[:60]}")
        else:
            for name, value in found.items():
                fields[name] = _joined(fields.get(name), value)
    return fields, warnings


def _as_yaml(front: re.Match[str]) -> str:
    """TOML or JSON with a value a line as lines of YAML."""
    text = _ARRAY.sub(lambda array: array[0].replace("\n", " "), front[1] or front[2] or "")
    pairs = map(_PAIR.fullmatch, text.split("\n"))
    return "\n".join(f"{pair[1]}: {pair[2].rstrip().removesuffix(',')}" for pair in pairs if pair)


def _line(key: str, value: str) -> str:
    """A header line; what site generators call a draft is withheld."""
    if (key, value.lower()) in _UNPUBLISHED:
        return "status: withheld"
    return f"{_MEANT.get(key, key)}: {value}"


def _joined(before: object, value: object) -> object:
    """The first of two single values; both of two lists, each part once."""
    if isinstance(value, tuple):
        return tuple(dict.fromkeys((*(before if isinstance(before, tuple) else ()), *value)))
    return value if before is None else before


def _value(text: str) -> str:
    """A value without quotation marks or a list's brackets."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return ", ".join(_unquoted(part) for part in text[1:-1].split(",") if part.strip())
    return _unquoted(text)


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _read(text: str, warnings: list[str]) -> tuple[list[Block], list[Picture]]:
    """The document's blocks, and its pictures, which leave the blocks."""
    if len(text) > _LONGEST or text.count("[") > _MOST_BRACKETS:
        warnings.append("too long or too full of brackets for Markdown: read as plain paragraphs")
        paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
        return [Block(html=paragraphs_html([part]), text=part) for part in paragraphs], []
    reader = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    tokens = reader.parse(text)
    pictures = [picture for token in tokens for picture in _pictures(token)]
    blocks: list[Block] = []
    start = 0
    for n, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            html = reader.renderer.render(tokens[start : n + 1], reader.options, {})
            block = Block(html=html, text=html_to_text(html).strip(), heading=token.type == "heading_close")
            if block.text and not _ONLY_PICTURE.fullmatch(html.strip()):
                blocks.append(block)
            start = n + 1
    return blocks, pictures


def _pictures(token: Token) -> list[Picture]:
    """The pictures of an inline token: the title is the caption, else the text in its place."""
    return [
        Picture(caption=str(child.attrs.get("title") or child.content) or None, href=str(child.attrs["src"]))
        for child in token.children or ()
        if child.type == "image" and child.attrs.get("src")
    ]
