"""Which entries the served versions of a feed held: what a reader has who names one (RFC 3229, ``feed``)."""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence

#: Versions of all feeds together, the latest asked for; under a kilobyte each.
_MOST = 4096

Feed = tuple[str, str]  # id and format


class Versions:
    """The versions last served, by feed and entity tag. Thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Feed, str], array[int]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, feed: Feed, etag: str, seqs: Iterable[int]) -> None:
        """Remember what a version holds, at the cost of the one longest unused."""
        with self._lock:
            self._kept[feed, etag] = array("q", seqs)
            self._kept.move_to_end((feed, etag))
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)

    def held(self, feed: Feed, etags: Sequence[str]) -> frozenset[int] | None:
        """The revisions that a reader of these versions has; None when none of them is still known."""
        with self._lock:
            known = [self._kept[feed, etag] for etag in etags if (feed, etag) in self._kept]
        return frozenset(seq for seqs in known for seq in seqs) if known else None
