"""The commands by which people decide on a story: kill, release, embargo, correct."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wire.cli.examples import examples
from wire.cli.options import a_path, config_file, order
from wire.cli.output import say

_story = click.argument("story", metavar="ID", help="A story's id or guid.")
_note = click.option("--note", metavar="TEXT", help="Why; kept in the story's history.")


@click.command(epilog=examples('wire kill 01m82mesj0szkk4ydxhb --note "another bridge"'))
@_story
@click.option("--note", metavar="TEXT", required=True, help="Why; editors who hold the story are told.")
@config_file
def kill(story: str, note: str, config: Path | None) -> None:
    """Take a story back everywhere.

    It stays killed whatever its source sends, until it is released. Exit status: 0; 1 if there is no such
    story, or it is killed already.
    """
    _order(config, "kill", story=story, note=note)


@click.command(epilog=examples('wire release 01m82mesj0szkk4ydxhb --note "confirmed by phone"'))
@_story
@_note
@config_file
def release(story: str, note: str | None, config: Path | None) -> None:
    """Take back what keeps a story from the public.

    A kill by hand, an embargo, or its source's wish to withhold it. Exit status: 0; 1 if there is no such
    story, or nothing of the kind.
    """
    _order(config, "release", story=story, note=note)


@click.command(
    epilog=examples(
        "wire embargo 01m82mesj0szkk4ydxhb 2026-03-02T18:00+01:00",
        "wire embargo 01m82mesj0szkk4ydxhb --open",
    )
)
@_story
@click.argument(
    "until",
    metavar="[UNTIL]",
    required=False,
    help="Such as 2026-03-02T18:00+01:00; without a zone, the desk's.",
)
@click.option("--open", "open_ended", is_flag=True, help="Until it is released.")
@_note
@config_file
def embargo(story: str, until: str | None, open_ended: bool, note: str | None, config: Path | None) -> None:
    """Hold a story until an instant, or change its embargo.

    Exit status: 0; 1 if there is no such story, or nothing to hold.
    """
    if (until is None) is not open_ended:
        raise click.UsageError("say until when: a time, or --open")
    _order(config, "embargo", story=story, until=until, note=note)


@click.command(epilog=examples("wire correct better.txt --story 01m82mesj0szkk4ydxhb"))
@click.argument("file", metavar="FILE", type=a_path, help="The story as it should be.")
@click.option("--story", metavar="ID", help="Which story; without it, the Id that the file states.")
@_note
@config_file
def correct(file: Path, story: str | None, note: str | None, config: Path | None) -> None:
    """Put other copy in the place of a story's.

    Exit status: 0; 1 if there is no such story, or the file is none.
    """
    _order(config, "correct", file=str(file.absolute()), story=story, note=note)


def _order(config: Path | None, operation: str, **arguments: Any) -> None:
    done = order(config, operation, **arguments)
    say(f"story {done['story']} is {done['standing']}, version {done['version']}")


COMMANDS = (kill, release, embargo, correct)
