"""Rules of the HTTP surface, asked over real connections."""

from __future__ import annotations

import gzip
import json
import resource
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from itertools import count
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.feeds.stories import HOUSE, MemoryRows, make_revision, make_story
from wire.common.renditions import CODINGS
from wire.errors import CommandError, StoreUnusable
from wire.from_settings import build_renderer
from wire.ports.web import Shelved
from wire.publish.copies import Copies
from wire.publish.feeds.board import FeedBoard, FeedSpec
from wire.publish.page import HousePages
from wire.story import Document, Revision, Standing
from wire.web.app import create_app
from wire.web.server import WebServer

#: Everything that is served of a story.
ENDINGS = ("", ".xml", ".nitf", ".json")


@dataclass
class Stories:
    """Stories by id, as the store would give them."""

    shelves: dict[str, Shelved] = field(default_factory=dict)
    broken: bool = False

    def put(self, revision: Revision, standing: Standing = Standing.LIVE) -> None:
        shown = revision if standing in (Standing.LIVE, Standing.EXPIRED) else None
        self.shelves[revision.story_id] = Shelved(standing=standing, revision=shown)

    def shelved(self, story_id: str) -> Shelved | None:
        if self.broken:
            raise StoreUnusable("gone")
        return self.shelves.get(story_id)

    def document(self, seq: int, format: str) -> Document | None:
        if format != "newsml-g2":
            return None
        return Document(format=format, media_type="application/test+xml", body=b"<newsItem/>", suffix="xml")


@dataclass
class Reply:
    status: int
    headers: HTTPMessage
    body: bytes


@dataclass
class Site:
    """A running server and what it serves."""

    board: FeedBoard
    rows: MemoryRows
    stories: Stories
    health: dict[str, Any]
    url: str = ""

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        reply = Reply(response.status, response.headers, response.read())
        connection.close()
        return reply

    def publish(self, revision: Revision) -> None:
        self.rows.put("world", revision)
        self.board.changed([(["world"], revision)])
        self.stories.put(revision)


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    rows = MemoryRows()
    board = FeedBoard(
        [FeedSpec(id="world", title="World & more"), FeedSpec(id="sport", title="Sport")],
        HOUSE,
        rows,
        monotonic=count().__next__,  # time enough between two changes: tests are a rush otherwise
    )
    site = Site(board=board, rows=rows, stories=Stories(), health={"healthy": True, "queue": 3})
    server = WebServer("127.0.0.1", 0)
    site.url = server.url
    server.start(
        create_app(
            feeds=board,
            stories=Copies(site.stories, HOUSE, build_renderer),
            pages=HousePages(HOUSE),
            health=lambda: site.health,
            base_url=HOUSE.base_url,
        )
    )
    yield site
    server.stop()
    assert not server.alive


@pytest.fixture
def site(served: Site) -> Site:
    """The server with exactly one story, s0001, in feed ``world``."""
    served.rows.feeds.clear()
    served.stories.shelves.clear()
    served.stories.broken = False
    served.health.update(healthy=True)
    served.board.doubt()
    served.publish(make_revision(1))
    return served


# --- Feeds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_a_feed_is_served_with_its_type_its_tag_and_its_date(site: Site, format: str) -> None:
    reply = site.get(f"/feeds/world.{format}")
    assert reply.status == 200
    assert reply.headers["content-type"] == f"application/{format}+xml; charset=utf-8"
    assert reply.headers["last-modified"] == "Wed, 04 Mar 2026 05:06:08 GMT"
    assert reply.headers["vary"] == "Accept-Encoding"
    assert reply.headers["cache-control"].startswith("public, max-age=60")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["etag"].startswith('"')
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert len(feedparser.parse(reply.body).entries) == 1


def test_a_commit_is_in_the_next_answer(site: Site) -> None:
    before = site.get("/feeds/world.rss")
    site.publish(make_revision(2, story=make_story(headline="Brand new")))
    after = site.get("/feeds/world.rss", if_none_match=before.headers["etag"])
    assert after.status == 200
    assert b"Brand new" in after.body
    assert after.headers["etag"] != before.headers["etag"]


def test_who_has_the_feed_is_told_so_in_every_encoding(site: Site) -> None:
    for encoding in ("identity", *CODINGS):
        first = site.get("/feeds/world.rss", accept_encoding=encoding)
        again = site.get("/feeds/world.rss", accept_encoding=encoding, if_none_match=first.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        for name in ("etag", "last-modified", "vary", "cache-control", "access-control-allow-origin"):
            assert again.headers[name] == first.headers[name]


def test_the_tag_is_strong_so_each_encoding_has_its_own(site: Site) -> None:
    identity = site.get("/feeds/world.rss")
    compressed = site.get("/feeds/world.rss", accept_encoding="gzip")
    assert compressed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(compressed.body) == identity.body
    assert compressed.headers["etag"] == identity.headers["etag"][:-1] + '-gzip"'


def test_gzip_forbidden_is_gzip_not_sent(site: Site) -> None:
    assert "content-encoding" not in site.get("/feeds/world.rss", accept_encoding="gzip;q=0").headers


def test_the_date_serves_who_sends_no_tag(site: Site) -> None:
    date = site.get("/feeds/world.rss").headers["last-modified"]
    assert site.get("/feeds/world.rss", if_modified_since=date).status == 304
    assert site.get("/feeds/world.rss", if_modified_since=date, if_none_match='"old"').status == 200


def test_a_removed_story_is_new_to_who_asks_by_date(site: Site) -> None:
    site.publish(make_revision(2))
    date = site.get("/feeds/world.rss").headers["last-modified"]
    site.rows.remove("world", "s0002")
    site.board.changed(removed=["world"])
    assert site.get("/feeds/world.rss", if_modified_since=date).status == 200


@pytest.mark.parametrize("path", ["/feeds/world.rss", "/feeds/world", "/stories/s0001", "/", "/health"])
def test_head_is_get_without_the_body(site: Site, path: str) -> None:
    get, head = site.get(path), site.get(path, "HEAD")
    assert (head.status, head.body) == (get.status, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/feeds/world.rss", "/stories/s0001", "/", "/health"])
def test_other_methods_are_told_which_ones_work(site: Site, path: str, method: str) -> None:
    reply = site.get(path, method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


def test_scripts_of_any_site_may_read_feeds_and_their_tags(site: Site) -> None:
    for path in ("/feeds/world.rss", "/feeds/unknown.rss"):
        headers = site.get(path).headers
        assert headers["access-control-allow-origin"] == "*"
        assert "ETag" in headers["access-control-expose-headers"]


@pytest.mark.parametrize("path", ["/feeds/world.rss", "/feeds/world/archive/2026-03-04.atom", "/changes"])
def test_scripts_of_any_site_may_poll_with_the_tag_of_what_they_have(site: Site, path: str) -> None:
    asked = {"origin": "https://reader.example", "access-control-request-method": "GET"}
    reply = site.get(path, "OPTIONS", **asked)
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (204, "*")
    assert reply.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "If-None-Match" in reply.headers["access-control-allow-headers"]
    assert "Authorization" not in reply.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["/private/token/world.rss", "/hub", "/desk", "/"])
def test_nothing_else_is_open_to_scripts_of_other_sites(site: Site, path: str) -> None:
    reply = site.get(path, "OPTIONS", **{"access-control-request-method": "GET"})
    assert reply.status in (404, 405)
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/unknown.rss",
        "/feeds/world.xml",
        "/feeds/world.rss.gz",
        "/feeds/world.rss/",
        "/feeds/..%2f..%2fetc%2fpasswd",
        "/feeds/%00.rss",
        "/feeds/.rss",
        "/feeds/",
        "/stories/unknown",
        "/stories/..%2fs0001",
        "/stories/s0001.exe",
        "/nothing",
    ],
)
def test_what_we_do_not_have_is_a_page_saying_so(site: Site, path: str) -> None:
    reply = site.get(path)
    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"Not found" in reply.body


def test_a_feed_has_a_page_for_people(site: Site) -> None:
    reply = site.get("/feeds/world")
    assert reply.status == 200
    assert b"World &amp; more" in reply.body
    assert b"https://wire.news.example/feeds/world.rss" in reply.body


def test_the_start_page_lists_every_feed(site: Site) -> None:
    body = site.get("/").body
    assert body.index(b"/feeds/world.atom") < body.index(b"/feeds/sport.atom")


# --- Only what is new (RFC 3229) -----------------------------------------------------------------


def test_the_icon_that_browsers_ask_for_is_there(site: Site) -> None:
    reply = site.get("/favicon.ico")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/svg+xml")
    assert reply.body.startswith(b"<svg ")
    assert site.get("/favicon.ico", **{"If-None-Match": reply.headers["etag"]}).status == 304


def test_who_asks_for_what_is_new_gets_that_alone_under_the_tag_of_the_whole(site: Site) -> None:
    had = site.get("/feeds/world.atom").headers["etag"]
    site.publish(make_revision(2, story=make_story(headline="Brand new")))
    part = site.get("/feeds/world.atom", if_none_match=had, a_im="feed")
    whole = site.get("/feeds/world.atom")
    assert (part.status, part.headers["im"], part.headers["cache-control"]) == (226, "feed", "no-store, im")
    assert part.headers["etag"] == whole.headers["etag"]
    assert part.headers["vary"] == "A-IM, If-None-Match, Accept-Encoding"
    assert [entry.title for entry in feedparser.parse(part.body).entries] == ["Brand new"]
    assert len(feedparser.parse(whole.body).entries) == 2
    again = site.get("/feeds/world.atom", if_none_match=part.headers["etag"], a_im="feed")
    assert (again.status, again.body) == (304, b"")


def test_a_corrected_story_is_new(site: Site) -> None:
    had = site.get("/feeds/world.rss", accept_encoding="gzip").headers["etag"]
    site.publish(make_revision(2))
    site.publish(make_revision(3, story_id="s0001", story=make_story(headline="Corrected"), version=2))
    reply = site.get("/feeds/world.rss", if_none_match=f'W/"x", {had}', a_im="vcdiff, feed;q=0.5")
    assert reply.status == 226
    assert len(feedparser.parse(reply.body).entries) == 2


@pytest.mark.parametrize(
    "headers",
    [{}, {"a_im": "feed;q=0"}, {"a_im": "vcdiff"}, {"a_im": "feed", "if_none_match": '"unknown"'}],
    ids=["not asked for", "forbidden", "another kind", "unknown version"],
)
def test_the_whole_feed_is_sent_unless_the_part_is_wanted_and_known(
    site: Site, headers: dict[str, str]
) -> None:
    had = site.get("/feeds/world.rss").headers["etag"]
    site.publish(make_revision(2))
    reply = site.get("/feeds/world.rss", **({"if_none_match": had} | headers))
    assert (reply.status, len(feedparser.parse(reply.body).entries)) == (200, 2)


def test_where_a_story_only_went_the_whole_feed_is_sent(site: Site) -> None:
    site.publish(make_revision(2))
    had = site.get("/feeds/world.rss").headers["etag"]
    site.rows.remove("world", "s0002")
    site.board.changed(removed=["world"])
    assert site.get("/feeds/world.rss", if_none_match=had, a_im="feed").status == 200


def test_a_feed_names_its_own_address(site: Site) -> None:
    for accept in ("", "feed"):
        link = site.get("/feeds/world.rss", a_im=accept).headers["link"]
        assert link == '<https://wire.news.example/feeds/world.rss>; rel="self"'


# --- Stories -------------------------------------------------------------------------------------


def test_a_story_has_a_page_under_a_policy_that_forbids_scripts(site: Site) -> None:
    reply = site.get("/stories/s0001")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"The harbour was closed" in reply.body
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert site.get("/stories/s0001", if_none_match=reply.headers["etag"]).status == 304
    assert "no-cache" in reply.headers["cache-control"]


def test_a_story_is_served_as_the_newsml_g2_that_was_kept(site: Site) -> None:
    site.stories.put(make_revision(1, story=make_story(ed_notes=())))
    reply = site.get("/stories/s0001.xml")
    assert (reply.status, reply.body) == (200, b"<newsItem/>")
    assert reply.headers["content-type"] == "application/test+xml"
    assert site.get("/stories/s0001.xml", if_none_match=reply.headers["etag"]).status == 304


@pytest.mark.parametrize(
    ("ending", "media_type", "root"),
    [("nitf", "application/nitf+xml", b"<nitf "), ("json", "application/json", b'{"uri":')],
)
def test_what_was_not_kept_is_written_when_asked_for_and_served_like_the_rest(
    site: Site, ending: str, media_type: str, root: bytes
) -> None:
    reply = site.get(f"/stories/s0001.{ending}", accept_encoding="gzip")
    body = gzip.decompress(reply.body)
    assert (reply.status, reply.headers["content-type"]) == (200, media_type)
    assert root in body and b"The harbour was closed" in body
    assert reply.headers["last-modified"] == "Wed, 04 Mar 2026 05:06:08 GMT"
    assert "no-cache" in reply.headers["cache-control"]
    assert reply.headers["access-control-allow-origin"] == "*"
    known = site.get(f"/stories/s0001.{ending}", if_none_match=reply.headers["etag"])
    assert (known.status, known.body) == (304, b"")
    assert site.get(f"/stories/s0001.{ending}", "HEAD").headers["content-length"] == str(len(body))


@pytest.mark.parametrize("ending", ["", ".nitf", ".json"])
def test_a_new_version_is_in_the_next_answer_in_every_form(site: Site, ending: str) -> None:
    before = site.get(f"/stories/s0001{ending}")
    site.publish(
        make_revision(3, story_id="s0001", version=2, story=make_story(headline="Ferries run again"))
    )
    after = site.get(f"/stories/s0001{ending}", if_none_match=before.headers["etag"])
    assert after.status == 200 and b"Ferries run again" in after.body


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_note_to_editors_is_told_to_nobody_who_asks(site: Site, ending: str) -> None:
    site.stories.put(make_revision(5, story=make_story(ed_notes=("names not for publication",))))
    reply = site.get(f"/stories/s0005{ending}")
    assert reply.status == 200 and b"The harbour was closed" in reply.body
    assert b"not for publication" not in reply.body


def test_a_story_that_a_format_cannot_hold_is_missing_in_that_alone(site: Site) -> None:
    site.stories.put(make_revision(4, story=make_story(headline="half of a pair: \ud800", ed_notes=())))
    assert site.get("/stories/s0004.json").status == 404
    assert site.get("/stories/s0004.xml").status == 200


@pytest.mark.parametrize("standing", [Standing.KILLED, Standing.WITHHELD])
@pytest.mark.parametrize("path", [f"/stories/s0001{ending}" for ending in ENDINGS])
def test_a_story_that_was_taken_back_is_gone_in_every_form(site: Site, path: str, standing: Standing) -> None:
    assert site.get(path).status == 200
    site.stories.put(make_revision(1), standing)
    reply = site.get(path)
    assert reply.status == 410
    assert b"withdrawn" in reply.body
    assert b"harbour" not in reply.body


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_embargoed_story_does_not_even_seem_to_exist(site: Site, ending: str) -> None:
    assert site.get(f"/stories/s0001{ending}").status == 200
    site.stories.put(make_revision(1), Standing.EMBARGOED)
    assert site.get(f"/stories/s0001{ending}").body == site.get("/stories/unknown").body


def test_a_store_that_cannot_be_read_is_503_not_an_old_story(site: Site) -> None:
    site.stories.broken = True
    reply = site.get("/stories/s0001")
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")


# --- Health and the server itself ----------------------------------------------------------------


@pytest.mark.parametrize(("healthy", "status"), [(True, 200), (False, 503)])
def test_health_answers_for_machines(site: Site, healthy: bool, status: int) -> None:
    site.health.update(healthy=healthy)
    reply = site.get("/health")
    assert (reply.status, reply.headers["cache-control"]) == (status, "no-store")
    assert json.loads(reply.body) == {"healthy": healthy, "queue": 3}


def test_a_taken_port_is_an_error_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"cannot listen on 127\.0\.0\.1:{port}.*\[web\] listen"):
            WebServer("127.0.0.1", port)


def test_a_stopped_server_gives_its_port_back(site: Site) -> None:
    server = WebServer("127.0.0.1", 0)
    port = int(server.url.rpartition(":")[2])
    server.start(
        create_app(
            feeds=site.board,
            stories=Copies(site.stories, HOUSE, build_renderer),
            pages=HousePages(HOUSE),
            health=dict,
        )
    )
    server.stop()
    WebServer("127.0.0.1", port).stop()


def test_answers_of_several_packets_do_not_wait_for_acknowledgements() -> None:
    """asyncio turns Nagle's algorithm off only on sockets that say they are TCP."""
    server = WebServer("127.0.0.1", 0)
    assert server._socket.proto == socket.IPPROTO_TCP
    server.stop()


def test_many_readers_at_once_get_whole_feeds(site: Site) -> None:
    ask: Callable[[int], Reply] = lambda _: site.get("/feeds/world.rss", accept_encoding="gzip")  # noqa: E731
    with ThreadPoolExecutor(8) as pool:
        bodies = {gzip.decompress(reply.body) for reply in pool.map(ask, range(64))}
    assert len(bodies) == 1


def in_a_row(site: Site, requests: bytes, answers: int) -> bytes:
    """What comes back on one connection until so many answers have begun and the server rests."""
    host, _, port = site.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(requests)
        got, seen = bytearray(), 0
        while seen < answers or not got.endswith((b"\r\n\r\n", b"</rss>")):
            before = len(got)
            got += connection.recv(1 << 20)
            seen += got.count(b"HTTP/1.1 ", max(0, before - 8))
        return bytes(got)


def test_requests_made_in_a_row_are_answered_in_their_order_however_large_the_answers(site: Site) -> None:
    """Answers that the client has not taken yet must not pile up; from then on they wait for it."""
    for number in range(2, 30):
        site.publish(make_revision(number))
    names = ["rss", "atom", "rss"] * 15
    asked = "".join(f"GET /feeds/world.{name} HTTP/1.1\r\nhost: a\r\n\r\n" for name in names)
    got = in_a_row(site, asked.encode(), len(names))
    kinds = [line for line in got.split(b"\r\n") if line.lower().startswith(b"content-type: ")]
    assert [line.partition(b"/")[2].partition(b"+")[0].decode() for line in kinds] == names


@pytest.mark.slow
def test_memory_stays_flat_over_a_hundred_thousand_polls(site: Site) -> None:
    tag = site.get("/feeds/world.rss").headers["etag"]
    poll = f"GET /feeds/world.rss HTTP/1.1\r\nhost: a\r\nif-none-match: {tag}\r\n\r\n".encode()
    in_a_row(site, poll * 10_000, 10_000)
    before = resident_bytes()
    for _ in range(10):
        in_a_row(site, poll * 10_000, 10_000)
    assert resident_bytes() - before < 4 * 1024 * 1024


def resident_bytes() -> int:
    """Of this process, which is the server's too."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
