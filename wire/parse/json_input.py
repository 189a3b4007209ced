"""JSON items of the news formats: their objects with keys in one spelling, and ways to ask them.

Keys are folded to lower case, since formats and their versions spell them differently
(``versioncreated``, ``versionCreated``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from wire.errors import NotAStory, UnsafeInput
from wire.parse.base import head_of
from wire.parse.json_text import read_json
from wire.story import RawFile

Object = dict[str, Any]

MAX_OBJECTS = 10_000  #: stories in one file
_LOOKS_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{\]]")
_KEY = re.compile(rb'"([A-Za-z_$][\w$-]{0,40})"\s*:')


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonObjects:
    """The objects at the top of a JSON file, and how it was read."""

    objects: tuple[Object, ...]
    charset: str
    warnings: tuple[str, ...]


def keys_in_head(raw: RawFile) -> frozenset[str]:
    """The keys in a file's first 4 kB, in lower case; none when it does not look like JSON."""
    head = head_of(raw)
    if not _LOOKS_JSON.match(head):
        return frozenset()
    return frozenset(key.decode("ascii").lower() for key in _KEY.findall(head)) | {""}


def read_objects(raw: RawFile) -> JsonObjects:
    """The objects in a file: its one value, the members of its array, or one a line.

    Raises Malformed, UnsafeInput when it nests or grows without bounds, NotAStory when it holds no object.
    """
    read = read_json(raw)
    found = tuple(_folded(value) for value in read.values if isinstance(value, dict))
    if not found:
        raise NotAStory("this JSON holds no object")
    if len(found) > MAX_OBJECTS:
        raise UnsafeInput(f"this JSON holds more than {MAX_OBJECTS} objects")
    return JsonObjects(objects=found, charset=read.charset, warnings=read.warnings)


def _folded(value: Any) -> Any:
    """The value with the keys of its objects in lower case; `json_text` has capped its depth."""
    if isinstance(value, dict):
        return {key.lower(): _folded(inner) for key, inner in value.items()}
    return [_folded(inner) for inner in value] if isinstance(value, list) else value


def text(item: Object, *keys: str) -> str | None:
    """The first of the keys that holds a text with something in it, or a number."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
    return None


def objects(item: Object, *keys: str) -> list[Object]:
    """The objects under the first key that has any: an array's, an object's own values, or itself.

    ninjs 1 writes associations and renditions as objects with free keys, ninjs 2 and 3 as arrays.
    """
    for key in keys:
        value = item.get(key)
        if isinstance(value, dict):
            inner = [member for member in value.values() if isinstance(member, dict)]
            return inner if len(inner) == len(value) else [value]
        if isinstance(value, list) and value:
            return [member for member in value if isinstance(member, dict)]
    return []


def texts(item: Object, *keys: str) -> list[str]:
    """The texts under the first key that has any: an array's, or the one there is."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return [value]
        if isinstance(value, list):
            found = [member for member in value if isinstance(member, str) and member.strip()]
            if found:
                return found
    return []


def number(item: Object, *keys: str) -> int | None:
    """The first of the keys that holds a whole number of at most nine digits, written as such or as text."""
    found = text(item, *keys)
    found = found.strip().removesuffix(".0") if found else ""
    return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else None
