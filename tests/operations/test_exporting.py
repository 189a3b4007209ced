"""The outbox in step with the store: what was passed over is looked up again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.feeds.stories import HOUSE, MemoryRows, make_revision
from wire.errors import OutboxError, StoreError
from wire.flow.exporting import Exporter, Shown
from wire.publish.feeds.board import FeedBoard
from wire.publish.feeds.heads import FeedSpec
from wire.publish.outbox.folder import Outbox
from wire.store.upkeep import Export
from wire.story import Action, Document, Standing

DOCUMENT = Document(format="newsml-g2", media_type="application/xml", body=b"<newsItem/>", suffix="xml")


class Store:
    """Versions as `wire.store.upkeep.Upkeep` gives them; something may happen after each look."""

    def __init__(self) -> None:
        self.exports: list[Export] = []
        self.durable = 0
        self.looked: Callable[[], None] = lambda: None
        self.while_found = False  #: it happens after looks that find something, not after those that do not

    def put(self, number: int) -> None:
        self.exports.append(Export(revision=make_revision(number), document=DOCUMENT))

    def exported(self) -> int:
        return self.durable

    def archived(self) -> int:
        return self.durable

    def exports_since(self, seq: int, limit: int) -> list[Export]:
        found = [export for export in self.exports if export.revision.seq > seq][:limit]
        if bool(found) is self.while_found:
            self.looked()
        return found

    def mark_exported(self, seq: int, archived: int) -> None:
        self.durable = seq


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def exporter(store: Store, tmp_path: Path) -> Exporter:
    made = Exporter(Outbox(tmp_path, FeedBoard([], HOUSE, MemoryRows())), store)  # type: ignore[arg-type]
    made.open([])
    return made


def test_what_cannot_be_written_is_told_until_it_is(store: Store, tmp_path: Path) -> None:
    """What was killed may lie there still, and a web server serves it."""
    told: list[str | None] = []
    rows = MemoryRows()
    board = FeedBoard([FeedSpec(id="world", title="World")], HOUSE, rows)
    exporter = Exporter(Outbox(tmp_path / "out", board), store, trouble=told.append)  # type: ignore[arg-type]
    exporter.open(["world"])
    exporter.drain()
    assert told == []
    (tmp_path / "out").rename(tmp_path / "away")
    (tmp_path / "out").touch()
    store.put(1)
    export = store.exports[0]
    exporter.show([Shown(revision=export.revision, document=export.document)], ["world"])
    exporter.drain()
    assert len(told) == 2
    assert all(what is not None and "cannot be written: Not a directory" in what for what in told)
    with pytest.raises(OutboxError):
        exporter.checkpoint()
    (tmp_path / "out").unlink()
    (tmp_path / "away").rename(tmp_path / "out")
    exporter.drain()
    assert told[-1] is not None
    exporter.checkpoint()
    assert told[-1] is None
    assert written(tmp_path) == 1


def written(folder: Path) -> int:
    return len(list(folder.rglob("*-v*.xml")))


def test_what_falls_behind_while_it_is_made_good_is_made_good_at_the_next_checkpoint(
    store: Store, exporter: Exporter, tmp_path: Path
) -> None:
    def others_commit() -> None:
        store.looked = lambda: None
        store.put(2)
        exporter.fall_behind()

    store.put(1)
    store.looked = others_commit
    exporter.fall_behind()
    exporter.checkpoint()
    exporter.checkpoint()
    assert (written(tmp_path), store.durable) == (2, 2)


@pytest.mark.parametrize("failure", [StoreError("gone"), OutboxError("full"), ValueError("ours")])
def test_what_could_not_be_made_good_is_tried_again(
    store: Store, exporter: Exporter, tmp_path: Path, failure: Exception
) -> None:
    def fail() -> None:
        store.looked = lambda: None
        raise failure

    store.looked = fail
    exporter.fall_behind()
    with pytest.raises(type(failure)):
        exporter.checkpoint()
    store.put(1)
    exporter.checkpoint()
    assert (written(tmp_path), store.durable) == (1, 1)


def test_what_is_killed_while_all_is_made_good_is_not_shown_again(
    store: Store, exporter: Exporter, tmp_path: Path
) -> None:
    """What was read from the store a moment before the kill is in hand still; the kill waits for no rest."""

    def kill_the_first() -> None:
        kill = make_revision(1, seq=3, version=2, action=Action.KILL, standing=Standing.KILLED)
        exporter.show([Shown(revision=kill, document=DOCUMENT)], [])

    for number in (1, 2):
        store.put(number)
    store.looked, store.while_found = kill_the_first, True
    exporter.fall_behind()
    exporter.checkpoint()
    assert [file.name for file in tmp_path.rglob("*-v*.xml")] == ["s0002-v1.xml"]
    exporter.drain()
    assert [file.name for file in tmp_path.rglob("*-v*.xml")] == ["s0002-v1.xml"]


def test_what_was_released_after_its_kill_is_not_taken_away_when_all_is_made_good(
    store: Store, exporter: Exporter, tmp_path: Path
) -> None:
    kill = make_revision(1, seq=2, version=2, action=Action.KILL, standing=Standing.KILLED)
    released = make_revision(1, seq=3, version=3, action=Action.RELEASE)
    for revision in (kill, released):
        exporter.show([Shown(revision=revision, document=DOCUMENT)], [])
    exporter.drain()
    exporter.checkpoint()
    exporter.fall_behind()
    store.put(4)
    exporter.checkpoint()
    assert {file.name for file in tmp_path.rglob("*-v*.xml")} == {"s0001-v3.xml", "s0004-v1.xml"}
