"""JSON from outside, read with caps: one value, a list of them, or one a line (JSON Lines).

Keys named twice, ``NaN`` and ``Infinity`` are no JSON (RFC 8259) but occur: the first of two keys counts,
no number at all comes of the others, and both are warned of.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from wire.errors import Malformed, UnsafeInput
from wire.parse.charset import decode
from wire.story import RawFile

MAX_DEPTH = 100  #: of arrays and objects within each other
_MOST_LINES = 20_000  #: of a file of one value a line; there are fewer stories in any

_BETWEEN = " \t\r\n\x1e,"  #: values; 1E: JSON text sequences (RFC 7464)
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)  #: one without an end goes on to the text's
_BRACKET = re.compile(r"[\[{]|[\]}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonText:
    """The values of a JSON file in its order, the charset it was in, and what was repaired."""

    values: tuple[Any, ...]
    charset: str
    warnings: tuple[str, ...] = ()
    broken: tuple[Malformed, ...] = ()  #: lines of several that are no JSON, each with its number


def read_json(raw: RawFile) -> JsonText:
    """Every top-level value of a file; the elements of an array at the top count as such.

    Of a file of one value a line, broken lines are set aside. Raises Malformed when the text is no JSON,
    UnsafeInput when it nests too deep.
    """
    text, charset, warned = _decoded(raw)
    warnings = dict.fromkeys(warned)
    _refuse_depth(text)
    decoder = _decoder(warnings)
    try:
        values, broken = _values(text, decoder), list[Malformed]()
    except Malformed:
        if text.count("\n") > _MOST_LINES:
            raise
        values, broken = _values_by_line(text, decoder)
        if len(values) < max(len(broken), 1):  # one value that is broken, not many lines
            raise
    return JsonText(values=tuple(values), charset=charset, warnings=tuple(warnings), broken=tuple(broken))


def _values(text: str, decoder: json.JSONDecoder) -> list[Any]:
    """The values that follow each other in a text. Raises Malformed."""
    values: list[Any] = []
    end = 0
    while end < len(text):
        try:
            value, end = decoder.raw_decode(text, end)
        except (ValueError, RecursionError) as exc:
            raise Malformed(f"the JSON is broken: {exc}") from exc
        values += value if isinstance(value, list) else (value,)
        while end < len(text) and text[end] in _BETWEEN:
            end += 1
    return values


def _values_by_line(text: str, decoder: json.JSONDecoder) -> tuple[list[Any], list[Malformed]]:
    """The objects that stand on a line each, and what is wrong with the other lines."""
    values: list[Any] = []
    broken: list[Malformed] = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found = _values(line.strip(_BETWEEN), decoder)
        except Malformed as exc:
            broken.append(Malformed(f"line {number}: {exc}"))
            continue
        values += (value for value in found if isinstance(value, dict))
    return values, broken


def _decoded(raw: RawFile) -> tuple[str, str, tuple[str, ...]]:
    """The text, its charset and warnings. JSON is UTF-8; what markup in its texts declares means nothing."""
    try:
        return raw.data.decode("utf-8-sig").strip(), "utf-8", ()
    except UnicodeDecodeError:
        decoded = decode(raw.data, raw.source.charset)
        return decoded.text.removeprefix("\ufeff").strip(), decoded.charset, decoded.warnings


def _decoder(warnings: dict[str, None]) -> json.JSONDecoder:
    def fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            warnings["a key stands twice in the JSON: its first value was taken"] = None
            found = dict(reversed(pairs))
        return found

    def number(text: str) -> float | None:
        value = float(text)
        if math.isfinite(value):
            return value
        no_number(text)
        return None

    def no_number(text: str) -> None:
        warnings[f"{text[:20]} is no number in JSON: ignored"] = None

    return json.JSONDecoder(object_pairs_hook=fields, parse_float=number, parse_constant=no_number)


def _refuse_depth(text: str) -> None:
    """Raise UnsafeInput for arrays and objects that nest deeper than any document does."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            raise UnsafeInput(f"the JSON nests deeper than {MAX_DEPTH} levels")
