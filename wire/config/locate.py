"""Where each setting of a TOML text stands: tomllib tells lines only for syntax errors."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

#: The way to a setting: names of tables and keys, indices of array elements.
KeyPath = tuple[str | int, ...]

_FILLER = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_KEY = re.compile(r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')""")
_SCALAR = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'|[^,\]}\n#]+''', re.DOTALL
)


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line (from 1) on which each setting, table and array element of a valid TOML text begins."""
    return _Locator(text).lines


def nearest_line(lines: dict[KeyPath, int], path: KeyPath) -> int | None:
    """The line of a setting, or of the innermost table that should hold it; None when there is none."""
    for length in range(len(path), 0, -1):
        if line := lines.get(path[:length]):
            return line
    return None


class _Locator:
    """One pass over a text that tomllib has accepted already."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._elements: Counter[KeyPath] = Counter()  # of arrays of tables, so far
        self.lines: dict[KeyPath, int] = {}
        table: KeyPath = ()
        while self._skip(_FILLER) < len(self._text):
            table = self._header() if self._text[self._at] == "[" else self._pair(table)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        if match := pattern.match(self._text, self._at):
            self._at = match.end()
        return self._at

    def _note(self, path: KeyPath) -> KeyPath:
        self.lines.setdefault(path, self._text.count("\n", 0, self._at) + 1)
        return path

    def _header(self) -> KeyPath:
        double = self._text.startswith("[[", self._at)
        self._at += 2 if double else 1
        path: KeyPath = ()
        *above, name = self._key()
        for part in above:
            path = self._inside((*path, part))
        path = (*path, name)
        if double:
            self._elements[path] += 1
        path = self._note(self._inside(path))
        self._at = self._text.index("]", self._at) + (2 if double else 1)
        return path

    def _inside(self, path: KeyPath) -> KeyPath:
        """The latest element when the path names an array of tables, else the path itself."""
        self._note(path)
        return (*path, self._elements[path] - 1) if path in self._elements else path

    def _pair(self, table: KeyPath) -> KeyPath:
        start, path = self._at, table
        keys = self._key()
        self._at, end = start, self._at
        for key in keys:
            path = self._note((*path, key))
        self._at = end + 1  # the equals sign
        self._value(path)
        return table

    def _key(self) -> list[str]:
        """A dotted key; stands behind it and its blanks afterwards."""
        parts: list[str] = []
        while True:
            start = self._skip(_BLANKS)
            raw = self._text[start : self._skip(_KEY)]
            parts.append(tomllib.loads(f"key = {raw}")["key"] if raw[0] in "\"'" else raw)
            if self._text[self._skip(_BLANKS)] != ".":
                return parts
            self._at += 1

    def _value(self, path: KeyPath) -> None:
        self._skip(_BLANKS)
        opening = self._text[self._at]
        if opening not in "[{":
            self._skip(_SCALAR)
            return
        self._at += 1
        index = 0
        while self._text[self._skip(_FILLER)] not in "]}":
            if opening == "{":
                self._pair(path)
            else:
                self._value(self._note((*path, index)))
                index += 1
        self._at += 1
