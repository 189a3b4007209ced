"""Runs ``wire`` in a folder of its own: as a process, or within this one where that is all the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from wire.cli.main import app


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    status: int
    stdout: str
    stderr: str


Wire = Callable[..., Done]

STORY = """Headline: Bridge over the Elbe reopens
Byline: Example Agency
Language: en
Urgency: 4

DRESDEN - The bridge over the Elbe was opened to traffic again on Monday after two years of repairs.

Engineers had replaced the bearings and every cable, the city said.
"""


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """``wire("convert", "x.txt", stdin="…")``, within this process."""
    monkeypatch.chdir(tmp_path)

    def wire(*words: str | Path, stdin: str = "") -> Done:
        result = CliRunner().invoke(app, [str(word) for word in words], input=stdin, prog_name="wire")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    return wire


@pytest.fixture
def process(tmp_path: Path) -> Wire:
    """``process("status")``, as the shell runs it."""

    def process(*words: str | Path, stdin: str = "") -> Done:
        command = [sys.executable, "-m", "wire", *(str(word) for word in words)]
        done = subprocess.run(
            command, cwd=tmp_path, input=stdin, capture_output=True, text=True, timeout=60, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return process
