"""When stories are made findable: as soon as it is quiet, in a rush after a while, never in the intake's
way."""

from __future__ import annotations

from collections.abc import Callable

from wire.store.indexer import Indexer

_AT_ONCE = 100  #: versions in one transaction: some tens of milliseconds of the writing thread
_LONGEST_S = 0.25  #: of one turn's work
_STEADY_S = 10.0  #: what arrives all the time is gathered for this long
_RUSH_S = 60.0  #: and in a rush for this long
_RUSH = 100  #: versions since the last turn that make a rush


class Indexing:
    """Called every second by the daemon's schedule. Costs nothing while nothing arrives."""

    def __init__(self, indexer: Indexer, commits: Callable[[], int], monotonic: Callable[[], float]) -> None:
        """``commits``: a number that grows with every commit to the store."""
        self._indexer = indexer
        self._commits = commits
        self._monotonic = monotonic
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
        new = self._lag - before
        wait_s = 0.0 if new <= 0 else _STEADY_S if new < _RUSH else _RUSH_S
        if now - self._behind_since >= wait_s:
            self._work(now + _LONGEST_S)

    def _work(self, until: float) -> None:
        looked_at = self._indexer.index(_AT_ONCE)
        while looked_at == _AT_ONCE and self._monotonic() < until:
            looked_at = self._indexer.index(_AT_ONCE)
        self._lag = self._indexer.lag()
        self._behind_since = self._monotonic() if self._lag else None
