"""What can be seen of a line of copied text: by itself, in its document, in its place, beside its neighbours.

`features` names for every line what is true of it, in words such as ``ends:stop/l`` or ``told:4/s`` (/t, /s
and /l: in a tiny, short or long line); the weights (`wire.parse.linemodel`) give each name a meaning. Nothing
here knows of any role. Time is linear in the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, chain, pairwise

from wire.parse.linelook import LONG, Line, seen_alone, step

#: Words that open the heading of a box about the author.
_ABOUT = frozenset(("about", "über", "sobre", "à", "om", "over", "chi", "zur", "zum", "o", "об", "por"))
_NAMED = 14  #: words of a line among which it may name the author
#: Groups of words with which a page asks its reader for something.
_ASKS = frozenset(("membership", "affiliate", "you", "click", "legal"))
_EDGE, _EDGES = 30, (1, 2, 4, 8, 15)  #: lines from either end of a document; steps of that distance
_KIN = 10  #: candidates on either side among which one may hold another
_FAR = 20  #: lines, from which on a distance is one
#: By distance, 0 to `_FAR`.
_GAP_STEPS = [step(gap, (1, 2, 3, 4, 6, 10, _FAR)) for gap in range(_FAR + 1)]
_PAST = (0.001, 0.2, 0.4, 0.6, 0.8, 0.999)
_SHARES = (0.01, 0.2, 0.4, 0.6, 0.8, 1.0)


def features(texts: Sequence[str]) -> list[Line]:
    """Every line of a document with its features, in order."""
    lines = [seen_alone(text) for text in texts]
    _see_document(lines)
    _see_place(lines)
    _see_neighbours(lines)
    return lines


def _see_document(lines: Sequence[Line]) -> None:
    """What comes again: the line itself, its words in long lines, the author's name."""
    times = Counter(line.text for line in lines)
    told = Counter(chain.from_iterable(line.content for line in lines if line.long))
    seen: set[str] = set()
    authors = {word for line in lines if line.byline for word in line.words[1:3] if len(word) > 2}
    for line in lines:
        if times[line.text] > 1:
            line.again = True
            line.names.append(f"{'again' if line.text in seen else 'comes again'}/{line.width}")
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


def _see_told(line: Line, told: Mapping[str, int]) -> None:
    """How many of its words stand in other long lines."""
    size = len(line.content)
    known = _known(line.content, told, int(line.long))
    line.told = str(bisect_right(_SHARES, len(known) / size)) if size else "no words"
    line.names.append(f"told:{line.told}/{line.width}")
    if line.long:
        often = _often(known) / (size or 1)
        line.names.append(f"told often:{step(often, (0.3, 0.6, 1, 1.5, 2.2))}")


def _see_place(lines: Sequence[Line]) -> None:
    """Where the line stands to the run of lines that looks most like a story, and to long lines."""
    run = best_run([rough(line) for line in lines])
    total = sum(line.size for line in lines if line.long) or 1
    past = 0
    before, after = _distances(lines)
    told: Counter[str] = Counter()
    for n in run:
        if lines[n].size > LONG:
            told.update(lines[n].content)
    for n, line in enumerate(lines):
        width = line.width
        line.names += (
            f"run:{_in_run(n, run)}/{width}",
            f"past:{bisect_right(_PAST, past / total)}/{width}",
            f"long before:{before[n]}/{width}",
            f"long after:{after[n]}/{width}",
        )
        if n < _EDGE:
            line.names.append(f"from top:{step(n, _EDGES)}")
        if len(lines) - n < _EDGE:
            line.names.append(f"from end:{step(len(lines) - n, _EDGES)}")
        if line.long:
            past += line.size
    _see_ends(lines, run, total)
    _see_headlines(lines, run, told)


def _see_ends(lines: Sequence[Line], run: range, total: int) -> None:
    """What stands after marks of the end and headings of links, and whether it still tells the same story."""
    ended = more = past = 0
    for n, line in enumerate(lines):
        past += line.size if line.long else 0
        if past > 0.3 * total and line.ends_story:
            more += line.says_more
            ended += not line.says_more
        if ended:
            line.names.append(f"ended:{min(ended, 3)}/{line.width}")
        if more:
            line.names.append(f"links past:{min(more, 3)}/{line.width}")
        if line.size > LONG and (ended or more or n >= run.stop):
            after = "an end" if ended else "links" if more else "the run"
            line.names.append(f"told after {after}:{line.told}")


def _see_headlines(lines: Sequence[Line], run: range, told: Mapping[str, int]) -> None:
    """Which lines near the run's beginning share most words with it, and what stands by them."""
    candidates = [
        n
        for n in range(max(0, run.start - 60), min(run.start + 5, len(lines)))
        if 14 <= lines[n].size <= 260 and not lines[n].byline
    ]
    shares = {n: _shared(lines[n], told) for n in candidates}
    ranked = sorted(candidates, key=lambda n: (-shares[n][0] * min(len(lines[n].content), 6), -n))
    for rank, n in enumerate(ranked[:3]):
        lines[n].names.append(f"most told:{rank}/{'l' if lines[n].size > LONG else 's'}")
    for place, n in enumerate(candidates):
        line = lines[n]
        width = "l" if line.size > LONG else "s"
        share, often = shares[n]
        line.names += (
            f"headline told:{step(share, (0.01, 0.25, 0.45, 0.6, 0.75, 0.9))}/{width}",
            f"headline often:{step(often, (0.3, 0.8, 1.3, 2, 3))}/{width}",
            f"to run:{step(run.start - n, (-3, -1, 0, 1, 2, 3, 5, 8, 12, 20, 35))}",
        )
        near = [lines[m].text for m in candidates[max(0, place - _KIN) : place + _KIN + 1]]
        line.names += _beside_headline(line, lines[n + 1 : n + 5], near, width)


def _beside_headline(line: Line, after: Sequence[Line], near: Sequence[str], width: str) -> list[str]:
    """Whether a byline or a date follows, and whether a line near by holds it or is held by it."""
    text, size = line.text, len(line.text)
    seen = (
        ("byline follows", any(other.byline for other in after)),
        ("date follows", any(other.dated and other.size <= LONG for other in after)),
        (f"held/{width}", any(len(other) > size and text in other for other in near)),
        (f"holds/{width}", any(len(other) < size and other in text for other in near)),
    )
    return [name for name, true in seen if true]


def _shared(line: Line, told: Mapping[str, int]) -> tuple[float, float]:
    """The share of its words that other lines of the run hold, and how often they do."""
    size = len(line.content) or 1
    known = _known(line.content, told, int(line.size > LONG))
    return len(known) / size, _often(known) / size


def _known(words: Iterable[str], told: Mapping[str, int], own: int) -> list[int]:
    """How often each of some words is told, of those that are at all.

    own  1 where the line they stand in is among those that tell them, else 0
    """
    counts = [count for count in map(told.get, words) if count]
    return [count - 1 for count in counts if count > 1] if own else counts


def _often(counts: Sequence[int]) -> int:
    """Their sum, each of them 6 at most."""
    return sum([count if count < 6 else 6 for count in counts])


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


def _in_run(n: int, run: range) -> str:
    if n < run.start:
        return f"before {step(run.start - n, (1, 2, 4, 7, 12, 25))}"
    if n >= run.stop:
        return f"after {step(n - run.stop + 1, (1, 2, 4, 7, 12, 25))}"
    return "first" if n == run.start else "last" if n == run.stop - 1 else "in"


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
    around = ["edge", "edge", *(line.kind for line in lines), "edge", "edge"]
    alike = _alike(lines)
    for n, line in enumerate(lines):
        width = line.width
        line.names += (
            f"next:{around[n + 3]}/{width}",
            f"before:{around[n + 1]}/{width}",
            f"next but one:{around[n + 4]}/{width}",
            f"before but one:{around[n]}/{width}",
            f"alike:{alike[n]}/{width}",
        )
    for one, other in pairwise(lines):
        if one.look == other.look:
            one.names.append(f"as next/{one.width}")
            other.names.append(f"as before/{other.width}")
            if one.text == other.text:
                one.names.append(f"twice/{one.width}")
                other.names.append(f"twice/{other.width}")
    _see_crowds(lines)
    _see_colons(lines)
    _see_questions(lines)


def _see_crowds(lines: Sequence[Line]) -> None:
    """What there is more than one of among the lines around."""
    for name, is_marked in _CROWDS:
        marked = list(map(is_marked, lines))
        if True in marked:
            for line, count in zip(lines, _counted(marked), strict=True):
                if count:
                    line.names.append(f"{name} around:{count}/{line.width}")


#: What lines stand together in, and how it is seen.
_CROWDS: tuple[tuple[str, Callable[[Line], bool]], ...] = (
    ("stamps", lambda line: line.kind == "dated"),
    ("long lines", lambda line: line.long),
    ("cues", lambda line: line.kind == "cue"),
    ("again", lambda line: line.again and line.width == "t"),
    ("asked", lambda line: len(line.groups) > 1 and len(line.groups & _ASKS) > 1),
    ("labels", lambda line: line.labelled),
    ("said", lambda line: line.size <= LONG and "comments" in line.groups),
)


def _see_questions(lines: Sequence[Line]) -> None:
    """Which short lines follow a question to the reader: a poll's answers."""
    asked = False
    for line in lines:
        if asked and line.size <= LONG:
            line.names.append(f"after question/{line.width}")
        asked = (asked and line.size <= LONG) or ("?" in line.text[-3:] and "you" in line.groups)


def _see_colons(lines: Sequence[Line]) -> None:
    """Which lines stand between one that ends with a colon and the next long one."""
    colon = False
    for line in lines:
        if colon:
            line.names.append(f"after colon/{line.width}")
        if line.width != "t":
            colon = line.text.endswith((":", "：")) or (colon and not line.long)


def _counted(marked: Sequence[bool]) -> list[int]:
    """How many are marked among each and its four neighbours on either side, 5 at most."""
    edge = [False] * 4
    sums = [0, *accumulate((*edge, *marked, *edge))]
    return [min(after - before, 5) for before, after in zip(sums, sums[9:], strict=False)]


def _alike(lines: Sequence[Line]) -> list[int]:
    """How many short lines stand together here."""
    found = [0] * len(lines)
    start = 0
    for n in range(len(lines) + 1):
        if n == len(lines) or lines[n].size > LONG:
            for m in range(start, n):
                lines[m].crowd = n - start
                found[m] = step(n - start, (2, 3, 5, 8, 15, 30))
            start = n + 1
    return found
