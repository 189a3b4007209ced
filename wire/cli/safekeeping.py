"""The commands that keep the archive safe: backup, restore."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from wire.cli.options import ConfigFile, config_of, settings_of
from wire.cli.output import say

commands = typer.Typer()


@commands.command()
def backup(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where backups lie; each is a folder of its own in it.")
    ],
    config: ConfigFile = None,
) -> None:
    """Write a backup of everything accepted, while the daemon runs.

    The store as of one instant, the files that were refused unread, and the configuration; checked page by
    page and by the rules of `wire audit`. Secrets are not in it. Its folder is printed. Exit status: 0; 1 if
    no sound backup could be made, and then nothing is left of it.
    """
    from wire.orders.safekeeping import backup as write

    made = write(settings_of(config), config_of(config), folder, datetime.now(UTC))
    typer.echo(str(made))
    say("the backup is sound")


@commands.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="BACKUP", help="A folder that `wire backup` printed.")],
    config: ConfigFile = None,
) -> None:
    """Put a backup back where no store is.

    Checks it first, and overwrites nothing: move the old store and outbox away. The outbox is written anew at
    the next start; what waited for its endpoint is sent then, with the same keys. Exit status: 0; 1 if
    it is no sound backup, or something is in its place.
    """
    from wire.orders.safekeeping import restore as put_back

    put_back(settings_of(config), folder)
    say("the backup is back and sound; start `wire run`")
