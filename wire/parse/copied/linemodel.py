"""What part each line of copied text plays: headline, story, caption, furniture.

A page copied as text runs in one order: furniture at the top, the headline, what stands between it and the
story, the story with asides in it, and a tail of furniture; captions may stand anywhere. `STATES` names the
places in that order. A table (``line_weights.txt``) says how much each feature of a line
(`linefeatures`) speaks for each `Role`, and how likely one state follows another, if it may.

`read_roles` weighs all ways to go through the text at once (forward and backward sums over the chain of
lines) and gives every line its probability for each role. Nothing is cut by a single bad line: stories are
interrupted by furniture and go on. Time is linear in the text.

The weights were fitted by ``tools/fit_lines.py``; the table's head tells on what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import chain
from math import exp
from operator import mul
from struct import Struct
from typing import NamedTuple

from wire.parse.copied.linefeatures import Terms
from wire.parse.copied.linelook import Line
from wire.parse.copied.vocabulary import Vocabulary


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
#: The states by letter, as the sums below are written, and those that may follow each in the order of a page.
_LETTERS = "tphbqsyarz"
_ALLOWED = ("tphsy", "tphsy", "bqsy", "bqsy", "bqsy", "bqsyz", "yarz", "yar", "yarz", "z")

#: The weights of a feature stand in one integer, in hundredths, 16 bits for each role: the features of a line
#: are thirty, and adding eight numbers for each of them took longer than all else here.
_PACKED = Struct(f"<{len(_ROLES)}H")
_BITS = 16
_MIDDLE = 1 << _BITS - 1  #: added to each sum, so that none is below 0
#: Weight, so that a hundred features can be summed: a quarter of them is usual.
_LARGEST = _MIDDLE / 100 / 100
#: What becomes of a role's chance as its sum is below the best one by hundredths: hardly any is by more.
_FALLS = [exp(-below / 100) for below in range(2000)]
_Factors = list[float]  #: one for each role
_Shares = tuple[float, ...]  #: one for each state


@dataclass(frozen=True, slots=True)
class Model:
    """The table as read."""

    terms: Terms[int]  #: of each feature, one weight for each role, in the order of `Role`, packed
    any_line: int  #: what is added for every line
    start: _Shares  #: factor for each state of the first line
    moves: tuple[tuple[float, ...], ...]  #: for each state, a factor for each that may follow (`_ALLOWED`)
    headline: Mapping[str, float]  #: weights for the choice of `wire.parse.copied.headlines`


class Reading(NamedTuple):
    """The probabilities of a line, 0 to 1."""

    headline: float
    story: float  #: standfirst included
    standfirst: float
    caption: float


@cache
def model() -> Model:
    """The fitted model."""
    return read_table((files("wire.parse.copied") / _TABLE).read_text(encoding="utf-8"))


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

    Raises ValueError for a move against the order of a page, and for weights too large to be summed.
    """
    if max(map(abs, chain.from_iterable(weights.values()))) > _LARGEST:
        raise ValueError("the table of line weights holds one too large to be summed")
    packed = {name: _packed(row) for name, row in weights.items()}
    factors = [[exp(weight) if weight > _NEVER else 0.0 for weight in row] for row in moves]
    for row, allowed in zip(factors, _ALLOWED, strict=True):
        if any(factor for letter, factor in zip(_LETTERS, row, strict=True) if letter not in allowed):
            raise ValueError("the table of line weights allows a move that no page makes")
    return Model(
        terms=Terms(Vocabulary(lambda name: packed.get(name, 0))),
        any_line=packed["any line"] + _packed([_MIDDLE / 100] * len(_ROLES)),
        start=tuple(exp(weight) if weight > _NEVER else 0.0 for weight in first),
        moves=tuple(
            tuple(row[_LETTERS.index(letter)] for letter in allowed)
            for row, allowed in zip(factors, _ALLOWED, strict=True)
        ),
        headline=headline,
    )


def _packed(weights: Sequence[float]) -> int:
    return sum(round(weight * 100) << _BITS * n for n, weight in enumerate(weights))


def read_roles(lines: Sequence[Line], noted: Iterable[Iterable[int]], known: Model) -> list[Reading]:
    """How probably each line is headline, story, standfirst or caption.

    noted  of each line, the weights of its features (`Model.terms`)
    """
    sums = [sum(weights, known.any_line) for weights in noted]
    evidence = list(map(_evidence, lines, sums))
    return _readings(evidence, _forward(evidence, known), known)


def _evidence(line: Line, total: int) -> _Factors:
    """For each role, how well it explains the line; 1 for the best.

    total  the sums of its weights, packed
    """
    sums = _PACKED.unpack(total.to_bytes(_PACKED.size, "little"))
    if line.crowd > _CROWD:
        sums = _lessened(sums, _CROWD / line.crowd)
    best = max(sums)
    try:
        return [_FALLS[best - value] for value in sums]
    except IndexError:
        return [exp((value - best) / 100) for value in sums]


def place_counts(line: Line) -> float:
    """How much of what tells one place of furniture from another counts for a line, 0 to 1.

    Hundreds of lines of navigation stand together. Were each of them to count in full, what speaks by a
    little for the tail of a page and against its top would outweigh every story.
    """
    return min(1.0, _CROWD / line.crowd) if line.crowd else 1.0


def _lessened(sums: Sequence[int], counts: float) -> tuple[int, ...]:
    """The sums, those of furniture nearer to their mean."""
    top, headline, between, standfirst, story, aside, tail, caption = sums
    rest = (1 - counts) * (top + between + aside + tail) / 4 + 0.5
    return (
        int(rest + top * counts),
        headline,
        int(rest + between * counts),
        standfirst,
        story,
        int(rest + aside * counts),
        int(rest + tail * counts),
        caption,
    )


# The sums over the moves that the order of a page allows are written out: over rows of a table, most of it
# zeros, they took four times as long. The letters are `STATES` in order: top and its captions (t, p);
# headline, between, its captions, standfirst (h, b, q, s); story, aside, captions inside, tail (y, a, r, z).
# Two of them are the factor of a move from the first to the second.


def _forward(evidence: Sequence[_Factors], known: Model) -> list[_Shares]:
    """For each line and state, the share of all ways that lead there through the lines above."""
    (tt, tp, th, ts, ty), (pt, pp, ph, ps, py), (hb, hq, hs, hy), (bb, bq, bs, by), *others = known.moves
    (qb, qq, qs, qy), (sb, sq, ss, sy, sz), (yy, ya, yr, yz), (ay, aa, ar), (ry, ra, rr, rz), (zz,) = others
    found: list[_Shares] = []
    t, p, h, b, q, s, y, a, r, z = known.start
    for top, headline, between, standfirst, story, aside, tail, caption in evidence:
        t, p, h, b, q = t * top, p * caption, h * headline, b * between, q * caption
        s, y, a, r, z = s * standfirst, y * story, a * aside, r * caption, z * tail
        t, p, h, b, q, s, y, a, r, z = ways = _scaled((t, p, h, b, q, s, y, a, r, z))
        found.append(ways)
        t, p, h, b, q, s, y, a, r, z = (
            t * tt + p * pt,
            t * tp + p * pp,
            t * th + p * ph,
            h * hb + b * bb + q * qb + s * sb,
            h * hq + b * bq + q * qq + s * sq,
            t * ts + p * ps + h * hs + b * bs + q * qs + s * ss,
            t * ty + p * py + h * hy + b * by + q * qy + s * sy + y * yy + a * ay + r * ry,
            y * ya + a * aa + r * ra,
            y * yr + a * ar + r * rr,
            s * sz + y * yz + r * rz + z * zz,
        )
    return found


def _readings(evidence: Sequence[_Factors], forward: Sequence[_Shares], known: Model) -> list[Reading]:
    """The probabilities of each line: its share of the ways down to it, times how the lines below go on."""
    (tt, tp, th, ts, ty), (pt, pp, ph, ps, py), (hb, hq, hs, hy), (bb, bq, bs, by), *others = known.moves
    (qb, qq, qs, qy), (sb, sq, ss, sy, sz), (yy, ya, yr, yz), (ay, aa, ar), (ry, ra, rr, rz), (zz,) = others
    found: list[Reading] = []
    below: _Shares = (1.0,) * len(STATES)
    for factors, ways in zip(reversed(evidence), reversed(forward), strict=True):
        t, p, h, b, q, s, y, a, r, z = shares = list(map(mul, ways, below))
        total = sum(shares) or 1.0
        found.append(Reading(h / total, (s + y) / total, s / total, (p + q + r) / total))
        top, headline, between, standfirst, story, aside, tail, caption = factors
        t, p, h, b, q, s, y, a, r, z = below
        t, p, h, b, q = t * top, p * caption, h * headline, b * between, q * caption
        s, y, a, r, z = s * standfirst, y * story, a * aside, r * caption, z * tail
        below = _scaled(
            (
                t * tt + p * tp + h * th + s * ts + y * ty,
                t * pt + p * pp + h * ph + s * ps + y * py,
                b * hb + q * hq + s * hs + y * hy,
                b * bb + q * bq + s * bs + y * by,
                b * qb + q * qq + s * qs + y * qy,
                b * sb + q * sq + s * ss + y * sy + z * sz,
                y * yy + a * ya + r * yr + z * yz,
                y * ay + a * aa + r * ar,
                y * ry + a * ra + r * rr + z * rz,
                z * zz,
            )
        )
    found.reverse()
    return found


def _scaled(values: _Shares) -> _Shares:
    """The values, brought back to a sum of 1 when they have grown small or large."""
    total = sum(values)
    if _SMALL < total < _LARGE or not total:
        return values
    return tuple([value / total for value in values])
