"""What can be seen of a line of copied text: by itself, in its document, in its place, beside its neighbours.

`features` names for every line what is true of it, in words such as ``ends:stop/l`` or ``told:4/s`` (/t, /s
and /l: in a tiny, short or long line); the weights (`linemodel`) give each name a meaning. Nothing
here knows of any role. Time is linear in the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from operator import eq, sub
from typing import Generic

from wire.parse.copied.cues import bits
from wire.parse.copied.linelook import KINDS, Line, LookTerms, look_at, step
from wire.parse.copied.linemarks import LONG
from wire.parse.copied.vocabulary import T, Vocabulary

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

_NO_WORDS = len(_SHARES) + 1
_BEFORE, _AFTER = ([f"{side} {far}" for far in range(len(_FROM_RUN) + 1)] for side in ("before", "after"))
_PLACES = ("first", "last", "in", *_BEFORE, *_AFTER)
_CROWDS = ("stamps", "long lines", "cues", "again", "asked", "labels", "said")


class Terms(Generic[T]):
    """What is noted of all features of lines."""

    def __init__(self, words: Vocabulary[T]) -> None:
        self.look = LookTerms(words)
        by_width, marked, say = words.by_width, words.marked, words.say
        told = (*range(_NO_WORDS), "no words")
        self.told, self.told_often = by_width("told", told), words.steps("told often", len(_OFTEN) + 1)
        self.told_after = {
            what: [say(f"told after {what}:{share}") for share in told]
            for what in ("an end", "links", "the run")
        }
        self.ended, self.links_past = by_width("ended", range(4)), by_width("links past", range(4))
        self.run = words.keyed("run", _PLACES)
        self.past = by_width("past", range(len(_PAST) + 1))
        self.long_before, self.long_after = (
            by_width(f"long {side}", range(8)) for side in ("before", "after")
        )
        self.from_top = [say(f"from top:{step(n, _EDGES)}") for n in range(_EDGE)]
        self.from_end = [say(f"from end:{step(n, _EDGES)}") for n in range(1, _EDGE)]
        self.headline_told = by_width("headline told", range(len(_HEADLINE_SHARES) + 1))
        self.headline_often = by_width("headline often", range(len(_HEADLINE_OFTEN) + 1))
        self.ranked = by_width("most told", range(3))
        self.to_run = words.steps("to run", len(_TO_RUN) + 1)
        self.next, self.before, self.next_but_one, self.before_but_one = (
            words.keyed(place, ("edge", *KINDS))
            for place in ("next", "before", "next but one", "before but one")
        )
        self.alike = by_width("alike", range(len(_TOGETHER) + 1))
        self.again, self.comes_again, self.often = marked("again"), marked("comes again"), say("often")
        self.as_next, self.as_before, self.twice = marked("as next"), marked("as before"), marked("twice")
        self.held, self.holds = marked("held"), marked("holds")
        self.after_question, self.after_colon = marked("after question"), marked("after colon")
        self.byline_follows, self.date_follows = say("byline follows"), say("date follows")
        self.author = {how: marked(how) for how in ("about author", "author named", "author opens")}
        self.crowds = {name: by_width(f"{name} around", range(_MANY + 1)) for name in _CROWDS}


def names() -> Terms[str]:
    """Of each feature its name."""
    return Terms(Vocabulary(str))


def features(texts: Sequence[str], terms: Terms[T]) -> tuple[list[Line], list[list[T]]]:
    """Every line of a document in order, and what is to be noted of each one's features."""
    lines, noted = look_at(texts, terms.look)
    _see_document(lines, noted, terms)
    _see_place(lines, noted, terms)
    _see_neighbours(lines, noted, terms)
    return lines, noted


class _Told:
    """How many lines hold each word, `_MOST` for more."""

    def __init__(self, lines: Iterable[Line]) -> None:
        counts = self._all = Counter(chain.from_iterable([line.content for line in lines]))
        again = [(word, count) for word, count in counts.items() if count > 1]
        self._others = {word: count - 1 if count <= _MOST else _MOST for word, count in again}
        counts.update({word: _MOST - count for word, count in again if count > _MOST})

    def of(self, line: Line, *, own: bool) -> list[int]:
        """How many lines hold each of the words of a line, of those that any does.

        own  whether the line itself is one of them, and does not count
        """
        held = self._others if own else self._all
        return list(filter(None, map(held.get, line.content)))


def _see_document(lines: Sequence[Line], noted: Sequence[list[T]], terms: Terms[T]) -> None:
    """What comes again: the line itself, its words in long lines, the author's name."""
    times = Counter([line.text for line in lines])
    told = _Told(line for line in lines if line.long)
    seen: set[str] = set()
    authors = {word for line in lines if line.byline for word in line.words[1:3] if len(word) > 2}
    for line, its in zip(lines, noted, strict=True):
        if times[line.text] > 1:
            line.again = True
            its.append((terms.again if line.text in seen else terms.comes_again)[line.width])
            if times[line.text] > 3:
                its.append(terms.often)
            seen.add(line.text)
        _see_told(line, its, told, terms)
        if authors and not line.byline and not authors.isdisjoint(line.words[:_NAMED]):
            its.append(terms.author[_told_of_author(line, authors)][line.width])


def _told_of_author(line: Line, authors: set[str]) -> str:
    """How a line speaks of the story's author."""
    if line.size <= LONG and not _ABOUT.isdisjoint(line.words[:1]):
        return "about author"
    return "author named" if authors.isdisjoint(line.words[:2]) else "author opens"


def _see_told(line: Line, its: list[T], told: _Told, terms: Terms[T]) -> None:
    """How many of its words stand in other long lines."""
    size = len(line.content)
    known = told.of(line, own=line.long)
    line.told = bisect_right(_SHARES, len(known) / size) if size else _NO_WORDS
    its.append(terms.told[line.width][line.told])
    if line.long:
        its.append(terms.told_often[bisect_right(_OFTEN, sum(known) / (size or 1))])


def _see_place(lines: Sequence[Line], noted: Sequence[list[T]], terms: Terms[T]) -> None:
    """Where the line stands to the run of lines that looks most like a story, and to long lines."""
    run = best_run(list(map(rough, lines)))
    total = sum([line.size for line in lines if line.long]) or 1
    past = 0
    at, passed, long_before, long_after = terms.run, terms.past, terms.long_before, terms.long_after
    for line, its, place, before, after in zip(
        lines, noted, _places(run, len(lines)), *_distances(lines), strict=True
    ):
        width = line.width
        its.extend(
            (
                at[width][place],
                passed[width][bisect_right(_PAST, past / total)],
                long_before[width][before],
                long_after[width][after],
            )
        )
        if line.long:
            past += line.size
    for its, from_top in zip(noted, terms.from_top, strict=False):
        its.append(from_top)
    for its, from_end in zip(reversed(noted), terms.from_end, strict=False):
        its.append(from_end)
    _see_ends(lines, noted, run, total, terms)
    _see_headlines(lines, noted, run, terms)


def _see_ends(
    lines: Sequence[Line], noted: Sequence[list[T]], run: range, total: int, terms: Terms[T]
) -> None:
    """What stands after marks of the end and headings of links, and whether it still tells the same story."""
    ended = more = past = 0
    for n, (line, its) in enumerate(zip(lines, noted, strict=True)):
        if line.long:
            past += line.size
        if line.ends_story and past > 0.3 * total:
            more += line.says_more
            ended += not line.says_more
        if ended:
            its.append(terms.ended[line.width][min(ended, 3)])
        if more:
            its.append(terms.links_past[line.width][min(more, 3)])
        if line.size > LONG and (ended or more or n >= run.stop):
            after = "an end" if ended else "links" if more else "the run"
            its.append(terms.told_after[after][line.told])


def _see_headlines(lines: Sequence[Line], noted: Sequence[list[T]], run: range, terms: Terms[T]) -> None:
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
        share, often = len(known) / (size or 1), sum(known) / (size or 1)
        worth[n] = share * min(size, 6)
        noted[n] += (
            terms.headline_told[width][bisect_right(_HEADLINE_SHARES, share)],
            terms.headline_often[width][bisect_right(_HEADLINE_OFTEN, often)],
            terms.to_run[bisect_right(_TO_RUN, run.start - n)],
        )
    for rank, n in enumerate(sorted(candidates, key=lambda n: (-worth[n], -n))[:3]):
        noted[n].append(terms.ranked["l" if lines[n].size > LONG else "s"][rank])
    _see_beside_headlines(lines, noted, candidates, terms)


def _see_beside_headlines(
    lines: Sequence[Line], noted: Sequence[list[T]], candidates: Sequence[int], terms: Terms[T]
) -> None:
    """Whether a byline or a date follows, and whether a candidate near by holds one or is held by it."""
    bylined = _above(n for n, line in enumerate(lines) if line.byline)
    dated = _above(n for n, line in enumerate(lines) if line.dated and line.size <= LONG)
    for n in candidates:
        if n in bylined:
            noted[n].append(terms.byline_follows)
        if n in dated:
            noted[n].append(terms.date_follows)
    held, holds = _holding([lines[n].text for n in candidates])
    for by_width, some in ((terms.held, held), (terms.holds, holds)):
        for k in some:
            n = candidates[k]
            noted[n].append(by_width["l" if lines[n].size > LONG else "s"])


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


def _places(run: range, lines: int) -> list[str]:
    """Where each of some lines stands to a run of them: one of the `_PLACES`."""
    inside = ["first", *["in"] * (len(run) - 2), *["last"] * (len(run) > 1)] if run else []
    before = [_BEFORE[bisect_right(_FROM_RUN, run.start - n)] for n in range(run.start)]
    after = [_AFTER[bisect_right(_FROM_RUN, n - run.stop + 1)] for n in range(run.stop, lines)]
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


def _see_neighbours(lines: Sequence[Line], noted: Sequence[list[T]], terms: Terms[T]) -> None:
    """The kinds of the lines around, how alike those round about are, and what there are many of."""
    around = ["edge", "edge", *[line.kind for line in lines], "edge", "edge"]
    last, next_, last_but_one, next_but_one = (
        terms.before,
        terms.next,
        terms.before_but_one,
        terms.next_but_one,
    )
    for line, its, alike, far_above, above, below, far_below in zip(
        lines, noted, _alike(lines), around, around[1:], around[3:], around[4:], strict=False
    ):
        width = line.width
        its.extend(
            (
                next_[width][below],
                last[width][above],
                next_but_one[width][far_below],
                last_but_one[width][far_above],
                terms.alike[width][alike],
            )
        )
    looks = [line.look for line in lines]
    for n in [n for n, as_next in enumerate(map(eq, looks, looks[1:])) if as_next]:
        width = lines[n].width
        noted[n].append(terms.as_next[width])
        noted[n + 1].append(terms.as_before[width])
        if lines[n].text == lines[n + 1].text:
            noted[n].append(terms.twice[width])
            noted[n + 1].append(terms.twice[width])
    _see_crowds(lines, noted, terms)
    _see_colons(lines, noted, terms)
    _see_questions(lines, noted, terms)


def _see_crowds(lines: Sequence[Line], noted: Sequence[list[T]], terms: Terms[T]) -> None:
    """What there is more than one of among the lines around."""
    for by_width, held in zip(terms.crowds.values(), _crowds(lines), strict=True):
        if True in held:
            for line, its, some in zip(lines, noted, _around(held), strict=True):
                if some:
                    its.append(by_width[line.width][min(some, _MANY)])


def _crowds(lines: Sequence[Line]) -> Iterator[list[bool]]:
    """Which lines are of each of the `_CROWDS`."""
    kinds = [line.kind for line in lines]
    yield [kind == "dated" for kind in kinds]
    yield [line.long for line in lines]
    yield [kind == "cue" for kind in kinds]
    yield [line.again and line.width == "t" for line in lines]
    yield [(line.groups & _ASKS).bit_count() > 1 for line in lines]
    yield [line.labelled for line in lines]
    yield [line.size <= LONG and line.groups & _COMMENTS != 0 for line in lines]


def _around(held: Sequence[bool]) -> Iterable[int]:
    """For each line, how many of those within `_REACH` of it, itself included, are marked."""
    up_to = [0] * (_REACH + 1)
    up_to += accumulate((*held, *[False] * _REACH))
    return map(sub, up_to[2 * _REACH + 1 :], up_to)


def _see_questions(lines: Sequence[Line], noted: Sequence[list[T]], terms: Terms[T]) -> None:
    """Which short lines follow a question to the reader: a poll's answers."""
    asked = False
    for line, its in zip(lines, noted, strict=True):
        if asked and line.size <= LONG:
            its.append(terms.after_question[line.width])
        asked = (asked and line.size <= LONG) or (line.groups & _YOU != 0 and "?" in line.text[-3:])


def _see_colons(lines: Sequence[Line], noted: Sequence[list[T]], terms: Terms[T]) -> None:
    """Which lines stand between one that ends with a colon and the next long one."""
    colon = False
    for line, its in zip(lines, noted, strict=True):
        if colon:
            its.append(terms.after_colon[line.width])
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
