"""``wire convert``: any format in, any format out, nothing kept; ``wire validate`` proves the result."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import STORY, Wire
from wire.plugins import names


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text(STORY)
    return path


def test_newsml_g2_is_the_default_and_valid(wire: Wire, story: Path, tmp_path: Path) -> None:
    done = wire("convert", story)
    assert done.status == 0, done.stderr
    (tmp_path / "bridge.xml").write_text(done.stdout)
    assert wire("validate", "bridge.xml").stdout == "bridge.xml: valid\n"


@pytest.mark.parametrize("format", names("wire.renderers"))
def test_every_format_can_be_written(wire: Wire, story: Path, format: str) -> None:
    done = wire("convert", story, "--to", format)
    assert done.status == 0, done.stderr
    assert "Bridge over the Elbe reopens" in done.stdout
    assert done.stdout.endswith("\n")


def test_the_same_file_gives_the_same_bytes(wire: Wire, story: Path) -> None:
    assert wire("convert", story).stdout == wire("convert", story).stdout


def test_nothing_is_kept(wire: Wire, story: Path, tmp_path: Path) -> None:
    wire("convert", story)
    assert list(tmp_path.iterdir()) == [story]


def test_json_is_one_story_a_line_with_its_files_name(wire: Wire, story: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(STORY.replace("Elbe", "Oder"))
    done = wire("convert", "--to", "json", "bridge.txt", "other.txt")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["_file"], line["headline"]) for line in lines] == [
        ("bridge.txt", "Bridge over the Elbe reopens"),
        ("other.txt", "Bridge over the Oder reopens"),
    ]


def test_a_broken_line_is_set_aside_and_the_others_are_written(wire: Wire, tmp_path: Path) -> None:
    lines = [
        '{"uri": "urn:1", "headline": "One"}',
        '{"uri": "urn:2", "head',
        '{"uri": "urn:3", "headline": "Three"}',
    ]
    (tmp_path / "many.json").write_text("\n".join(lines))
    done = wire("convert", "--to", "json", "many.json")
    assert [json.loads(line)["headline"] for line in done.stdout.splitlines()] == ["One", "Three"]
    assert done.status == 1
    assert "many.json: line 2: the JSON is broken" in done.stderr


def test_a_story_of_several_that_says_nothing_is_set_aside_alone(wire: Wire, tmp_path: Path) -> None:
    item = '<newsItem guid="urn:{0}" version="1"><contentMeta>{1}</contentMeta></newsItem>'
    items = item.format(1, "<headline>One</headline>") + item.format(2, "")
    (tmp_path / "two.xml").write_text(
        f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>'
    )
    done = wire("convert", "--to", "json", "two.xml")
    assert [json.loads(line)["headline"] for line in done.stdout.splitlines()] == ["One"]
    assert (done.status, "neither a headline nor a text" in done.stderr) == (1, True)


@pytest.mark.slow
def test_standard_input_is_read_for_a_dash(process: Wire) -> None:
    done = process("convert", "--to", "json", "-", stdin=STORY)
    assert json.loads(done.stdout)["_file"] == "-"


def test_what_was_written_can_be_read_again(wire: Wire, story: Path, tmp_path: Path) -> None:
    (tmp_path / "bridge.xml").write_text(wire("convert", story).stdout)
    first = json.loads(wire("convert", "--to", "json", "bridge.txt").stdout)
    second = json.loads(wire("convert", "--to", "json", "--from", "newsml-g2", "bridge.xml").stdout)
    for field in ("guid", "version", "headline", "byline", "language", "urgency", "body_html"):
        assert second[field] == first[field]


def test_a_failed_file_stops_no_other_and_shows_in_the_exit_status(
    wire: Wire, story: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    done = wire("convert", "--to", "json", "empty.txt", "nowhere.txt", "folder", "pipe", story)
    assert done.status == 1
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.splitlines() == [
        "empty.txt: the file is empty",
        "nowhere.txt: cannot be read: No such file or directory",
        "folder: cannot be read: Is a directory",
        "pipe: is no regular file",
    ]


def test_a_file_over_the_size_limit_is_not_read_whole(wire: Wire, story: Path, tmp_path: Path) -> None:
    (tmp_path / "wire.toml").write_text("[inbox]\nmax_bytes = 100\n")
    done = wire("convert", "--config", "wire.toml", story)
    assert (done.status, done.stderr) == (1, f"{story}: is larger than 100 bytes\n")


@pytest.mark.parametrize(("option", "what"), [("--to", "renderer"), ("--from", "parser")])
def test_an_unknown_format_is_refused_with_those_known(
    wire: Wire, story: Path, option: str, what: str
) -> None:
    done = wire("convert", story, option, "newsml-g3")
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr.startswith(f"wire: there is no {what} 'newsml-g3'; known are: newsml-g2, ")


def test_the_house_is_that_of_the_configuration_in_the_folder(
    wire: Wire, story: Path, tmp_path: Path
) -> None:
    assert wire("init").status == 0
    assert json.loads(wire("convert", "--to", "json", story).stdout)["guid"].startswith("tag:news.example,")


@pytest.mark.slow
def test_many_files_show_their_progress_on_a_terminal_only(tmp_path: Path, story: Path) -> None:
    terminal, side = pty.openpty()
    files = ["bridge.txt", "nowhere.txt", "bridge.txt"]
    command = [sys.executable, "-m", "wire", "convert", "--to", "json", *files]
    done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=side, timeout=60, check=False)
    os.close(side)
    shown = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert "converting" in shown
    assert "3/3" in shown
    assert "\r\x1b[Knowhere.txt: cannot be read: " in shown, "a message takes the place of the bar"
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 2


def test_validate_says_where_and_which_rule(wire: Wire, story: Path, tmp_path: Path) -> None:
    good = wire("convert", story).stdout
    (tmp_path / "bad.xml").write_text(good.replace('conformance="power"', 'conformance="brave"'))
    (tmp_path / "no.xml").write_text("<newsItem>")
    done = wire("validate", "bad.xml", "no.xml", "nowhere.xml")
    assert done.status == 1
    assert {line.partition(":")[0] for line in done.stdout.splitlines()} == {
        "bad.xml",
        "no.xml",
        "nowhere.xml",
    }
    assert "valid\n" not in done.stdout


@pytest.mark.slow
def test_an_output_that_is_full_is_told_in_one_line(story: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "wire", "convert", str(story)],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (done.returncode, done.stderr) == (
        1,
        "wire: the output cannot be written: No space left on device\n",
    )
