"""What others committed, shown in feeds and files; `tests/store/test_following.py` has the rows of it."""

from __future__ import annotations

from pathlib import Path

from tests.feeds.stories import HOUSE, MemoryRows, make_entry
from tests.operations.test_exporting import Store
from wire.flow.exporting import Exporter
from wire.flow.showing import Showing
from wire.publish.feeds.board import FeedBoard
from wire.publish.feeds.heads import FeedSpec
from wire.publish.outbox.folder import Outbox
from wire.store.following import Followed


class FarAhead:
    """What others committed, too much to be read one by one."""

    def __init__(self) -> None:
        self.reached = 0

    def latest(self) -> int:
        return self.reached

    def since(self, seq: int, limit: int) -> Followed | None:
        assert self.reached - seq > limit
        return None


def test_who_is_far_behind_writes_every_feeds_file_anew(tmp_path: Path) -> None:
    """A story that others took back meanwhile stands in the files until they are written."""
    rows, commits = MemoryRows(), FarAhead()
    rows.put("world", make_entry(1, text="Flood"))
    board = FeedBoard([FeedSpec(id="world", title="World")], HOUSE, rows)
    exporter = Exporter(Outbox(tmp_path, board), Store())  # type: ignore[arg-type]
    showing = Showing(board, exporter, commits)  # type: ignore[arg-type]
    showing.begin()
    exporter.open(["world"])
    exporter.drain()
    file = tmp_path / "feeds" / "world.rss"
    assert b"Flood" in file.read_bytes()
    rows.remove("world", "s0001")
    commits.reached = 1000
    showing.catch_up()
    exporter.drain()
    assert b"Flood" not in file.read_bytes()
