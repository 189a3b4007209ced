"""No two daemons in one folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from wire.app import App
from wire.config import load
from wire.errors import AlreadyRunning


def settings(root: Path, inbox: str, outbox: str) -> Path:
    """A configuration with a store of its own."""
    root.mkdir(exist_ok=True)
    config = root / "wire.toml"
    config.write_text(
        f'[web]\nlisten = "127.0.0.1:0"\n[inbox]\npath = "../{inbox}"\n[outbox]\npath = "../{outbox}"\n'
    )
    return config


@pytest.mark.parametrize(("inbox", "outbox", "shared"), [("in", "other", "in"), ("other", "out", "out")])
def test_two_daemons_with_stores_of_their_own_share_neither_inbox_nor_outbox(
    tmp_path: Path, inbox: str, outbox: str, shared: str
) -> None:
    first = App(load(settings(tmp_path / "first", "in", "out")))
    second = load(settings(tmp_path / "second", inbox, outbox))
    try:
        with pytest.raises(AlreadyRunning, match=f"another wire works on .*{shared}; stop it first"):
            App(second)
    finally:
        first.stop()
    App(second).stop()  # nothing is left of the first, nor of the one that was refused
