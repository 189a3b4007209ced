"""JSON from outside: one value, an array, or JSON Lines, as a list of objects.

Keys are folded to lower case, since formats and their versions spell them differently
(``versioncreated``, ``versionCreated``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from wire.errors import Malformed, NotAStory, UnsafeInput
from wire.parse.base import head_of
from wire.parse.charset import decode
from wire.story import RawFile

Object = dict[str, Any]

MAX_OBJECTS = 10_000  #: stories in one file
_LOOKS_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{\]]")
_KEY = re.compile(rb'"([A-Za-z_$][\w$-]{0,40})"\s*:')


class Json:
    """What a file of JSON holds, and how it was read."""

    def __init__(self, objects: list[Object], charset: str, warnings: tuple[str, ...]) -> None:
        self.objects = objects
        self.charset = charset
        self.warnings = warnings


def keys_in_head(raw: RawFile) -> frozenset[str]:
    """The keys in a file's first 4 kB, in lower case; none when it does not look like JSON."""
    head = head_of(raw)
    if not _LOOKS_JSON.match(head):
        return frozenset()
    return frozenset(key.decode("ascii").lower() for key in _KEY.findall(head)) | {""}


def read_json(raw: RawFile) -> Json:
    """The objects in a file: its one value, the members of its array, or one a line.

    Raises Malformed, UnsafeInput when it nests without bounds, NotAStory when it holds no object.
    """
    decoded = decode(raw.data, raw.source.charset)
    reader = _Reader()
    values = reader.values(decoded.text.lstrip("\ufeff"))
    objects = [value for value in _flat(values) if isinstance(value, dict)]
    if not objects:
        raise NotAStory("this JSON holds no object")
    if len(objects) > MAX_OBJECTS:
        raise UnsafeInput(f"this JSON holds more than {MAX_OBJECTS} objects")
    return Json(objects, decoded.charset, (*decoded.warnings, *reader.warnings))


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


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


class _Reader:
    """Reads values one after the other and remembers what was odd."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=self._constant)

    def values(self, text: str) -> list[Any]:
        """Every value in the text, parted by nothing but blanks. Raises Malformed or UnsafeInput."""
        values: list[Any] = []
        at = _blanks(text, 0)
        while at < len(text):
            value, end = self._value(text, at)
            values.append(value)
            if len(values) > MAX_OBJECTS:
                raise UnsafeInput(f"this JSON holds more than {MAX_OBJECTS} values")
            at = _blanks(text, end)
        return values

    def _value(self, text: str, at: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(text, at)
        except RecursionError as exc:
            raise UnsafeInput("this JSON nests without bounds") from exc
        except json.JSONDecodeError as exc:
            _refuse(f"line {exc.lineno}, column {exc.colno}: {exc.msg}", exc)
        except ValueError as exc:  # a number of thousands of digits
            _refuse(str(exc), exc)

    def _object(self, pairs: list[tuple[str, Any]]) -> Object:
        folded = {key.lower(): value for key, value in pairs}
        if len(folded) != len(pairs):
            self._warn("a key occurs twice in an object: its last value was taken")
        return folded

    def _constant(self, name: str) -> None:
        self._warn(f"{name} is no JSON: ignored")

    def _warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)


def _refuse(reason: str, exc: Exception) -> NoReturn:
    raise Malformed(f"the JSON is broken: {reason}") from exc


def _blanks(text: str, at: int) -> int:
    """Where the next value begins: blanks and record separators (RFC 7464) are passed over."""
    while at < len(text) and text[at] in " \t\r\n\x1e":
        at += 1
    return at
