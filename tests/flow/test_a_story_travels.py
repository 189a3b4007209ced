"""A raw story is dropped; it becomes NewsML-G2, stands in the feeds and arrives at every endpoint."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from tests.flow.conftest import Desk
from tests.harness import copydesk
from tests.harness.daemon import Style
from tests.harness.receiver import PROJECT, Arrival
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

NAR = "{http://iptc.org/std/nar/2006-10-01/}"
TOMBSTONE = re.compile(r'<at:deleted-entry [^>]* when="([0-9-]{10})T')
SEED = PROJECT.parent / "shared" / "samples" / "seed" / "000_f2436413c75ec2a7.txt"


def shown(desk: Desk, headline: str, feed: str = "all") -> str:
    """Wait until the headline stands in the feed; returns the story's id, taken from the entry's link."""

    def look() -> str:
        for entry in desk.daemon.feed(feed).entries:
            if entry.title == headline:
                return urlsplit(entry.link).path.rpartition("/")[2]
        return ""

    return eventually(look, what=f"{headline!r} in feed {feed}")


def received(desk: Desk, story: str, version: int) -> Arrival:
    """Wait until a version of a story has arrived at the HTTP endpoint."""

    def look() -> list[Arrival]:
        return [a for a in desk.receiver.arrivals("cms") if (a.story, a.version) == (story, version)]

    return eventually(look, what=f"{story} version {version} at the endpoint")[0]


def item_file(desk: Desk, story: str, version: int) -> Path:
    """Wait until a version of a story lies in the outbox as NewsML-G2."""
    newsml = desk.daemon.outbox / "newsml"
    return eventually(lambda: list(newsml.glob(f"*/*/*/{story}-v{version}.xml")), what=f"{story} in outbox")[
        0
    ]


def test_the_seed_story_becomes_newsml_stands_in_both_feeds_and_arrives_everywhere(desk: Desk) -> None:
    if not SEED.exists():
        pytest.skip("the seed story lies in ../shared, which is absent")
    desk.daemon.drop(SEED.name, SEED.read_bytes())
    headline = "US Seeks ‘Constructive’ Response from Russia"
    story = shown(desk, headline)
    assert headline in desk.daemon.titles("all", "rss")
    path = item_file(desk, story, 1)
    item = etree.fromstring(path.read_bytes())
    assert item.findtext(f".//{NAR}headline") == headline
    arrival = received(desk, story, 1)
    assert arrival.signed
    assert desk.receiver.body(arrival) == path.read_bytes()
    copy = eventually(lambda: list(desk.archive.glob(f"{story}-v1.xml")), what="copy in the folder")[0]
    assert copy.read_bytes() == path.read_bytes()
    assert not desk.daemon.inbox_files()


def test_the_page_behind_an_entrys_link_shows_the_story(desk: Desk) -> None:
    item = copydesk.plain(1)
    desk.daemon.drop_item(item)
    story = shown(desk, item.headline)
    assert f"/stories/{story}<" in desk.daemon.get("/sitemap-news.xml").body.decode()
    page = desk.daemon.get(f"/stories/{story}")
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    assert item.headline in page.body.decode()


def test_the_feed_file_in_the_outbox_is_the_feed_as_served(desk: Desk) -> None:
    item = copydesk.newsml(2)
    desk.daemon.drop_item(item)
    shown(desk, item.headline)
    listings = [(desk.daemon.outbox / "feeds.opml", "/feeds.opml")]
    for file, served in listings + [
        (desk.daemon.outbox / "feeds" / f"all.{format}", f"/feeds/all.{format}")
        for format in ("rss", "atom", "json")
    ]:
        eventually(lambda f=file, s=served: f.read_bytes() == desk.daemon.get(s).body, what="same bytes")


def test_a_feed_is_not_sent_again_to_who_has_it(desk: Desk) -> None:
    first = desk.daemon.get("/feeds/all.rss")
    again = desk.daemon.get("/feeds/all.rss", {"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_each_feed_shows_only_what_its_where_asks_for(desk: Desk) -> None:
    items = [copydesk.newsml(number) for number in range(100, 112)]
    for item in items:
        desk.daemon.drop_item(item)
    for item in items:
        shown(desk, item.headline)
    about_war = {item.headline for item in items if b"medtop:16000000" in item.data}
    assert about_war and len(about_war) < len(items)
    titles = set(desk.daemon.titles("war"))
    assert titles & {item.headline for item in items} == about_war


def test_an_update_replaces_its_story_under_the_same_id(desk: Desk) -> None:
    first, second = copydesk.newsml(20), copydesk.newsml(20, 2, kind="update")
    desk.daemon.drop_item(first)
    story = shown(desk, first.headline)
    desk.daemon.drop_item(second)
    assert shown(desk, second.headline) == story
    assert first.headline not in desk.daemon.titles()
    received(desk, story, 2)
    assert item_file(desk, story, 2).exists()


def test_a_kill_leaves_the_feed_its_page_is_gone_and_the_endpoints_are_told(desk: Desk) -> None:
    item = copydesk.newsml(30)
    desk.daemon.drop_item(item)
    story = shown(desk, item.headline)
    received(desk, story, 1)
    desk.daemon.drop_item(copydesk.newsml(30, 2, kind="kill"))
    arrival = received(desk, story, 2)
    told = etree.fromstring(desk.receiver.body(arrival))
    assert told.find(f"{NAR}itemMeta/{NAR}pubStatus").get("qcode") == "stat:canceled"
    eventually(lambda: item.headline not in desk.daemon.titles(), what="gone from the feed")
    assert desk.daemon.get(f"/stories/{story}").status == 410
    assert eventually(lambda: list(desk.archive.glob(f"{story}-v2.xml")), what="kill in the folder")
    assert story not in desk.daemon.get("/sitemap-news.xml").body.decode()
    grave = TOMBSTONE.search(desk.daemon.get("/feeds/all.atom").body.decode())
    assert grave is not None
    day = grave[1]
    archived = desk.daemon.get(f"/feeds/all/archive/{day}.atom").body.decode()
    assert TOMBSTONE.search(archived)
    assert item.headline not in archived


def test_the_same_bytes_under_another_name_do_nothing(desk: Desk) -> None:
    item = copydesk.newsml(40)
    desk.daemon.drop_item(item)
    story = shown(desk, item.headline)
    received(desk, story, 1)
    etag = desk.daemon.get("/feeds/all.atom").headers["etag"]
    desk.daemon.drop("another-name.xml", item.data)
    marker = copydesk.newsml(41)
    eventually(lambda: not desk.daemon.inbox_files(), what="duplicate taken")
    assert desk.daemon.get("/feeds/all.atom").headers["etag"] == etag
    desk.daemon.drop_item(marker)
    received(desk, shown(desk, marker.headline), 1)
    assert len([a for a in desk.receiver.arrivals("cms") if a.story == story]) == 1
    assert desk.daemon.titles().count(item.headline) == 1


@pytest.mark.parametrize("style", ["slow", "copy"])
def test_a_file_written_in_place_is_taken_once_it_stands_still(desk: Desk, style: Style) -> None:
    item = copydesk.plain(50 if style == "slow" else 51)
    desk.daemon.drop_item(item, style=style)
    story = shown(desk, item.headline)
    received(desk, story, 1)
    last_words = item.data.decode().split()[-5:]
    assert " ".join(last_words).encode() in desk.receiver.body(received(desk, story, 1))
    assert [a.version for a in desk.receiver.arrivals("cms") if a.story == story] == [1]


def test_files_still_being_written_are_left_alone(desk: Desk) -> None:
    item = copydesk.plain(60)
    for name in (".hidden.txt", "copy.txt~", "copy.part", "copy.tmp"):
        desk.daemon.drop(name, item.data)
    marker = copydesk.plain(61)
    desk.daemon.drop_item(marker)
    shown(desk, marker.headline)
    assert item.headline not in desk.daemon.titles()
    assert len(desk.daemon.inbox_files()) == 4
    staged = desk.daemon.inbox / "copy.part"
    staged.rename(desk.daemon.inbox / "copy.txt")
    shown(desk, item.headline)
    for path in desk.daemon.inbox_files():
        path.unlink()


def test_an_embargoed_story_is_nowhere_until_its_instant(desk: Desk) -> None:
    until = datetime.now(UTC) + timedelta(seconds=10)
    secret = "Quarterly secret number 48151623"
    item = copydesk.plain(70, Headline=secret, Embargo=until.isoformat(timespec="milliseconds"))
    desk.daemon.drop_item(item)
    eventually(lambda: not desk.daemon.inbox_files(), limit_s=4, what="taken in")
    (kept,) = [row for row in desk.daemon.stories() if row["guid"] == item.guid]
    held = _traces(desk, secret)
    page = desk.daemon.get(f"/stories/{kept['id']}").status
    assert datetime.now(UTC) < until, "this machine was too slow for the test to mean anything"
    assert held == []
    assert page == 404
    story = shown(desk, secret)
    assert datetime.now(UTC) >= until
    assert story == kept["id"]
    assert received(desk, story, 1).at >= until.timestamp()
    assert desk.daemon.get(f"/stories/{story}").status == 200


def _traces(desk: Desk, words: str) -> list[str]:
    """Where the words can be found by anybody outside: files, feeds, pushes, the log."""
    needle = words.encode()
    places = {str(path): path.read_bytes() for path in desk.daemon.outbox.rglob("*") if path.is_file()}
    if desk.archive.exists():
        places |= {str(path): path.read_bytes() for path in desk.archive.iterdir()}
    places["rss"] = desk.daemon.get("/feeds/all.rss").body
    places["atom"] = desk.daemon.get("/feeds/all.atom").body
    places["receiver"] = desk.receiver.all_bytes()
    places["log"] = desk.daemon.log.read_bytes()
    return [place for place, found in places.items() if needle in found]


def test_it_is_visible_within_moments_of_the_drop(desk: Desk) -> None:
    """No figure is asserted here (see bench/): only that events wake the sweep, long before its schedule."""
    item = copydesk.newsml(80)
    begun = time.monotonic()
    desk.daemon.drop_item(item)
    shown(desk, item.headline)
    assert time.monotonic() - begun < 10


def test_the_books_balance_after_all_that(desk: Desk) -> None:
    audit = desk.daemon.audit()
    assert audit.returncode == 0, audit.stdout + audit.stderr
