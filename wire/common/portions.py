"""Long sequences, some values at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def portions(values: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """The values in their order, so many at once; the last portion may be smaller."""
    return (values[start : start + most] for start in range(0, len(values), most))
