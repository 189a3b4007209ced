"""The commands that look into a store, as people and as scripts use them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import STORY, Wire
from wire.cli.output import facts, table

CONFIG = """
[desk]
name = "Example News Desk"
id = "news.example"
[inbox]
settle_s = 0.05
[web]
listen = "127.0.0.1:0"
[log]
level = "error"
[retry]
delays_s = []
[[endpoints]]
id = "archive"
type = "folder"
path = "archive"
[[endpoints]]
id = "gone"
type = "http"
url = "http://127.0.0.1:1/"
"""


@pytest.fixture
def desk(tmp_path: Path, process: Wire) -> Path:
    """A desk that took one story and quarantined one file, with an endpoint that gave up."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "wire.toml").write_text(CONFIG)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "bridge.txt").write_text(STORY)
    (inbox / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    done = process("run", "--once")
    assert done.status == 1
    assert "quarantined: 1; see `wire quarantine`" in done.stderr
    return tmp_path


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.slow
def test_everything_can_be_looked_at(desk: Path, wire: Wire) -> None:
    """One desk for all of them: making it is what takes long."""
    (row,) = rows(wire("stories", "--json").stdout)
    assert (row["headline"], row["standing"], row["version"]) == ("Bridge over the Elbe reopens", "live", 1)
    story = str(row["id"])
    _stories_are_filtered(wire, story)
    _a_story_is_shown(wire, story)
    _deliveries_are_listed_and_retried(wire)
    _the_quarantine_is_shown(wire)
    _a_fault_in_the_configuration_hides_nothing(wire, desk / "config" / "wire.toml")
    _the_status_is_told(wire)
    audit = wire("audit")
    assert (audit.status, audit.stdout, audit.stderr) == (0, "", "everything agrees\n")
    assert rows(wire("audit", "--json").stdout) == [{"sound": True, "violations": []}]


def _stories_are_filtered(wire: Wire, story: str) -> None:
    assert wire("stories", "elbe").stdout.splitlines()[1].startswith(story)
    for words in (("oder",), ("--source", "agency"), ("--standing", "killed")):
        done = wire("stories", *words)
        assert (done.status, done.stdout, done.stderr) == (0, "", "no story fits\n")


def _a_story_is_shown(wire: Wire, story: str) -> None:
    shown = wire("show", story).stdout
    for what in ("Bridge over the Elbe reopens", "inbox/bridge.txt", "archive", "gone"):
        assert what in shown
    detail = json.loads(wire("show", story, "--json").stdout)
    assert set(detail) == {"story", "content", "revisions", "deliveries", "history", "alike"}
    assert detail["content"]["headline"] == detail["story"]["headline"]
    missing = wire("show", "nothing")
    assert (missing.status, missing.stderr) == (
        1,
        "there is no story nothing; `wire stories` lists them\n",
    )


def _deliveries_are_listed_and_retried(wire: Wire) -> None:
    assert {row["endpoint"]: row["state"] for row in rows(wire("deliveries", "--json").stdout)} == {
        "archive": "done",
        "gone": "dead",
    }
    assert len(rows(wire("deliveries", "--json", "--endpoint", "gone", "--state", "dead").stdout)) == 1
    assert wire("deliveries", "--state", "lost").status == 2
    which = wire("retry")
    assert (which.status, which.stderr.splitlines()[-1]) == (
        2,
        "Error: say which: delivery ids, --endpoint ID or --all",
    )
    nothing = wire("retry", "--endpoint", "archive")
    assert (nothing.status, nothing.stderr) == (
        1,
        "nothing of the kind was given up; `wire deliveries --state dead` lists what was\n",
    )
    unknown = wire("retry", "--endpoint", "nobody")
    assert (unknown.status, unknown.stderr) == (
        1,
        "wire: there is no endpoint nobody; `wire status` lists them\n",
    )
    again = wire("retry", "--endpoint", "gone")
    assert (again.status, again.stderr) == (0, "due again: 1\n")
    assert [row["state"] for row in rows(wire("deliveries", "--json", "--endpoint", "gone").stdout)] == [
        "due"
    ]


def _the_quarantine_is_shown(wire: Wire) -> None:
    (held,) = rows(wire("quarantine", "list", "--json").stdout)
    assert (held["name"], held["source"]) == ("picture.jpg", "inbox")
    assert str(held["reason"]) in wire("quarantine").stdout
    assert "\\xff" in wire("quarantine", "show", str(held["intake_id"])).stdout
    released = wire("quarantine", "release", str(held["intake_id"]))
    assert released.status == 1
    assert f"file {held['intake_id']} stays: " in released.stderr
    assert "file 999 stays: nothing of it is in quarantine" in wire("quarantine", "release", "999").stderr
    assert wire("quarantine", "burn").status == 2
    assert wire("quarantine", "show", "999").status == 1


def _a_fault_in_the_configuration_hides_nothing(wire: Wire, config: Path) -> None:
    looks = [("stories",), ("show", str(rows(wire("stories", "--json").stdout)[0]["id"])), ("deliveries",)]
    sound, before = config.read_text(), [wire(*words).stdout for words in looks]
    config.write_text(sound + 'shelf = "x"\n')
    for words, shown in zip(looks, before, strict=True):
        done = wire(*words)
        assert (done.status, done.stdout) == (0, shown)
        assert "endpoints[2].shelf: is no known setting" in done.stderr
    assert wire("quarantine").stdout
    config.write_text(sound + "[store]\nurl = 'nowhere'\n")
    assert wire("stories").status == 1
    config.write_text(sound)


def _the_status_is_told(wire: Wire) -> None:
    done = wire("status", "--json")
    status = json.loads(done.stdout)
    assert done.status == 2
    assert status["healthy"] is False
    assert status["daemon"] == {"running": False}
    assert status["inbox"]["waiting"] == 0
    assert (status["stories"], status["feeds"], status["quarantined"]) == ({"live": 1}, {"all": 1}, 1)
    assert "not running" in wire("status").stdout


def test_without_a_store_the_status_says_what_to_do(wire: Wire) -> None:
    done = wire("status")
    assert done.status == 2
    assert "! the daemon is not running: start `wire run`" in done.stdout
    missing = wire("stories")
    assert missing.status == 1
    assert "there is no store at" in missing.stderr


@pytest.mark.parametrize(
    "order",
    [
        ("kill", "x", "--note", "wrong"),
        ("release", "x"),
        ("pause", "cms"),
        ("replay", "--endpoint", "cms", "--since", "2026-01-01"),
        ("retry", "--all"),
        ("quarantine", "release"),
    ],
    ids=lambda order: order[0],
)
def test_no_order_makes_a_store_where_none_is(wire: Wire, tmp_path: Path, order: tuple[str, ...]) -> None:
    """Whoever stands in the wrong folder is told so, and finds it as it was."""
    done = wire(*order)
    assert done.status == 1
    assert f"there is no store at {tmp_path / 'var' / 'wire.db'} yet" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_text_can_play_with_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table(("A", "B"), [("\x1b[2J", "x\u202ey\nz"), (None, "日本")])
    facts([("name", "\x07bell"), ("nothing", None)])
    assert capsys.readouterr().out.splitlines() == [
        "A        B",
        "\\x1b[2J  x\\u202ey\\nz",
        "-        日本",
        "name  \\x07bell",
    ]


def test_a_terminal_cuts_rows_at_its_width_by_what_they_take_there(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setenv("COLUMNS", "12")
    table(("ID", "HEADLINE"), [("1", "日本語の見出し"), ("2", "a headline"), ("3", "short")])
    assert screen.getvalue().splitlines() == ["ID  HEADLINE", "1   日本語 …", "2   a headl…", "3   short"]
