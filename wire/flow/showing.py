"""What the world sees after a commit: feeds and files, in the order of the commits whoever made them.

On a store of one's own, every commit is told of on the writing thread and shown there. Where daemons share
a server, our own commits are shown like that as long as nobody else's came between; what others committed
is read from the store, and so are ours from there on, until the two are in step again.
"""

from __future__ import annotations

import logging
import threading

from wire.flow.acceptance import Accepted
from wire.flow.exporting import Exporter, Shown
from wire.publish.feeds.board import FeedBoard
from wire.store.following import Commits, Followed
from wire.store.values import NewRevision
from wire.story import Standing

log = logging.getLogger(__name__)

#: Revisions read one by one; whoever is further behind loads everything anew.
_MOST = 500


class Showing:
    """Tells the feed board and the outbox what was committed. Thread-safe."""

    def __init__(self, board: FeedBoard, exporter: Exporter, commits: Commits | None) -> None:
        """``commits``: where others' commits are read; None when nobody else works on the store."""
        self._board = board
        self._exporter = exporter
        self._commits = commits
        self._mutex = threading.Lock()
        self._shown: int | None = None  # the last revision shown; None until somebody is to be in step
        self._ours = 0  # the last revision that we committed

    def begin(self) -> None:
        """Be in step with others from now on; what was committed before is loaded anew. Raises StoreError."""
        if self._commits is not None:
            self._shown = self._commits.latest()

    def own(self, accepted: Accepted) -> None:
        """A commit of ours; on the writing thread. Only takes notes, never waits."""
        with self._mutex:
            self._ours = max(self._ours, accepted.upto)
            if self._shown is None or self._shown == accepted.after:
                self._show(accepted)
                self._shown = None if self._shown is None else accepted.upto
            elif self._shown < accepted.upto:
                # somebody committed before us: whoever asks for one of these feeds has to look into the store
                in_force = [new for new in accepted.revisions if new.in_force]
                touched = (_left(new, accepted).union(new.revision.feeds) for new in in_force)
                self._board.changed((), frozenset[str]().union(*touched))

    def catch_up(self) -> None:
        """Show what others committed, and what of ours was not shown because of it. Raises StoreError."""
        if self._commits is None or self._shown is None:
            return
        while True:
            followed = self._commits.since(self._shown, _MOST)
            latest = self._commits.latest() if followed is None else followed.upto
            with self._mutex:
                if followed is None:
                    self._start_anew()
                elif followed.upto > self._shown:
                    self._follow(followed)
                self._shown = max(self._shown, latest)
                if self._shown >= self._ours:
                    return

    def _show(self, accepted: Accepted) -> None:
        in_force = [new for new in accepted.revisions if new.in_force]
        published = [(frozenset(new.revision.feeds), new.revision) for new in in_force if new.revision.feeds]
        each_left = [_left(new, accepted) for new in in_force]
        removed = frozenset[str]().union(*each_left)
        self._board.changed(published, removed, accepted.grouped)
        self._exporter.show(
            [
                Shown(revision=new.revision, document=new.documents[0], left=left)
                for new, left in zip(in_force, each_left, strict=True)
            ],
            frozenset[str]().union(*{feeds for feeds, _ in published}),
            removed,
        )

    def _follow(self, followed: Followed) -> None:
        made = [export.revision for export in followed.exports]
        published = [(frozenset(revision.feeds), revision) for revision in made if revision.feeds]
        feeds = frozenset[str]().union(*{feeds for feeds, _ in published})
        # where we committed something later, what this says of a story may be out of date already
        doubtful = followed.left | feeds if followed.upto < self._ours else followed.left
        self._board.changed(published, doubtful, followed.grouped)
        self._exporter.show(
            [
                Shown(
                    revision=export.revision,
                    document=export.document,
                    left=followed.left if export.revision.standing is Standing.LIVE else None,
                )
                for export in followed.exports
            ],
            feeds,
            followed.left,
        )

    def _start_anew(self) -> None:
        log.info("far behind what others committed: every feed is loaded anew")
        self._board.doubt()
        # any feed may show what was taken back
        self._exporter.show((), (), [info.id for info in self._board.infos()])
        self._exporter.fall_behind()


def _left(new: NewRevision, accepted: Accepted) -> frozenset[str]:
    """The feeds in which the story stood before this version, or was taken back, and does so no more."""
    before = accepted.before.get(new.revision.seq)
    stays = new.revision.feeds if new.revision.standing is Standing.LIVE else ()
    return frozenset(() if before is None else (*before.feeds, *before.recalled)).difference(stays)
