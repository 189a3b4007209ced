"""Rules of the outbox: what lies there is whole, true, and only what may be read."""

from __future__ import annotations

import errno
import gzip
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.stories import START, MemoryRows, make_entry, make_revision
from wire.errors import OutboxError
from wire.ports import House
from wire.publish.feeds.board import FeedBoard, FeedSpec
from wire.publish.feeds.pacing import write_at
from wire.publish.outbox import agreement
from wire.publish.outbox.folder import Outbox
from wire.story import Action, Document, Revision, Standing

DOCUMENT = Document(format="newsml-g2", media_type="application/xml", body=b"<newsItem/>", suffix="xml")


@pytest.fixture
def board(rows: MemoryRows, house: House) -> FeedBoard:
    return FeedBoard([FeedSpec(id="world", title="World"), FeedSpec(id="sport", title="Sport")], house, rows)


@pytest.fixture
def outbox(tmp_path: Path, board: FeedBoard) -> Outbox:
    outbox = Outbox(tmp_path / "outbox", board, interval_s=1.0)
    outbox.open()
    return outbox


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def publish(board: FeedBoard, rows: MemoryRows, number: int) -> None:
    rows.put("world", make_entry(number))
    board.changed([(["world"], make_entry(number))])


# --- Feeds ---------------------------------------------------------------------------------------


def test_a_feed_lies_there_in_every_format_with_its_compressed_form_beside(
    outbox: Outbox, board: FeedBoard, rows: MemoryRows, tmp_path: Path
) -> None:
    publish(board, rows, 1)
    outbox.touch(["world"], 0.0)
    outbox.write_due(0.0)
    folder = tmp_path / "outbox" / "feeds"
    formats = ("atom", "json", "rss")
    assert names(folder) == [f"world.{format}{end}" for format in formats for end in ("", ".gz")]
    for format in formats:
        rendition = board.rendition("world", format)
        assert rendition is not None
        assert (folder / f"world.{format}").read_bytes() == rendition.body
        assert gzip.decompress((folder / f"world.{format}.gz").read_bytes()) == rendition.body


def test_a_files_time_is_that_of_the_last_change(
    outbox: Outbox, board: FeedBoard, rows: MemoryRows, tmp_path: Path
) -> None:
    publish(board, rows, 1)
    outbox.touch(["world"], 0.0)
    outbox.write_due(0.0)
    for file in (tmp_path / "outbox" / "feeds").iterdir():
        assert file.stat().st_mtime == pytest.approx((START + timedelta(seconds=1)).timestamp())


def test_a_quiet_feed_is_written_at_once_and_a_busy_one_once_a_second(outbox: Outbox, tmp_path: Path) -> None:
    file = tmp_path / "outbox" / "feeds" / "world.rss"
    outbox.touch(["world"], 100.0)
    assert outbox.write_due(100.0) is None
    assert file.exists()
    file.unlink()
    outbox.touch(["world"], 100.2)
    outbox.touch(["world"], 100.4)
    assert outbox.write_due(100.5) == pytest.approx(101.0)
    assert not file.exists()
    assert outbox.write_due(101.0) is None
    assert file.exists()


def test_a_feed_from_which_something_was_taken_back_waits_for_nothing(outbox: Outbox, tmp_path: Path) -> None:
    files = {name: tmp_path / "outbox" / "feeds" / f"{name}.rss" for name in ("world", "sport")}
    outbox.touch(["world", "sport"], 100.0)
    outbox.write_due(100.0)
    for file in files.values():
        file.unlink()
    outbox.touch(["world"], 100.1, urgent=True)
    outbox.touch(["sport"], 100.1)
    assert outbox.write_due(100.1) == pytest.approx(101.0)
    assert [file.exists() for file in files.values()] == [True, False]


def test_what_is_taken_back_during_a_long_turn_goes_before_the_rest_of_it(
    board: FeedBoard, tmp_path: Path
) -> None:
    written: list[str] = []

    def note(name: str, _rendition: object) -> None:
        written.append(name)
        if written.count("world.json") == 1 and name == "world.json":
            outbox.touch(["world"], 0.0, urgent=True)

    outbox = Outbox(tmp_path / "outbox", board, written=note)
    outbox.open()
    outbox.touch(["world", "sport"], 0.0)
    outbox.write_due(0.0)
    assert [name for name in written if name.endswith("rss")] == ["world.rss", "world.rss", "sport.rss"]


times = st.floats(0, 1e6)


@given(changed_s=times, written_s=st.none() | times, interval_s=st.floats(0, 10))
def test_a_write_is_never_before_the_change_nor_too_soon_after_the_last_one(
    changed_s: float, written_s: float | None, interval_s: float
) -> None:
    due = write_at(changed_s, written_s, interval_s)
    assert due >= changed_s
    if written_s is not None:
        assert due >= written_s + interval_s
    assert due in (changed_s, (written_s or 0.0) + interval_s)


def test_unknown_feeds_are_passed_over(outbox: Outbox, tmp_path: Path) -> None:
    outbox.touch(["../../etc/passwd"], 0.0)
    outbox.write_due(0.0)
    assert names(tmp_path) == []


def test_opening_sweeps_half_written_files_and_feeds_that_are_no_more(outbox: Outbox, tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    (folder / "newsml" / "2026").mkdir()
    for name in ("feeds/.world.rss.tmp", "newsml/2026/.s1-v1.xml.tmp", "feeds/gone.rss", "feeds/gone.rss.gz"):
        (folder / name).touch()
    for name in ("feeds/world.rss", "feeds/robots.txt"):
        (folder / name).touch()
    outbox.open()
    assert names(folder) == ["feeds/robots.txt", "feeds/world.rss"]


# --- Stories -------------------------------------------------------------------------------------


def withdrawn(revision: Revision, standing: Standing) -> Revision:
    return make_revision(1, version=9, action=Action.KILL, standing=standing, published=revision.published)


def test_each_version_of_a_story_gets_a_file_under_the_day_of_first_publication(
    outbox: Outbox, tmp_path: Path
) -> None:
    later = START + timedelta(days=3)
    outbox.export(make_revision(1), DOCUMENT)
    outbox.export(make_revision(1, version=2, published=START, updated=later), DOCUMENT)
    folder = tmp_path / "outbox" / "newsml"
    assert names(folder) == ["2026/03/04/s0001-v1.xml", "2026/03/04/s0001-v2.xml"]
    file = folder / "2026/03/04/s0001-v2.xml"
    assert file.read_bytes() == DOCUMENT.body
    assert file.stat().st_mtime == pytest.approx(later.timestamp())


def test_exporting_twice_is_harmless(outbox: Outbox, tmp_path: Path) -> None:
    outbox.export(make_revision(1), DOCUMENT)
    outbox.export(make_revision(1), DOCUMENT)
    assert names(tmp_path) == ["outbox/newsml/2026/03/04/s0001-v1.xml"]


@pytest.mark.parametrize("standing", [Standing.KILLED, Standing.WITHHELD])
def test_a_story_that_may_not_be_read_leaves_no_version_behind(
    outbox: Outbox, tmp_path: Path, standing: Standing
) -> None:
    outbox.export(make_revision(1), DOCUMENT)
    outbox.export(make_revision(1, version=12), DOCUMENT)
    outbox.export(make_revision(11, published=START), DOCUMENT)
    outbox.export(withdrawn(make_revision(1), standing), DOCUMENT)
    assert names(tmp_path) == ["outbox/newsml/2026/03/04/s0011-v1.xml"]


def test_a_kill_of_a_story_that_never_lay_there_is_harmless(outbox: Outbox, tmp_path: Path) -> None:
    outbox.export(withdrawn(make_revision(1), Standing.KILLED), DOCUMENT)
    assert names(tmp_path) == []


def test_an_embargoed_story_is_not_written(outbox: Outbox, tmp_path: Path) -> None:
    outbox.export(make_revision(1, standing=Standing.EMBARGOED), DOCUMENT)
    assert names(tmp_path) == []


@pytest.mark.parametrize("story_id", ["../x", "a/b", "", "A", "*"])
def test_only_ids_of_our_own_become_file_names(outbox: Outbox, tmp_path: Path, story_id: str) -> None:
    for standing in (Standing.LIVE, Standing.KILLED):
        with pytest.raises(OutboxError, match="no story id of ours"):
            outbox.export(make_revision(1, story_id=story_id, standing=standing), DOCUMENT)
    assert names(tmp_path) == []


def test_a_link_put_in_the_place_of_a_file_is_replaced_not_followed(outbox: Outbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("keep")
    day = tmp_path / "outbox/newsml/2026/03/04"
    day.mkdir(parents=True)
    (day / "s0001-v1.xml").symlink_to(secret)
    outbox.export(make_revision(1), DOCUMENT)
    assert secret.read_text() == "keep"
    assert (day / "s0001-v1.xml").read_bytes() == DOCUMENT.body


def test_a_checkpoint_says_when_nothing_can_be_flushed(outbox: Outbox, tmp_path: Path) -> None:
    outbox.export(make_revision(1), DOCUMENT)
    outbox.checkpoint()
    (tmp_path / "outbox").rename(tmp_path / "elsewhere")
    with pytest.raises(OutboxError, match="cannot be written: No such file"):
        outbox.checkpoint()


# --- What the disk refuses -----------------------------------------------------------------------


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond a few bytes: the nearest thing to a full disk without being root.

    Over before the test's outcome is told, since that may go into a file too.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_failed_write_leaves_the_old_file_and_no_part_of_a_new_one(outbox: Outbox, tmp_path: Path) -> None:
    outbox.export(make_revision(1), DOCUMENT)
    bigger = Document(format="x", media_type="x", body=b"<newsItem>more</newsItem>", suffix="xml")
    with full_disk(), pytest.raises(OutboxError, match="cannot be written"):
        outbox.export(make_revision(1), bigger)
    assert names(tmp_path) == ["outbox/newsml/2026/03/04/s0001-v1.xml"]
    assert (tmp_path / names(tmp_path)[0]).read_bytes() == DOCUMENT.body


def test_a_feed_that_could_not_be_written_is_tried_again(
    outbox: Outbox, tmp_path: Path, board: FeedBoard, rows: MemoryRows
) -> None:
    (tmp_path / "outbox" / "feeds" / "world.rss").mkdir()  # in the way of the file
    outbox.touch(["world", "sport"], 0.0)
    with pytest.raises(OutboxError, match=r"world\.rss"):
        outbox.write_due(0.0)
    assert (tmp_path / "outbox" / "feeds" / "sport.rss").is_file()
    (tmp_path / "outbox" / "feeds" / "world.rss").rmdir()
    assert outbox.write_due(0.5) == pytest.approx(1.0)
    assert outbox.write_due(1.0) is None
    assert (tmp_path / "outbox" / "feeds" / "world.rss").is_file()


def test_a_full_disk_is_told_apart(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", no_space)
    with pytest.raises(OutboxError, match="the disk is full") as caught:
        outbox.export(make_revision(1), DOCUMENT)
    assert caught.value.disk_full


def test_two_versions_of_one_second_and_one_size_are_told_apart_by_their_time(
    outbox: Outbox, board: FeedBoard, rows: MemoryRows, tmp_path: Path
) -> None:  # edge case 20: a web server's tag is made of size and whole second
    file = tmp_path / "outbox" / "feeds" / "world.rss"
    seen = []
    for seq, text, millisecond in ((1, "aaaa", 100), (2, "bbbb", 200), (2, "bbbb", 200)):
        moment = START.replace(microsecond=millisecond * 1000)
        entry = replace(make_entry(1, seq=seq, text=text), updated=moment)
        rows.put("world", entry)
        board.changed([(["world"], entry)])
        outbox.touch(["world"], 0.0)
        outbox.write_due(float("inf"))
        seen.append((file.stat().st_size, int(file.stat().st_mtime)))
    first, second, again = seen
    assert first[0] == second[0] and second[1] == first[1] + 1
    assert again == second


def test_the_audit_tells_what_is_missing_from_what_is_wrong(
    outbox: Outbox, board: FeedBoard, tmp_path: Path
) -> None:
    outbox.touch([info.id for info in board.infos()], 0.0)
    outbox.write_due(0.0)
    folder = tmp_path / "outbox"
    assert list(agreement.feed_files(folder, board)) == []
    (folder / "feeds" / "world.rss").unlink()
    (folder / "feeds" / "world.atom").write_text("of another store")
    assert [found.removeprefix(f"{folder}/feeds/") for found in agreement.feed_files(folder, board)] == [
        "world.rss is missing or unreadable",
        "world.atom is not the feed as the store gives it",
    ]
