"""Rules of what feeds say of stories that were taken back (RFC 6721), and of their past (RFC 5005)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from tests.feeds.stories import HOUSE, START, MemoryRows, make_entry, make_revision, make_story
from wire.publish.feeds.archives import Archives
from wire.publish.feeds.board import FeedBoard, merge
from wire.publish.feeds.entries import KeptEntry
from wire.publish.feeds.heads import FeedSpec
from wire.publish.phrases import phrases
from wire.story import Action, Revision, Standing

ATOM_GRAMMAR = Path(__file__).parents[3] / "shared" / "schemas" / "feeds" / "atom.rng"
NS = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
}
LATER = START + timedelta(hours=1)


def taken_back(number: int = 1, standing: Standing = Standing.KILLED) -> Revision:
    return make_revision(
        number,
        seq=100 + number,
        version=2,
        action=Action.KILL,
        standing=standing,
        updated=LATER,
    )


def board_of(*revisions: Revision, notice: bool = False, limit: int = 3) -> FeedBoard:
    rows = MemoryRows()
    rows.put("world", *revisions)
    spec = FeedSpec(id="world", title="World", limit=limit, kill_notice=notice)
    return FeedBoard([spec], HOUSE, rows)


def body(board: FeedBoard, format: str) -> bytes:
    rendition = board.rendition("world", format)
    assert rendition is not None
    return rendition.body


# --- Tombstones and notices ----------------------------------------------------------------------


@pytest.mark.parametrize("standing", [Standing.KILLED, Standing.WITHHELD])
def test_atom_says_which_entry_was_deleted_and_when(standing: Standing) -> None:
    feed = etree.fromstring(body(board_of(taken_back(standing=standing)), "atom"))
    [grave] = feed.findall("at:deleted-entry", NS)
    assert dict(grave.attrib) == {
        "ref": "urn:newsml:example.org:20260304:s0001",
        "when": "2026-03-04T06:06:07.123000+00:00",
    }
    assert feed.findtext("a:updated", None, NS) == grave.get("when")
    assert feed.find("a:entry", NS) is None


@pytest.mark.parametrize("notice", [False, True])
@pytest.mark.parametrize("format", ["rss", "atom", "json"])
def test_nothing_of_the_copy_is_left(format: str, notice: bool) -> None:
    text = body(board_of(taken_back(), notice=notice), format).decode()
    assert "harbour" not in text.lower()
    assert "pictures.example" not in text
    assert "Reporter" not in text


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_a_notice_takes_the_entrys_place_under_its_id_and_date(format: str) -> None:
    parsed = feedparser.parse(body(board_of(make_revision(2), taken_back(), notice=True), format))
    assert not parsed.bozo
    entry = parsed.entries[1]
    assert entry.title == "KILL: This story has been withdrawn"
    assert entry.id == "urn:newsml:example.org:20260304:s0001"
    assert entry.published_parsed[:6] == (2026, 3, 4, 5, 6, 8)
    assert entry.updated_parsed[:6] == (2026, 3, 4, 6, 6, 7)


@pytest.mark.parametrize(
    ("language", "standing", "headline"),
    [
        ("de-AT", Standing.KILLED, "KILL: Diese Meldung wurde zurückgezogen"),
        ("ar", Standing.WITHHELD, "تم سحب هذا الخبر"),
        (None, Standing.KILLED, "KILL: Den här artikeln har dragits tillbaka"),  # the house's
        ("am", Standing.KILLED, "KILL: This story has been withdrawn"),  # one whose words we do not know
    ],
)
def test_a_notice_speaks_the_storys_language(language: str | None, standing: Standing, headline: str) -> None:
    gone = replace(taken_back(standing=standing), story=make_story(language=language))
    entry = json.loads(KeptEntry(gone, replace(HOUSE, language="sv"), notice=True).json)
    spoken = phrases(entry["language"])
    assert entry["title"] == headline
    assert entry["content_html"] == f"<p>{spoken.words['withdrawn_text']}</p>"
    assert spoken.words["withdrawn_notice"] in headline


def test_atom_with_tombstones_satisfies_the_grammar() -> None:
    if not ATOM_GRAMMAR.exists():
        pytest.skip("the Atom grammar lies outside the project and is not here")
    grammar = etree.RelaxNG(etree.parse(ATOM_GRAMMAR))
    feed = body(board_of(make_revision(2), taken_back(), notice=True), "atom")
    assert grammar.validate(etree.fromstring(feed)), grammar.error_log


def test_a_story_that_comes_back_loses_its_tombstone() -> None:
    board = board_of(taken_back(standing=Standing.WITHHELD))
    assert b"deleted-entry" in body(board, "atom")
    board.changed([(["world"], make_revision(1, seq=200))])
    feed = body(board, "atom")
    assert b"deleted-entry" not in feed
    assert feed.count(b"<entry") == 1


def test_what_was_taken_back_takes_no_storys_room_and_leaves_with_its_neighbours() -> None:
    entries = [KeptEntry(make_entry(number), HOUSE) for number in (1, 3, 4, 5)]
    graves = [KeptEntry(taken_back(2), HOUSE), KeptEntry(taken_back(6), HOUSE)]
    assert [entry.story_id for entry in merge(entries, graves, 3)] == ["s0006", "s0005", "s0004", "s0003"]


# --- Archives ------------------------------------------------------------------------------------


class Past:
    """A feed's stories by day."""

    def __init__(self, *revisions: Revision) -> None:
        self.kept = sorted(revisions, key=lambda revision: revision.published, reverse=True)

    def day(self, feed: str, start: datetime, end: datetime) -> list[int]:
        assert feed == "world"
        found = [revision.seq for revision in self.kept if start <= revision.published < end]
        return found[::-1]

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        return [revision for revision in self.kept if revision.seq in seqs]

    def around(self, feed: str, start: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
        moments = [revision.published for revision in self.kept]
        before = max((moment for moment in moments if moment < start), default=None)
        return before, min((moment for moment in moments if moment >= end), default=None)


def on(day: int, number: int) -> Revision:
    moment = START + timedelta(days=day)
    return make_revision(number, published=moment, updated=moment)


def archive_of(*revisions: Revision) -> Archives:
    return Archives([FeedSpec(id="world", title="World")], HOUSE, Past(*revisions))


def links_of(feed: etree._Element) -> dict[str | None, str | None]:
    return {link.get("rel"): link.get("href") for link in feed.iterfind("a:link", NS)}


def test_a_day_is_one_document_linked_to_its_neighbours_and_the_feed() -> None:
    page = archive_of(on(0, 1), on(3, 2), on(3, 3), on(7, 4)).page("world", "2026-03-07")
    assert page is not None
    feed = etree.fromstring(page.body)
    place = "https://wire.news.example/feeds/world"
    assert feed.find("fh:archive", NS) is not None
    assert links_of(feed) == {
        "self": f"{place}/archive/2026-03-07.atom",
        "alternate": place,
        "current": f"{place}.atom",
        "prev-archive": f"{place}/archive/2026-03-04.atom",
        "next-archive": f"{place}/archive/2026-03-11.atom",
    }
    ids = [entry.findtext("a:id", None, NS) for entry in feed.iterfind("a:entry", NS)]
    assert len(ids) == 2
    board = FeedBoard([FeedSpec(id="world", title="World")], HOUSE, MemoryRows())
    whole = etree.fromstring(body(board, "atom"))
    assert feed.findtext("a:id", None, NS) == whole.findtext("a:id", None, NS)


def test_the_first_day_has_none_before_it_and_the_last_none_after_it() -> None:
    archive = archive_of(on(0, 1), on(3, 2))
    first, last = (archive.page("world", day) for day in ("2026-03-04", "2026-03-07"))
    assert first is not None
    assert last is not None
    assert "prev-archive" not in links_of(etree.fromstring(first.body))
    assert "next-archive" not in links_of(etree.fromstring(last.body))


def test_the_past_stays_the_same_until_it_is_corrected() -> None:
    before = archive_of(on(0, 1)).page("world", "2026-03-04")
    again = archive_of(on(0, 1)).page("world", "2026-03-04")
    killed = archive_of(taken_back(1)).page("world", "2026-03-04")
    assert before is not None
    assert again is not None
    assert killed is not None
    assert before.etag == again.etag != killed.etag
    assert b"deleted-entry" in killed.body
    assert b"harbour" not in killed.body


@pytest.mark.parametrize("day", ["2026-03-05", "2026-02-30", "../x", "9999-12-31", "٢٠٢٦-٠٣-٠٤", ""])
def test_a_day_without_stories_is_none(day: str) -> None:
    assert archive_of(on(0, 1)).page("world", day) is None
    assert archive_of(on(0, 1)).page("sport", day) is None


def test_a_full_feed_leads_to_the_day_of_its_oldest_story() -> None:  # RFC 5005, 4
    full = board_of(on(0, 1), on(1, 2), on(3, 3), on(4, 4), limit=3)
    older = "https://wire.news.example/feeds/world/archive/2026-03-05.atom"
    for format in ("rss", "atom"):
        links = feedparser.parse(body(full, format)).feed.links
        assert [link.href for link in links if link.rel == "prev-archive"] == [older]
    assert b"prev-archive" not in body(board_of(on(0, 1), limit=3), "atom")
