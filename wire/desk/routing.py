"""Which feeds and endpoints a story belongs to: ``where`` tables, compiled once, asked for every story.

Rules are the bits of long integers. For each facet (`wire.desk.facets`) and each of its values there is the
set of rules that want it, and for each facet the set of those that do not ask. What a story meets is then a
few unions and intersections, whatever the number of rules; only rules that hold others are looked at alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate, compress
from operator import or_

from wire.config import Where
from wire.desk.facets import FACETS, Value, clue, copy_of, says, wanted, words_of
from wire.story import Story

#: A set of rules: the bit ``1 << number`` for each.
Bits = int

_AS_FLAGS = bytes.maketrans(b"01", b"\x00\x01")
#: As many letters of a word tell which texts may begin with it.
_CLUE = 4
#: Finding this many texts costs as much as parting the copy into words.
_FEW = 64


class Router:
    """Compiled rules of feeds and of endpoints. Thread-safe; all it remembers is its latest answer."""

    def __init__(self, feeds: Mapping[str, Where], endpoints: Mapping[str, Where] | None = None) -> None:
        """Rules by the id of their feed or endpoint, which are asked together."""
        self._feeds = tuple(feeds)
        self._endpoints = tuple(endpoints or {})
        tops = [*feeds.values(), *(endpoints or {}).values()]
        nodes = list(tops)
        for where in nodes:  # grows while it is walked: rules within come after all others
            nodes.extend(where.within)
        bits = {id(where): 1 << number for number, where in reversed(list(enumerate(nodes)))}
        self._every = (1 << len(nodes)) - 1
        self._questions = tuple(_questions(nodes))
        self._joined = {1 << n: _joined(where, bits) for n, where in enumerate(tops) if where.within}
        self._joint = sum(self._joined)
        self._latest: tuple[Story | None, Bits] = (None, 0)

    def feeds(self, story: Story) -> tuple[str, ...]:
        """The feeds whose rules the story meets, in the order of the configuration."""
        return _named(self._feeds, self._met(story))

    def endpoints(self, story: Story) -> tuple[str, ...]:
        """The endpoints whose rules the story meets, in the order of the configuration."""
        return _named(self._endpoints, self._met(story) >> len(self._feeds))

    def _met(self, story: Story) -> Bits:
        latest, met = self._latest
        if latest is not story:
            met = self._every
            for question in self._questions:
                met &= question(story)
            met ^= sum(bit for bit in _each(met & self._joint) if not self._joined[bit](met))
            self._latest = (story, met)
        return met


def _named(ids: Sequence[str], met: Bits) -> tuple[str, ...]:
    flags = f"{met & (1 << len(ids)) - 1:b}".encode().translate(_AS_FLAGS)
    return tuple(compress(ids, reversed(flags)))


def _each(rules: Bits) -> Iterator[Bits]:
    """Each of a set of rules by itself."""
    while rules:
        rule = rules & -rules
        yield rule
        rules ^= rule


def _joined(where: Where, bits: Mapping[int, Bits]) -> Callable[[Bits], bool]:
    """Whether a rule holds with the rules within it, by the set of rules whose own fields are met."""
    own = bits[id(where)]
    all_, any_ = ([_joined(rule, bits) for rule in rules] for rules in (where.all, where.any))
    not_ = None if where.not_ is None else _joined(where.not_, bits)

    def holds(met: Bits) -> bool:
        return (
            bool(met & own)
            and all(rule(met) for rule in all_)
            and (not any_ or any(rule(met) for rule in any_))
            and not (not_ is not None and not_(met))
        )

    return holds


def _questions(nodes: Sequence[Where]) -> Iterable[Callable[[Story], Bits]]:
    """One question for each field that any rule has: which rules does the story meet, or not ask?"""
    for field, values in FACETS.items():
        if asking := {number: found for number, where in enumerate(nodes) if (found := wanted(field, where))}:
            yield _has(values, _by_value(asking), _others(asking, nodes))
    least = {number: where.min_words for number, where in enumerate(nodes) if where.min_words is not None}
    if least:
        yield _at_least(least, _others(least, nodes))
    most = {number: where.max_words for number, where in enumerate(nodes) if where.max_words is not None}
    if most:
        yield _at_most(most, _others(most, nodes))
    texts = {number: wanted("text", where) for number, where in enumerate(nodes) if where.text}
    if texts:
        yield _says(_by_value(texts), _others(texts, nodes))


def _others(asking: Iterable[int], nodes: Sequence[Where]) -> Bits:
    """The rules that do not ask."""
    return (1 << len(nodes)) - 1 & ~sum(1 << number for number in asking)


def _by_value(asking: Mapping[int, frozenset[Value]]) -> dict[Value, Bits]:
    found: dict[Value, Bits] = {}
    for number, values in asking.items():
        for value in values:
            found[value] = found.get(value, 0) | 1 << number
    return found


def _has(
    values: Callable[[Story], Iterable[Value]], rules: Mapping[Value, Bits], others: Bits
) -> Callable[[Story], Bits]:
    def has(story: Story) -> Bits:
        met = others
        for value in values(story):
            if value in rules:
                met |= rules[value]
        return met

    return has


def _at_least(least: Mapping[int, int], others: Bits) -> Callable[[Story], Bits]:
    limits = sorted(set(least.values()))
    rules = [sum(1 << number for number, limit in least.items() if limit == each) for each in limits]
    met = list(accumulate(rules, or_, initial=others))
    return lambda story: met[bisect_right(limits, story.word_count)]


def _at_most(most: Mapping[int, int], others: Bits) -> Callable[[Story], Bits]:
    limits = sorted(set(most.values()))
    rules = [sum(1 << number for number, limit in most.items() if limit == each) for each in limits]
    met = list(accumulate(reversed(rules), or_, initial=others))[::-1]
    return lambda story: met[bisect_left(limits, story.word_count)]


def _says(rules: Mapping[Value, Bits], others: Bits) -> Callable[[Story], Bits]:
    """A few texts are looked for one by one, many only where the copy has the word that they begin with."""
    by_word: dict[str, list[str]] = {}
    lengths: set[int] = set()
    anywhere: list[str] = []
    for text in map(str, rules):
        found = clue(text) if len(rules) > _FEW else None
        if found is None:
            anywhere.append(text)
            continue
        word, whole = found
        by_word.setdefault(f" {word}" if whole else word[:_CLUE], []).append(text)
        if not whole:
            lengths.add(len(word[:_CLUE]))

    def look(story: Story) -> Bits:
        copy = copy_of(story)
        words = words_of(copy) if by_word else ()
        clues = {f" {word}" for word in words}.union(*({word[:n] for word in words} for n in lengths))
        texts = [*anywhere, *(text for word in by_word.keys() & clues for text in by_word[word])]
        return reduce(or_, (rules[text] for text in texts if says(copy, text)), others)

    return look
