"""What one connection may cost: heads of a greatest size, requests and answers within their time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from wire.web.answers import plain
from wire.web.protocol import MAX_HEAD_BYTES, LimitedProtocol, household
from wire.web.server import WebServer


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    server = WebServer("127.0.0.1", 0)
    server.start(plain(200, b"hello", "text/plain"))
    yield "127.0.0.1", int(server.url.rpartition(":")[2])
    server.stop()


def exchange(address: tuple[str, int], *parts: bytes) -> bytes:
    """Everything that comes back until the server closes."""
    with socket.create_connection(address, timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        try:
            while more := connection.recv(65536):
                answer += more
        except ConnectionResetError:
            pass
        return answer


def test_a_request_of_usual_size_is_answered(address: tuple[str, int]) -> None:
    answer = exchange(address, b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")


def test_requests_sent_in_pieces_and_in_a_row_are_answered(address: tuple[str, int]) -> None:
    last = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
    answer = exchange(address, b"GET / HT", b"TP/1.1\r\nhost: a\r\n\r\n" * 1, last)
    assert answer.count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize(
    ("version", "hosts", "status"),
    [(b"1.1", 0, b"400"), (b"1.1", 1, b"200"), (b"1.1", 2, b"400"), (b"1.0", 0, b"200")],
)
def test_a_request_names_one_host(
    address: tuple[str, int], version: bytes, hosts: int, status: bytes
) -> None:
    head = b"GET / HTTP/%s\r\n%sconnection: close\r\n\r\n" % (version, b"Host: a\r\n" * hosts)
    assert exchange(address, head).startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize(
    "head",
    [b"GET /" + b"a" * MAX_HEAD_BYTES, b"GET / HTTP/1.1\r\nx: " + b"a" * MAX_HEAD_BYTES],
    ids=["address", "header"],
)
def test_a_head_without_end_is_refused(address: tuple[str, int], head: bytes) -> None:
    assert exchange(address, head).startswith(b"HTTP/1.1 431")


def test_a_complete_head_that_is_too_large_is_refused(address: tuple[str, int]) -> None:
    many = b"".join(b"x%d: %s\r\n" % (number, b"a" * 100) for number in range(MAX_HEAD_BYTES // 100))
    assert exchange(address, b"GET / HTTP/1.1\r\n" + many + b"\r\n").startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("::ffff:127.0.0.1", None),
        ("::1", None),
    ],
)
def test_a_client_is_told_by_its_address_unless_it_is_this_machine(address: str, client: str | None) -> None:
    assert household(address) == client


def test_one_client_takes_no_more_than_half_of_all_connections() -> None:
    config, state = Config(plain(200, b"hello", "text/plain"), limit_concurrency=6), ServerState()
    config.load()

    def connect(host: str) -> bytes:
        wire = Wire(extra={"peername": (host, 4711)})
        LimitedProtocol(config, state, {}, Mock(time=lambda: 0.0)).connection_made(wire)
        return wire.written

    for _ in range(3):
        assert connect("192.0.2.7") == b""
    assert connect("192.0.2.7").startswith(b"HTTP/1.1 429 ")
    assert connect("192.0.2.8") == b""
    for _ in range(5):
        assert connect("127.0.0.1") == b"", "behind a proxy, everybody comes from there"


class Wire(asyncio.Transport):
    """A connection whose client takes as much as the test says."""

    unsent = 0
    written = b""

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def write(self, data: bytes) -> None:  # type: ignore[override]
        self.written += data

    def close(self) -> None:
        pass


@pytest.fixture
def connection() -> LimitedProtocol:
    protocol = LimitedProtocol.__new__(LimitedProtocol)
    protocol.transport = Wire()
    return protocol


def test_a_request_must_have_come_within_ten_seconds(connection: LimitedProtocol) -> None:
    connection._deadline_s = 110.0
    assert not connection.overdue(109.0)
    assert connection.overdue(111.0)


def test_between_requests_a_client_may_rest(connection: LimitedProtocol) -> None:
    connection._deadline_s = None
    assert not connection.overdue(1e6)


def test_who_takes_nothing_for_half_a_minute_is_broken_off(connection: LimitedProtocol) -> None:
    connection.transport.unsent = 1000
    assert not connection.overdue(100.0)
    assert not connection.overdue(129.0)
    assert connection.overdue(131.0)


def test_who_takes_something_is_left_alone(connection: LimitedProtocol) -> None:
    for second in range(100):
        connection.transport.unsent = 1000 - second
        assert not connection.overdue(float(second))
