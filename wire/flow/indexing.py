"""When stories are made findable: as soon as it is quiet, in a rush after a while, never in the intake's
way."""

from __future__ import annotations

import time
from collections.abc import Callable

from wire.store.indexer import Indexer

_AT_ONCE = 100  #: versions in one transaction: some tens of milliseconds of the writing thread
_FEW = 10  #: the same while stories come one by one: each of them would wait for so long
_REST_S = 0.03  #: between two transactions then
_LONGEST_S = 0.25  #: of one turn's work
_STEADY_S = 10.0  #: what arrives now and then is gathered for this long
_RUSH_S = 60.0  #: and in a rush for this long
_RUSH = 100  #: versions since the last turn that make a rush


def portion(behind: int, new: int, waited_s: float) -> int:
    """How many versions are to be indexed in one transaction now; 0 when it is not the time for it. Pure.

    behind    versions that are not indexed
    new       those of them that came since the last look; below 0 when some were indexed
    waited_s  since there was one
    """
    if new <= 0:
        return _AT_ONCE
    if new < _RUSH:
        return _FEW if behind >= _FEW or waited_s >= _STEADY_S else 0
    return _AT_ONCE if waited_s >= _RUSH_S else 0


class Indexing:
    """Called every second by the daemon's schedule. Costs nothing while nothing arrives."""

    def __init__(
        self,
        indexer: Indexer,
        commits: Callable[[], int],
        monotonic: Callable[[], float],
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        """``commits``: a number that grows with every commit to the store."""
        self._indexer = indexer
        self._commits = commits
        self._monotonic = monotonic
        self._rest = rest
        self._seen = -1
        self._lag = 0
        self._behind_since: float | None = None

    def tick(self) -> None:
        """Index what there is to index, for a while, if this is the time for it. Raises StoreError."""
        commits = self._commits()
        if commits == self._seen and self._behind_since is None:
            return
        self._seen = commits
        before, self._lag = self._lag, self._indexer.lag()
        if not self._lag:
            self._behind_since = None
            return
        now = self._monotonic()
        if self._behind_since is None:
            self._behind_since = now
        if at_once := portion(self._lag, self._lag - before, now - self._behind_since):
            self._work(at_once, now + _LONGEST_S)

    def _work(self, at_once: int, until: float) -> None:
        while self._indexer.index(at_once) == at_once and self._monotonic() < until:
            if at_once == _FEW:
                self._rest(_REST_S)
        self._lag = self._indexer.lag()
        self._behind_since = self._monotonic() if self._lag else None
