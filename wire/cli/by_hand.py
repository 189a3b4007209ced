"""The commands by which people decide on a story: kill, release, embargo, correct."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from wire.cli.options import ConfigFile, person, settings_of
from wire.cli.output import fail, say

commands = typer.Typer()

_Story = Annotated[str, typer.Argument(metavar="ID", help="A story's id or guid.")]
_Note = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; kept in the story's history.")]


@commands.command()
def kill(
    story: _Story,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why; editors who hold the story are told.")],
    config: ConfigFile = None,
) -> None:
    """Take a story back everywhere.

    It stays killed whatever its source sends, until it is released. Exit status: 0; 1 if there is no such
    story, or it is killed already.
    """
    _order(config, "kill", story=story, note=note)


@commands.command()
def release(story: _Story, note: _Note = None, config: ConfigFile = None) -> None:
    """Take back what keeps a story from the public.

    A kill by hand, an embargo, or its source's wish to withhold it. Exit status: 0; 1 if there is no such
    story, or nothing of the kind.
    """
    _order(config, "release", story=story, note=note)


@commands.command()
def embargo(
    story: _Story,
    until: Annotated[
        str | None,
        typer.Argument(metavar="UNTIL", help="Such as 2026-03-02T18:00+01:00; without a zone, the desk's."),
    ] = None,
    open_ended: Annotated[bool, typer.Option("--open", help="Until it is released.")] = False,
    note: _Note = None,
    config: ConfigFile = None,
) -> None:
    """Hold a story until an instant, or change the embargo that it has.

    Exit status: 0; 1 if there is no such story, or nothing to hold.
    """
    if (until is None) is not open_ended:
        fail("say until when: a time, or --open", 1)
    _order(config, "embargo", story=story, until=until, note=note)


@commands.command()
def correct(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The story as it should be.")],
    story: Annotated[
        str | None, typer.Option(metavar="ID", help="Which story; without it, the Id that the file states.")
    ] = None,
    note: _Note = None,
    config: ConfigFile = None,
) -> None:
    """Put other copy in the place of a story's.

    Exit status: 0; 1 if there is no such story, or the file is none.
    """
    _order(config, "correct", file=str(file.absolute()), story=story, note=note)


def _order(config: Path | None, operation: str, **arguments: Any) -> None:
    from wire.app import operate

    done = operate(settings_of(config), operation, who=person(), **arguments)
    say(f"story {done['story']} is {done['standing']}, version {done['version']}")
