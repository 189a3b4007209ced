"""The command about what was set aside: quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wire.cli.options import AsJson, ConfigFile, books_of, person, settings_of
from wire.cli.output import fail, say

if TYPE_CHECKING:
    from wire.config import Settings

commands = typer.Typer()


@commands.command()
def quarantine(
    action: Annotated[str, typer.Argument(metavar="list|show|release")] = "list",
    ids: Annotated[list[int] | None, typer.Argument(metavar="FILE", help="Numbers of files.")] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """List, show or release what could not be read.

    Releasing reads it again: all of it, or the files named. Exit status: 0; 1 if a file to be released
    still cannot be read.
    """
    from wire.cli.tables import show_quarantine, show_quarantined
    from wire.store.browse import Browse

    if action == "release":
        _release(settings_of(config), ids)
    elif action == "show" and ids:
        with books_of(config) as database:
            for number in ids:
                show_quarantined(database, number, as_json=json)
    elif action == "list":
        with books_of(config) as database:
            show_quarantine(Browse(database).quarantine(), as_json=json)
    else:
        fail("say: list, show FILE, or release [FILE]", 1)


def _release(settings: Settings, ids: list[int] | None) -> None:
    from wire.app import operate

    done = operate(settings, "release_quarantined", who=person(), ids=ids)
    say(f"released from quarantine: {done['released']}")
    for number, reason in done["stay"].items():
        say(f"file {number} stays: {reason}")
    if done["stay"]:
        raise typer.Exit(1)
