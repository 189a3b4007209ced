"""Those of the forty edge cases that need more than a format: a whole desk, its store, files and surface."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import feedparser
import pytest
from reader import make_reader

from tests.harness.site import Site
from tests.servers.http_receiver import hang, status
from tests.servers.subscriber import Subscriber
from wire.from_settings import feed_specs, shelf_of
from wire.parse.base import read_date
from wire.publish.feeds.board import FeedBoard
from wire.publish.outbox import agreement

pytestmark = pytest.mark.slow(8)

FORMATS = ("rss", "atom", "json")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A desk with the feed ``all``."""
    made = Site(tmp_path)
    yield made
    made.close()


def entries(site: Site, format: str = "atom") -> list[feedparser.FeedParserDict]:
    """What a feed shows now."""
    found: list[feedparser.FeedParserDict] = feedparser.parse(site.get(f"/feeds/all.{format}")[2]).entries
    return found


def everything(site: Site) -> bytes:
    """All that the public can read, and all that lies in the outbox."""
    day = f"{site.now:%Y-%m-%d}"
    paths = [f"/feeds/all.{format}" for format in FORMATS]
    paths += ["/feeds/all", "/sitemap-news.xml", "/changes?since=0", f"/feeds/all/archive/{day}.atom"]
    files = [file.read_bytes() for file in (site.root / "outbox").rglob("*") if file.is_file()]
    return b"\n".join([*(site.get(path)[2] for path in paths), *files])


@pytest.mark.parametrize(
    ("charset", "bom"), [("cp1252", b""), ("iso-8859-1", b""), ("utf-16", b""), ("utf-8", b"\xef\xbb\xbf")]
)
def test_case_09_whatever_the_charset_feeds_are_utf_8_without_a_mark(
    site: Site, charset: str, bom: bytes
) -> None:
    text = (
        "Der Außenminister fliegt nach Zürich\n\nEr wird dort über die Brücke sprechen, sagte er am Montag.\n"
    )
    site.drop("a.txt", bom + text.encode(charset))
    for format in FORMATS:
        body = site.get(f"/feeds/all.{format}")[2]
        assert "Der Außenminister fliegt nach Zürich" in body.decode("utf-8")
        assert not body.startswith(b"\xef\xbb\xbf")


def test_case_10_nothing_of_an_embargoed_story_is_anywhere_before_its_instant(site: Site) -> None:
    release = site.now + timedelta(hours=1)
    site.publish("Secret until noon", more=f"embargo: {release.isoformat()}\n")
    before = site.get("/feeds/all.atom")[1]["etag"]
    assert b"Secret until noon" not in everything(site)
    site.restart()
    site.now = release
    site.change_due()
    assert site.get("/feeds/all.atom", if_none_match=before)[0] == 200
    [entry] = entries(site)
    assert entry.published_parsed[:5] == release.timetuple()[:5]


def test_case_11_an_embargo_lifted_early_publishes_once_under_the_same_id(site: Site) -> None:
    later = site.now + timedelta(days=1)
    site.publish("Not yet", name="a", more=f"version: 1\nembargo: {later.isoformat()}\n")
    site.publish("Now", name="a", more="version: 2\nembargo: none\n")
    [entry] = entries(site)
    site.wait(2 * 86_400)
    site.change_due()
    [same] = entries(site)
    assert (same.id, same.published, same.title) == (entry.id, entry.published, "Now")


def test_case_13_a_kill_that_comes_before_its_story_suppresses_it(site: Site) -> None:
    site.publish("Killed", name="a", more="version: 2\nstatus: canceled\n")
    site.publish("What it said", name="a", more="version: 1\n")
    assert entries(site) == []
    assert b"What it said" not in everything(site)


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_case_12_what_is_taken_back_again_is_told_as_the_store_has_it(site: Site, status: str) -> None:
    site.publish("Once told", name="a", more="version: 1\n")
    site.publish("Once told", name="a", more="version: 2\nstatus: canceled\n")
    site.publish("Once told", name="a", more=f"version: 3\nstatus: {status}\n")
    app, outbox = site.app, site.root / "outbox"
    anew = FeedBoard(feed_specs(app.settings), app.house, shelf_of(app.settings, app.database))
    assert list(agreement.feed_files(outbox, anew)) == []
    assert list(agreement.archive_files(outbox, app.archives, site.now + timedelta(days=1))) == []


@pytest.mark.parametrize("format", FORMATS)
def test_case_16_a_change_that_is_no_news_leaves_the_date_of_change(site: Site, format: str) -> None:
    text = "The bridge is closed, the city said."
    site.publish("News", name="a", text=text, more="version: 1\nkeywords: one\n")
    tag = site.get(f"/feeds/all.{format}")[1]["etag"]
    [first] = _dates(site, format)
    site.publish("News", name="a", text=text, more="version: 2\nkeywords: one, two\n")
    assert site.get(f"/feeds/all.{format}", if_none_match=tag)[0] == 200
    assert _dates(site, format) == [first]
    site.publish("News", name="a", text=text + " It opens on Friday.", more="version: 3\n")
    [later] = _dates(site, format)
    assert later > first
    again = "version: 4\nsignal: correction\nkeywords: three\n"
    site.publish("News", name="a", text=text + " It opens on Friday.", more=again)
    [corrected] = _dates(site, format)
    assert corrected > later


def _dates(site: Site, format: str) -> list[str]:
    if format == "json":
        return [item["date_modified"] for item in json.loads(site.get("/feeds/all.json")[2])["items"]]
    tag = "dcterms:modified" if format == "rss" else "updated"
    body = site.get(f"/feeds/all.{format}")[2].decode()
    items = re.findall(r"<(?:item|entry)\b.*?</(?:item|entry)>", body, re.S)
    return [re.sub(r"<source>.*?</source>", "", item).split(f"<{tag}>")[1].split("<")[0] for item in items]


def test_case_17_and_18_what_is_older_or_the_same_changes_no_byte(site: Site) -> None:
    site.publish("Third", name="a", more="version: 3\n")
    before = [site.get(f"/feeds/all.{format}") for format in FORMATS]
    site.publish("Second", name="a", more="version: 2\n")
    site.publish("Third", name="a", more="version: 3\n")

    after = [site.get(f"/feeds/all.{format}") for format in FORMATS]
    assert [(r[1]["etag"], r[2]) for r in after] == [(r[1]["etag"], r[2]) for r in before]


def test_case_24_a_sixtieth_second_is_the_one_before(site: Site) -> None:
    for text in ("Wed, 31 Dec 2025 23:59:60 GMT", "2025-12-31T23:59:60Z"):
        found = read_date(text)
        assert found is not None and found.isoformat() == "2025-12-31T23:59:59+00:00"


def test_case_38_a_poll_during_publishing_sees_a_whole_document(site: Site) -> None:
    site.publish("First")
    seen: list[bytes] = []
    done = threading.Event()

    def poll() -> None:
        while not done.is_set():
            seen.append((site.root / "outbox" / "feeds" / "all.atom").read_bytes())
            seen.append(site.get("/feeds/all.atom")[2])

    poller = threading.Thread(target=poll)
    poller.start()
    for number in range(10):
        site.publish(f"News {number}")
    done.set()
    poller.join()
    assert seen and all(body.endswith(b"</feed>") for body in seen)
    assert not any(feedparser.parse(body).bozo for body in set(seen))


def test_case_39_conditions_are_judged_as_rfc_9110_says(site: Site) -> None:
    site.publish("News")
    _, headers, body = site.get("/feeds/all.rss")
    tag, date = headers["etag"], headers["last-modified"]
    known = ["*", f'"x", W/{tag}', f'{tag[:-1]}-gzip"']
    assert [site.get("/feeds/all.rss", if_none_match=one)[0] for one in known] == [304] * 3
    assert site.get("/feeds/all.rss", if_modified_since=date)[0] == 304
    assert site.get("/feeds/all.rss", if_modified_since="yesterday")[0] == 200
    assert site.get("/feeds/all.rss", if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT")[0] == 200
    assert site.get("/feeds/all.rss", if_none_match='"x"', if_modified_since=date)[0] == 200
    head = site.get("/feeds/all.rss", "HEAD")
    assert (head[0], head[1]["content-length"], head[2]) == (200, str(len(body)), b"")
    assert site.get("/feeds/all.rss", range="bytes=0-9")[2] == body


def test_case_40_a_hub_that_hangs_or_fails_delays_nothing_and_is_told_in_the_end(tmp_path: Path) -> None:
    with Subscriber() as hub:
        site = Site(tmp_path, hubs=[hub.callback("/hub")])
        hub.always(hang(0.2))
        site.publish("First")
        site.deliver()
        assert b"First" in site.served()
        assert {state for _, state in site.rows()} == {"due"}
        hub.always(status(302, headers=("Location: http://127.0.0.1/",)))
        site.wait(10)
        site.publish("Second")
        assert b"Second" in site.served()
        site.restart()
        site.deliver()
        hub.always(status(202))
        failed = len(hub.notifications)
        site.wait(10)
        site.publish("Third")
        site.deliver()
        assert {state for _, state in site.rows() if state != "dead"} == {"done"}
        assert quote(site.topic(), safe="") in "".join(
            ping.body.decode() for ping in hub.notifications[failed:]
        )
        site.close()


@pytest.mark.parametrize("format", FORMATS)
def test_a_live_subscriber_sees_a_correction_as_one_updated_entry(site: Site, format: str) -> None:
    with make_reader(":memory:") as reader:
        address = site.topic(f"all.{format}")
        reader.add_feed(address)
        site.publish("Wrong number", name="a", more="version: 1\n")
        site.publish("Another story", name="b")
        reader.update_feeds()
        [first] = [entry for entry in reader.get_entries() if entry.title == "Wrong number"]
        reader.mark_entry_as_read(first)
        site.publish("Right number", name="a", more="version: 2\nsignal: correction\n")
        changed = reader.update_feed(address)
        assert changed is not None and (changed.new, changed.modified) == (0, 1)
        found = {entry.title: entry for entry in reader.get_entries()}
        assert set(found) == {"Right number", "Another story"}
        again = found["Right number"]
        assert (again.id, again.published) == (first.id, first.published)
        assert again.updated is not None and first.updated is not None and again.updated > first.updated
        unchanged = reader.update_feed(address)
        assert unchanged is None
