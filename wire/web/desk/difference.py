"""What changed from one version of a story to the next, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from wire.common.words import html_to_text
from wire.story import Concept, Story

_WORDS = re.compile(r"\s+|[^\s\w]|\w+")
#: Words of one field above which it is compared line by line alone: comparing takes the square of them.
_MOST_WORDS = 3000

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
    found = [
        Difference(field=name.replace("_", " "), pieces=tuple(pieces(before, after)))
        for name in _FIELDS
        if (before := _shown(getattr(old, name))) != (after := _shown(getattr(new, name)))
    ]
    return (*found, *_paragraphs(html_to_text(old.body_html), html_to_text(new.body_html)))


def pieces(old: str, new: str) -> Iterator[Piece]:
    """Two texts as one, with what went and what came."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if tag == "equal":
            yield Piece(kind="same", text="".join(before[start:end]))
            continue
        if end > start:
            yield Piece(kind="gone", text="".join(before[start:end]))
        if new_end > new_start:
            yield Piece(kind="new", text="".join(after[new_start:new_end]))


def _paragraphs(old: str, new: str) -> Iterator[Difference]:
    before, after = old.splitlines(), new.splitlines()
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if tag == "equal":
            continue
        for number, (one, other) in enumerate(_pairs(before[start:end], after[new_start:new_end])):
            place = f"paragraph {new_start + number + 1}"
            yield Difference(field=place, pieces=tuple(pieces(one, other)))


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
