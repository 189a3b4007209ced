"""How commands reach the daemon: over a socket that a test opens as the daemon does."""

from __future__ import annotations

import socket
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wire.errors import CommandError
from wire.operate.control import ControlServer, ask


def _stay(ids: list[int]) -> dict[str, str]:
    return {str(id): "it holds nothing that could be read as a story" for id in ids}


def _refuse() -> None:
    raise CommandError("not this one")


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Opens what is carried out as "linger"."""
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def path(tmp_path: Path, gate: threading.Event) -> Iterator[Path]:
    operations = {"stay": _stay, "refuse": _refuse, "linger": gate.wait}
    server = ControlServer(tmp_path / "wire.sock", operations)
    server.start()
    yield tmp_path / "wire.sock"
    server.stop()


def test_an_order_about_thousands_is_answered_whole(path: Path) -> None:
    """More than one buffer of a socket holds, each way."""
    ids = list(range(20_000))
    assert ask(path, "stay", ids=ids) == _stay(ids)


def test_nobody_else_on_the_machine_may_give_orders(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_refusal_comes_in_the_daemons_words(path: Path) -> None:
    with pytest.raises(CommandError, match="not this one"):
        ask(path, "refuse")


def test_an_operation_of_another_version_is_told(path: Path) -> None:
    with pytest.raises(CommandError, match="does not know 'fly': is it of another version"):
        ask(path, "fly")


def test_words_that_an_operation_does_not_take_are_told(path: Path) -> None:
    with pytest.raises(CommandError, match="unexpected keyword"):
        ask(path, "stay", names=[])
    assert ask(path, "stay", ids=[]) == {}


def test_who_says_nothing_holds_up_nobody(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent, socket.socket(socket.AF_UNIX) as slow:
        silent.connect(str(path))
        slow.connect(str(path))
        slow.sendall(b"{")
        assert ask(path, "stay", ids=[]) == {}
        for waiting in (silent, slow):
            waiting.setblocking(False)
            with pytest.raises(BlockingIOError):  # it is listened to still
                waiting.recv(1)


def test_a_long_order_holds_up_no_other(path: Path, gate: threading.Event) -> None:
    with ThreadPoolExecutor() as callers:
        long = callers.submit(ask, path, "linger")
        assert ask(path, "stay", ids=[]) == {}
        assert not long.done()
        gate.set()
        assert long.result() is True
