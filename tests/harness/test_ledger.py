"""The ledger outlives its writer and knows the newest version of each story."""

from __future__ import annotations

from pathlib import Path

from tests.harness import copydesk
from tests.harness.daemon import toml
from tests.harness.ledger import Ledger


def test_what_was_recorded_is_read_back_by_the_next_writer(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.touch()
    ledger = Ledger(path)
    ledger.record(copydesk.newsml(1))
    ledger.record(copydesk.newsml(1, 2, kind="kill"))
    ledger.record(copydesk.newsml(2))
    ledger.close()
    again = Ledger(path)
    assert again.lines() == ledger.lines()
    assert {line.number: (line.version, line.kind) for line in again.latest().values()} == {
        1: (2, "kill"),
        2: (1, "new"),
    }


def test_the_configuration_writer_writes_tables_and_lists_of_tables() -> None:
    written = toml(
        {"desk": {"id": "a.b"}, "feeds": [{"id": "x", "where": {"language": ["en"]}}, {"id": "y"}]}
    )
    assert written == (
        '[desk]\nid = "a.b"\n\n[[feeds]]\nid = "x"\nwhere = { language = ["en"] }\n\n[[feeds]]\nid = "y"\n'
    )
