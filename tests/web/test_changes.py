"""Rules of ``/changes``, asked over real connections."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from tests.feeds.stories import HOUSE, MemoryRows, make_revision
from wire.ports.web import Change, ChangePage
from wire.publish.feeds.board import FeedBoard
from wire.publish.page import HousePages
from wire.story import Action, Revision
from wire.web.app import create_app
from wire.web.changes import ChangeFeed
from wire.web.server import WebServer


@dataclass
class Log:
    """Changes as the store would give them."""

    changes: list[Change] = field(default_factory=list)
    private: int = 0  #: revisions before the first change that are of private feeds alone
    committed: int = 1_000_000

    def put(self, seq: int, revision: Revision | None) -> None:
        self.changes.append(
            Change(
                seq=seq,
                story_id=f"s{seq:04}",
                guid=f"urn:{seq}",
                action=Action.NEW if revision else Action.KILL,
                at=make_revision(seq).updated,
                revision=revision,
            )
        )

    def since(self, seq: int, limit: int) -> ChangePage:
        if seq + limit <= self.private:
            return ChangePage(changes=(), cursor=seq + limit, more=True)
        found = [change for change in self.changes if change.seq > seq][:limit]
        return ChangePage(
            changes=tuple(found),
            cursor=found[-1].seq if found else seq,
            more=len(found) == limit,
            unknown=seq > self.committed,
        )


@pytest.fixture
def log() -> Log:
    log = Log()
    log.put(1, make_revision(1))
    log.put(2, None)
    return log


@pytest.fixture
def address(log: Log) -> Iterator[str]:
    server = WebServer("127.0.0.1", 0)
    app = create_app(
        feeds=FeedBoard([], HOUSE, MemoryRows()),
        stories=None,  # type: ignore[arg-type]  # not asked for here
        pages=HousePages(HOUSE),
        health=dict,
        changes=ChangeFeed(log, lambda: len(log.changes)),
    )
    server.start(app)
    yield server.url.removeprefix("http://")
    server.stop()


def ask(address: str, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection(address, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=named)
    return connection.getresponse()


def lines(address: str, path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ask(address, path).read().splitlines()]


def events(reply: HTTPResponse, count: int) -> list[dict[str, str]]:
    """The next events of a stream; what is no event is passed over."""
    found: list[dict[str, str]] = []
    event: dict[str, str] = {}
    while len(found) < count:
        name, _, value = reply.readline().decode().rstrip("\n").partition(": ")
        if name:
            event[name] = value
        elif "data" in event:
            found.append(event)
            event = {}
    return found


def test_each_change_is_a_line_that_ends_in_the_cursor_of_the_next(address: str) -> None:
    reply = ask(address, "/changes")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/x-ndjson")
    assert reply.headers["link"] == '</changes?since=2>; rel="next"'
    new, gone = [json.loads(line) for line in reply.read().splitlines()]
    assert (new["seq"], new["event"], new["story"]["headline"][:4]) == (1, "changed", "Rain")
    assert gone == {"seq": 2, "event": "deleted", "id": "s0002", "guid": "urn:2", "action": "kill"} | {
        "at": gone["at"]
    }


def test_notes_to_editors_and_the_way_in_stay_inside(address: str) -> None:
    assert b"SECRET" not in ask(address, "/changes").read()
    assert not {"ed_notes", "origin", "embargoed"} & set(lines(address, "/changes")[0]["story"])


def test_nothing_is_told_twice_to_who_goes_on_from_the_cursor(address: str, log: Log) -> None:
    assert [line["seq"] for line in lines(address, "/changes?since=1")] == [2]
    assert lines(address, "/changes?since=2") == []
    log.put(3, make_revision(3))
    assert [line["seq"] for line in lines(address, "/changes?since=2")] == [3]


def test_the_head_of_a_stream_ends(address: str) -> None:
    connection = HTTPConnection(address, timeout=5)
    for _ in range(2):  # the second is heard only when the first has ended
        connection.request("HEAD", "/changes", headers={"accept": "text/event-stream"})
        reply = connection.getresponse()
        assert (reply.status, reply.read()) == (200, b"")
    connection.close()


def test_what_is_not_public_ends_no_page(address: str, log: Log) -> None:
    """An empty page is the end to most clients; they would stand there for ever."""
    log.changes.clear()
    log.private = 5_000
    log.put(5_001, make_revision(1))
    assert [line["seq"] for line in lines(address, "/changes?since=0")] == [5_001]
    assert [event["id"] for event in events(ask(address, "/changes", accept="text/event-stream"), 1)] == [
        "5001"
    ]


def test_even_a_great_many_of_them_take_a_request_no_more_than_some_looks(address: str, log: Log) -> None:
    log.private = 100_000
    reply = ask(address, "/changes?since=0")
    assert (reply.status, reply.read()) == (200, b"")
    assert reply.headers["link"] == '</changes?since=10200>; rel="next"'


@pytest.mark.parametrize("accept", ["*/*", "text/event-stream"])
def test_who_comes_from_a_state_that_is_no_more_is_told_to_begin_again(
    address: str, log: Log, accept: str
) -> None:
    """Silence would look like a quiet day, and what comes next would be missed."""
    log.committed = 2
    reply = ask(address, "/changes?since=3", accept=accept)
    assert reply.status == 410
    assert b"Begin again at since=0" in reply.read()
    assert ask(address, "/changes?since=2").status == 200


@pytest.mark.parametrize("cursor", ["-1", "x", "1e3", "", "%D9%A1", "9" * 30])
def test_what_is_no_cursor_is_refused(address: str, cursor: str) -> None:
    assert ask(address, f"/changes?since={cursor}").status == 400


def test_a_page_has_a_greatest_size(address: str, log: Log) -> None:
    for number in range(3, 600):
        log.put(number, None)
    seen: list[int] = []
    while page := lines(address, f"/changes?since={seen[-1] if seen else 0}"):
        assert len(page) <= 200
        seen += [line["seq"] for line in page]
    assert seen == list(range(1, 600))


def test_a_page_ends_with_the_line_that_makes_it_large(address: str, log: Log) -> None:
    log.changes.clear()
    long = "<p>" + "Rain. " * 500_000 + "</p>"
    for number in (1, 2, 3):
        made = make_revision(number)
        log.put(number, replace(made, story=replace(made.story, body_html=long)))
    assert [line["seq"] for line in lines(address, "/changes?since=0")] == [1, 2]
    assert [line["seq"] for line in lines(address, "/changes?since=2")] == [3]


def test_more_than_a_hundred_streams_are_sent_to_the_pages(address: str) -> None:
    streams = [ask(address, "/changes", accept="text/event-stream") for _ in range(100)]
    busy = ask(address, "/changes", accept="text/event-stream")
    assert (busy.status, busy.headers["retry-after"]) == (503, "30")
    assert ask(address, "/changes").status == 200
    for stream in streams:
        stream.close()


def test_a_stream_goes_on_from_the_last_event_and_tells_what_comes(address: str, log: Log) -> None:
    reply = ask(address, "/changes?since=0", accept="text/event-stream", last_event_id="1")
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert [event["id"] for event in events(reply, 1)] == ["2"]
    log.put(3, make_revision(3))
    (event,) = events(reply, 1)
    assert (event["id"], event["event"]) == ("3", "changed")
    assert json.loads(event["data"])["id"] == "s0003"


def test_streams_end_when_the_server_stops(log: Log) -> None:
    server = WebServer("127.0.0.1", 0)
    feed = ChangeFeed(log, lambda: len(log.changes))
    app = create_app(
        feeds=FeedBoard([], HOUSE, MemoryRows()),
        stories=None,  # type: ignore[arg-type]
        pages=HousePages(HOUSE),
        health=dict,
        changes=feed,
    )
    server.start(app)
    reply = ask(server.url.removeprefix("http://"), "/changes", accept="text/event-stream")
    events(reply, 2)
    server.stop(timeout_s=4)
    assert not server.alive
    assert feed._streams == 0
