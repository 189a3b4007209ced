"""Which line is the headline, among those that the line model thinks may be it.

The line model looks at lines one by one and at their order. What it does not see is how candidates stand to
each other and to the story it has found: the standfirst below the headline shares more words with the story
than the headline does, a trail at the top is repeated further down. `candidates` says that of each of them
in words and numbers, mostly 0 or 1; a short table of weights makes the choice. The weights are fitted by
``tools/fit_lines.py`` and stand at the end of ``line_weights.txt``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from math import log, log1p
from typing import NamedTuple

from wire.parse.cues import bits
from wire.parse.linelook import Line
from wire.parse.linemarks import LONG
from wire.parse.linemodel import Reading

_LEAST = 0.004  #: probability of a headline from which a line is a candidate
_SIZES = (10, 260)
_ABOVE, _BELOW = 60, 3  #: lines above the story's first and from there on among which candidates stand
_SURE, _PARAGRAPH = 0.5, 60  #: probability and size of a line that is taken for story here
_OPENING = 5  #: paragraphs that a headline sums up
_FOLLOWS = 4  #: lines below it among which byline and date stand
_AS_GOOD = 0.3  #: of its probability: what another has when it is as good a candidate
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
    found = candidates(lines, readings)
    worth = {
        each.line: sum(weights.get(name, 0.0) * value for name, value in each.seen.items()) for each in found
    }
    return max(worth, key=lambda n: (worth[n], -n), default=None)


def candidates(lines: Sequence[Line], readings: Sequence[Reading]) -> list[Candidate]:
    """All lines near the beginning of the story that may be its headline, from the top."""
    story = _sure_story(lines, readings)
    first = story[0] if story else 0
    near = range(max(0, first - _ABOVE), min(first + _BELOW, len(lines)))
    chosen = [n for n in near if readings[n].headline > _LEAST and _may_be_headline(lines[n])]
    told, opening = _counted(lines, story), _counted(lines, story[:_OPENING])
    good = [readings[n].headline for n in chosen]
    texts = [lines[n].text for n in chosen]
    found = []
    for place, n in enumerate(chosen):
        seen = {
            "log of its probability": log(good[place]),
            "share of words told by the story": _told(lines[n], told, n in story),
            "share of words told by the opening": _told(lines[n], opening, n in story[:_OPENING]),
            "distance to the story": log1p(max(first - n, 0)),
            "probability of story": readings[n].story,
        }
        signs = {
            "first as good": max(good[:place], default=0) <= _AS_GOOD * good[place],
            "last as good": max(good[place + 1 :], default=0) <= _AS_GOOD * good[place],
            "stands in another": any(texts[place] in text and text != texts[place] for text in texts),
            **_by_itself(lines[n]),
            **_beside(lines, n),
        }
        found.append(Candidate(line=n, seen=seen | {name: 1.0 for name, true in signs.items() if true}))
    return found


def _sure_story(lines: Sequence[Line], readings: Sequence[Reading]) -> list[int]:
    """The lines that are surely paragraphs, from the first long one on."""
    story = [n for n, reading in enumerate(readings) if reading.story > _SURE and lines[n].size > _PARAGRAPH]
    first = next((n for n in story if lines[n].long), 0)
    return [n for n in story if n >= first]


def _counted(lines: Sequence[Line], among: Sequence[int]) -> Counter[str]:
    """How many of some lines hold each word."""
    return Counter(chain.from_iterable(lines[n].content for n in among))


def _may_be_headline(line: Line) -> bool:
    least, most = _SIZES
    return least <= line.size <= most and not line.byline and not line.caption


def _told(line: Line, told: Mapping[str, int], own: bool) -> float:
    """The share of its words that stand in other lines of the story."""
    least = int(own)
    known = [count for count in map(told.get, line.content) if count and count > least]
    return len(known) / (len(line.content) or 1)


def _by_itself(line: Line) -> dict[str, bool]:
    text, size = line.text, line.size
    return {
        "tiny": size <= 25,
        "short": 25 < size <= 40,
        "over 80": size > LONG,
        "over 110": size > 110,
        "over 150": size > 150,
        "ends a sentence": line.stops,
        "asks": text[-1] == "?",
        "dated": line.dated,
        "words of captions": line.groups & _POSES != 0,
        "separators": any(mark in text for mark in _SEPARATORS),
    }


def _beside(lines: Sequence[Line], n: int) -> dict[str, bool]:
    after = lines[n + 1 : n + 1 + _FOLLOWS]
    return {
        "byline follows": any(line.byline for line in after),
        "date follows": any(line.dated and line.size <= LONG for line in after),
        "credit next": bool(after) and after[0].caption,
        "cue before": n > 0 and lines[n - 1].kind == "cue",
        "tiny line before": n > 0 and lines[n - 1].kind == "tiny",
    }
