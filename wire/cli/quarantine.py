"""The command about what was set aside: quarantine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from wire.cli.examples import examples
from wire.cli.options import as_json, books_of, config_file, order, settings_to_look
from wire.cli.output import say


@click.command(epilog=examples("wire quarantine", "wire quarantine show 12", "wire quarantine release 12"))
@click.argument("action", metavar="[list|show|release]", default="list", help="What to do; list if not said.")
@click.argument("ids", metavar="[FILE]...", nargs=-1, type=int, help="Numbers of files.")
@config_file
@as_json
def quarantine(action: str, ids: tuple[int, ...], config: Path | None, json: bool) -> None:
    """List, show or release what could not be read.

    Releasing reads it again: all of it, or the files named. Exit status: 0; 1 if a file to be released
    still cannot be read.
    """
    from wire.cli.tables import show_quarantine, show_quarantined
    from wire.store.browse import Browse

    if action == "release":
        _release(config, ids)
    elif action == "show" and ids:
        with books_of(settings_to_look(config)) as database:
            for number in ids:
                show_quarantined(database, number, as_json=json)
    elif action == "list":
        with books_of(settings_to_look(config)) as database:
            show_quarantine(Browse(database).quarantine(), as_json=json)
    else:
        raise click.UsageError("say: list, show FILE, or release [FILE]")


def _release(config: Path | None, ids: tuple[int, ...]) -> None:
    done = order(config, "release_quarantined", ids=ids)
    say(f"released from quarantine: {done['released']}")
    for number, reason in done["stay"].items():
        say(f"file {number} stays: {reason}")
    if done["stay"]:
        sys.exit(1)


COMMANDS = (quarantine,)
