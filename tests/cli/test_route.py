"""``wire route``: where a story would go, and why; nothing is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import STORY, Wire

CONFIG = """
[[sources]]
id = "agency"
provider = "Example Agency"

[[feeds]]
id = "urgent"
title = "Urgent"
where = { urgency = "1-3" }

[[feeds]]
id = "agency"
title = "From the agency"
where = { source = "agency", text = "bridge" }

[[endpoints]]
id = "archive"
type = "folder"
path = "archive"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "wire.toml").write_text(CONFIG)
    folder = tmp_path / "inbox" / "agency"
    folder.mkdir(parents=True)
    (folder / "bridge.txt").write_text(STORY)
    return tmp_path


def test_every_rule_is_named_with_its_reason(wire: Wire, desk: Path) -> None:
    done = wire("route", desk / "inbox" / "agency" / "bridge.txt")
    assert done.status == 0, done.stderr
    head, *lines = done.stdout.splitlines()
    assert head.endswith("bridge.txt: Bridge over the Elbe reopens (source agency)")
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "feed urgent no urgency: wants 1, 2, 3; the story has 4",
        "feed agency yes source: agency; text: says bridge",
        "endpoint archive yes it takes every story",
    ]


def test_nothing_is_kept_or_moved(wire: Wire, desk: Path) -> None:
    before = sorted(desk.rglob("*"))
    wire("route", desk / "inbox" / "agency" / "bridge.txt")
    assert sorted(desk.rglob("*")) == before


def test_json_is_one_object_a_story(wire: Wire, desk: Path) -> None:
    done = wire("route", "-", "--source", "agency", "--json", stdin=STORY)
    [found] = map(json.loads, done.stdout.splitlines())
    assert (found["file"], found["source"]) == ("-", "agency")
    assert [(stop["kind"], stop["id"], stop["met"]) for stop in found["stops"]] == [
        ("feed", "urgent", False),
        ("feed", "agency", True),
        ("endpoint", "archive", True),
    ]
    assert found["stops"][0]["reasons"] == [
        {"met": False, "field": "urgency", "why": "wants 1, 2, 3; the story has 4"}
    ]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_done(wire: Wire, desk: Path) -> None:
    (desk / "empty.txt").write_text("")
    done = wire("route", "empty.txt", desk / "inbox" / "agency" / "bridge.txt")
    assert done.status == 1
    assert "empty.txt: " in done.stderr
    assert "Bridge over the Elbe reopens" in done.stdout


def test_a_source_that_is_not_configured_is_an_error(wire: Wire, desk: Path) -> None:
    done = wire("route", "-", "--source", "agncy", stdin=STORY)
    assert done.status == 1
    assert "there is no source 'agncy'; configured are: agency" in done.stderr
