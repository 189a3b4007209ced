"""Every file under tests/golden reads as the JSON beside it says.

``WIRE_WRITE_GOLDEN=1 pytest tests/parse/test_golden.py`` writes the JSON anew; read the difference
before committing.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.parse.reading import LONDON, stories
from wire.story import Guess
from wire.storyjson import dump

GOLDEN = Path(__file__).parents[1] / "golden"
FOLDERS = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())
#: What parsers find is pinned here; of what is guessed, only where and in which language a story is written.
SOURCE = replace(LONDON, enrich=frozenset((Guess.LANGUAGE, Guess.PLACES)))
INPUTS = sorted(path for path in GOLDEN.glob("*/*") if path.suffix != ".json")


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_reads_as_its_golden_json_says(path: Path) -> None:
    found = [dump(story) for story in stories(path.read_bytes(), path.name, SOURCE)]
    expected = path.with_suffix(".json")
    if os.environ.get("WIRE_WRITE_GOLDEN"):
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_format_has_at_least_five_golden_pairs(folder: str) -> None:
    assert len(list((GOLDEN / folder).glob("*.json"))) >= 5
