"""The lines of raw copy: what each looks like, how much it looks like story, which ones the story is.

Three layers of pure functions: features of a line (`look`), its score (`score`), and the choice among
all lines (`story_lines`). Time is linear in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wire.parse.wordlists import END_OF_STORY, FURNITURE, FURNITURE_ALONE, is_caption

WORST = -1.0  #: of a single line: stories are interrupted by furniture
LONG = 80  #: size from which a line that ends a sentence is a paragraph on its own account

_WIDE = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLOSERS = "\"'”’»›)]」』“"
_STOPS = ".!?…。！？।؟۔։።"
_SENTENCE_INSIDE = re.compile(r"[.!?]['\"”’»)]?\s+[\"'“‘«(]?[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω0-9]|[。！？]")
_DATE_OR_CLOCK = re.compile(
    r"\b(?:19|20)\d{2}\b|\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|"
    r"\bago\b|\b[Vv]or \d|\b[Hh]ace \d|\b[Ii]l y a \d"
)
_SEPARATORS = re.compile(r"\s[|•·›»>/]\s|https?://|www\.|@\w")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One stripped, non-empty line and what it looks like."""

    text: str
    size: int  #: characters; those of scripts with dense or unspaced writing count three times
    stops: bool  #: ends as a sentence does
    sentences: int  #: ends of sentences inside the line
    commas: int
    dated: bool  #: holds a date, a year or a clock time
    separated: bool  #: holds bars, bullets or addresses
    furniture: bool  #: holds words of a page's furniture
    caption: bool  #: holds an unmistakable mark of a picture's caption or credit
    ends_story: bool  #: a heading of what comes after a story
    repeated: bool  #: stands more than once in the document


def look(texts: Sequence[str]) -> list[Line]:
    """The features of every line of a document, in order."""
    times = Counter(texts)
    return [_line(text, repeated=times[text] > 1) for text in texts]


def _line(text: str, *, repeated: bool) -> Line:
    size = len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))
    short = size <= 2 * LONG
    words = _WORD.findall(text.lower())
    bare = text.rstrip(_CLOSERS)
    return Line(
        text=text,
        size=size,
        stops=bare != "" and bare[-1] in _STOPS,
        sentences=0 if short else len(_SENTENCE_INSIDE.findall(text)),
        commas=text.count(",") + text.count("，") + text.count("、"),
        dated=short and _DATE_OR_CLOCK.search(text) is not None,
        separated=short and _SEPARATORS.search(text) is not None,
        furniture=_is_alone(words) or FURNITURE.in_line(words),
        caption=is_caption(text, words),
        ends_story=size < LONG and END_OF_STORY.match(text) is not None,
        repeated=repeated,
    )


def _is_alone(words: Sequence[str]) -> bool:
    """Whether nothing but a word of furniture stands in the line, a count aside."""
    return len(words) < 4 and " ".join(word for word in words if not word.isdigit()) in FURNITURE_ALONE


def score(line: Line) -> float:
    """How much the line looks like a paragraph of a story: above 0 it does."""
    if line.ends_story:
        return -2.0
    value = _by_shape(line)
    value += 0.15 * min(line.sentences, 4) + 0.08 * min(line.commas, 4)
    if line.furniture:
        value -= 1.6 if line.size < 2 * LONG else 0.9
    if line.separated:
        value -= 0.6
    if line.repeated:
        value -= 0.8
    if line.dated and not line.stops:
        value -= 0.5
    if line.caption:
        value -= 0.8
    return max(value, WORST)


def _by_shape(line: Line) -> float:
    if line.stops or (line.text.endswith(":") and line.size >= LONG // 2):
        return min(line.size / 90, 2.2) - 0.35
    return min(line.size / 160, 1.2) - 0.75


def story_lines(scores: Sequence[float]) -> range:
    """The run of lines with the highest sum of scores: where the story is."""
    best_sum = running = 0.0
    start = best_start = best_end = 0
    for n, value in enumerate(scores):
        if running <= 0:
            running, start = 0.0, n
        running += value
        if running > best_sum:
            best_sum, best_start, best_end = running, start, n + 1
    return range(best_start, best_end)


def is_subhead(lines: Sequence[Line], n: int) -> bool:
    """Whether a line in the story is a subhead: short, unended, no lower case first, copy after it."""
    line = lines[n]
    if line.size > 110 or line.stops or line.text[-1] in ",;:" or not _WORD.search(line.text):
        return False
    if line.furniture or line.caption or line.separated or line.text[0].islower():
        return False
    return n + 1 < len(lines) and lines[n + 1].size >= LONG // 2 and not lines[n + 1].caption


def words_of(text: str) -> set[str]:
    """The words of four letters and more, in lower case; dense scripts by single characters."""
    return {word for word in _WORD.findall(text.lower()) if len(word) > 3} | set(_WIDE.findall(text))
