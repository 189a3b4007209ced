"""Where a story stands among the lines of a text, for what is read from the lines around it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Numbers of lines."""

    headline: int | None
    first: int  #: of the story, below the headline
    last: int

    @property
    def top(self) -> int:
        """The headline's line, or the first one."""
        return self.first if self.headline is None else min(self.headline, self.first)

    def around(self, *, above: int, below: int, after: int, count: int) -> list[int]:
        """The lines from ``above`` the top to ``below`` the first one, and those ``after`` the last one.

        count  of all lines
        """
        upper = range(max(0, self.top - above), min(self.first + below, count))
        lower = range(max(self.last + 1, self.first + below), min(self.last + 1 + after, count))
        return [n for n in (*upper, *lower) if n != self.headline]
