"""docs/formats.md names every format, and says of each what the carriage table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from wire.plugins import names
from wire.publish.carriage import LACKS

REFERENCE = Path(__file__).parents[2] / "docs/formats.md"


def carriage_row(format: str) -> str:
    """A format's row of the table of what is not carried; ``guessed`` once for all fields."""
    fields = {"guessed" if name.endswith(".guessed") else name for name in LACKS[format]}
    return f"| `{format}` | {', '.join(sorted(fields)) or '–'} |"


@pytest.mark.parametrize("format", LACKS)
def test_what_a_format_does_not_carry_is_as_the_table_has_it(format: str) -> None:
    assert carriage_row(format) in REFERENCE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("format", names("wire.parsers"))
def test_every_format_that_is_read_has_its_row_with_a_value_in_each_column(format: str) -> None:
    rows = REFERENCE.read_text(encoding="utf-8").partition("## In")[2].partition("## Out")[0].splitlines()
    columns = next(row.count(" | ") for row in rows if row.startswith("| format |"))
    assert [row.count(" | ") for row in rows if row.startswith(f"| `{format}` |")] == [columns]
