"""What changed from one version of a story to the next, word by word. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import takewhile
from operator import eq
from typing import Any

from wire.common.words import html_to_text
from wire.story import Concept, Story

_WORDS = re.compile(r"\s+|[^\s\w]|\w+")
#: Pairs of equal words that are looked at in all, a quarter of a second's work: what repeats itself a
#: thousand times would take hours. What is left by then counts as changed.
_MOST_STEPS = 2_000_000

_FIELDS = (
    *("headline", "subheadline", "slugline", "byline", "dateline", "description", "language", "urgency"),
    *("pub_status", "embargoed", "expires", "keywords", "subjects", "places", "people", "organisations"),
    *("ed_notes", "creditline", "copyright_notice", "usage_terms"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some text that both have, or one alone."""

    kind: str  #: ``same``, ``gone`` or ``new``
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that is not the same, or one paragraph."""

    field: str
    pieces: tuple[Piece, ...]


def differences(old: Story, new: Story) -> tuple[Difference, ...]:
    """Every field in which two versions differ; of the body, the paragraphs."""
    effort = _Effort()
    found = [
        Difference(field=name.replace("_", " "), pieces=tuple(pieces(before, after, effort)))
        for name in _FIELDS
        if (before := _shown(getattr(old, name))) != (after := _shown(getattr(new, name)))
    ]
    return (*found, *_paragraphs(html_to_text(old.body_html), html_to_text(new.body_html), effort))


def pieces(old: str, new: str, effort: _Effort | None = None) -> Iterator[Piece]:
    """Two texts as one, with what went and what came."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = _Matcher(before, after, effort or _Effort())
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(kind="same", text="".join(before[start:end]))
            continue
        if end > start:
            yield Piece(kind="gone", text="".join(before[start:end]))
        if new_end > new_start:
            yield Piece(kind="new", text="".join(after[new_start:new_end]))


def _paragraphs(old: str, new: str, effort: _Effort) -> Iterator[Difference]:
    before, after = old.splitlines(), new.splitlines()
    for tag, start, end, new_start, new_end in _Matcher(before, after, effort).get_opcodes():
        if tag == "equal":
            continue
        for number, (one, other) in enumerate(_pairs(before[start:end], after[new_start:new_end])):
            place = f"paragraph {new_start + number + 1}"
            yield Difference(field=place, pieces=tuple(pieces(one, other, effort)))


@dataclass(slots=True)
class _Effort:
    """How much is still to be spent on comparing."""

    left: int = _MOST_STEPS


class _Matcher(SequenceMatcher[str]):
    """Compares as long as there is an effort to be spent. Blanks alone are nothing that two texts share."""

    def __init__(self, old: Sequence[str], new: Sequence[str], effort: _Effort) -> None:
        super().__init__(str.isspace, old, new, autojunk=False)
        self._old, self._new, self._effort = old, new, effort

    def get_matching_blocks(self) -> list[Match]:
        """What both have in common, in order: beginning and end; then the longest run, and on either side."""
        often = Counter(word for word in self._new if not word.isspace())
        old, new = len(self._old), len(self._new)
        head = _equal(self._old, self._new)
        tail = _equal(self._old[head:][::-1], self._new[head:][::-1])
        found = [Match(0, 0, head), Match(old - tail, new - tail, tail)]
        parts = [(head, old - tail, head, new - tail)]
        while parts:
            start, end, new_start, new_end = parts.pop()
            self._effort.left -= sum(1 + often[word] for word in self._old[start:end])
            if self._effort.left < 0:
                break
            match = self.find_longest_match(start, end, new_start, new_end)
            if match.size:
                found.append(match)
                parts += (
                    (start, match.a, new_start, match.b),
                    (match.a + match.size, end, match.b + match.size, new_end),
                )
        return [*sorted(found), Match(old, new, 0)]


def _equal(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words at the beginning are the same."""
    return sum(1 for _ in takewhile(bool, map(eq, one, other)))


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Paragraphs side by side; what is left over stands beside nothing."""
    for number in range(max(len(old), len(new))):
        yield (
            old[number] if number < len(old) else "",
            new[number] if number < len(new) else "",
        )


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, Concept):
        return value.name or value.qcode or ""
    return "" if value is None else str(value)
