"""How commands reach the daemon: over a socket that a test opens as the daemon does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wire.errors import CommandError
from wire.operate.control import ControlServer, ask


def _stay(ids: list[int]) -> dict[str, str]:
    return {str(id): "it holds nothing that could be read as a story" for id in ids}


def _refuse() -> None:
    raise CommandError("not this one")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    server = ControlServer(tmp_path / "wire.sock", {"stay": _stay, "refuse": _refuse})
    server.start()
    yield tmp_path / "wire.sock"
    server.stop()


def test_an_order_about_thousands_is_answered_whole(path: Path) -> None:
    """More than one buffer of a socket holds, each way."""
    ids = list(range(20_000))
    assert ask(path, "stay", ids=ids) == _stay(ids)


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
