"""JSON items of the news formats: their objects with keys in one spelling, and ways to ask them.

Keys are folded to lower case, since formats and their versions spell them differently
(``versioncreated``, ``versionCreated``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from wire.errors import IntakeError, NotAStory, UnsafeInput
from wire.parse.base import head_of
from wire.parse.items.said import Said
from wire.parse.json_text import JsonText, read_json
from wire.parse.markup import whole
from wire.story import Draft, RawFile

Object = dict[str, Any]

MAX_OBJECTS = 10_000  #: stories in one file
_LOOKS_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{\]]")
_AP_KEYS = re.compile(r"(?:^|&)(?:qt|et|apikey)=")
_KEY = re.compile(rb'"([A-Za-z_$][\w$-]{0,40})"\s*:')


def keys_in_head(raw: RawFile) -> frozenset[str]:
    """The keys in a file's first 4 kB, in lower case; none when it does not look like JSON."""
    head = head_of(raw)
    return _keys(head) if _LOOKS_JSON.match(head) else frozenset()


@lru_cache(maxsize=1)
def _keys(head: bytes) -> frozenset[str]:
    """Asked by one parser after the other."""
    return frozenset(key.decode("ascii").lower() for key in _KEY.findall(head)) | {""}


def read_items(
    raw: RawFile,
    items_of: Callable[[Object], Iterable[Object]],
    draft: Callable[[Object, JsonText], Draft],
    none: str,
) -> Sequence[Draft | IntakeError]:
    """A draft of each item in a file's one value, the members of its array, or its lines; broken lines last.

    items_of  the items in one of the objects
    none      said when there is no item

    Raises Malformed, UnsafeInput when it nests or grows without bounds, NotAStory when it holds no item.
    """
    read = read_json(raw)
    found = [_folded(value) for value in read.values if isinstance(value, dict)]
    if len(found) > MAX_OBJECTS:
        raise UnsafeInput(f"this JSON holds more than {MAX_OBJECTS} objects")
    items = [item for outer in found for item in items_of(outer)]
    if not items:
        raise NotAStory(none if found else "this JSON holds no object")
    return [*(draft(item, read) for item in items), *read.broken]


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


def say_embargo(item: Object, said: Said, *keys: str) -> None:
    """The embargo under the first key there is: ``null`` and ``false`` are none, an empty text has no end."""
    for key in keys:
        if item.get(key) is not None and item[key] is not False:
            said.say_embargo(text(item, key))


def without_key(address: str | None) -> str | None:
    """An identity; of an address of AP's interface without the customer's key and the version's tag."""
    path, _, query = (address or "").partition("?")
    return path if query and path.startswith("http") and _AP_KEYS.search(query) else address


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
    return whole(found)
