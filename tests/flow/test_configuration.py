"""A faulty configuration is told in full, each fault with its place, and nothing starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

_FAULTY = """\
[desk]
name = "Example News Desk"
id = "Not A Domain"

[inbox]
settle_s = "soon"

[[feeds]]
id = "world"
title = "World"
where = { subjekt = ["medtop:16000000"] }

[[endpoints]]
id = "cms"
type = "http"
url = "gopher://cms.example.org/"
"""


@pytest.mark.parametrize("command", ["run", "check"])
def test_every_fault_is_listed_with_file_and_line_and_nothing_starts(
    daemon_of: Callable[..., Daemon], command: str
) -> None:
    daemon = daemon_of()
    daemon.config.write_text(_FAULTY)
    done = daemon.wire(command, status=1, limit_s=20)
    told = done.stdout + done.stderr
    for line in (3, 6, 11, 16):
        assert f"wire.toml:{line}" in told, told
    assert not (daemon.root / "var").exists()
    assert not daemon.outbox.exists()


def test_a_sound_configuration_passes_the_check(daemon_of: Callable[..., Daemon]) -> None:
    daemon_of().wire("check", status=0)


def test_init_writes_what_run_needs_and_never_overwrites(tmp_path: Path) -> None:
    def wire(*words: str) -> int:
        command = [sys.executable, "-m", "wire", *words]
        return subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode

    assert wire("init", "desk") == 0
    assert (tmp_path / "desk" / "config" / "wire.toml").exists()
    assert (tmp_path / "desk" / "inbox").is_dir()
    assert (tmp_path / "desk" / "outbox").is_dir()
    assert wire("init", "desk") == 1
    assert wire("check", "--config", "desk/config/wire.toml") == 0


def test_sighup_takes_up_a_sound_configuration_in_the_same_process(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    daemon.start()
    before = daemon.pid
    text = daemon.config.read_text(encoding="utf-8")
    daemon.config.write_text(text + '\n[[feeds]]\nid = "second"\ntitle = "Second"\n', encoding="utf-8")
    os.kill(daemon.pid, signal.SIGHUP)
    eventually(lambda: _answers(daemon, "/feeds/second.rss"), limit_s=60, what="the second feed")
    assert daemon.pid == before
    assert daemon.running


def test_a_stop_that_comes_during_a_reload_is_not_forgotten(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    daemon.start()
    os.kill(daemon.pid, signal.SIGHUP)
    eventually(lambda: "finishing what is under way" in daemon.tail(), every_s=0.005, what="it drains")
    assert daemon.terminate().status == 0
    assert daemon.tail().count("wire is ready") == 1


def test_sighup_with_a_faulty_configuration_keeps_the_old_one_and_says_why(
    daemon_of: Callable[..., Daemon],
) -> None:
    daemon = daemon_of()
    daemon.start()
    daemon.config.write_text("[desk]\nnmae = 'x'\n", encoding="utf-8")
    os.kill(daemon.pid, signal.SIGHUP)
    eventually(lambda: "nmae" in daemon.tail(), what="the fault is told")
    assert "wire.toml:2" in daemon.tail()
    assert _answers(daemon, "/feeds/all.rss")


def test_a_changed_file_is_taken_up_while_feeds_stay_served_and_nothing_is_lost(
    daemon_of: Callable[..., Daemon],
) -> None:
    daemon = daemon_of()
    daemon.start()
    before = daemon.pid
    items = [copydesk.newsml(number) for number in range(1, 41)]
    failures: list[str] = []
    asked, done = [0], threading.Event()

    def poll() -> None:
        while not done.is_set():
            try:
                status = daemon.get("/feeds/all.atom").status
            except OSError as exc:
                failures.append(repr(exc))
            else:
                asked[0] += 1
                if status != 200:
                    failures.append(str(status))

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        text = daemon.config.read_text(encoding="utf-8")
        for item in items[:20]:
            daemon.drop_item(item)
        daemon.config.write_text(text + '\n[[feeds]]\nid = "second"\ntitle = "Second"\n', encoding="utf-8")
        eventually(lambda: "configuration file changed" in daemon.tail(400), what="the change is seen")
        for item in items[20:]:
            daemon.drop_item(item)
        eventually(lambda: _answers(daemon, "/feeds/second.rss"), limit_s=60, what="the second feed")
        eventually(lambda: len(daemon.titles()) == 40, limit_s=60, what="every story in the feed")
    finally:
        done.set()
        reader.join()
    assert not failures
    assert asked[0] > 0
    assert daemon.pid == before
    assert sorted(daemon.titles()) == sorted(item.headline for item in items)
    assert daemon.audit().returncode == 0


def test_a_file_that_becomes_faulty_is_told_once_and_changes_nothing(
    daemon_of: Callable[..., Daemon],
) -> None:
    daemon = daemon_of()
    daemon.start()
    sound = daemon.config.read_text(encoding="utf-8")
    daemon.config.write_text("[desk\n", encoding="utf-8")
    eventually(lambda: "stays as it was" in daemon.tail(), what="the fault is told")
    daemon.config.write_text(sound + '\n[outbox]\npath = "config/wire.toml"\n')
    eventually(lambda: "is no folder" in daemon.tail(), what="what cannot work is told too")
    assert daemon.tail().count("is no valid TOML") == 1
    assert _answers(daemon, "/feeds/all.rss")


def test_a_daemon_is_asked_and_ordered_while_its_file_is_faulty(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of()
    daemon.start()
    daemon.drop_item(copydesk.newsml(1))
    eventually(lambda: len(daemon.stories()) == 1, what="the story is kept")
    [story] = daemon.stories()
    daemon.config.write_text(daemon.config.read_text(encoding="utf-8") + '\n[retry]\nattempts = "many"\n')
    told = daemon.wire("status", status=2).stdout
    assert "the daemon goes on with the former one" in told
    assert "retry.attempts: must be a whole number" in told
    assert "1 live" in told and str(daemon.pid) in told
    daemon.wire("kill", story["id"], "--note", "a mistake", status=0)
    daemon.terminate()
    refused = daemon.wire("release", story["id"], status=1)
    assert "nothing was done" in refused.stderr


def _answers(daemon: Daemon, path: str) -> bool:
    try:
        return daemon.get(path).status == 200
    except OSError:
        return False
