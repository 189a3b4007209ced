"""Why a rule takes a story, or does not: the same answer as `wire.desk.routing` gives, with its reasons.

Reads a rule from the top down as a person would; meant for a few stories, not for the stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from wire.config import Where
from wire.desk.facets import FACETS, copy_of, says, wanted
from wire.story import Concept, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One condition of a rule, and whether the story meets it."""

    met: bool
    field: str  #: such as ``subject``, ``any[2].urgency`` or ``not``
    why: str  #: for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether a rule takes a story, and why."""

    met: bool
    reasons: tuple[Reason, ...]  #: every condition that is met; or the first that is not, alone


def explain(where: Where, story: Story) -> Explanation:
    """Why a rule takes a story, or the first condition for which it does not."""
    reasons: list[Reason] = []
    for reason in _conditions(where, story, ""):
        if not reason.met:
            return Explanation(met=False, reasons=(reason,))
        reasons.append(reason)
    return Explanation(met=True, reasons=tuple(reasons))


def _conditions(where: Where, story: Story, prefix: str) -> Iterator[Reason]:
    """Every condition of a rule, those of rules within it last."""
    for field in FACETS:
        if found := wanted(field, where):
            met = sorted(map(str, found.intersection(FACETS[field](story))))
            yield Reason(
                met=bool(met),
                field=f"{prefix}{field}",
                why=", ".join(met) if met else f"wants {_listed(found)}; the story {_has(field, story)}",
            )
    yield from _words(where, story, prefix)
    if where.text:
        yield _text(where, story, prefix)
    for number, rule in enumerate(where.all, 1):
        yield from _conditions(rule, story, f"{prefix}all[{number}].")
    if where.any:
        yield _any(where, story, prefix)
    if where.not_ is not None:
        unwanted = explain(where.not_, story)
        yield Reason(met=not unwanted.met, field=f"{prefix}not", why=_told(unwanted))


def _words(where: Where, story: Story, prefix: str) -> Iterator[Reason]:
    count = story.word_count
    for field, limit, short in (("min_words", where.min_words, True), ("max_words", where.max_words, False)):
        if limit is not None:
            met = count >= limit if short else count <= limit
            yield Reason(met=met, field=f"{prefix}{field}", why=f"{count} words, the limit is {limit}")


def _text(where: Where, story: Story, prefix: str) -> Reason:
    copy = copy_of(story)
    said = sorted(str(text) for text in wanted("text", where) if says(copy, str(text)))
    why = f"says {_listed(said)}" if said else f"says none of {_listed(where.text)}"
    return Reason(met=bool(said), field=f"{prefix}text", why=why)


def _any(where: Where, story: Story, prefix: str) -> Reason:
    """The first of the rules that takes the story; or why none does."""
    found = [explain(rule, story) for rule in where.any]
    for number, explanation in enumerate(found, 1):
        if explanation.met:
            return Reason(met=True, field=f"{prefix}any[{number}]", why=_told(explanation))
    return Reason(met=False, field=f"{prefix}any", why="; ".join(map(_told, found)))


def _told(explanation: Explanation) -> str:
    """An explanation on one line."""
    told = ", ".join(f"{reason.field}: {reason.why}" for reason in explanation.reasons)
    return told or "it takes every story"


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(str(value) for value in values))


def _has(field: str, story: Story) -> str:
    """What the story says in a respect, in its own words."""
    said = _listed(_SAID[field](story))
    return f"has {said}" if said else "says none"


def _concepts(concepts: Iterable[Concept]) -> list[str]:
    return [" ".join(filter(None, (concept.qcode, concept.name))) for concept in concepts]


def _only(value: object) -> tuple[object, ...]:
    return (value,) if value else ()


_SAID: Mapping[str, Callable[[Story], Iterable[object]]] = {
    "source": lambda story: (story.origin.source,),
    "provider": lambda story: _only(story.provider),
    "subject": lambda story: _concepts(story.subjects),
    "genre": lambda story: _concepts(story.genres),
    "language": lambda story: _only(story.language),
    "place": lambda story: _concepts(story.places),
    "urgency": lambda story: _only(story.urgency),
    "keyword": lambda story: story.keywords,
    "slugline": lambda story: _only(story.slugline),
    "picture": lambda story: ("a picture" if story.pictures else "no picture",),
}
