"""Feeds and endpoints with changes get the story changed; everybody else gets it as it came."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import STORY, Wire, wire  # noqa: F401 - the fixture

pytestmark = pytest.mark.slow

CONFIG = """
[[feeds]]
id = "plain"
title = "Plain"

[[feeds]]
id = "sport"
title = "Sport"
transform = { headline_prefix = "Sport: " }

[[endpoints]]
id = "plain"
type = "folder"
path = "plain"

[[endpoints]]
id = "one"
type = "folder"
path = "one"
transform = { provider = "Our Desk", headline_prefix = "Sport: " }

[[endpoints]]
id = "other"
type = "folder"
path = "other"
transform = { provider = "Our Desk", headline_prefix = "Sport: " }
"""


def test_each_gets_its_own_edition_and_the_same_edition_is_written_once(
    wire: Wire,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "wire.toml").write_text(CONFIG)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "bridge.txt").write_text(STORY)
    assert wire("run", "--once").status == 0
    [plain], [one], [other] = (list((tmp_path / name).iterdir()) for name in ("plain", "one", "other"))
    assert b"<headline>Bridge over" in plain.read_bytes()
    assert b"<headline>Sport: Bridge over" in one.read_bytes()
    assert b"Our Desk" in one.read_bytes()
    assert one.read_bytes() == other.read_bytes()
    for feed, title in (("plain", "<title>Bridge over"), ("sport", "<title>Sport: Bridge over")):
        assert title in (tmp_path / "outbox" / "feeds" / f"{feed}.rss").read_text()
    store = sqlite3.connect(tmp_path / "var" / "wire.db")
    assert store.execute("SELECT count(*) FROM document").fetchone() == (2,)
    store.close()
    assert wire("audit").status == 0
