"""A faulty configuration is told in full, each fault with its place, and nothing starts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.daemon import Daemon

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
