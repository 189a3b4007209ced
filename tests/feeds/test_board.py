"""Rules of the board: windows in memory always show what the store would."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.stories import HOUSE, ORIGIN, START, MemoryRows, make_entry, make_revision
from wire.errors import StoreUnusable
from wire.ports import House
from wire.ports.feeds import Rendition
from wire.publish.feeds import entries
from wire.publish.feeds.board import FeedBoard, FeedSpec, merge
from wire.publish.feeds.entries import KeptEntry
from wire.story import Revision, Story

WORLD = FeedSpec(id="world", title="World", limit=3)
SPORT = FeedSpec(id="sport", title="Sport", description="Games", limit=3)


@pytest.fixture
def board(rows: MemoryRows, house: House) -> FeedBoard:
    return FeedBoard([WORLD, SPORT], house, rows)


def body(board: FeedBoard, feed: str = "world", format: str = "rss") -> bytes:
    rendition = board.rendition(feed, format)
    assert rendition is not None
    return rendition.body


def shown(board: FeedBoard, feed: str = "world") -> list[bytes]:
    """The titles of the stories that a feed carries, in its order."""
    items = body(board, feed).partition(b"</ttl>")[2]
    return re.findall(rb"<title>([^<]*)</title>", items)


def publish(board: FeedBoard, rows: MemoryRows, entry: Revision, *feeds: str) -> None:
    for feed in feeds:
        rows.put(feed, entry)
    board.changed([(feeds, entry)])


def test_a_feed_starts_with_what_the_store_holds(board: FeedBoard, rows: MemoryRows) -> None:
    rows.put("world", make_entry(1), make_entry(2))
    assert shown(board) == [b"2", b"1"]


def test_a_commit_is_visible_to_the_next_reader_without_another_look_at_the_store(
    board: FeedBoard, rows: MemoryRows
) -> None:
    shown(board)
    publish(board, rows, make_entry(1), "world")
    assert (shown(board), rows.loads) == ([b"1"], 1)


def test_a_feed_that_shows_one_of_near_duplicates_asks_the_store_which(
    rows: MemoryRows, house: House
) -> None:
    board = FeedBoard([replace(WORLD, selective=True), SPORT], house, rows)
    assert (shown(board), shown(board, "sport")) == ([], [])
    first, second = make_entry(1), make_entry(2)
    rows.put("world", first)
    rows.put("sport", first, second)
    board.changed([(("world", "sport"), made) for made in (first, second)], grouped={second.story_id})
    assert (shown(board), shown(board, "sport")) == ([b"1"], [b"2", b"1"])


def test_the_newest_stand_first_and_those_of_one_instant_by_id() -> None:  # edge case 20
    one, two = make_entry(2), make_entry(1)
    twin = make_revision(9, story_id="s0000", published=one.published)
    window = [KeptEntry(version, HOUSE) for version in (two, one)]
    assert [entry.story_id for entry in merge(window, [KeptEntry(twin, HOUSE)], 5)] == [
        "s0000",
        "s0002",
        "s0001",
    ]


def test_a_newer_version_takes_the_place_of_the_older_one(board: FeedBoard, rows: MemoryRows) -> None:
    publish(board, rows, make_entry(1), "world")
    publish(board, rows, make_entry(2), "world")
    publish(board, rows, make_entry(1, seq=3, text="corrected"), "world")
    assert shown(board) == [b"2", b"corrected"]


def test_an_older_version_that_arrives_late_changes_nothing(board: FeedBoard, rows: MemoryRows) -> None:
    publish(board, rows, make_entry(1, seq=3, text="corrected"), "world")
    before = body(board)
    board.changed([(["world"], make_entry(1, seq=2, text="late"))])
    assert body(board) == before


def test_a_feed_never_shows_more_than_its_limit(board: FeedBoard, rows: MemoryRows) -> None:
    for number in range(1, 6):
        publish(board, rows, make_entry(number), "world")
    assert shown(board) == [b"5", b"4", b"3"]


def test_a_removed_story_makes_room_for_an_older_one(board: FeedBoard, rows: MemoryRows) -> None:
    for number in range(1, 5):
        publish(board, rows, make_entry(number), "world")
    assert shown(board) == [b"4", b"3", b"2"]
    rows.remove("world", "s0003")
    board.changed(removed=["world"])
    assert shown(board) == [b"4", b"2", b"1"]


def test_doubt_loads_every_feed_anew(board: FeedBoard, rows: MemoryRows) -> None:
    shown(board)
    rows.put("world", make_entry(1))
    seen = board.commits
    board.doubt()
    assert shown(board) == [b"1"]
    assert board.commits > seen  # by which the list of changes knows that it is out of date


def test_what_is_told_of_unknown_feeds_is_passed_over(board: FeedBoard) -> None:
    board.changed([(["gone"], make_entry(1))], ["gone"])
    assert board.rendition("gone", "rss") is None
    assert board.rendition("world", "xml") is None


def test_what_a_reader_is_given_is_made_once_until_the_feed_changes(
    board: FeedBoard, rows: MemoryRows
) -> None:
    def read() -> Rendition | None:
        return board.rendition("world", "atom", patient=True)

    publish(board, rows, make_entry(1), "world")
    first = read()
    assert read() is first
    publish(board, rows, make_entry(2), "sport")
    assert read() is first
    publish(board, rows, make_entry(2), "world")
    assert read() is not first


def test_what_only_a_file_is_written_of_takes_no_memory(board: FeedBoard, rows: MemoryRows) -> None:
    publish(board, rows, make_entry(1), "world")
    written = board.rendition("world", "atom")
    assert board.rendition("world", "atom") is not written
    read = board.rendition("world", "atom", patient=True)
    assert board.rendition("world", "atom") is read
    publish(board, rows, make_entry(2), "world")
    written = board.rendition("world", "atom")
    assert board.rendition("world", "atom", patient=True) is written, "readers come for it"


def test_a_rendition_knows_its_digest_its_date_and_its_compressed_form(
    board: FeedBoard, rows: MemoryRows
) -> None:
    publish(board, rows, make_entry(1, seq=60), "world")
    rendition = board.rendition("world", "rss")
    assert rendition is not None
    assert rendition.etag == hashlib.sha256(rendition.body).hexdigest()
    assert rendition.modified == START + timedelta(seconds=60)
    assert gzip.decompress(rendition.coded("gzip")) == rendition.body
    assert rendition.coded("gzip") is rendition.coded("gzip")
    assert rendition.media_type == "application/rss+xml; charset=utf-8"


def test_feeds_are_listed_as_configured(board: FeedBoard) -> None:
    assert [(info.id, info.title, info.description) for info in board.infos()] == [
        ("world", "World", ""),
        ("sport", "Sport", "Games"),
    ]


def test_joined_feeds_are_kept_within_bounds(rows: MemoryRows, house: House) -> None:
    board = FeedBoard([WORLD, SPORT], house, rows, cache_bytes=1)
    first = board.rendition("world", "rss", patient=True)
    board.rendition("sport", "rss", patient=True)
    again = board.rendition("world", "rss", patient=True)
    assert again is not first
    assert first is not None
    assert again is not None
    assert again.body == first.body


def test_entries_are_shared_between_feeds(board: FeedBoard, rows: MemoryRows) -> None:
    entry = make_entry(1)
    rows.put("world", entry)
    rows.put("sport", make_entry(1))
    shown(board, "world")
    shown(board, "sport")
    windows = [shelf.window for shelf in board._shelves.values()]
    assert windows[0][0] is windows[1][0]


def test_changes_that_nobody_reads_do_not_pile_up(board: FeedBoard, rows: MemoryRows) -> None:
    for number in range(1, 200):
        publish(board, rows, make_entry(number), "world")
    assert len(board._notes._kept) < 4 * WORLD.limit
    assert shown(board) == [b"199", b"198", b"197"]


def test_a_story_costs_the_same_in_one_feed_and_in_a_thousand(rows: MemoryRows, house: House) -> None:
    specs = [FeedSpec(id=f"f{number}", title="x", limit=3) for number in range(1000)]
    board = FeedBoard(specs, house, rows)
    board.changed([(frozenset(spec.id for spec in specs), make_entry(1))])
    assert len(board._notes._kept) == 1
    assert all(shelf.window == () for shelf in board._shelves.values())


def test_a_feed_that_missed_nothing_of_its_own_is_not_loaded_again(
    board: FeedBoard, rows: MemoryRows
) -> None:
    shown(board)
    for number in range(1, 4):
        publish(board, rows, make_entry(number), "sport")
    assert (shown(board), rows.loads) == ([], 1)


def test_a_rush_that_fills_a_feed_is_shown_without_another_look_at_the_store(
    board: FeedBoard, rows: MemoryRows
) -> None:
    shown(board)
    for number in range(1, 40):
        publish(board, rows, make_entry(number), "world")
    assert (shown(board), rows.loads) == ([b"39", b"38", b"37"], 1)


def test_after_a_rush_elsewhere_a_feed_is_loaded_anew(board: FeedBoard, rows: MemoryRows) -> None:
    shown(board)
    publish(board, rows, make_entry(1), "world")
    for number in range(2, 40):
        publish(board, rows, make_entry(number), "sport" if number < 38 else "world")
    assert (shown(board), rows.loads) == ([b"39", b"38", b"1"], 2)


def test_a_store_that_cannot_be_read_gives_no_stale_feed_and_is_asked_again(
    board: FeedBoard, rows: MemoryRows
) -> None:
    def fail() -> None:
        raise StoreUnusable("gone")

    rows.put("world", make_entry(1))
    rows.before_return = fail
    for _ in range(2):
        with pytest.raises(StoreUnusable):
            board.rendition("world", "rss")
    rows.before_return = lambda: None
    assert shown(board) == [b"1"]


def test_a_kill_during_a_load_is_not_lost(board: FeedBoard, rows: MemoryRows) -> None:
    """The window being loaded still holds the story; the reader after that must not see it."""

    def kill_once() -> None:
        rows.before_return = lambda: None
        rows.remove("world", "s0001")
        board.changed(removed=["world"])

    rows.put("world", make_entry(1))
    rows.before_return = kill_once
    shown(board)
    assert shown(board) == []


def test_a_commit_during_a_load_is_not_lost(board: FeedBoard, rows: MemoryRows) -> None:
    def publish_once() -> None:
        rows.before_return = lambda: None
        publish(board, rows, make_entry(2), "world")

    rows.put("world", make_entry(1))
    rows.before_return = publish_once
    shown(board)
    assert shown(board) == [b"2", b"1"]


def test_readers_at_once_see_every_commit(board: FeedBoard, rows: MemoryRows) -> None:
    """A reader that starts after a commit never sees the feed as of before."""
    stale: list[int] = []
    committed = [0]

    def read() -> None:
        while committed[0] < 300:
            before = committed[0]
            newest = int((shown(board) or [b"0"])[0])
            if newest < before:
                stale.append(newest)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 301):
        publish(board, rows, make_entry(number), "world")
        committed[0] = number
    for reader in readers:
        reader.join()
    assert stale == []


steps = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "remove", "read"]),
        st.integers(1, 9),
        st.sampled_from(["world", "sport"]),
    ),
    max_size=40,
)


@given(steps)
def test_after_any_history_a_feed_is_what_the_store_alone_would_give(
    steps: list[tuple[str, int, str]],
) -> None:
    rows = MemoryRows()
    board = FeedBoard([WORLD, SPORT], HOUSE, rows)
    firsts: dict[int, int] = {}
    for seq, (step, number, feed) in enumerate(steps, start=1):
        if step == "publish":
            first = firsts.setdefault(number, seq)
            publish(board, rows, make_entry(number, seq=seq, text=f"e{seq}", first=first), feed)
        elif step == "read":
            board.rendition(feed, "rss")
        elif f"s{number:04}" in rows.feeds.get(feed, {}):
            rows.remove(feed, f"s{number:04}")
            board.changed(removed=[feed])
    for spec in (WORLD, SPORT):
        assert body(board, spec.id) == body(FeedBoard([spec], HOUSE, rows), spec.id)


def test_a_story_is_rendered_when_a_feed_first_shows_it_and_then_kept(
    board: FeedBoard, rows: MemoryRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[int] = []
    real = entries.feed_entry
    monkeypatch.setattr(
        entries, "feed_entry", lambda made, house: rendered.append(made.seq) or real(made, house)
    )
    for number in range(1, 9):
        publish(board, rows, make_entry(number), "world", "sport")
    assert rendered == []
    for feed in ("world", "sport"):
        for format in ("rss", "atom"):
            body(board, feed, format)
    assert sorted(rendered) == [6, 7, 8]


def test_a_story_that_cannot_be_rendered_is_left_out_and_harms_no_feed(
    board: FeedBoard, rows: MemoryRows
) -> None:
    broken = make_revision(2, story=Story(headline="x", body_html="\x00", origin=ORIGIN))
    publish(board, rows, make_entry(1), "world")
    publish(board, rows, broken, "world")
    assert shown(board) in ([b"1"], [b"x", b"1"])


# --- In a rush ----------------------------------------------------------------------------------


class Rush:
    """A feed that is asked for every millisecond while stories come, on a clock of its own."""

    def __init__(self, rows: MemoryRows) -> None:
        self.now_s = 0.0
        self.rows = rows
        spec = replace(WORLD, limit=100)
        self.board = FeedBoard([spec], HOUSE, rows, monotonic=lambda: self.now_s)

    def renders(self) -> int:
        return self.board.renders["rss"]

    def poll(self) -> bytes:
        rendition = self.board.rendition("world", "rss", patient=True)
        assert rendition is not None
        return rendition.body

    def run(self, seconds: float, *, every_ms: int) -> list[float]:
        """Milliseconds that each story waited for the first poll that showed it."""
        came: dict[int, float] = {}
        took: list[float] = []
        for step in range(round(seconds * 1000)):
            self.now_s += 0.001
            if step % every_ms == 0 and step < round(seconds * 1000) - 200:
                number = 100 + len(came) + len(took)
                publish(self.board, self.rows, make_entry(number), "world")
                came[number] = self.now_s
            shown = self.poll()
            for number in [number for number in came if b"<title>%d</title>" % number in shown]:
                took.append((self.now_s - came.pop(number)) * 1000)
        return took


def test_in_a_rush_a_feed_is_put_together_ten_times_a_second_at_most(rows: MemoryRows) -> None:
    rush = Rush(rows)
    rush.poll()
    took = rush.run(0.6, every_ms=4)
    assert rush.renders() <= 1 + 3 + 6  # the first, those that made it a rush, and ten a second
    assert max(took) <= 101
    assert len(took) == 100


def test_a_feed_that_changes_twenty_times_a_second_shows_each_change_when_asked(rows: MemoryRows) -> None:
    rush = Rush(rows)
    rush.poll()
    assert max(rush.run(0.7, every_ms=50)) < 1


def test_a_kill_in_a_rush_is_at_once(rows: MemoryRows) -> None:
    rush = Rush(rows)
    rush.poll()
    rush.run(0.25, every_ms=2)
    for number in (500, 501, 502, 503, 504):
        publish(rush.board, rows, make_entry(number), "world")
    shown = rush.poll()
    publish(rush.board, rows, make_entry(505), "world")
    assert rush.poll() is shown
    rows.remove("world", "s0503")
    rush.board.changed(removed=["world"])
    assert b"503" not in rush.poll() and b"505" in rush.poll()


def test_whoever_writes_a_file_is_given_the_latest_even_in_a_rush(rows: MemoryRows) -> None:
    rush = Rush(rows)
    rush.poll()
    for number in range(1, 9):
        publish(rush.board, rows, make_entry(number), "world")
        rush.poll()
    assert shown(rush.board)[:3] == [b"8", b"7", b"6"]
