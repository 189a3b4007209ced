"""HTTP/1.1 as it is written and read: however the bytes come, whatever they say."""

from __future__ import annotations

import http.client
import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests import Request
from requests.exceptions import InvalidHeader

from wire.deliver.http_message import Answer, AnswerReader, NoAnswer, request_bytes
from wire.deliver.http_push import prepared

LIMIT = 64 << 10
REQUEST = Request("POST", "http://user:word@cms.example:8080/in box?x=1", headers={"X-Desk": "é"}).prepare()


def read(*parts: bytes, bodiless: bool = False) -> AnswerReader:
    """A reader that was given these bytes, until it wants no more."""
    reader = AnswerReader(limit=LIMIT, bodiless=bodiless)
    for part in parts:
        if reader.over:
            break
        reader.feed(part)
    return reader


def test_a_request_is_what_the_standard_library_understands() -> None:
    raw = request_bytes(REQUEST, {"webhook-id": "msg_1", "Content-Length": "3"}, b"abc", proxied=False)
    head, _, body = raw.partition(b"\r\n\r\n")
    line, _, fields = head.partition(b"\r\n")
    headers = http.client.parse_headers(io.BytesIO(fields + b"\r\n\r\n"))
    assert line == b"POST /in%20box?x=1 HTTP/1.1"
    assert headers["Host"] == "cms.example:8080"
    assert (headers["X-Desk"], headers["webhook-id"]) == ("é", "msg_1")
    assert body == b"abc"


def test_a_proxy_is_told_the_whole_address() -> None:
    raw = request_bytes(Request("GET", "http://hub.example/x").prepare(), {}, b"", proxied=True)
    assert raw.startswith(b"GET http://hub.example/x HTTP/1.1\r\n")


@pytest.mark.parametrize("value", ["a\r\nEvil: yes", "a\nb", "a\rb", "a\0b"])
def test_no_value_begins_another_header(value: str) -> None:
    with pytest.raises(InvalidHeader):
        request_bytes(REQUEST, {"wire-story": value}, b"", proxied=False)


def test_an_answer_is_read_with_its_headers_in_lower_case() -> None:
    reader = read(
        b"HTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nX: a\r\nx: b\r\nContent-Length: 4\r\n\r\nwait"
    )
    assert reader.answer() == Answer(429, {"retry-after": "7", "x": "a, b", "content-length": "4"}, b"wait")
    assert reader.reusable


@settings(max_examples=60, deadline=None)
@given(
    status=st.integers(200, 599).filter(lambda status: status not in {204, 304}),
    body=st.binary(max_size=200),
    chunked=st.booleans(),
    informed=st.booleans(),
    cuts=st.sets(st.integers(1, 400)),
)
def test_it_does_not_matter_how_the_bytes_come(
    status: int, body: bytes, chunked: bool, informed: bool, cuts: set[int]
) -> None:
    if chunked:
        parts = b"".join(b"%x\r\n%b\r\n" % (1, body[at : at + 1]) for at in range(len(body)))
        message = b"HTTP/1.1 %d -\r\nTransfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n" % (status, parts)
    else:
        message = b"HTTP/1.1 %d -\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)
    if informed:
        message = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + message
    edges = [0, *sorted(cut for cut in cuts if cut < len(message)), len(message)]
    reader = read(*(message[start:end] for start, end in pairwise(edges)))
    assert (reader.status, reader.answer().body, reader.reusable) == (status, body, True)
    assert "link" not in reader.answer().headers


def test_what_follows_an_answer_changes_nothing_but_that_the_connection_is_done_with() -> None:
    reader = read(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 No\r\nRetry-After: 1\r\n\r\n")
    assert reader.answer() == Answer(200, {"content-length": "0"}, b"")
    assert not reader.reusable


@pytest.mark.parametrize(
    "message",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + b"x" * LIMIT,
        b"HTTP/1.1 101 Other\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
    ],
    ids=["it says so", "old", "too long to read", "another protocol"],
)
def test_a_connection_is_used_again_only_when_it_is_known_to_be_fit(message: bytes) -> None:
    reader = read(message)
    assert reader.over and not reader.reusable


def test_an_answer_to_head_has_no_body_whatever_it_says() -> None:
    reader = read(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", bodiless=True)
    assert reader.over and reader.answer().body == b""


@pytest.mark.parametrize(
    "parts",
    [(b"",), (b"SMTP ready\r\n",), (b"HTTP/1.1 ",) * 2, (b"HTTP/1.1 100 -\r\n\r\n", b"")],
    ids=["closed", "another protocol", "garbage", "closed after 100"],
)
def test_what_is_no_answer_is_an_error_and_has_no_status(parts: tuple[bytes, ...]) -> None:
    reader = AnswerReader(limit=LIMIT)
    with pytest.raises(NoAnswer):
        for part in parts:
            reader.feed(part)
    assert reader.status == 0


def test_a_head_without_end_is_not_read_to_its_end() -> None:
    reader = AnswerReader(limit=LIMIT)
    reader.feed(b"HTTP/1.1 200 OK\r\n")
    with pytest.raises(NoAnswer, match="longer than 64 KiB"):
        for number in range(1_000):
            reader.feed(b"X-%d: %b\r\n" % (number, b"y" * 1_000))
    assert reader.status == 200  # which has decided


def test_of_a_long_body_no_more_is_kept_than_asked_for() -> None:
    reader = read(b"HTTP/1.1 500 -\r\n\r\n", b"x" * 40_000, b"y" * 40_000)
    assert len(reader.answer().body) == LIMIT


@given(
    st.from_regex(
        r"https?://[a-zA-Z0-9.é-]{1,9}(:[0-9]{1,5})?(/[A-Za-z0-9_./ é%-]{0,6}){0,2}", fullmatch=True
    )
)
def test_an_address_goes_out_as_requests_would_write_it(url: str) -> None:
    """Most are taken as they stand, since there is nothing about them that would be written otherwise."""
    try:
        expected = Request("POST", url).prepare().url
    except ValueError:
        with pytest.raises(ValueError):
            prepared("POST", url, {})
    else:
        assert prepared("POST", url, {}).url == expected
