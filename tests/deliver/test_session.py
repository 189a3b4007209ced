"""Connections that are kept: what ends them; the deadline covers everything, the dialling included."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from tests.servers.nuisance import Nuisance
from wire.deliver.dialling import AddressRefused, Dialler, is_silent
from wire.deliver.session import Session
from wire.errors import DeliveryError, Refused, Unreachable


class Line:
    """A connection without a protocol."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def alive(self) -> bool:
        return is_silent(self.sock)

    def hang_up(self) -> None:
        self.sock.close()


def session_to(port: int, meaning: DeliveryError | None = None) -> Session[Line]:
    def connect(dialler: Dialler) -> Line:
        sock = dialler.dial("127.0.0.1", port)
        sock.settimeout(None)
        return Line(sock)

    return Session(connect, lambda _: meaning)


@pytest.fixture
def deaf() -> Iterator[int]:
    """The port of a server whose queue is full: whoever connects is not even turned away."""
    with ExitStack() as held:
        listener = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        yield listener.getsockname()[1]


def test_the_deadline_covers_the_dialling(deaf: int) -> None:
    with pytest.raises(Unreachable, match=r"not done within 0\.3 s"), session_to(deaf).within(0.3):
        pytest.fail("nobody answered")


def test_a_name_with_one_address_that_may_not_be_reached_is_not_connected_to_at_all(
    monkeypatch: pytest.MonkeyPatch, deaf: int
) -> None:
    """A mixed answer is how rebinding attacks look; only a resolver of the test's own gives one."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, deaf)) for host in ("127.0.0.1", "10.1.2.3")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)
    with pytest.raises(AddressRefused, match=r"cms\.example is not connected to: 10\.1\.2\.3 is a private"):
        Dialler().dial("cms.example", deaf)


def test_a_connection_is_kept_and_dropped_after_any_trouble() -> None:
    with Nuisance() as server:
        session = session_to(server.port)
        with session.within(10) as first:
            pass
        with session.within(10) as again:
            assert again is first
        with pytest.raises(Unreachable, match="odd"), session.within(10):
            raise ValueError("odd")
        assert server.hung_up.wait(10)
        with session.within(10) as other:
            assert other is not first


def test_a_connection_on_which_the_server_spoke_unasked_is_not_used_again() -> None:
    with Nuisance(says=b"421 farewell\r\n") as server:
        session = session_to(server.port)
        with session.within(10) as first:
            first.sock.recv(1)
        with session.within(10) as other:
            assert other is not first


def test_what_the_protocol_says_of_the_document_is_told() -> None:
    with (
        Nuisance() as server,
        pytest.raises(Refused, match="no room"),
        session_to(server.port, Refused("no room")).within(10),
    ):
        raise ValueError("552")


def test_closing_breaks_off_what_is_under_way() -> None:
    with Nuisance() as server:
        session = session_to(server.port)
        ended = threading.Event()

        def wait() -> None:
            with suppress(Unreachable), session.within(600) as line:
                assert line.sock.recv(1) == b""
            ended.set()

        threading.Thread(target=wait, daemon=True).start()
        assert server.connected.wait(10)
        session.close()
        assert ended.wait(10)
        with pytest.raises(Unreachable, match="stopping"), session.within(10):
            pytest.fail("closed is closed")
