"""Plain text as people drop it: copied from a page, a mail or a document.

Header lines first (`headers`), then the story is found among the lines (`lines`): the headline, the
captions, byline and dateline around it, subheads and paragraphs. Furniture is left out, and how many
lines that were is said in a warning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape
from itertools import pairwise
from unicodedata import category

from wire.errors import EmptyFile, NotAStory
from wire.parse.base import head_of
from wire.parse.charset import Decoded, decode
from wire.parse.dates import first_date
from wire.parse.headers import take_headers
from wire.parse.lines import LONG, Line, is_subhead, look, score, story_lines, words_of
from wire.story import Draft, Picture, RawFile
from wire.xmltools import clean_text_counted

_MOST_CHARACTERS = 800_000
_MOST_LINES = 10_000  #: reading one costs as much as printing it
_PROBE = 10_000  #: characters
_FEW = 0.02  #: of a text's characters may be illegal or undefined when its charset was guessed
#: Characters that take no room: a text of nothing else is blank.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))
_NEAR = 60  #: lines before the story in which its headline is looked for
_BYLINE = re.compile(r"(?:[Bb]y|BY|[Vv]on|[Pp]or|[Pp]ar|[Dd]i|[Dd]oor|[Aa]v|[Aa]f):?\s+[A-ZÀ-ÖØ-ÞА-Я]")
_UPPER = "A-ZÀ-ÖØ-ÞА-Я"
#: "KYIV, Ukraine (AP) —", "BERLIN (dpa) -", "Paris (AFP) –"; without an agency only in capitals.
_DATELINE = re.compile(
    rf"((?:[{_UPPER}][{_UPPER}.'’ -]{{2,30}}|[{_UPPER}][\w.'’-]+(?: [{_UPPER}][\w.'’-]+){{0,2}})"
    r"(?:, [^()\d]{2,25}?)?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})? ?\([^()\d]{2,30}\)) ?(?:[-–—_]|--) ?(?=\S)|"
    rf"([{_UPPER}][{_UPPER}.'’ -]{{2,30}}(?:, [^()\d]{{2,25}}?)?) (?:[–—]|--) (?=\S)"
)
_WORD = re.compile(r"[^\W_]")
_MARKS = re.compile(r"^(?:[-–—*•·]\s+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph or subhead of the story."""

    text: str
    subhead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read out of the lines of raw copy."""

    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    captions: tuple[str, ...] = ()
    body: tuple[Block, ...] = ()
    date: date | None = None
    left_out: int = 0  #: lines taken for furniture


class TextParser:
    """Reads anything that is text; other parsers are surer of what they know."""

    name = "text"

    def evidence(self, raw: RawFile) -> int:
        """Little for everything, more for a name that says text."""
        if raw.name.lower().endswith((".txt", ".text", ".md")):
            return 5 if head_of(raw).startswith(b"<") else 40
        return 4

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft. Raises EmptyFile, or NotAStory when there are no words in it or only binary data."""
        decoded = decode(raw.data, raw.source.charset)
        text, warnings = _believed(decoded)
        lines, cut = _bounded(text)
        fields, lines, header_warnings = take_headers(lines)
        warnings += cut
        found = find_story(unwrapped(lines), headline_known="headline" in fields)
        if not (fields or _WORD.search(text)):
            raise NotAStory("there are no words in this text")
        if found.left_out:
            warnings.append(f"{found.left_out} lines left out as page furniture")
        if found.date and "content_created" not in fields:
            warnings.append(f"content date guessed from the text: {found.date.isoformat()}")
        return [_draft(fields, found, decoded.charset, (*warnings, *header_warnings))]


def _believed(decoded: Decoded) -> tuple[str, list[str]]:
    """The clean text, and warnings.

    Raises EmptyFile for blanks; NotAStory for what a guess made text that holds what no text does.
    """
    text, replaced = clean_text_counted(decoded.text.lstrip("\ufeff"))
    if not text.translate(_UNSEEN).strip():
        raise EmptyFile("the file holds nothing but blanks")
    if decoded.guessed and replaced + _undefined(text) > _FEW * len(text):
        raise NotAStory(
            "this is binary data, or text in a charset that could not be told; "
            "if it is text, save it as UTF-8 or set the source's charset"
        )
    told = f"{replaced} characters that no text may hold replaced or removed"
    return text, [*decoded.warnings, told] if replaced else list(decoded.warnings)


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


def read_copy(text: str) -> Found:
    """What is found in raw copy without header lines."""
    return find_story(unwrapped(text.split("\n")))


def find_story(texts: Sequence[str], *, headline_known: bool = False) -> Found:
    """The story among stripped, non-empty lines."""
    lines = look(texts)
    if not lines:
        return Found()
    run = story_lines([score(line) for line in lines])
    if bare := not run or _is_bare_copy(lines):
        run = range(0 if headline_known else _bare_headline(lines), len(lines))
        headline = None if run.start == 0 else 0
    else:
        headline = None if headline_known else _headline(lines, run)
        if headline is not None and headline in run:
            run = range(headline + 1, run.stop)
    return _assembled(lines, run, headline, bare=bare)


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Stripped, non-empty lines; paragraphs that were broken at a fixed width are joined again."""
    stripped = [" ".join(line.split()) for line in lines]
    if not _is_hard_wrapped(stripped):
        return [line for line in stripped if line]
    paragraphs: list[list[str]] = [[]]
    for raw_line, line in zip(lines, stripped, strict=True):
        if not line or raw_line.startswith(("   ", "\t")):
            paragraphs.append([])
        if line:
            paragraphs[-1].append(line)
    return [" ".join(paragraph) for paragraph in paragraphs if paragraph]


def _is_hard_wrapped(lines: Sequence[str]) -> bool:
    """No line over 100, and most lines that a line follows go to the width without ending a sentence."""
    inner = [line for line, after in pairwise(lines) if line and after]
    if len(inner) < 3 or max(map(len, lines)) > 100:
        return False
    return sum(len(line) > 45 and line[-1] not in '.!?:"”' for line in inner) > 0.6 * len(inner)


def _is_bare_copy(lines: Sequence[Line]) -> bool:
    """Whether somebody sent the story and nothing else: no furniture, few short lines."""
    if any(line.furniture or line.repeated or line.ends_story or line.separated for line in lines):
        return False
    short = sum(not line.stops and line.size < LONG for line in lines)
    return short <= max(2, 0.25 * len(lines))


def _bare_headline(lines: Sequence[Line]) -> int:
    """1 when the first line is a headline with a story under it, else 0."""
    first = lines[0]
    return 1 if len(lines) > 1 and not first.stops and first.size <= 2 * LONG and not _is_byline(first) else 0


def _headline(lines: Sequence[Line], run: range) -> int | None:
    """The line that shares most words with the story and stands near its beginning."""
    told: dict[str, int] = {}
    for n in run:
        if lines[n].size >= LONG // 2 and n > run.start:
            for word in words_of(lines[n].text):
                told[word] = told.get(word, 0) + 1
    candidates = range(max(0, run.start - _NEAR), min(run.start + 4, run.stop))
    scored = [(_headline_score(lines, n, run, told), -n) for n in candidates if _may_be_headline(lines[n])]
    best = max(scored, default=(0.0, 0))
    return -best[1] if best[0] > 0.6 else None


def _may_be_headline(line: Line) -> bool:
    return 14 <= line.size <= 220 and not (line.caption or line.ends_story or _is_byline(line))


def _headline_score(lines: Sequence[Line], n: int, run: range, told: dict[str, int]) -> float:
    line = lines[n]
    words = words_of(line.text)
    shared = sum(word in told for word in words) / (len(words) or 1)
    often = sum(min(told.get(word, 0), 5) for word in words) / (len(words) or 1)
    value = 2.2 * shared + 0.25 * often + 0.1 * min(len(words), 8)
    value -= 0.04 * abs(run.start - n) + (0.5 if n >= run.start else 0.0)
    value -= (
        (2.5 if line.size >= LONG else 0.9) * line.stops
        + 1.0 * line.furniture
        + 0.5 * line.separated
        + 0.8 * line.dated
    )
    value -= 0.8 * (line.size > 130)
    value += 0.5 * any(_is_byline(near) or near.dated for near in lines[n + 1 : n + 4])
    return value


def _is_byline(line: Line) -> bool:
    return line.size < LONG and not line.stops and _BYLINE.match(line.text) is not None


def _assembled(lines: Sequence[Line], run: range, headline: int | None, *, bare: bool) -> Found:
    """Every line of the story in its place: caption, byline, subhead or paragraph."""
    top = run.start if headline is None else min(headline + 1, run.start)
    before = [lines[n] for n in range(max(0, top - 4), run.start) if n != headline]
    within = [lines[n] for n in run if lines[n].caption]
    captions = [line.text for line in before if line.caption]
    bylines = [line.text for line in before if _is_byline(line)]
    body: list[Block] = []
    for n in run:
        if _is_caption_in_story(lines[n]):
            captions.append(lines[n].text)
        elif not body and _is_byline(lines[n]):
            bylines.append(lines[n].text)
        elif block := _block(lines, n, bare=bare, opens=not body):
            body.append(block)
    kept = len(before) + len(body) + len(within) + (headline is not None)
    return Found(
        headline=None if headline is None else lines[headline].text,
        byline=next(iter(bylines), None),
        dateline=_dateline(body),
        captions=tuple(captions),
        body=tuple(body),
        date=_date_of([*before[-6:], *within], body),
        left_out=max(0, len(lines) - kept),
    )


def _is_caption_in_story(line: Line) -> bool:
    return line.caption and not line.text.startswith(("“", '"'))


def _block(lines: Sequence[Line], n: int, *, bare: bool, opens: bool) -> Block | None:
    """The line as subhead or paragraph; None for what is set between the paragraphs of copied pages."""
    if is_subhead(lines, n) and not (bare and opens):
        return Block(text=lines[n].text, subhead=not opens)
    return Block(text=lines[n].text) if bare or _is_story(lines[n]) else None


def _dateline(body: Sequence[Block]) -> str | None:
    place = _DATELINE.match(body[0].text) if body else None
    return (place[1] or place[2]) if place else None


def _is_story(line: Line) -> bool:
    """Whether a line in the run is copy and not something set between its paragraphs."""
    if line.stops or line.size >= 2 * LONG:
        return not (line.furniture and line.size < LONG)
    if line.furniture or line.repeated or line.separated or line.ends_story:
        return False
    return line.size >= LONG // 2 or line.text.endswith(":") or _MARKS.match(line.text) is not None


def _date_of(around: Sequence[Line], body: Sequence[Block]) -> date | None:
    """The date printed around the story, else in its captions, else the first in its copy."""
    for text in (*(line.text for line in around), *(block.text for block in body)):
        if found := first_date(text):
            return found
    return None


def _draft(fields: dict[str, object], found: Found, charset: str, warnings: tuple[str, ...]) -> Draft:
    """The draft; what header lines state wins."""
    told: dict[str, object] = {
        "headline": found.headline,
        "byline": found.byline,
        "dateline": found.dateline,
        "pictures": tuple(Picture(caption=caption) for caption in found.captions),
        "content_created": datetime.combine(found.date, time()) if found.date else None,
    }
    return Draft(
        format=TextParser.name,
        charset=charset,
        body_html=_html(found.body),
        warnings=warnings,
        **{**told, **fields},  # type: ignore[arg-type]
    )


def _html(body: Sequence[Block]) -> str:
    return "".join(
        f"<h2>{text}</h2>" if block.subhead else f"<p>{text}</p>"
        for block in body
        if (text := escape(block.text, quote=False))
    )
