"""Which line is the headline, among those that the line model thinks may be it.

The line model looks at lines one by one and at their order. What it does not see is how candidates stand to
each other and to the story it has found: the standfirst below the headline shares more words with the story
than the headline does, a trail at the top is repeated further down. `candidates` says that of each of them
in words and numbers, mostly 0 or 1; a short table of weights makes the choice. The weights are fitted by
``tools/fit_lines.py`` and stand at the end of ``line_weights.txt``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import accumulate, chain
from math import log, log1p
from typing import NamedTuple

from wire.parse.copied.cues import bits
from wire.parse.copied.linelook import Line
from wire.parse.copied.linemarks import LONG
from wire.parse.copied.linemodel import Reading

_LEAST = 0.004  #: probability of a headline from which a line is a candidate
_SIZES = (10, 260)
_ABOVE, _BELOW = 60, 3  #: lines above the story's first and from there on among which candidates stand
_SURE, _PARAGRAPH = 0.5, 60  #: probability and size of a line that is taken for story here
_OPENING = 5  #: paragraphs that a headline sums up
_FOLLOWS = 4  #: lines below it among which byline and date stand
_AS_GOOD = 0.3  #: of its probability: what another has when it is as good a candidate
#: Up to these sizes a line is of the next kind; beyond the last one, too.
_SIZE_STEPS = (25, 40, LONG, 110, 150)
_SIGNS_OF_SIZE = (
    *(("tiny",), ("short",), (), ("over 80",)),
    *(("over 80", "over 110"), ("over 80", "over 110", "over 150")),
)
_SEPARATORS = ("|", "»", " > ", "›")
_POSES = bits("pose", "photo", "agency")


class Candidate(NamedTuple):
    """A line that may be the headline, and what speaks for or against it."""

    line: int
    seen: dict[str, float]


def best_headline(
    lines: Sequence[Line], readings: Sequence[Reading], weights: Mapping[str, float]
) -> int | None:
    """The number of the line that is the headline; None where none can be."""
    story = _sure_story(lines, readings)
    possible = _possible(lines, readings, story)
    if len(possible) < 2:
        return possible[0] if possible else None
    worth = {
        n: sum([weights.get(name, 0.0) * value for name, value in seen.items()])
        for n, seen in _compared(lines, readings, possible, story)
    }
    return max(worth, key=lambda n: (worth[n], -n))


def candidates(lines: Sequence[Line], readings: Sequence[Reading]) -> list[Candidate]:
    """All lines near the beginning of the story that may be its headline, from the top."""
    story = _sure_story(lines, readings)
    return _compared(lines, readings, _possible(lines, readings, story), story)


def _possible(lines: Sequence[Line], readings: Sequence[Reading], story: Sequence[int]) -> list[int]:
    first = story[0] if story else 0
    near = range(max(0, first - _ABOVE), min(first + _BELOW, len(lines)))
    return [n for n in near if readings[n].headline > _LEAST and _may_be_headline(lines[n])]


def _compared(
    lines: Sequence[Line], readings: Sequence[Reading], possible: Sequence[int], story: Sequence[int]
) -> list[Candidate]:
    """Some lines with what speaks for or against each of them."""
    asked = set[str]().union(*[lines[n].content for n in possible])
    told, opening = _counted(lines, story, asked), _counted(lines, story[:_OPENING], asked)
    good = [readings[n].headline for n in possible]
    above, below = [0.0, *accumulate(good, max)], [0.0, *accumulate(reversed(good), max)]
    texts = [lines[n].text for n in possible]
    together = "\n".join(texts)
    found = []
    for place, n in enumerate(possible):
        seen = {
            "log of its probability": log(good[place]),
            "share of words told by the story": _told(lines[n], told, n in story),
            "share of words told by the opening": _told(lines[n], opening, n in story[:_OPENING]),
            "distance to the story": log1p(max((story[0] if story else 0) - n, 0)),
            "probability of story": readings[n].story,
        }
        signs = [*_by_itself(lines[n]), *_beside(lines, n)]
        if above[place] <= _AS_GOOD * good[place]:
            signs.append("first as good")
        if below[-place - 2] <= _AS_GOOD * good[place]:
            signs.append("last as good")
        if together.count(texts[place]) > 1 and _stands_in_another(texts[place], texts):
            signs.append("stands in another")
        found.append(Candidate(line=n, seen=seen | dict.fromkeys(signs, 1.0)))
    return found


def _sure_story(lines: Sequence[Line], readings: Sequence[Reading]) -> list[int]:
    """The lines that are surely paragraphs, from the first long one on."""
    story = [n for n, reading in enumerate(readings) if reading.story > _SURE and lines[n].size > _PARAGRAPH]
    first = next((n for n in story if lines[n].long), 0)
    return [n for n in story if n >= first]


def _counted(lines: Sequence[Line], among: Sequence[int], asked: Set[str]) -> Counter[str]:
    """How many of some lines hold each of the words that are ``asked`` for."""
    return Counter(chain.from_iterable([lines[n].content & asked for n in among]))


def _may_be_headline(line: Line) -> bool:
    least, most = _SIZES
    return least <= line.size <= most and not line.byline and not line.caption


def _told(line: Line, told: Mapping[str, int], own: bool) -> float:
    """The share of its words that stand in other lines of the story."""
    least = int(own)
    known = [word for word in line.content if word in told and told[word] > least]
    return len(known) / (len(line.content) or 1)


def _stands_in_another(text: str, texts: Sequence[str]) -> bool:
    return any(text in other and text != other for other in texts)


def _by_itself(line: Line) -> Iterator[str]:
    """What a line says for or against it."""
    yield from _SIGNS_OF_SIZE[bisect_left(_SIZE_STEPS, line.size)]
    if line.stops:
        yield "ends a sentence"
    if line.text[-1] == "?":
        yield "asks"
    if line.dated:
        yield "dated"
    if line.groups & _POSES:
        yield "words of captions"
    if any(map(line.text.__contains__, _SEPARATORS)):
        yield "separators"


def _beside(lines: Sequence[Line], n: int) -> Iterator[str]:
    """What the lines around one say for or against it."""
    after = lines[n + 1 : n + 1 + _FOLLOWS]
    if True in [line.byline for line in after]:
        yield "byline follows"
    if True in [line.dated and line.size <= LONG for line in after]:
        yield "date follows"
    if after and after[0].caption:
        yield "credit next"
    before = lines[n - 1].kind if n else ""
    if before == "cue":
        yield "cue before"
    if before == "tiny":
        yield "tiny line before"
