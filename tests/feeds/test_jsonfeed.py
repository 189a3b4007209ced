"""Rules of JSON Feed 1.1, read off its specification."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import feedparser
import pytest
from lxml import etree

from tests.feeds.stories import HOUSE, START, make_revision, make_story
from wire.publish.feeds.entries import JsonFeedRenderer, render_entry
from wire.publish.feeds.heads import FeedSpec, heads
from wire.story import Revision

FULL = FeedSpec(
    id="world",
    title="World & <more>",
    language="en-GB",
    authors=("desk@news.example (Example Desk)", "Second Desk"),
    rights="© Example News",
    image="https://news.example/logo.png",
    hubs=("https://hub.example/",),
    ttl_minutes=5,
)


def feed_of(*revisions: Revision, spec: FeedSpec = FULL) -> dict[str, Any]:
    body = heads(spec, HOUSE)["json"].join([render_entry(revision, HOUSE) for revision in revisions])
    feed: dict[str, Any] = json.loads(body)
    return feed


def item_of(**changes: Any) -> dict[str, Any]:
    [item] = feed_of(make_revision(story=make_story(**changes)))["items"]
    assert isinstance(item, dict)
    return item


def test_a_feed_says_which_version_it_is_and_where_it_lies() -> None:
    feed = feed_of()
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "World & <more>",
        "home_page_url": "https://wire.news.example/feeds/world",
        "feed_url": "https://wire.news.example/feeds/world.json",
        "description": "World & <more>",
        "icon": "https://news.example/logo.png",
        "authors": [{"name": "Example Desk"}, {"name": "Second Desk"}],
        "language": "en-GB",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "items": [],
    }


def test_items_stand_in_the_feeds_order_whatever_their_number() -> None:
    for count in range(4):
        revisions = [make_revision(number) for number in range(count, 0, -1)]
        ids = [item["id"] for item in feed_of(*revisions)["items"]]
        assert ids == [revision.guid for revision in revisions]


def test_an_item_carries_the_story() -> None:
    item = item_of()
    assert item["url"] == "https://wire.news.example/stories/s0001"
    assert item["title"] == "Rain & <wind> close the “old” harbour"
    assert item["content_html"].startswith("<p>The harbour was closed &amp; emptied")
    assert item["summary"] == "The harbour at Exampleville & its <piers> were closed."
    assert item["authors"] == [{"name": "Example Reporter"}, {"name": "Example Photographer"}]
    assert item["tags"] == ["weather", "house subject", "free subject", "harbour", "weather & <wind>"]
    assert item["image"] == item["attachments"][0]["url"]
    assert item["attachments"][0] == {
        "url": "https://pictures.example/h%C3%A4rbour.jpg?a=1&b=2",
        "mime_type": "image/jpeg",
        "title": "The empty <harbour>",
        "size_in_bytes": 12345,
    }
    assert item["_wire"] == {"version": 1, "provider": "Example Agency"}


def test_what_is_not_known_is_absent_but_content() -> None:
    item = item_of(
        description=None, body_html="", pictures=(), creators=(), byline=None, keywords=(), subjects=()
    )
    assert item["content_html"] == ""
    assert not {"summary", "image", "authors", "tags", "attachments"} & set(item)


def test_a_correction_keeps_id_and_date_of_publication() -> None:
    later = START + timedelta(hours=1)
    [item] = feed_of(make_revision(version=2, published=START, updated=later))["items"]
    assert datetime.fromisoformat(item["date_published"]) == START
    assert datetime.fromisoformat(item["date_modified"]) == later


def test_illegal_characters_never_reach_it() -> None:
    item = item_of(headline="Bell\x07 and\ud800 half", keywords=("nul\x00",), body_html="<p>\x0b</p>")
    assert not set(json.dumps(item, ensure_ascii=False)) & set("\x00\x07\x0b\ud800")


def test_notes_to_editors_are_never_shown() -> None:
    assert "SECRET-NOTE" not in json.dumps(item_of())


def test_one_story_can_be_a_feed_of_its_own() -> None:
    document = JsonFeedRenderer().render(make_revision(), HOUSE)
    assert (document.format, document.suffix) == ("jsonfeed", "json")
    assert document.media_type == "application/feed+json"
    assert len(json.loads(document.body)["items"]) == 1


# --- The same settings in the other formats ------------------------------------------------------


def test_rss_carries_what_is_configured() -> None:
    channel = etree.fromstring(heads(FULL, HOUSE)["rss"].join([])).find("channel")
    assert channel is not None
    assert channel.findtext("managingEditor") == "desk@news.example (Example Desk)"
    assert channel.findtext("copyright") == "© Example News"
    assert channel.findtext("ttl") == "5"
    assert channel.findtext("docs") == "http://www.rssboard.org/rss-specification"
    assert channel.findtext("image/url") == "https://news.example/logo.png"
    assert channel.findtext("image/title") == channel.findtext("title")
    assert channel.findtext("image/link") == channel.findtext("link")
    links = channel.findall("{http://www.w3.org/2005/Atom}link")
    assert [(link.get("rel"), link.get("href")) for link in links] == [
        ("self", "https://wire.news.example/feeds/world.rss"),
        ("hub", "https://hub.example/"),
    ]


def test_atom_carries_what_is_configured() -> None:
    feed = etree.fromstring(heads(FULL, HOUSE)["atom"].join([]))
    ns = {"a": "http://www.w3.org/2005/Atom"}
    assert [e.text for e in feed.iterfind("a:author/a:name", ns)] == ["Example Desk", "Second Desk"]
    assert feed.findtext("a:author/a:email", None, ns) == "desk@news.example"
    assert feed.findtext("a:rights", None, ns) == "© Example News"
    assert feed.findtext("a:logo", None, ns) == "https://news.example/logo.png"
    rels = {link.get("rel"): link.get("href") for link in feed.iterfind("a:link", ns)}
    assert rels["hub"] == "https://hub.example/"


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_what_goes_on_in_the_archive_says_where(format: str) -> None:  # RFC 5005, 4
    older = "https://wire.news.example/feeds/world/archive/2026-03-04.atom"
    body = heads(FULL, HOUSE)[format].join([render_entry(make_revision(), HOUSE)], older)
    links = feedparser.parse(body).feed.links
    assert [link.href for link in links if link.rel == "prev-archive"] == [older]
