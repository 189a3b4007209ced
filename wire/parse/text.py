"""Plain text as people drop it: copied from a page, a mail or a document.

What its sender put around it goes first, with header lines (`covers`), then the story is found among
the lines (`rawcopy`): the headline, the captions, byline and dateline around it, subheads and
paragraphs. Furniture is left out. Whatever was guessed is said in a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, pairwise
from unicodedata import category

from wire.errors import EmptyFile, NotAStory
from wire.parse.base import head_of
from wire.parse.charset import Decoded, decode
from wire.parse.copied.bylines import named_by
from wire.parse.copied.endings import Part, only_part, parts_of
from wire.parse.copied.linemodel import Model
from wire.parse.copied.rawcopy import Block, Found, find_story
from wire.parse.copyblocks import escaped
from wire.parse.mending import mended
from wire.parse.sent.covers import uncovered
from wire.parse.sent.headers import header_of
from wire.story import Draft, Picture, RawFile
from wire.xmltools import clean_text_counted, one_spaced

_MOST_CHARACTERS = 800_000
_MOST_LINES = 10_000  #: reading one costs as much as printing it
_PROBE = 10_000  #: characters
_OPENING = 100  #: characters, among which there are some to be seen in nearly every text
_FEW = 0.02  #: of a text's characters may be illegal or undefined when its charset was guessed
#: Characters that take no room: a text of nothing else is blank.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))
#: The beginning of a row: four quoted values, or fewer with empty ones among them.
_ROW = re.compile(r'"[^"]*"(?:,(?:"[^"]*"|[^",]*)){3}')
_LEAST_ROWS, _ROWS = 3, 0.9  #: lines; share of the lines
_LONGEST_LINE = 100  #: characters, in a text that was broken at a fixed width
#: Characters that a line has more than when it goes on in the next; where only two lines tell, and of more of
#: them this share.
_FULL, _SURELY_FULL, _FULL_LINES = 45, 55, 0.6
_ENDS_SENTENCE = '.!?:"”'
_WORD = re.compile(r"[^\W_]")
_BULLETS = "-–•*·‣▪■●◦"
_ITEM = re.compile(rf"[{_BULLETS}] +(?=\S)")
#: What a text states when a system wrote it: no page was copied, and all below is copy of one story.
_OF_ITEMS = frozenset(("guid", "headline"))
_INDENTS = ("   ", "\t")  #: what the first line of a paragraph begins with
_QUOTED = re.compile(r"(?:> ?)+(\S.*)")


class TextParser:
    """Reads anything that is text; other parsers are surer of what they know."""

    name = "text"

    def __init__(self, model: Model | None = None) -> None:
        self._model = model

    def evidence(self, raw: RawFile) -> int:
        """Little for everything, more for a name that says text."""
        if raw.name.lower().endswith((".txt", ".text", ".md")):
            return 5 if head_of(raw).startswith(b"<") else 40
        return 4

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """A draft for each story in the text, mostly one.

        Raises EmptyFile, or NotAStory when there are no words in it or only binary data.
        """
        decoded = decode(raw.data, raw.source.charset)
        text, warnings = _believed(decoded)
        lines, cut = _bounded(text)
        if _is_table(lines):
            raise NotAStory("this is a table of comma-separated values, not a story")
        parts = _parts(lines)
        drafts = [self._read(part, raw.arrived_at, decoded.charset, [*warnings, *cut]) for part in parts]
        if not (len(drafts) > 1 or _WORD.search(text)):
            raise NotAStory("there are no words in this text")
        return drafts

    def _read(self, part: Part, sent: datetime, charset: str, warnings: list[str]) -> Draft:
        copy = uncovered(part.lines, sent)
        fields = copy.fields
        found = find_story(
            unwrapped(copy.lines),
            headline_known="headline" in fields,
            whole=fields.keys() >= _OF_ITEMS,
            known=self._model,
        )
        if notes := (*fields.get("ed_notes", ()), *copy.notes, *part.notes):
            fields["ed_notes"] = notes
        return _draft(fields, found, charset, (*warnings, *_guesses(found, fields), *copy.warnings))


def _is_table(lines: list[str]) -> bool:
    """Whether nearly all lines are rows of quoted values, as spreadsheets and calendars export them."""
    said = [line for line in lines if line.strip()]
    if len(said) < _LEAST_ROWS or not all(map(_ROW.match, said[:_LEAST_ROWS])):
        return False
    return sum(map(bool, map(_ROW.match, said))) > _ROWS * len(said)


def _parts(lines: list[str]) -> list[Part]:
    """The stories in a text. What header lines say to editors does not end the copy below them."""
    stated, above = header_of(lines)
    copy = lines[above:]
    first, *others = [only_part(copy)] if stated >= _OF_ITEMS else parts_of(copy)
    return [replace(first, lines=[*lines[:above], *first.lines]), *others]


def _guesses(found: Found, fields: dict[str, object]) -> Iterator[str]:
    """What was read out of the text and not stated, as warnings."""
    if found.left_out:
        yield f"{found.left_out} lines left out as page furniture"
    if found.published and "content_created" not in fields:
        yield f"content date guessed from the text: {found.published.date().isoformat()}"
    if found.updated:
        yield f"the text says that it was updated: {found.updated.isoformat(' ', 'minutes')}"
    if found.authors and "byline" not in fields:
        yield f"authors guessed from the text: {', '.join(found.authors)}"
    if found.standfirst and "description" not in fields:
        yield "standfirst guessed from the text"


def _believed(decoded: Decoded) -> tuple[str, list[str]]:
    """The clean text, and warnings.

    Raises EmptyFile for blanks; NotAStory for what a guess made text that holds what no text does.
    """
    text, undone = mended(decoded.text.lstrip("\ufeff").replace("\u2028", "\n").replace("\u2029", "\n\n"))
    text, replaced = clean_text_counted(text)
    if not any(part.translate(_UNSEEN).strip() for part in (text[:_OPENING], text)):
        raise EmptyFile("the file holds nothing but blanks")
    if decoded.guessed and replaced + _undefined(text) > _FEW * len(text):
        raise NotAStory(
            "this is binary data, or text in a charset that could not be told; "
            "if it is text, save it as UTF-8 or set the source's charset"
        )
    if replaced:
        undone.append(f"{replaced} characters that no text may hold replaced or removed")
    return text, [*decoded.warnings, *undone]


def _undefined(text: str) -> int:
    """How many characters Unicode gives no meaning to, or stand for what could not be read."""
    return sum(character == "\ufffd" or category(character) in ("Cn", "Co") for character in text[:_PROBE])


def _bounded(text: str) -> tuple[list[str], list[str]]:
    """The lines of a text as far as anybody would print it, and a warning when there was more."""
    lines = text[:_MOST_CHARACTERS].split("\n", _MOST_LINES)
    if len(lines) <= _MOST_LINES and len(text) <= _MOST_CHARACTERS:
        return lines, []
    told = f"text cut after {_MOST_LINES} lines or {_MOST_CHARACTERS} characters"
    return lines[:_MOST_LINES], [told]


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Stripped, non-empty lines; paragraphs that were broken at a fixed width are joined again."""
    stripped = [one_spaced(line) if line else "" for line in lines]
    if not _is_hard_wrapped(lines, stripped):
        return [line for line in stripped if line]
    paragraphs: list[list[str]] = [[]]
    for raw_line, line in zip(lines, stripped, strict=True):
        if not line or raw_line.startswith(_INDENTS):
            paragraphs.append([])
        if line:
            paragraphs[-1].append(line)
    return [" ".join(paragraph) for paragraph in paragraphs if paragraph]


def _is_hard_wrapped(lines: Sequence[str], stripped: Sequence[str]) -> bool:
    """No line is long, and most that go on in the next go to the width without ending a sentence."""
    if max(map(len, stripped), default=0) > _LONGEST_LINE:
        return False
    inner = [
        line
        for (_, line), (raw_after, after) in pairwise(zip(lines, stripped, strict=True))
        if line and after and not raw_after.startswith(_INDENTS)
    ]
    if len(inner) < 2:
        return False
    if len(inner) == 2:
        return all(len(line) > _SURELY_FULL and line[-1] not in _ENDS_SENTENCE for line in inner)
    full = sum(len(line) > _FULL and line[-1] not in _ENDS_SENTENCE for line in inner)
    return full > _FULL_LINES * len(inner)


def _draft(fields: dict[str, object], found: Found, charset: str, warnings: tuple[str, ...]) -> Draft:
    """The draft; what header lines state wins."""
    told: dict[str, object] = {
        "headline": found.headline,
        "description": found.standfirst,
        "byline": found.byline,
        "creators": named_by(str(fields["byline"])) if "byline" in fields else found.authors,
        "dateline": found.dateline,
        "pictures": tuple(Picture(caption=caption) for caption in found.captions),
        "content_created": found.published,
    }
    return Draft(
        format=TextParser.name,
        charset=charset,
        body_html=_html(found.body),
        warnings=warnings,
        **{**told, **fields},  # type: ignore[arg-type]
    )


def _html(body: Sequence[Block]) -> str:
    """The body as HTML; items that follow each other as one list."""
    out = []
    for is_item, blocks in groupby(body, _is_item):
        if is_item:
            items = (escaped(_ITEM.sub("", block.text, count=1)) for block in blocks)
            out.append(f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>")
        else:
            out += map(_block_html, blocks)
    return "".join(out)


def _is_item(block: Block) -> bool:
    return block.text[0] in _BULLETS and _ITEM.match(block.text) is not None


def _block_html(block: Block) -> str:
    if block.text[0] == ">" and (quoted := _QUOTED.fullmatch(block.text)):
        return f"<blockquote><p>{escaped(quoted[1])}</p></blockquote>"
    tag = "h2" if block.subhead else "p"
    return f"<{tag}>{escaped(block.text)}</{tag}>"
