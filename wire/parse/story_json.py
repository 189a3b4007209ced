"""Our own story JSON (``wire.storyjson``), one story, a list, or one a line: what ``--to json`` wrote.

Everything comes back but where the story came from: that is now this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from wire.errors import IntakeError, NotAStory
from wire.parse.base import head_of
from wire.parse.json_text import read_json
from wire.story import OPEN_ENDED, Concept, Draft, Link, Location, Picture, PubStatus, RawFile
from wire.storyjson import LOADERS

_PUB_STATUS = re.compile(rb'[{,]\s*"pub_status"\s*:')
#: Fields of a story that a draft has not: reading makes them anew.
_MADE_ANEW = frozenset(("origin", "word_count"))
#: What a field that cannot be understood becomes, where leaving it out would publish too much.
_CAUTIOUS = {"embargoed": OPEN_ENDED, "pub_status": PubStatus.WITHHELD}
_NUMBERS = {"urgency": range(1, 10), "version": range(1, 2**53)}
_OF_PARTS = range(2**53)  #: pixels, bytes, versions of others


class StoryJsonParser:
    """Reads the documented JSON form of a story."""

    name = "json"

    def evidence(self, raw: RawFile) -> int:
        """95 for JSON with the key ``pub_status``, which no other format of the trade spells so."""
        head = head_of(raw)
        named = head.startswith((b"{", b"[")) and b'"pub_status"' in head
        return 95 if named and _PUB_STATUS.search(head) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft | IntakeError]:
        """One draft a story, in the file's order; a field that cannot be understood is a warning.

        Raises Malformed, UnsafeInput, or NotAStory when no value is an object.
        """
        text = read_json(raw)
        stories = [value for value in text.values if isinstance(value, dict)]
        if not stories:
            raise NotAStory("this JSON holds no object, so no story")
        return [*(_draft(story, text.charset, text.warnings) for story in stories), *text.broken]


def _draft(stated: dict[str, Any], charset: str, warnings: tuple[str, ...]) -> Draft:
    told = [*_earlier_warnings(stated.get("origin")), *warnings]
    known: dict[str, Any] = {}
    for name, turn in LOADERS:
        if name not in stated or name in _MADE_ANEW:
            continue
        value = _understood(name, stated[name], turn)
        if value is None:
            told.append(f"{name} is not what story JSON has there")
            value = _CAUTIOUS.get(name)
        if value is not None:
            known[name] = value
    return Draft(**known, format=StoryJsonParser.name, charset=charset, warnings=tuple(told))


def _understood(name: str, stated: Any, turn: Callable[[Any], Any] | None) -> Any:
    """The value of a field; None when it is not of the field's type."""
    try:
        value = stated if turn is None else turn(stated)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return None
    if value is None or not _fits(value, _types()[name]) or value not in _NUMBERS.get(name, (value,)):
        return None
    return value


def _fits(value: Any, type_: Any) -> bool:
    """Whether a value is of a type as ``wire.story`` writes them: unions, tuples, values, plain types."""
    if isinstance(type_, UnionType):
        return any(_fits(value, one) for one in get_args(type_))
    if get_origin(type_) is tuple:
        return isinstance(value, tuple) and all(_fits(one, get_args(type_)[0]) for one in value)
    if is_dataclass(type_):
        return type(value) is type_ and all(_fits(getattr(value, name), of) for name, of in _parts()[type_])
    if type_ is NoneType:
        return value is None
    if type_ is int:
        return type(value) is int and value in _OF_PARTS
    return isinstance(value, type_)


@cache
def _types() -> dict[str, Any]:
    return get_type_hints(Draft)


@cache
def _parts() -> dict[Any, tuple[tuple[str, Any], ...]]:
    """The fields of each small value, with their types."""
    return {kind: tuple(get_type_hints(kind).items()) for kind in (Concept, Location, Picture, Link)}


def _earlier_warnings(origin: Any) -> list[str]:
    """What was warned of when the story was read first: that is still so."""
    warnings = origin.get("warnings") if isinstance(origin, dict) else None
    return [one for one in warnings if isinstance(one, str)] if isinstance(warnings, list) else []
