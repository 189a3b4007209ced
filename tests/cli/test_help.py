"""Help is instant and complete."""

from __future__ import annotations

import subprocess
import sys

import pytest

import wire as package
from tests.cli.conftest import Wire

COMMANDS = (
    *("init", "run", "convert", "route", "check", "validate", "status", "stories", "show"),
    *("deliveries", "retry", "quarantine", "audit"),
)
#: What takes long to import and no help needs.
HEAVY = (
    "pydantic",
    "sqlalchemy",
    "alembic",
    "lxml",
    "requests",
    "apscheduler",
    "starlette",
    "feedgen",
    "rich.table",
)


def test_help_lists_every_command(wire: Wire) -> None:
    done = wire("--help")
    assert done.status == 0
    for command in COMMANDS:
        assert f"\n  {command} " in done.stdout


def test_help_loads_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "wire", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(wire: Wire, command: str) -> None:
    done = wire(command, "--help")
    assert done.status == 0
    assert f"Usage: wire {command}" in done.stdout


def test_the_version_is_told(process: Wire) -> None:
    assert process("--version").stdout == f"wire {package.__version__}\n"


def test_an_unknown_command_is_a_mistake_of_use(process: Wire) -> None:
    done = process("shwo")
    assert (done.status, done.stdout) == (2, "")
    assert "No such command 'shwo'" in done.stderr
