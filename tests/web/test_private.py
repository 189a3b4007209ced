"""Rules of private feeds: who reads them, and where nothing of them shows."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

import pytest

from tests.desk_page.conftest import CONFIG, configured
from tests.desk_page.test_story import STORY
from tests.feeds.stories import HOUSE, MemoryRows, make_revision
from wire.ports.web import Shelved
from wire.publish.feeds.board import FeedBoard, FeedSpec
from wire.publish.outbox.agreement import story_files
from wire.publish.outbox.folder import Outbox
from wire.publish.page import HousePages
from wire.story import Document, Revision, Standing
from wire.web.app import DOCUMENTS, create_app
from wire.web.private import Reader, Readers
from wire.web.server import WebServer

TOKEN = "0123456789abcdef0123456789abcdef"
DIGEST = sha256(TOKEN.encode()).hexdigest()


@pytest.fixture(scope="module")
def board() -> FeedBoard:
    rows = MemoryRows()
    specs = [
        FeedSpec(id="world", title="World"),
        FeedSpec(id="customer", title="Customer", private=True),
        FeedSpec(id="other", title="Other", private=True),
    ]
    board = FeedBoard(specs, HOUSE, rows)
    for spec in specs:
        rows.put(spec.id, make_revision(1))
    board.doubt()
    return board


@pytest.fixture(scope="module")
def address(board: FeedBoard) -> Iterator[str]:
    server = WebServer("127.0.0.1", 0)
    readers = Readers([Reader(id="paper", token_sha256=DIGEST, feeds=frozenset({"customer", "world"}))])
    app = create_app(
        feeds=board,
        stories=None,  # type: ignore[arg-type]  # not asked for here
        pages=HousePages(HOUSE),
        health=dict,
        base_url=HOUSE.base_url,
        readers=readers,
    )
    server.start(app)
    yield server.url.removeprefix("http://")
    server.stop()


def get(address: str, path: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
    connection = HTTPConnection(address, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=named)
    reply = connection.getresponse()
    return reply.status, reply.headers, reply.read()


def basic(name: str, password: str) -> str:
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


def test_a_token_in_the_address_opens_the_feed_for_nobody_else_to_keep(address: str) -> None:
    status, headers, _ = get(address, f"/private/{TOKEN}/customer.rss")
    assert (status, headers["cache-control"]) == (200, "private, no-store")
    assert (headers["x-robots-tag"], headers["referrer-policy"]) == ("noindex", "no-referrer")
    assert "access-control-allow-origin" not in headers
    assert TOKEN not in str(headers)
    assert get(address, f"/private/{TOKEN}/customer.rss", if_none_match=headers["etag"])[0] == 304


@pytest.mark.parametrize("format", ["rss", "atom", "json"])
def test_a_feed_names_the_address_it_was_read_at_since_readers_move_to_that(
    address: str, format: str
) -> None:
    secret, usual = f"/private/{TOKEN}/customer.{format}", f"/feeds/customer.{format}"
    _, _, by_token = get(address, secret)
    _, _, by_name = get(address, usual, authorization=basic("paper", TOKEN))
    assert by_token == by_name.replace(
        f"{HOUSE.base_url}{usual}".encode(), f"{HOUSE.base_url}{secret}".encode()
    )
    assert by_token.count(TOKEN.encode()) == 1
    assert TOKEN.encode() not in by_name


@pytest.mark.parametrize(
    "path",
    [
        f"/private/{TOKEN[:-1]}0/customer.rss",
        f"/private/{DIGEST}/customer.rss",
        f"/private/{TOKEN}/other.rss",
        f"/private/{TOKEN}/world.rss",
        f"/private/{TOKEN}/customer.exe",
        f"/private/{TOKEN}/unknown.rss",
        f"/private/{TOKEN}/customer",
        "/private//customer.rss",
    ],
)
def test_any_other_address_leads_nowhere(address: str, path: str) -> None:
    assert get(address, path)[0] == 404


def test_the_reader_may_say_who_he_is_instead(address: str) -> None:
    status, headers, _ = get(address, "/feeds/customer.atom", authorization=basic("paper", TOKEN))
    assert (status, headers["cache-control"]) == (200, "private, no-store")
    assert get(address, "/feeds/other.atom", authorization=basic("paper", TOKEN))[0] == 401


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic %%%", "Basic /w==", f"Bearer {TOKEN}", basic("paper", "x"), basic("x", TOKEN)],
)
def test_who_does_not_prove_it_is_asked_to(address: str, authorization: str) -> None:
    status, headers, body = get(address, "/feeds/customer.rss", authorization=authorization)
    assert (status, headers["cache-control"]) == (401, "private, no-store")
    assert headers["www-authenticate"].startswith("Basic ")
    assert b"harbour" not in body


def test_private_feeds_are_listed_nowhere_and_written_nowhere(
    address: str, board: FeedBoard, tmp_path: Path
) -> None:
    assert [info.id for info in board.infos()] == ["world"]
    assert b"customer" not in get(address, "/")[2]
    assert get(address, "/feeds/customer")[0] == 404
    outbox = Outbox(tmp_path, board)
    outbox.open()
    outbox.touch(["world", "customer"], 0.0)
    outbox.write_due(10.0)
    names = {path.name for path in (tmp_path / "feeds").iterdir()}
    assert "world.rss" in names
    assert not any(name.startswith("customer") for name in names)


def test_no_part_of_a_private_feed_is_given_to_who_guesses_its_tag(board: FeedBoard) -> None:
    shown = board.rendition("customer", "rss", private=True)
    assert shown is not None
    assert board.delta("customer", "rss", [shown.etag]) is None


class OneStory:
    """A shelf with one story, wherever it stands."""

    def __init__(self, *feeds: str) -> None:
        self.revision = make_revision(1, feeds=feeds)

    def shelved(self, story_id: str) -> Shelved:
        return Shelved(standing=Standing.LIVE, revision=self.revision, feeds=self.revision.feeds)

    def document(self, revision: Revision, format: str) -> Document:
        return Document(format=format, media_type="application/xml", body=b"<newsItem/>", suffix="xml")


@pytest.mark.parametrize(
    ("feeds", "status"),
    [(("customer",), 404), (("customer", "other"), 404), (("customer", "world"), 200), ((), 200)],
)
def test_a_story_of_private_feeds_alone_is_readable_by_no_address_of_its_own(
    board: FeedBoard, feeds: tuple[str, ...], status: int
) -> None:
    server = WebServer("127.0.0.1", 0)
    pages = HousePages(HOUSE, board.infos())
    server.start(create_app(feeds=board, stories=OneStory(*feeds), pages=pages, health=dict))
    try:
        for path in ("/stories/s0001", *(f"/stories/s0001.{ending}" for ending in DOCUMENTS)):
            found, _, body = get(server.url.removeprefix("http://"), path)
            assert found == status
            assert b"customer" not in body.lower()
    finally:
        server.stop()


def test_a_story_of_private_feeds_alone_lies_nowhere_in_the_outbox(board: FeedBoard, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, board, private=["customer", "other"])
    outbox.open()
    document = OneStory().document(make_revision(1), "newsml-g2")
    public, hidden = make_revision(1, feeds=("world", "customer")), make_revision(2, feeds=("customer",))
    outbox.export(public, document)
    outbox.export(hidden, document)
    assert [path.name for path in tmp_path.rglob("*-v*")] == ["s0001-v1.xml"]
    assert list(story_files(tmp_path, [(public, document), (hidden, document)], ["customer"])) == []
    outbox.export(replace(public, seq=9, version=2, feeds=("customer",)), document)
    assert list(tmp_path.rglob("*-v*")) == []


@pytest.mark.parametrize(("public", "status"), [("agency", 200), ("somebody-else", 404)])
def test_a_story_of_private_feeds_alone_stays_private_when_its_time_is_over(
    tmp_path: Path, public: str, status: int
) -> None:
    rule = f'title = "Everything"\nwhere = {{ source = "{public}" }}\n'
    private = '[[feeds]]\nid = "customer"\ntitle = "Customer"\nprivate = true\n'
    config = CONFIG.replace('title = "Everything"\n', rule) + private
    desk = configured(tmp_path, config)
    try:
        desk.drop(
            "1.json", json.dumps({**STORY, "version": 2, "expires": "2026-03-02T13:00:00Z"}), source="agency"
        )
        desk.drop("2.json", json.dumps({**STORY, "headline": "Late"}), source="agency")
        [story] = desk.stories()
        at = desk.url.removeprefix("http://")
        assert get(at, f"/stories/{story.id}")[0] == status
        desk.now = desk.now.replace(hour=14)
        assert desk.app.pipeline.change_due() == 1
        assert desk.stories()[0].standing == "expired"
        for ending in ("", *(f".{ending}" for ending in DOCUMENTS)):
            assert get(at, f"/stories/{story.id}{ending}")[0] == status
    finally:
        desk.app.stop()
