"""The example's own tests: the two parts alone, then both in wire itself."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from wire_example.teletype import TeletypeParser

from wire.errors import Malformed
from wire.story import RawFile, Source

MESSAGE = b"ZZ 0417 U 2\nSTORM CLOSES HARBOUR BRIDGE\nSYDNEY - The bridge was closed on Monday.\nEND\n"

CONFIG = """
[inbox]
settle_s = 0.05

[[endpoints]]
id = "followers"
type = "journal"
document = "text"
options = { path = "PATH" }
"""


def raw(data: bytes) -> RawFile:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    return RawFile(data=data, name="m.tty", source=Source(id="zz"), arrived_at=now, sha256="0" * 64)


def test_a_message_becomes_a_draft() -> None:
    [draft] = TeletypeParser().parse(raw(MESSAGE))
    assert (draft.guid, draft.headline, draft.urgency) == (
        "teletype:zz:0417",
        "Storm closes harbour bridge",
        2,
    )
    assert draft.body_html == "<p>SYDNEY - The bridge was closed on Monday.</p>"


def test_other_files_are_left_to_other_parsers() -> None:
    assert TeletypeParser().evidence(raw(MESSAGE)) == 95
    assert TeletypeParser().evidence(raw(b"Just a story.")) == 0


def test_a_message_that_was_cut_off_is_set_aside_with_its_reason() -> None:
    with pytest.raises(Malformed, match="cut off"):
        TeletypeParser().parse(raw(MESSAGE.replace(b"END", b"")))


def test_wire_reads_the_format_and_delivers_to_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "m.tty").write_bytes(MESSAGE)
    (tmp_path / "wire.toml").write_text(
        CONFIG.replace("PATH", str(journal)) + '\n[web]\nlisten = "127.0.0.1:0"\n'
        'base_url = "http://127.0.0.1"\n'
    )
    wire = [sys.executable, "-m", "wire"]
    checked = subprocess.run(
        [*wire, "check", "--config", "wire.toml"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "parser teletype: loads" in checked.stdout
    assert "transport journal: loads" in checked.stdout
    subprocess.run([*wire, "run", "--once", "--config", "wire.toml"], cwd=tmp_path, check=True)
    [line] = [json.loads(line) for line in journal.read_text().splitlines()]
    assert "Storm closes harbour bridge" in line["document"]
