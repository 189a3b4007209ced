"""Rules of what tells of all feeds: OPML 2.0, and the news sitemap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from tests.feeds.stories import HOUSE, START, MemoryRows, make_revision, make_story
from wire.publish.feeds.board import FeedBoard
from wire.publish.feeds.heads import FeedSpec
from wire.publish.feeds.news_sitemap import AGE, MOST, NewsSitemap, sitemap_language
from wire.publish.feeds.opml import FeedList
from wire.publish.outbox.folder import Outbox
from wire.story import Revision

SPECS = (
    FeedSpec(id="world", title="World & <more>", description="All of it"),
    FeedSpec(id="monde", title="Monde", language="fr"),
)
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


class Recent:
    """Stories that lately became public."""

    def __init__(self, *revisions: Revision) -> None:
        self.kept = {revision.seq: revision for revision in revisions}
        self.read: list[int] = []

    def recent(self, since: datetime, limit: int) -> list[int]:
        newest = sorted(self.kept.values(), key=lambda revision: revision.published, reverse=True)
        return [revision.seq for revision in newest if revision.published >= since][:limit]

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        self.read += seqs
        return [self.kept[seq] for seq in seqs]


def sitemap(rows: Recent, now: datetime = START + timedelta(hours=1)) -> NewsSitemap:
    return NewsSitemap(rows, HOUSE, lambda: now)


def titles(made: NewsSitemap) -> list[str | None]:
    return [e.text for e in etree.fromstring(made.written()[0]).iterfind(".//news:title", NS)]


# --- OPML ----------------------------------------------------------------------------------------


def test_opml_names_every_feed_in_the_configurations_order() -> None:
    body, modified = FeedList(SPECS, HOUSE, START).written()
    root = etree.fromstring(body)
    assert (root.tag, root.get("version"), modified) == ("opml", "2.0", START)
    assert root.findtext("head/title") == "Example News & Desk"
    world, monde = root.findall("body/outline")
    assert dict(world.attrib) == {
        "type": "rss",
        "text": "World & <more>",
        "title": "World & <more>",
        "description": "All of it",
        "xmlUrl": "https://wire.news.example/feeds/world.rss",
        "htmlUrl": "https://wire.news.example/feeds/world",
        "language": "en",
        "version": "RSS2",
    }
    assert (monde.get("language"), monde.get("description")) == ("fr", None)


# --- The news sitemap ----------------------------------------------------------------------------


def test_a_story_of_the_sitemap_says_what_the_extension_asks() -> None:
    later = START + timedelta(minutes=5)
    made = sitemap(Recent(make_revision(version=2, published=START, updated=later)))
    body, modified = made.written()
    [url] = etree.fromstring(body).findall("s:url", NS)
    assert modified == later
    assert url.findtext("s:loc", None, NS) == "https://wire.news.example/stories/s0001"
    assert url.findtext("s:lastmod", None, NS) == "2026-03-04T05:11:07+00:00"
    news = url.find("news:news", NS)
    assert news is not None
    assert [etree.QName(child).localname for child in news] == ["publication", "publication_date", "title"]
    assert news.findtext("news:publication/news:name", None, NS) == "Example News & Desk"
    assert news.findtext("news:publication/news:language", None, NS) == "en"
    assert news.findtext("news:publication_date", None, NS) == "2026-03-04T05:06:07+00:00"
    assert news.findtext("news:title", None, NS) == "Rain & <wind> close the “old” harbour"


def test_nothing_older_than_two_days_and_no_more_than_a_thousand() -> None:
    old = make_revision(1, published=START - AGE)
    rows = Recent(old, *(make_revision(number) for number in range(2, MOST + 5)))
    urls = etree.fromstring(sitemap(rows).written()[0]).findall("s:url", NS)
    assert len(urls) == MOST
    assert not titles(sitemap(Recent(old)))


def test_a_version_is_read_once_and_a_story_that_left_is_gone() -> None:
    rows = Recent(make_revision(1), make_revision(2))
    made = sitemap(rows)
    assert made.written() == made.written()
    assert sorted(rows.read) == [1, 2]
    rows.kept[3] = make_revision(3, story=make_story(headline="Third"))
    del rows.kept[1]
    assert titles(made) == ["Third", "Rain & <wind> close the “old” harbour"]
    assert sorted(rows.read) == [1, 2, 3]


def test_no_news_is_a_sitemap_too() -> None:
    assert etree.fromstring(sitemap(Recent()).written()[0]).tag == f"{{{NS['s']}}}urlset"


@pytest.mark.parametrize(
    ("tag", "known"),
    [
        ("en-GB", "en"),
        ("haw", "haw"),
        ("zh", "zh-cn"),
        ("zh-Hant", "zh-tw"),
        ("zh-TW", "zh-tw"),
        ("zh-Hans-CN", "zh-cn"),
    ],
)
def test_languages_are_cut_to_what_the_schema_knows(tag: str, known: str) -> None:
    assert sitemap_language(tag) == known


# --- Both ----------------------------------------------------------------------------------------


def board_of(rows: Recent) -> FeedBoard:
    return FeedBoard(SPECS, HOUSE, MemoryRows(), listings=(FeedList(SPECS, HOUSE, START), sitemap(rows)))


def test_a_listing_is_one_rendition_until_it_changes() -> None:
    rows = Recent(make_revision(1))
    board = board_of(rows)
    first = board.listing("sitemap-news.xml")
    assert first is not None
    assert board.listing("sitemap-news.xml") is first
    rows.kept[2] = make_revision(2)
    again = board.listing("sitemap-news.xml")
    assert again is not None
    assert again.etag != first.etag
    assert board.listing("feeds.opml") is board.listing("feeds.opml")
    assert board.listing("robots.txt") is None


def test_listings_lie_in_the_outbox_and_follow_the_feeds_at_ease(tmp_path: Path) -> None:
    rows = Recent(make_revision(1))
    outbox = Outbox(tmp_path, board_of(rows), listings=("feeds.opml", "sitemap-news.xml"))
    outbox.open()
    outbox.touch(["world"], 0.0)
    outbox.write_due(0.0)
    assert (tmp_path / "feeds.opml").read_bytes().startswith(b"<?xml")
    assert b"s0001" in (tmp_path / "sitemap-news.xml").read_bytes()
    rows.kept[2] = make_revision(2)
    outbox.touch(["world"], 2.0)
    assert outbox.write_due(3.0) == pytest.approx(10.0)
    assert outbox.write_due(10.0) is None
    assert b"s0002" in (tmp_path / "sitemap-news.xml").read_bytes()
    assert (tmp_path / "sitemap-news.xml.gz").is_file()


def test_a_story_that_stands_in_private_feeds_alone_is_in_no_sitemap() -> None:
    rows = Recent(
        make_revision(1, feeds=("customer",), story=make_story(headline="Paid for")),
        make_revision(2, feeds=("customer", "world"), story=make_story(headline="Both")),
    )
    made = NewsSitemap(rows, HOUSE, lambda: START + timedelta(hours=1), private=["customer"])
    assert titles(made) == ["Both"]
