"""What happened to the feeds lately, one note a story, whatever number of feeds it stands in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wire.story import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A version that stands in feeds from now on; or feeds that stories have left."""

    revision: Revision | None = None
    shown: Collection[str] = ()  #: the feeds in which the version stands
    left: Collection[str] = ()  #: the feeds in which a story stood and does no more
    grouped: bool = False  #: the story has near-duplicates, which a feed may show in its place
    at_s: float = 0.0  #: when it was noted, on any steady clock


class Notes:
    """The last notes, in the order of the commits. The caller lets in one thread at a time."""

    def __init__(self, most: int) -> None:
        """``most``: as many are kept at least, and less than twice as many."""
        self._most = most
        self._first = 0  # the number of the oldest one kept
        self._kept: list[Note] = []

    @property
    def count(self) -> int:
        """How many there were so far."""
        return self._first + len(self._kept)

    def add(self, note: Note) -> None:
        """Keep one more."""
        self._kept.append(note)
        if len(self._kept) >= 2 * self._most:
            self._first += self._most
            del self._kept[: self._most]

    def since(self, seen: int) -> list[Note] | None:
        """Those after the first ``seen``; None when some of them are forgotten."""
        return None if seen < self._first else self._kept[seen - self._first :]

    def latest(self) -> list[Note]:
        """All that are kept: every one since the first of them."""
        return self._kept[:]

    def forget(self) -> None:
        """Have everybody miss one."""
        self._first = self.count + 1
        self._kept.clear()
