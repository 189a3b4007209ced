"""Help is instant and complete."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import pytest

import wire as package
from tests.cli.conftest import Wire
from wire.cli.main import app
from wire.plugins import names


def commands_of(group: click.Group, *words: str) -> Iterator[str]:
    """Every command of a group and of the groups within, as it is typed."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, *words, name)
        else:
            yield " ".join((*words, name))


COMMANDS = tuple(commands_of(app))
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
    "logging",
    "dataclasses",
    "wire.story",
    "wcwidth",
)


def test_help_lists_every_command(wire: Wire) -> None:
    done = wire("--help")
    assert done.status == 0
    for command in app.commands:
        assert f"\n  {command} " in done.stdout
    assert "...\n" not in done.stdout.partition("Commands:")[2], "cut short"


def test_help_lists_every_format_that_can_be_written(wire: Wire) -> None:
    told = " ".join(wire("convert", "--help").stdout.split())
    listed = told.partition("What can be written: ")[2].partition(", and the formats")[0]
    assert set(listed.split(", ")) == set(names("wire.renderers"))


def test_help_loads_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "wire", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "click" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(wire: Wire, command: str) -> None:
    done = wire(*command.split(), "--help")
    assert done.status == 0
    assert f"Usage: wire {command}" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_commands_help_ends_with_examples_of_it(wire: Wire, command: str) -> None:
    shown = wire(*command.split(), "--help").stdout
    examples = shown.partition("Examples:\n")[2].splitlines()
    assert examples
    assert all(f"wire {command}" in line for line in examples if line.strip())


def test_help_names_files_environment_and_exit_statuses(wire: Wire) -> None:
    shown = wire("--help").stdout
    for heading in ("Exit status:", "Files:", "Environment:"):
        assert f"\n  {heading}\n" in shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(shell: str) -> None:
    environment = {**os.environ, "_WIRE_COMPLETE": f"{shell}_source"}
    done = subprocess.run(
        [sys.executable, "-c", "from wire.cli.main import main; main()"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert f"_WIRE_COMPLETE={shell}_complete" in done.stdout


def test_completion_knows_options_and_their_values() -> None:
    environment = {**os.environ, "_WIRE_COMPLETE": "bash_complete", "COMP_CWORD": "3"}
    environment["COMP_WORDS"] = "wire deliveries --state de"
    command = [sys.executable, "-c", "from wire.cli.main import main; main()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "plain,dead\n"


def test_the_schema_of_the_configuration_is_json_schema(wire: Wire) -> None:
    schema = json.loads(wire("config", "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    template = Path(package.__file__).parent / "config" / "template.toml"
    assert not list(check.iter_errors(tomllib.loads(template.read_text(encoding="utf-8"))))
    sound = {"feeds": [{"id": "a", "title": "A", "where": {"urgency": "1-3", "language": ["en"]}}]}
    assert not list(check.iter_errors(sound))
    for wrong in ({"desk": {"nmae": "x"}}, {"feeds": [{"id": "A b", "title": "A"}]}, {"log": {"level": "x"}}):
        assert list(check.iter_errors(wrong)), wrong


def test_the_version_is_told(process: Wire) -> None:
    assert process("--version").stdout == f"wire {package.__version__}\n"


def test_an_unknown_command_is_a_mistake_of_use(process: Wire) -> None:
    done = process("shwo")
    assert (done.status, done.stdout) == (2, "")
    assert "No such command 'shwo'" in done.stderr
