"""What part each line of copied text plays: headline, story, caption, furniture.

A page copied as text runs in one order: furniture at the top, the headline, what stands between it and the
story, the story with asides in it, and a tail of furniture; captions may stand anywhere. `STATES` names the
places in that order. A table (``line_weights.txt``) says how much each feature of a line
(`wire.parse.linefeatures`) speaks for each `Role`, and how likely one state follows another, if it may.

`read_roles` weighs all ways to go through the text at once (forward and backward sums over the chain of
lines) and gives every line its probability for each role. Nothing is cut by a single bad line: stories are
interrupted by furniture and go on. Time is linear in the text.

The weights were fitted by ``tools/fit_lines.py``; the table's head tells on what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import repeat
from math import exp
from operator import itemgetter, mul
from struct import Struct
from typing import NamedTuple

from wire.parse.linelook import Line


class Role(StrEnum):
    """What a line is; the columns of the table."""

    TOP = "top"  #: furniture above the headline
    HEADLINE = "headline"
    BETWEEN = "between"  #: furniture, byline, date between headline and story
    STANDFIRST = "standfirst"
    STORY = "story"  #: paragraph, subhead, item of a list
    ASIDE = "aside"  #: furniture between lines of the story
    TAIL = "tail"  #: furniture below the story
    CAPTION = "caption"


#: The states of the chain in order, each with its role: captions keep the place they stand in.
STATES: tuple[tuple[str, Role], ...] = (
    ("top", Role.TOP),
    ("caption at the top", Role.CAPTION),
    ("headline", Role.HEADLINE),
    ("between", Role.BETWEEN),
    ("caption between", Role.CAPTION),
    ("standfirst", Role.STANDFIRST),
    ("story", Role.STORY),
    ("aside", Role.ASIDE),
    ("caption inside", Role.CAPTION),
    ("tail", Role.TAIL),
)
_TABLE = "line_weights.txt"
_NEVER = -50.0  #: stands in the table for a move that is not possible
_CROWD = 6  #: short lines together, from which on each counts less for their place
_SMALL, _LARGE = 1e-60, 1e60
_ROLES = tuple(Role)
_STATES_OF_ROLES = itemgetter(*(_ROLES.index(role) for _, role in STATES))

#: The weights of a feature stand in one integer, in hundredths, 32 bits for each role: the features of a line
#: are thirty, and adding eight numbers for each of them took longer than all else here.
_PACKED = Struct(f"<{len(_ROLES)}I")
_BITS = 32
_MIDDLE = 1 << _BITS - 1  #: added to each sum, so that none is below 0
#: From each state to each, a factor; 0 for a move that is not possible.
Moves = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The table as read."""

    weights: Mapping[str, int]  #: by feature: one for each role, in the order of `Role`, packed
    any_line: int  #: what is added for every line
    start: tuple[float, ...]  #: factor for each state of the first line
    into: Moves  #: for each state, the factors of the states it is reached from
    out: Moves  #: for each state, the factors of the states it goes on to
    headline: Mapping[str, float]  #: weights for the choice of `wire.parse.headlines`


class Reading(NamedTuple):
    """The probabilities of a line, 0 to 1."""

    headline: float
    story: float  #: standfirst included
    standfirst: float
    caption: float


@cache
def model() -> Model:
    """The fitted model."""
    return read_table((files("wire.parse") / _TABLE).read_text(encoding="utf-8"))


def read_table(table: str) -> Model:
    """The model that a table holds: weights of features, moves (``->``), and of headlines (``=>``).

    Raises ValueError for a move against the order of a page.
    """
    lines = table.splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    by_mark: dict[str, dict[str, tuple[float, ...]]] = {"->": {}, "=>": {}, "": {}}
    for name, *numbers in rows:
        mark = name[:2] if name[:2] in by_mark else ""
        by_mark[mark][name.removeprefix(mark).strip()] = tuple(map(float, numbers))
    moves = by_mark["->"]
    return model_of(
        by_mark[""],
        moves["first line"],
        [moves[f"from {name}"] for name, _ in STATES],
        {name: weight for name, (weight,) in by_mark["=>"].items()},
    )


def model_of(
    weights: Mapping[str, tuple[float, ...]],
    first: Sequence[float],
    moves: Sequence[Sequence[float]],
    headline: Mapping[str, float],
) -> Model:
    """The model of fitted weights, moves given state by state; -99 stands for one that cannot be made.

    Raises ValueError for a move against the order of a page.
    """
    packed = {name: _packed(row) for name, row in weights.items()}
    out = tuple(tuple(exp(weight) if weight > _NEVER else 0.0 for weight in row) for row in moves)
    into = tuple(zip(*out, strict=True))
    alone = [tuple(float(n == state) for n in range(len(STATES))) for state in range(len(STATES))]
    if tuple(tuple(_onward(state, into)) for state in alone) != out:
        raise ValueError("the table of line weights allows a move that no page makes")
    return Model(
        weights=packed,
        any_line=packed["any line"] + _packed([_MIDDLE / 100] * len(_ROLES)),
        start=tuple(exp(weight) if weight > _NEVER else 0.0 for weight in first),
        into=into,
        out=out,
        headline=headline,
    )


def _packed(weights: Sequence[float]) -> int:
    return sum(round(weight * 100) << _BITS * n for n, weight in enumerate(weights))


def read_roles(lines: Sequence[Line], known: Model) -> list[Reading]:
    """How probably each line is headline, story, standfirst or caption."""
    evidence = [_evidence(line, known) for line in lines]
    ways = zip(_forward(evidence, known), _backward(evidence, known), strict=True)
    return [_reading(list(map(mul, before, after))) for before, after in ways]


def _evidence(line: Line, known: Model) -> tuple[float, ...]:
    """For each state, how well it explains the line; 1 for the best."""
    total = sum(map(known.weights.get, line.names, repeat(0)), known.any_line)
    sums: Sequence[float] = _PACKED.unpack(total.to_bytes(_PACKED.size, "little"))
    if line.crowd > _CROWD:
        sums = _lessened(sums, place_counts(line))
    best = max(sums)
    factors: tuple[float, ...] = _STATES_OF_ROLES([exp((value - best) / 100) for value in sums])
    return factors


def place_counts(line: Line) -> float:
    """How much of what tells one place of furniture from another counts for a line, 0 to 1.

    Hundreds of lines of navigation stand together. Were each of them to count in full, what speaks by a
    little for the tail of a page and against its top would outweigh every story.
    """
    return min(1.0, _CROWD / line.crowd) if line.crowd else 1.0


def _lessened(sums: Sequence[float], counts: float) -> list[float]:
    """The sums, those of furniture nearer to their mean."""
    top, headline, between, standfirst, story, aside, tail, caption = sums
    mean = (top + between + aside + tail) / 4
    top, between, aside, tail = (mean + (value - mean) * counts for value in (top, between, aside, tail))
    return [top, headline, between, standfirst, story, aside, tail, caption]


def _forward(evidence: Sequence[tuple[float, ...]], known: Model) -> list[list[float]]:
    """For each line and state, the share of all ways that lead there through the lines above."""
    found: list[list[float]] = []
    reached: Sequence[float] = known.start
    for factors in evidence:
        weighed = _scaled(list(map(mul, reached, factors)))
        found.append(weighed)
        reached = _onward(weighed, known.into)
    return found


def _backward(evidence: Sequence[tuple[float, ...]], known: Model) -> list[list[float]]:
    """For each line and state, how well the lines below go with it."""
    found: list[list[float]] = []
    fits = [1.0] * len(STATES)
    for factors in reversed(evidence):
        found.append(fits)
        weighed = list(map(mul, fits, factors))
        fits = _scaled(_onto(weighed, known.out))
    found.reverse()
    return found


# The sums over the moves that the order of a page allows are written out: over rows of a table, most of it
# zeros, they took four times as long. The letters are `STATES` in order: top and its captions (t, p);
# headline, between, its captions, standfirst (h, b, q, s); story, aside, captions inside, tail (y, a, r, z).


def _onward(ways: Sequence[float], into: Moves) -> list[float]:
    """What reaches each state from those before it."""
    t, p, h, b, q, s, y, a, r, z = ways
    top, caption_top, headline, between, caption_between, standfirst, story, aside, inside, tail = into
    return [
        top[0] * t + top[1] * p,
        caption_top[0] * t + caption_top[1] * p,
        headline[0] * t + headline[1] * p,
        between[2] * h + between[3] * b + between[4] * q + between[5] * s,
        caption_between[2] * h + caption_between[3] * b + caption_between[4] * q + caption_between[5] * s,
        standfirst[0] * t
        + standfirst[1] * p
        + (standfirst[2] * h + standfirst[3] * b + standfirst[4] * q + standfirst[5] * s),
        story[0] * t
        + story[1] * p
        + (story[2] * h + story[3] * b + story[4] * q + story[5] * s)
        + (story[6] * y + story[7] * a + story[8] * r),
        aside[6] * y + aside[7] * a + aside[8] * r,
        inside[6] * y + inside[7] * a + inside[8] * r,
        tail[5] * s + tail[6] * y + tail[8] * r + tail[9] * z,
    ]


def _onto(ways: Sequence[float], out: Moves) -> list[float]:
    """What each state goes on to."""
    t, p, h, b, q, s, y, a, r, z = ways
    top, caption_top, headline, between, caption_between, standfirst, story, aside, inside, tail = out
    return [
        top[0] * t + top[1] * p + top[2] * h + top[5] * s + top[6] * y,
        caption_top[0] * t
        + caption_top[1] * p
        + (caption_top[2] * h + caption_top[5] * s + caption_top[6] * y),
        headline[3] * b + headline[4] * q + headline[5] * s + headline[6] * y,
        between[3] * b + between[4] * q + between[5] * s + between[6] * y,
        caption_between[3] * b + caption_between[4] * q + caption_between[5] * s + caption_between[6] * y,
        standfirst[3] * b + standfirst[4] * q + standfirst[5] * s + standfirst[6] * y + standfirst[9] * z,
        story[6] * y + story[7] * a + story[8] * r + story[9] * z,
        aside[6] * y + aside[7] * a + aside[8] * r,
        inside[6] * y + inside[7] * a + inside[8] * r + inside[9] * z,
        tail[9] * z,
    ]


def _scaled(values: list[float]) -> list[float]:
    """The values, brought back to a sum of 1 when they have grown small or large."""
    total = sum(values)
    return values if _SMALL < total < _LARGE or not total else [value / total for value in values]


def _reading(shares: Sequence[float]) -> Reading:
    total = sum(shares) or 1.0
    _, top, headline, _, between, standfirst, story, _, inside, _ = shares
    return Reading(
        headline=headline / total,
        story=(standfirst + story) / total,
        standfirst=standfirst / total,
        caption=(top + between + inside) / total,
    )
