"""The word lists and tables below ``data/``: plain text that an editor can read and mend.

A line that begins with ``#`` is a remark. Each file says what it holds and whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("data")


def lines(name: str) -> list[str]:
    """The lines of a table (``data/NAME.txt``), without remarks and empty ones."""
    text = (DATA / f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def entries(name: str) -> Mapping[str, tuple[str, ...]]:
    """A table of lines ``key: one, two, three``; a key that comes again adds to itself."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines(name):
        key, _, rest = line.partition(": ")
        found[key] = (*found.get(key, ()), *rest.split(", "))
    return found


@cache
def words(name: str, key: str) -> frozenset[str]:
    """One line of such a table, to look words up in; empty when there is none."""
    return frozenset(entries(name).get(key, ()))
