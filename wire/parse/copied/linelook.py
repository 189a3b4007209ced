"""What a line of copied text shows by itself: its size, how it begins and ends, its words and marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import repeat
from operator import ne
from typing import Generic

from wire.parse.copied.cues import FUNCTION_WORDS, bits, groups_in, groups_of
from wire.parse.copied.linemarks import (
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
from wire.parse.copied.vocabulary import T, Vocabulary

_SEEN = 400  #: characters of a line whose words are read: enough to know its kind
_TINY = 25  #: size up to which a line is tiny

_WIDE = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLOSERS = "\"'”’»›)]」』“*"
_BROKEN_OFF = ("..", "…")  #: as links to other stories are, where they are too long for their box
_STOPS = ".!?。！？।؟۔։"
#: One class of characters first: `re` skips quickly to those.
_SENTENCE_INSIDE = re.compile(r"[.!?。！？](?:(?<=[。！？])|['\"”’»)]?\s+[\"'“‘«(„]?[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω0-9])")
_WORD = re.compile(r"\w+")
#: Marks beyond Latin-1 that most copy holds, none of them part of a word.
_TYPOGRAPHIC = "’“”‘–—…„‚‹−■●★€™\u200b\u2009\u202f\u2028\ufeff"
_SEPARATORS = "•›→▶►"  #: of such marks, those that stand between the parts of a menu
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
_NONE_TO_SEE = len(_CAPITAL_STEPS) + 1
_WIDE_WORDS, _NO_WORDS = len(_FUNCTION_STEPS) + 1, len(_FUNCTION_STEPS) + 2


class LookTerms(Generic[T]):
    """What is noted of the features that a line has by itself."""

    def __init__(self, words: Vocabulary[T]) -> None:
        self.begins = words.by_width("first", _BEGINNINGS)
        self.ends = words.by_width("ends", _ENDINGS)
        self.sizes = words.steps("size", len(_SIZE_STEPS) + 1)
        self.capitals = words.by_width("capitals", (*range(_NONE_TO_SEE), "none to see"))
        self.function = words.by_width("function", (*range(_WIDE_WORDS), "wide", "no words"))
        self.commas = words.by_width("commas", range(4))
        self.sentences = words.steps("sentences", 5)
        self.words = words.steps("words", len(_WORD_STEPS) + 1)
        self.digits, self.dated, self.clocked = map(words.marked, ("digits", "dated", "clock"))
        self.caption_mark, self.listed, self.upper = map(words.marked, ("caption mark", "listed", "upper"))
        self.colon_inside, self.says = words.marked("colon inside"), words.marked("says")
        self.question = words.marked("question")
        self.furniture = {name: words.marked(name) for name in ("address", "handle", "separators")}
        self.byline, self.end_mark, self.name_only = map(words.say, ("byline", "end mark", "name only"))
        self.groups = lru_cache(maxsize=4096)(partial(_groups_said, words.say))
        self.first_groups = lru_cache(maxsize=1024)(partial(_first_groups_said, words.say))


def _groups_said(say: Callable[[str], T], found: int, width: str) -> list[T]:
    """What is noted of the groups of words with a phrase in a line."""
    names = [f"{group}/{width}" for group in groups_in(found)]
    return list(map(say, [*names, f"many groups/{width}"] if len(names) > 2 else names))


def _first_groups_said(say: Callable[[str], T], first: int, width: str) -> list[T]:
    """The same of groups at its beginning."""
    return [say(f"{group} first/{width}") for group in groups_in(first)]


@dataclass(slots=True)
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
    capitals: int  #: how many words but the first begin with one
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
    look: tuple[str, int, int] = ("", 0, 0)  #: its width, how it begins and ends
    groups: int = 0  #: of `wire.parse.copied.cues` with a phrase in it


#: Lines, each with what is noted of its features.
_Seen = Sequence[tuple[Line, list[T]]]


def step(value: float, steps: Sequence[float]) -> int:
    """How many of the rising ``steps`` the value has reached."""
    return bisect_right(steps, value)


def look_at(texts: Sequence[str], terms: LookTerms[T]) -> tuple[list[Line], list[list[T]]]:
    """The lines of a document, and what is to be noted of the features that each has by itself.

    One question is asked of all lines before the next: what answers it stays in the processor's caches.
    """
    lines = _lines_of(texts)
    noted = _edges(lines, terms)
    seen = list(zip(lines, noted, strict=True))
    _see_groups(seen, terms)
    _see_shares(seen, terms)
    _see_sentences([one for one in seen if one[0].size > LONG], terms)
    short = [one for one in seen if one[0].size <= 2 * LONG]
    _see_kinds([one for one in short if one[0].size < LONG], terms)
    _see_signs([one for one in short if one[0].signs], terms)
    _see_marks(short, terms)
    for line in lines:
        line.kind = _kind(line)
    return lines, noted


def _lines_of(texts: Sequence[str]) -> list[Line]:
    """The lines with what can be counted of them."""
    lines = []
    for text, (words, capitals, signs, wide_ones) in zip(
        texts, _words_of(texts) if texts else (), strict=True
    ):
        size = len(text) + 2 * wide_ones
        ended, wide = stops(text), wide_ones > 0
        width = "t" if size <= _TINY else "s" if size <= LONG else "l"
        content = {word for word in words if len(word) > 3}
        if wide:
            content.update(_WIDE.findall(text[:200]))
        long = ended and size > LONG
        lines.append(Line(text, size, width, ended, long, wide, signs, words, content, capitals))
    return lines


def stops(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    bare = text.rstrip(_CLOSERS)
    return bare != "" and bare[-1] in _STOPS and not text.endswith(_BROKEN_OFF)


def _edges(lines: Sequence[Line], terms: LookTerms[T]) -> list[list[T]]:
    """How lines begin and end, and their sizes: the first that is noted of each."""
    begins, ends, sizes = terms.begins, terms.ends, terms.sizes
    noted = []
    for line in lines:
        width = line.width
        beginning, ending = _beginning(line.text), _ending(line.text, line.stops)
        line.look = width, beginning, ending
        size = sizes[bisect_right(_SIZE_STEPS, line.size)]
        noted.append([begins[width][beginning], ends[width][ending], size])
    return noted


def _see_groups(seen: _Seen[T], terms: LookTerms[T]) -> None:
    """The groups of words with a phrase in a line, and the marks of captions that such words make likely."""
    for line, noted in seen:
        line.groups, first = groups_of(line.text if line.wide else "", line.words)
        if line.groups:
            noted.extend(terms.groups(line.groups, line.width))
        if first:
            noted.extend(terms.first_groups(first, line.width))
    for line, _ in seen:
        line.caption = is_caption(line.text, line.size, line.words, line.groups)


def _see_shares(seen: _Seen[T], terms: LookTerms[T]) -> None:
    """How many of a line's words begin with capitals, how many hold sentences together, and its commas."""
    for line, noted in seen:
        noted.append(terms.capitals[line.width][_capitals(line.capitals, len(line.words))])
    for line, noted in seen:
        noted.append(terms.function[line.width][_WIDE_WORDS if line.wide else _function_words(line.words)])
    for line, noted in seen:
        text = line.text
        commas = text.count(",") + (text.count("，") + text.count("、") if line.wide else 0)
        noted.append(terms.commas[line.width][min(commas, 3)])


def _see_sentences(seen: _Seen[T], terms: LookTerms[T]) -> None:
    """How many sentences of a longer line end within it."""
    for line, noted in seen:
        noted.append(terms.sentences[min(len(_SENTENCE_INSIDE.findall(line.text)), 4)])


def _words_of(texts: Sequence[str]) -> list[_Words]:
    """The words of each line of a document."""
    text = "\n".join(texts)
    if not text.isascii():
        for mark in _TYPOGRAPHIC:
            text = text.replace(mark, " ")
        for mark in _SEPARATORS:
            text = text.replace(mark, "|")
    data = text.encode("latin-1", "replace")
    seen = _latin_words(data)
    if data.count(b"?") == text.count("?"):
        return seen
    wide = _WIDE.search(text) is not None
    return [
        words if text.isascii() or not _FOREIGN_LETTER.search(text) else _words(text, wide=wide)
        for text, words in zip(texts, seen, strict=True)
    ]


def _words(text: str, *, wide: bool) -> _Words:
    """The words of a line of any letters; ``wide`` unless none of its document is of such a script."""
    cased = _WORD.findall(text[:_SEEN])
    words = " ".join(cased).lower().split()
    capitals = sum(map(ne, cased, words)) - (cased[:1] != words[:1])
    return words, capitals, "".join(_SIGNS.findall(text)), len(_WIDE.findall(text)) if wide else 0


def _latin_words(data: bytes) -> list[_Words]:
    """The words of lines in Latin-1: split at what belongs to no word, in a third of the time of a search."""
    words = [line[:_SEEN].split() for line in data.translate(_WORDS_ONLY).decode("latin-1").split("\n")]
    capitals = [line[:_SEEN].lstrip().count(b" A") for line in data.translate(_SHAPES).split(b"\n")]
    signs = data.translate(None, _NO_SIGNS).decode("latin-1").split("\n")
    return list(zip(words, capitals, signs, repeat(0, len(words)), strict=True))


def _see_signs(seen: _Seen[T], terms: LookTerms[T]) -> None:
    """Numbers, dates and clocks, and the marks that pages are made with."""
    for line, noted in seen:
        if has_digit(line.signs):
            noted.append(terms.digits[line.width])
            if is_dated(line.text, line.words):
                line.dated = True
                noted.append(terms.dated[line.width])
            if has_clock(line.text):
                noted.append(terms.clocked[line.width])
        if mark := furniture_mark(line.text, line.signs):
            noted.append(terms.furniture[mark][line.width])


def _see_marks(seen: _Seen[T], terms: LookTerms[T]) -> None:
    """Other marks that only short lines are searched for."""
    for line, noted in seen:
        text, width = line.text, line.width
        noted.append(terms.words[bisect_right(_WORD_STEPS, len(line.words))])
        if line.caption:
            noted.append(terms.caption_mark[width])
        if is_listed(text):
            noted.append(terms.listed[width])
        if text.isupper():
            noted.append(terms.upper[width])
        if ":" in text[:-1] or "：" in text[:-1]:
            line.labelled = True
            noted.append(terms.colon_inside[width])
        if "?" in text:
            noted.append(terms.question[width])
        if line.groups & _SPEECH and says(text):
            noted.append(terms.says[width])


def _see_kinds(seen: _Seen[T], terms: LookTerms[T]) -> None:
    """Bylines, marks of the end, names."""
    for line, noted in seen:
        if not line.stops and is_byline(line.text):
            line.byline = True
            noted.append(terms.byline)
    for line, noted in seen:
        lower = line.text.lower()
        if ends_story(line.text, lower):
            line.ends_story = True
            line.says_more = says_more(lower)
            noted.append(terms.end_mark)
    for line, noted in seen:
        if line.text[0].isupper() and is_name(line.text):
            noted.append(terms.name_only)


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
