"""What the features of a line or block are called, or what they are worth.

Where a model is fitted and where one reads, the same features are looked for; what is noted of each differs.
A `Vocabulary` is asked once for everything that can be said (``told:4/t``, ``digits/s``); what it makes of
each name stands in tables from then on, so that no name is built or looked up while lines are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

WIDTHS = "tsl"  #: of lines: tiny, short, long


class Vocabulary(Generic[T]):
    """Tables of what is noted of each feature.

    say  gives it for a feature's name: the name itself, or its weights
    """

    def __init__(self, say: Callable[[str], T]) -> None:
        self.say = say

    def steps(self, name: str, count: int) -> list[T]:
        """For the values of a feature that is the same for every width: ``size:4``."""
        return [self.say(f"{name}:{value}") for value in range(count)]

    def by_width(self, name: str, values: Iterable[object]) -> Mapping[str, Sequence[T]]:
        """For the values of a feature in order, by width: ``told:4/t``."""
        told = list(values)
        return {width: [self.say(f"{name}:{value}/{width}") for value in told] for width in WIDTHS}

    def keyed(self, name: str, values: Sequence[str]) -> Mapping[str, Mapping[str, T]]:
        """The same for values that are words, by width and word: ``next:cue/s``."""
        said = self.by_width(name, values)
        return {width: dict(zip(values, said[width], strict=True)) for width in WIDTHS}

    def marked(self, name: str) -> Mapping[str, T]:
        """For something that holds or does not, by width: ``digits/t``."""
        return {width: self.say(f"{name}/{width}") for width in WIDTHS}
