"""Which feeds and endpoints a story belongs to: ``where`` tables, compiled once, asked for every story.

A story is looked at through facets, each a set of plain values (`FACETS`): subjects with everything above
them, language tags with their shorter forms, and so on. Nearly every field of a rule is then one question,
whether two sets meet. A rule is filed under the values of its most telling field, so that stories without any
of these values cost it nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from html import unescape
from typing import NamedTuple

from wire.config import Where
from wire.iptc import media_topics
from wire.story import Concept, Story

Value = str | int


class Seen(NamedTuple):
    """A story and its facets, as rules look at them."""

    story: Story
    facets: Mapping[str, frozenset[Value]]


Test = Callable[[Seen], bool]

_TAG = re.compile(r"<[^>]*>")
_LONGEST_SLUGLINE = 100  #: characters of a slugline that rules are held against


class Router:
    """Compiled rules. Immutable; used by any thread. `compile` builds it."""

    def __init__(self, rules: Mapping[str, Where]) -> None:
        self._ids = tuple(rules)
        self._tests: list[Test | None] = []
        self._unfiled: list[int] = []
        self._filed: dict[str, dict[Value, list[int]]] = {}
        for number, where in enumerate(rules.values()):
            field = next((name for name in FACETS if getattr(where, name)), None)
            self._file(number, where, field)
            self._tests.append(_test(where, filed_under=field))
        used = set().union(*(_facets_used(where) for where in rules.values()))
        self._facets = tuple((name, FACETS[name]) for name in FACETS if name in used)

    def _file(self, number: int, where: Where, field: str | None) -> None:
        if field is None:
            self._unfiled.append(number)
            return
        values = self._filed.setdefault(field, {})
        for value in _wanted(field, where):
            values.setdefault(value, []).append(number)

    def match(self, story: Story) -> tuple[str, ...]:
        """The ids of the rules that the story meets, in the order of the configuration."""
        seen = Seen(story, {name: frozenset(values(story)) for name, values in self._facets})
        to_ask = set(self._unfiled)
        for field, rules in self._filed.items():
            for value in rules.keys() & seen.facets[field]:
                to_ask.update(rules[value])
        tests = self._tests
        return tuple(self._ids[n] for n in sorted(to_ask) if (test := tests[n]) is None or test(seen))


def compile(rules: Mapping[str, Where]) -> Router:
    """Rules by the id of their feed or endpoint, made ready to be asked."""
    return Router(rules)


@lru_cache(maxsize=4096)
def _lineage(qcode: str) -> tuple[str, ...]:
    return (qcode, *media_topics.ancestors(qcode))


def _subjects(story: Story) -> Iterable[str]:
    """The topics with everything above them, so that a rule's topic takes what lies below it."""
    topics: set[str] = set()
    return topics.union(*(_lineage(concept.qcode) for concept in story.subjects if concept.qcode))


@lru_cache(maxsize=4096)
def _shorter_forms(tag: str) -> tuple[str, ...]:
    """``en-gb`` and ``en`` for ``en-GB`` (basic filtering, RFC 4647, 3.3.1)."""
    parts = tag.lower().split("-")
    return tuple("-".join(parts[:length]) for length in range(1, len(parts) + 1))


def _names_and_codes(concepts: Iterable[Concept]) -> Iterator[str]:
    return (text.casefold() for concept in concepts for text in (concept.name, concept.qcode) if text)


def _beginnings(story: Story) -> Iterable[str]:
    slugline = (story.slugline or "")[:_LONGEST_SLUGLINE].casefold()
    return [slugline[:length] for length in range(1, len(slugline) + 1)]


#: What a story is in each respect; the most telling respect first: rules are filed in this order.
FACETS: Mapping[str, Callable[[Story], Iterable[Value]]] = {
    "keyword": lambda story: [word.casefold() for word in story.keywords],
    "slugline": _beginnings,
    "subject": _subjects,
    "place": lambda story: _names_and_codes(story.places),
    "source": lambda story: (story.origin.source,),
    "provider": lambda story: (story.provider.casefold(),) if story.provider else (),
    "genre": lambda story: _names_and_codes(story.genres),
    "urgency": lambda story: (story.urgency,) if story.urgency else (),
    "language": lambda story: _shorter_forms(story.language) if story.language else (),
}

_EXACT = frozenset({"subject", "source", "urgency"})  # facets whose values are no words of people


def _wanted(field: str, where: Where) -> frozenset[Value]:
    """A rule's values in the form in which the facet holds them."""
    values: tuple[Value, ...] = getattr(where, field)
    return frozenset(values if field in _EXACT else (str(value).casefold() for value in values))


def _facets_used(where: Where) -> set[str]:
    own = {name for name in FACETS if getattr(where, name)}
    return own.union(*(_facets_used(rule) for rule in _rules_within(where)))


def _rules_within(where: Where) -> tuple[Where, ...]:
    return (*where.all, *where.any, *((where.not_,) if where.not_ else ()))


def _test(where: Where, *, filed_under: str | None = None) -> Test | None:
    """The rule as one function, the cheap questions first; None when it takes every story.

    filed_under  the field that need not be asked again, since the rule was found by it
    """
    tests = [
        _meets(name, _wanted(name, where)) for name in FACETS if name != filed_under and getattr(where, name)
    ]
    tests += [*_measured(where), *_nested(where)]
    if where.text:
        tests.append(_says(tuple(text.casefold() for text in where.text)))
    return reduce(_both, tests) if tests else None


def _both(first: Test, second: Test) -> Test:
    return lambda seen: first(seen) and second(seen)


def _either(first: Test, second: Test) -> Test:
    return lambda seen: first(seen) or second(seen)


def _meets(field: str, wanted: frozenset[Value]) -> Test:
    return lambda seen: not wanted.isdisjoint(seen.facets[field])


def _measured(where: Where) -> Iterator[Test]:
    if (picture := where.picture) is not None:
        yield lambda seen: bool(seen.story.pictures) is picture
    if (least := where.min_words) is not None:
        yield lambda seen: seen.story.word_count >= least
    if (most := where.max_words) is not None:
        yield lambda seen: seen.story.word_count <= most


def _nested(where: Where) -> Iterator[Test]:
    for rule in where.all:
        if test := _test(rule):
            yield test
    if where.any:
        yield reduce(_either, (_test(rule) or _everything for rule in where.any))
    if where.not_ is not None:
        unwanted = _test(where.not_) or _everything
        yield lambda seen: not unwanted(seen)


def _everything(_: Seen) -> bool:
    return True


def _says(texts: tuple[str, ...]) -> Test:
    def says(seen: Seen) -> bool:
        story = seen.story
        body = _TAG.sub(" ", story.body_html)
        copy = "\n".join((story.headline or "", story.description or "", unescape(body))).casefold()
        return any(text in copy for text in texts)

    return says
