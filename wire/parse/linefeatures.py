"""What can be seen of a line of copied text: by itself, in its document, in its place, beside its neighbours.

`features` names for every line what is true of it, in words such as ``ends:stop/l`` or ``told:4/s`` (/t, /s
and /l: in a tiny, short or long line); the weights (`wire.parse.linemodel`) give each name a meaning. Nothing
here knows of any role. Time is linear in the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise
from operator import sub

from wire.parse.cues import bits
from wire.parse.linelook import KINDS, Line, by_width, keyed, look_at, marked, step
from wire.parse.linemarks import LONG

#: Words that open the heading of a box about the author.
_ABOUT = frozenset(("about", "über", "sobre", "à", "om", "over", "chi", "zur", "zum", "o", "об", "por"))
_NAMED = 14  #: words of a line among which it may name the author
#: Groups of words with which a page asks its reader for something.
_ASKS = bits("membership", "affiliate", "you", "click", "legal")
_YOU, _COMMENTS = bits("you"), bits("comments")
_EDGE, _EDGES = 30, (1, 2, 4, 8, 15)  #: lines from either end of a document; steps of that distance
_KIN = 10  #: candidates on either side among which one may hold another
_FOLLOWS = 4  #: lines below a headline among which byline and date stand
_FAR = 20  #: lines, from which on a distance is one
#: By distance, 0 to `_FAR`.
_GAP_STEPS = [step(gap, (1, 2, 3, 4, 6, 10, _FAR)) for gap in range(_FAR + 1)]
_PAST = (0.001, 0.2, 0.4, 0.6, 0.8, 0.999)
_SHARES = (0.01, 0.2, 0.4, 0.6, 0.8, 1.0)
_OFTEN = (0.3, 0.6, 1, 1.5, 2.2)
_MOST = 6  #: times that a word is told; more of them say no more
_FROM_RUN = (1, 2, 4, 7, 12, 25)  #: lines
_TOGETHER = (2, 3, 5, 8, 15, 30)  #: short lines that stand together
_REACH, _MANY = 4, 5  #: lines on either side of which some are counted; the most that counts
_HEADLINE_SHARES = (0.01, 0.25, 0.45, 0.6, 0.75, 0.9)
_HEADLINE_OFTEN = (0.3, 0.8, 1.3, 2, 3)
_TO_RUN = (-3, -1, 0, 1, 2, 3, 5, 8, 12, 20, 35)  #: lines

# The names of the features, made once.

_NO_WORDS = len(_SHARES) + 1
_TOLD = by_width("told", (*range(_NO_WORDS), "no words"))
_TOLD_OFTEN = [f"told often:{often}" for often in range(len(_OFTEN) + 1)]
_TOLD_AFTER = {
    what: [f"told after {what}:{told}" for told in (*range(_NO_WORDS), "no words")]
    for what in ("an end", "links", "the run")
}
_ENDED, _LINKS_PAST = by_width("ended", range(4)), by_width("links past", range(4))
_PLACES = ("first", "last", "in", *(f"{side} {far}" for side in ("before", "after") for far in range(7)))
_RUN = keyed("run", _PLACES)
_PASSED = by_width("past", range(len(_PAST) + 1))
_LONG_BEFORE, _LONG_AFTER = (by_width(f"long {side}", range(8)) for side in ("before", "after"))
_FROM_TOP = [f"from top:{step(n, _EDGES)}" for n in range(_EDGE)]
_FROM_END = [f"from end:{step(n, _EDGES)}" for n in range(1, _EDGE)]
_HEADLINE_TOLD = by_width("headline told", range(len(_HEADLINE_SHARES) + 1))
_HEADLINE_TOLD_OFTEN = by_width("headline often", range(len(_HEADLINE_OFTEN) + 1))
_RANKED = by_width("most told", range(3))
_RUN_FROM_HERE = [f"to run:{far}" for far in range(len(_TO_RUN) + 1)]
_NEXT, _BEFORE, _NEXT_BUT_ONE, _BEFORE_BUT_ONE = (
    keyed(place, ("edge", *KINDS)) for place in ("next", "before", "next but one", "before but one")
)
_ALIKE = by_width("alike", range(len(_TOGETHER) + 1))
_AGAIN, _COMES_AGAIN, _AS_NEXT, _AS_BEFORE, _TWICE, _HELD, _HOLDS, _AFTER_QUESTION, _AFTER_COLON = map(
    marked,
    (
        *("again", "comes again", "as next", "as before", "twice", "held", "holds"),
        *("after question", "after colon"),
    ),
)


def features(texts: Sequence[str]) -> list[Line]:
    """Every line of a document with its features, in order."""
    lines = look_at(texts)
    _see_document(lines)
    _see_place(lines)
    _see_neighbours(lines)
    return lines


class _Told:
    """How many lines hold each word."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._all = Counter(chain.from_iterable(line.content for line in lines))
        self._others = {word: count - 1 for word, count in self._all.items() if count > 1}

    def of(self, line: Line, *, own: bool) -> list[int]:
        """How many lines hold each of the words of a line, of those that any does.

        own  whether the line itself is one of them, and does not count
        """
        held = self._others if own else self._all
        return [held[word] for word in line.content if word in held]


def _often(counts: Sequence[int]) -> int:
    """Their sum, each of them `_MOST` at most."""
    return sum([count if count < _MOST else _MOST for count in counts])


def _see_document(lines: Sequence[Line]) -> None:
    """What comes again: the line itself, its words in long lines, the author's name."""
    times = Counter([line.text for line in lines])
    told = _Told(line for line in lines if line.long)
    seen: set[str] = set()
    authors = {word for line in lines if line.byline for word in line.words[1:3] if len(word) > 2}
    for line in lines:
        if times[line.text] > 1:
            line.again = True
            line.names.append((_AGAIN if line.text in seen else _COMES_AGAIN)[line.width])
            if times[line.text] > 3:
                line.names.append("often")
            seen.add(line.text)
        _see_told(line, told)
        if authors and not line.byline and not authors.isdisjoint(line.words[:_NAMED]):
            line.names.append(f"{_told_of_author(line, authors)}/{line.width}")


def _told_of_author(line: Line, authors: set[str]) -> str:
    """How a line speaks of the story's author."""
    if line.size <= LONG and not _ABOUT.isdisjoint(line.words[:1]):
        return "about author"
    return "author named" if authors.isdisjoint(line.words[:2]) else "author opens"


def _see_told(line: Line, told: _Told) -> None:
    """How many of its words stand in other long lines."""
    size = len(line.content)
    known = told.of(line, own=line.long)
    line.told = bisect_right(_SHARES, len(known) / size) if size else _NO_WORDS
    line.names.append(_TOLD[line.width][line.told])
    if line.long:
        line.names.append(_TOLD_OFTEN[bisect_right(_OFTEN, _often(known) / (size or 1))])


def _see_place(lines: Sequence[Line]) -> None:
    """Where the line stands to the run of lines that looks most like a story, and to long lines."""
    run = best_run(list(map(rough, lines)))
    total = sum([line.size for line in lines if line.long]) or 1
    past = 0
    for line, place, before, after in zip(lines, _places(run, len(lines)), *_distances(lines), strict=True):
        width = line.width
        line.names += (
            _RUN[width][place],
            _PASSED[width][bisect_right(_PAST, past / total)],
            _LONG_BEFORE[width][before],
            _LONG_AFTER[width][after],
        )
        if line.long:
            past += line.size
    for line, from_top in zip(lines, _FROM_TOP, strict=False):
        line.names.append(from_top)
    for line, from_end in zip(reversed(lines), _FROM_END, strict=False):
        line.names.append(from_end)
    _see_ends(lines, run, total)
    _see_headlines(lines, run)


def _see_ends(lines: Sequence[Line], run: range, total: int) -> None:
    """What stands after marks of the end and headings of links, and whether it still tells the same story."""
    ended = more = past = 0
    for n, line in enumerate(lines):
        if line.long:
            past += line.size
        if line.ends_story and past > 0.3 * total:
            more += line.says_more
            ended += not line.says_more
        if ended:
            line.names.append(_ENDED[line.width][min(ended, 3)])
        if more:
            line.names.append(_LINKS_PAST[line.width][min(more, 3)])
        if line.size > LONG and (ended or more or n >= run.stop):
            after = "an end" if ended else "links" if more else "the run"
            line.names.append(_TOLD_AFTER[after][line.told])


def _see_headlines(lines: Sequence[Line], run: range) -> None:
    """Which lines near the run's beginning share most words with it, and what stands by them."""
    candidates = [
        n
        for n in range(max(0, run.start - 60), min(run.start + 5, len(lines)))
        if 14 <= lines[n].size <= 260 and not lines[n].byline
    ]
    told = _Told(lines[n] for n in run if lines[n].size > LONG)
    worth: dict[int, float] = {}
    for n in candidates:
        line = lines[n]
        width, size = "l" if line.size > LONG else "s", len(line.content)
        known = told.of(line, own=line.size > LONG)
        share, often = len(known) / (size or 1), _often(known) / (size or 1)
        worth[n] = share * min(size, 6)
        line.names += (
            _HEADLINE_TOLD[width][bisect_right(_HEADLINE_SHARES, share)],
            _HEADLINE_TOLD_OFTEN[width][bisect_right(_HEADLINE_OFTEN, often)],
            _RUN_FROM_HERE[bisect_right(_TO_RUN, run.start - n)],
        )
    for rank, n in enumerate(sorted(candidates, key=lambda n: (-worth[n], -n))[:3]):
        lines[n].names.append(_RANKED["l" if lines[n].size > LONG else "s"][rank])
    _see_beside_headlines(lines, candidates)


def _see_beside_headlines(lines: Sequence[Line], candidates: Sequence[int]) -> None:
    """Whether a byline or a date follows, and whether a candidate near by holds one or is held by it."""
    bylined = _above(n for n, line in enumerate(lines) if line.byline)
    dated = _above(n for n, line in enumerate(lines) if line.dated and line.size <= LONG)
    for n in candidates:
        if n in bylined:
            lines[n].names.append("byline follows")
        if n in dated:
            lines[n].names.append("date follows")
    for names, some in zip((_HELD, _HOLDS), _holding([lines[n].text for n in candidates]), strict=True):
        for k in some:
            line = lines[candidates[k]]
            line.names.append(names["l" if line.size > LONG else "s"])


def _above(numbers: Iterable[int]) -> set[int]:
    """The lines that one of these follows."""
    return {above for n in numbers for above in range(n - _FOLLOWS, n)}


def _holding(texts: Sequence[str]) -> tuple[set[int], set[int]]:
    """Which of some texts a longer one near by holds, and which hold one.

    Hardly any does: one search through all of them tells which comes again at all.
    """
    held, holds = set[int](), set[int]()
    together = "\n".join(texts)
    for n, text in enumerate(texts):
        if together.count(text) > 1:
            near = range(max(0, n - _KIN), min(n + _KIN + 1, len(texts)))
            around = [m for m in near if len(texts[m]) > len(text) and text in texts[m]]
            held.update((n,) if around else ())
            holds.update(around)
    return held, holds


def rough(line: Line) -> float:
    """How much the line looks like a paragraph at first sight: above 0 it does."""
    if line.stops or (line.text.endswith(":") and line.size >= LONG // 2):
        value = min(line.size / 90, 2.2) - 0.35
    else:
        value = min(line.size / 160, 1.2) - 0.75
    if line.ends_story:
        return -2.0
    if line.caption:
        value -= 0.8
    if line.kind in ("cue", "dated", "byline"):
        value -= 0.6
    return max(value, -1.0)


def best_run(scores: Sequence[float]) -> range:
    """The run of lines with the highest sum of scores."""
    best_sum = running = 0.0
    start = best_start = best_end = 0
    for n, value in enumerate(scores):
        if running <= 0:
            running, start = 0.0, n
        running += value
        if running > best_sum:
            best_sum, best_start, best_end = running, start, n + 1
    return range(best_start, best_end)


def _places(run: range, count: int) -> list[str]:
    """Where each of some lines stands to a run of them: one of the `_PLACES`."""
    inside = ["first", *["in"] * (len(run) - 2), *["last"] * (len(run) > 1)] if run else []
    before = [f"before {bisect_right(_FROM_RUN, run.start - n)}" for n in range(run.start)]
    after = [f"after {bisect_right(_FROM_RUN, n - run.stop + 1)}" for n in range(run.stop, count)]
    return before + inside + after


def _distances(lines: Sequence[Line]) -> tuple[list[int], list[int]]:
    """Steps of the distance to the long line before, and to the one after."""
    long = [line.long for line in lines]
    return _gaps(long), _gaps(long[::-1])[::-1]


def _gaps(long: Sequence[bool]) -> list[int]:
    """Steps of the distance to the long line before."""
    found = []
    gap = _FAR
    for is_long in long:
        found.append(_GAP_STEPS[gap])
        gap = 1 if is_long else min(gap + 1, _FAR)
    return found


def _see_neighbours(lines: Sequence[Line]) -> None:
    """The kinds of the lines around, how alike those round about are, and what there are many of."""
    around = ["edge", "edge", *[line.kind for line in lines], "edge", "edge"]
    for line, alike, far_above, above, below, far_below in zip(
        lines, _alike(lines), around, around[1:], around[3:], around[4:], strict=False
    ):
        width = line.width
        line.names += (
            _NEXT[width][below],
            _BEFORE[width][above],
            _NEXT_BUT_ONE[width][far_below],
            _BEFORE_BUT_ONE[width][far_above],
            _ALIKE[width][alike],
        )
    for one, other in pairwise(lines):
        if one.look == other.look:
            one.names.append(_AS_NEXT[one.width])
            other.names.append(_AS_BEFORE[other.width])
            if one.text == other.text:
                one.names.append(_TWICE[one.width])
                other.names.append(_TWICE[other.width])
    _see_crowds(lines)
    _see_colons(lines)
    _see_questions(lines)


def _see_crowds(lines: Sequence[Line]) -> None:
    """What there is more than one of among the lines around."""
    for name, held in _crowds(lines).items():
        if True in held:
            names = _CROWD_NAMES[name]
            for line, count in zip(lines, _around(held), strict=True):
                if count:
                    line.names.append(names[line.width][min(count, _MANY)])


def _crowds(lines: Sequence[Line]) -> dict[str, list[bool]]:
    """What lines stand together in, and which of them are of it."""
    return {
        "stamps": [line.kind == "dated" for line in lines],
        "long lines": [line.long for line in lines],
        "cues": [line.kind == "cue" for line in lines],
        "again": [line.again and line.width == "t" for line in lines],
        "asked": [(line.groups & _ASKS).bit_count() > 1 for line in lines],
        "labels": [line.labelled for line in lines],
        "said": [line.size <= LONG and line.groups & _COMMENTS != 0 for line in lines],
    }


def _around(held: Sequence[bool]) -> Iterable[int]:
    """For each line, how many of those within `_REACH` of it, itself included, are marked."""
    up_to = [0] * (_REACH + 1)
    up_to += accumulate((*held, *[False] * _REACH))
    return map(sub, up_to[2 * _REACH + 1 :], up_to)


_CROWD_NAMES = {name: by_width(f"{name} around", range(_MANY + 1)) for name in _crowds(())}


def _see_questions(lines: Sequence[Line]) -> None:
    """Which short lines follow a question to the reader: a poll's answers."""
    asked = False
    for line in lines:
        if asked and line.size <= LONG:
            line.names.append(_AFTER_QUESTION[line.width])
        asked = (asked and line.size <= LONG) or (line.groups & _YOU != 0 and "?" in line.text[-3:])


def _see_colons(lines: Sequence[Line]) -> None:
    """Which lines stand between one that ends with a colon and the next long one."""
    colon = False
    for line in lines:
        if colon:
            line.names.append(_AFTER_COLON[line.width])
        if line.width != "t":
            colon = line.text.endswith((":", "：")) or (colon and not line.long)


def _alike(lines: Sequence[Line]) -> list[int]:
    """Step of how many short lines stand together here."""
    found = [0] * len(lines)
    start = 0
    for n in range(len(lines) + 1):
        if n == len(lines) or lines[n].size > LONG:
            together = bisect_right(_TOGETHER, n - start)
            for m in range(start, n):
                lines[m].crowd = n - start
                found[m] = together
            start = n + 1
    return found
