"""What a line of copied text shows by itself: its size, how it begins and ends, its words and marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat

from wire.parse.cues import FUNCTION_WORDS, bits, groups_in, groups_of
from wire.parse.linemarks import (
    LONG,
    ends_story,
    furniture_mark,
    has_clock,
    has_digit,
    is_byline,
    is_caption,
    is_credit,
    is_dated,
    is_listed,
    is_name,
    says,
    says_more,
)

_SEEN = 400  #: characters of a line whose words are read: enough to know its kind
_TINY = 25  #: size up to which a line is tiny

_WIDE = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLOSERS = "\"'”’»›)]」』“*"
_BROKEN_OFF = ("..", "…")  #: as links to other stories are, where they are too long for their box
_STOPS = ".!?。！？।؟۔։"
#: One class of characters first: `re` skips quickly to those.
_SENTENCE_INSIDE = re.compile(r"[.!?。！？](?:(?<=[。！？])|['\"”’»)]?\s+[\"'“‘«(„]?[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω0-9])")
_WORD = re.compile(r"\w+")
_SEPARATORS = "•›→▶►"  #: of marks beyond Latin-1, those that stand between the parts of a menu
_LATIN = "".join(map(chr, range(256)))
#: Of Latin-1, the letters, digits and underscores in lower case, and blanks for all else but line ends.
_WORDS_ONLY = re.sub(r"[^\w\n]", " ", _LATIN).lower().encode("latin-1")
#: The same with one letter for all capitals.
_SHAPES = re.sub(r"[^\w\n]", " ", "".join("A" if one.isupper() else one for one in _LATIN)).encode("latin-1")
_FOREIGN_LETTER = re.compile(r"[^\W\x00-\xff]")
#: Digits, and the marks that pages are made with; and all of Latin-1 but those and line ends.
_SIGNS = re.compile(rf"[\d@#|·»>/{_SEPARATORS}]")
_NO_SIGNS = "".join(one for one in _LATIN if one != "\n" and not _SIGNS.match(one)).encode("latin-1")
_CUES = bits("share", "more", "navigation", "membership", "comments", "advert")
_SPEECH = bits("speech")
#: First words of a text in lower case; how many behind the first begin with a capital; its signs; how many
#: of its characters are wide.
_Words = tuple[list[str], int, str, int]

#: Names by a line's width and a value. They are made once: making them for each line took a third of reading.
Names = Mapping[str, Sequence[str]]


def by_width(name: str, values: Iterable[object]) -> Names:
    """The names of a feature for its values in order, by width: ``told:4/t``."""
    told = [str(value) for value in values]
    return {width: [f"{name}:{value}/{width}" for value in told] for width in "tsl"}


def keyed(name: str, values: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """The same for values that are words: ``next:cue/s``, by width and word."""
    return {width: dict(zip(values, names, strict=True)) for width, names in by_width(name, values).items()}


def marked(name: str) -> Mapping[str, str]:
    """The name of something that holds or does not, by width: ``digits/t``."""
    return {width: f"{name}/{width}" for width in "tsl"}


#: What a line is in one word, as its neighbours see it.
KINDS = (
    *("credit", "caption", "end mark", "byline", "long", "dated", "cue", "sentence"),
    *("tiny", "short", "unended"),
)
_BEGINNINGS = ("upper", "lower", "digit", "letter", "quote", "mark")
_ENDINGS = ("stop", "stop quoted", "dots", "colon", "comma", "digit", "letter", "quote", "other")
_SIZE_STEPS = (8, 15, 25, 35, 50, 65, 80, 110, 150, 220, 320, 500)  #: sizes at which the next step begins
_CAPITAL_STEPS = (0.01, 0.2, 0.4, 0.6, 0.8, 1.0)
_FUNCTION_STEPS = (0.01, 0.12, 0.22, 0.32, 0.42, 0.55)
_WORD_STEPS = (1, 2, 3, 4, 5, 7, 9, 12, 16)
_BEGINS, _ENDS = by_width("first", _BEGINNINGS), by_width("ends", _ENDINGS)
_SIZES = [f"size:{step}" for step in range(len(_SIZE_STEPS) + 1)]
_NONE_TO_SEE = len(_CAPITAL_STEPS) + 1
_CAPITALS = by_width("capitals", (*range(_NONE_TO_SEE), "none to see"))
_WIDE_WORDS, _NO_WORDS = len(_FUNCTION_STEPS) + 1, len(_FUNCTION_STEPS) + 2
_FUNCTION = by_width("function", (*range(_WIDE_WORDS), "wide", "no words"))
_COMMAS = by_width("commas", range(4))
_SENTENCES = [f"sentences:{count}" for count in range(5)]
_WORDS = [f"words:{step}" for step in range(len(_WORD_STEPS) + 1)]
_DIGITS, _DATED, _CLOCKED, _CAPTION_MARK, _LISTED, _UPPER, _COLON_INSIDE, _SAYS, _QUESTION = map(
    marked,
    ("digits", "dated", "clock", "caption mark", "listed", "upper", "colon inside", "says", "question"),
)
_FURNITURE = {name: marked(name) for name in ("address", "handle", "separators")}


@dataclass(slots=True, kw_only=True)
class Line:
    """One stripped, non-empty line and what it says by itself."""

    text: str
    size: int  #: characters; those of scripts with dense or unspaced writing count three times
    width: str  #: "t" tiny, "s" short, "l" long
    stops: bool  #: ends as a sentence does
    long: bool  #: is a paragraph on its own account
    wide: bool  #: holds characters of dense scripts, or of those without blanks between words
    signs: str  #: its digits, and the marks that pages are made with
    words: list[str]  #: the first ones, in lower case
    content: set[str]  #: its words of four letters and more; of dense scripts single characters
    caption: bool = False  #: bears an unmistakable mark of a picture's caption or credit
    byline: bool = False
    dated: bool = False
    ends_story: bool = False  #: a heading or sign of what comes after a story
    says_more: bool = False  #: one of links, which may stand in it as well
    labelled: bool = False  #: a colon stands in it: a name and what belongs to it
    crowd: int = 0  #: short lines that stand together with it
    again: bool = False  #: stands more than once in the document
    told: int = 0  #: step of the share of its words that other long lines hold
    kind: str = ""  #: one of `KINDS`
    look: tuple[str, str] = ("", "")  #: how it begins and ends
    groups: int = 0  #: of `wire.parse.cues` with a phrase in it
    names: list[str] = field(default_factory=list)  #: of its features


def step(value: float, steps: Sequence[float]) -> int:
    """How many of the rising ``steps`` the value has reached."""
    return bisect_right(steps, value)


def look_at(texts: Sequence[str]) -> list[Line]:
    """The lines of a document, each with the features it has by itself.

    One question is asked of all lines before the next: what answers it stays in the processor's caches.
    """
    lines, capitals = _lines_of(texts)
    _see_edges(lines)
    _see_groups(lines)
    _see_shares(lines, capitals)
    _see_sentences([line for line in lines if line.size > LONG])
    short = [line for line in lines if line.size <= 2 * LONG]
    _see_kinds([line for line in short if line.size < LONG])
    _see_signs([line for line in short if line.signs])
    _see_marks(short)
    for line in lines:
        line.kind = _kind(line)
    return lines


def _lines_of(texts: Sequence[str]) -> tuple[list[Line], list[int]]:
    """The lines with what can be counted of them; how many of their words but the first have a capital."""
    seen = _words_of(texts) if texts else []
    lines = []
    for text, (words, _, signs, wide) in zip(texts, seen, strict=True):
        size = len(text) + 2 * wide
        ended = stops(text)
        content = {word for word in words if len(word) > 3}
        if wide:
            content.update(_WIDE.findall(text[:200]))
        lines.append(
            Line(
                text=text,
                size=size,
                width="t" if size <= _TINY else "s" if size <= LONG else "l",
                stops=ended,
                long=ended and size > LONG,
                wide=wide > 0,
                signs=signs,
                words=words,
                content=content,
            )
        )
    return lines, [capitals for _, capitals, *_ in seen]


def stops(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    bare = text.rstrip(_CLOSERS)
    return bare != "" and bare[-1] in _STOPS and not text.endswith(_BROKEN_OFF)


def _see_edges(lines: Sequence[Line]) -> None:
    """How lines begin and end, and their sizes."""
    for line in lines:
        width = line.width
        line.look = look = _BEGINS[width][_beginning(line.text)], _ENDS[width][_ending(line.text, line.stops)]
        line.names += (*look, _SIZES[bisect_right(_SIZE_STEPS, line.size)])


def _see_groups(lines: Sequence[Line]) -> None:
    """The groups of words with a phrase in a line, and the marks of captions that such words make likely."""
    for line in lines:
        line.groups, first = groups_of(line.text if line.wide else "", line.words)
        line.names += _group_names(line.groups, line.width)
        if first:
            line.names += _first_names(first, line.width)
    for line in lines:
        line.caption = is_caption(line.text, line.size, line.words, line.groups)


def _see_shares(lines: Sequence[Line], capitals: Iterable[int]) -> None:
    """How many of a line's words begin with capitals, how many hold sentences together, and its commas."""
    for line, count in zip(lines, capitals, strict=True):
        line.names.append(_CAPITALS[line.width][_capitals(count, len(line.words))])
    for line in lines:
        line.names.append(_FUNCTION[line.width][_WIDE_WORDS if line.wide else _function_words(line.words)])
    for line in lines:
        text = line.text
        commas = text.count(",") + (text.count("，") + text.count("、") if line.wide else 0)
        line.names.append(_COMMAS[line.width][min(commas, 3)])


def _see_sentences(lines: Iterable[Line]) -> None:
    """How many sentences of a longer line end within it."""
    for line in lines:
        line.names.append(_SENTENCES[min(len(_SENTENCE_INSIDE.findall(line.text)), 4)])


@lru_cache(maxsize=4096)
def _group_names(found: int, width: str) -> list[str]:
    """The names of the features that groups make of a line."""
    names = [f"{group}/{width}" for group in groups_in(found)]
    return [*names, f"many groups/{width}"] if len(names) > 2 else names


@lru_cache(maxsize=1024)
def _first_names(first: int, width: str) -> list[str]:
    """The same of groups at its beginning."""
    return [f"{group} first/{width}" for group in groups_in(first)]


def _words_of(texts: Sequence[str]) -> list[_Words]:
    """The words of each line of a document."""
    seen = _latin_words(texts)
    return [
        words if text.isascii() or not _FOREIGN_LETTER.search(text) else _words(text)
        for text, words in zip(texts, seen, strict=True)
    ]


def _words(text: str) -> _Words:
    """The words of a line of any letters."""
    cased = _WORD.findall(text[:_SEEN])
    words = " ".join(cased).lower().split()
    capitals = sum([word[0].isupper() for word in cased[1:]])
    return words, capitals, "".join(_SIGNS.findall(text)), len(_WIDE.findall(text))


def _latin_words(texts: Sequence[str]) -> list[_Words]:
    """The words of lines, other letters than those of Latin-1 left out: split at what belongs to no word, in
    a third of the time of a search.
    """
    text = "\n".join(texts)
    if not text.isascii():
        for mark in _SEPARATORS:
            text = text.replace(mark, "|")
    data = text.encode("latin-1", "replace")
    words = [line[:_SEEN].split() for line in data.translate(_WORDS_ONLY).decode("latin-1").split("\n")]
    capitals = [line[:_SEEN].lstrip().count(b" A") for line in data.translate(_SHAPES).split(b"\n")]
    signs = data.translate(None, _NO_SIGNS).decode("latin-1").split("\n")
    return list(zip(words, capitals, signs, repeat(0, len(texts)), strict=True))


def _see_signs(lines: Sequence[Line]) -> None:
    """Numbers, dates and clocks, and the marks that pages are made with."""
    for line in lines:
        if has_digit(line.signs):
            line.names.append(_DIGITS[line.width])
            if is_dated(line.text, line.words):
                line.dated = True
                line.names.append(_DATED[line.width])
            if has_clock(line.text):
                line.names.append(_CLOCKED[line.width])
        if mark := furniture_mark(line.text, line.signs):
            line.names.append(_FURNITURE[mark][line.width])


def _see_marks(lines: Iterable[Line]) -> None:
    """Other marks that only short lines are searched for."""
    for line in lines:
        text, width, names = line.text, line.width, line.names
        names.append(_WORDS[bisect_right(_WORD_STEPS, len(line.words))])
        if line.caption:
            names.append(_CAPTION_MARK[width])
        if is_listed(text):
            names.append(_LISTED[width])
        if text.isupper():
            names.append(_UPPER[width])
        if ":" in text[:-1] or "：" in text[:-1]:
            line.labelled = True
            names.append(_COLON_INSIDE[width])
        if "?" in text:
            names.append(_QUESTION[width])
        if line.groups & _SPEECH and says(text):
            names.append(_SAYS[width])


def _see_kinds(lines: Sequence[Line]) -> None:
    """Bylines, marks of the end, names."""
    for line in lines:
        if not line.stops and is_byline(line.text):
            line.byline = True
            line.names.append("byline")
    for line in lines:
        lower = line.text.lower()
        if ends_story(line.text, lower):
            line.ends_story = True
            line.says_more = says_more(lower)
            line.names.append("end mark")
    for line in lines:
        if line.text[0].isupper() and is_name(line.text):
            line.names.append("name only")


def _ending(text: str, stops: bool) -> int:
    """Which of the `_ENDINGS` a text has."""
    last = text[-1]
    if stops:
        return 1 if last in _CLOSERS else 0
    if text.endswith(_BROKEN_OFF):
        return 2
    if last in ":：":
        return 3
    if last in ",;，、":
        return 4
    if last.isdigit():
        return 5
    if last.isalpha():
        return 6
    return 7 if last in _CLOSERS else 8


def _beginning(text: str) -> int:
    """Which of the `_BEGINNINGS` a text has."""
    first = text[0]
    if first.isupper():
        return 0
    if first.islower():
        return 1
    if first.isdigit():
        return 2
    if first.isalpha():
        return 3
    return 4 if first in "\"“„«‘'「" else 5


def _capitals(count: int, words: int) -> int:
    """Step of the share of the words but the first that begin with a capital."""
    return bisect_right(_CAPITAL_STEPS, count / (words - 1)) if words > 1 else _NONE_TO_SEE


def _function_words(words: Sequence[str]) -> int:
    """Step of the share of the words that only hold sentences together."""
    if not words:
        return _NO_WORDS
    return bisect_right(_FUNCTION_STEPS, sum(map(FUNCTION_WORDS.__contains__, words)) / len(words))


def _kind(line: Line) -> str:
    if line.caption:
        return "credit" if line.size <= LONG and is_credit(line.text) else "caption"
    if line.ends_story:
        return "end mark"
    if line.byline:
        return "byline"
    if line.long:
        return "long"
    if line.dated and line.size <= LONG:
        return "dated"
    if line.size <= LONG and line.groups & _CUES:
        return "cue"
    if line.stops:
        return "sentence"
    return "tiny" if line.size <= _TINY else "short" if line.size <= LONG else "unended"
