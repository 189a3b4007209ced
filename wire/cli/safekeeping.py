"""The commands that keep the archive safe: backup, restore."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from wire.cli.examples import examples
from wire.cli.options import a_path, config_file, config_of, settings_of, settings_to_look
from wire.cli.output import say


@click.command(epilog=examples("wire backup /var/backups/wire"))
@click.argument(
    "folder",
    metavar="DIR",
    type=a_path,
    help="Where backups lie; each is a folder of its own in it.",
)
@config_file
def backup(folder: Path, config: Path | None) -> None:
    """Write a backup of everything accepted, while the daemon runs.

    The store as of one instant, the files that were refused unread, and the configuration; checked page by
    page and by the rules of `wire audit`. Secrets are not in it. Its folder is printed. Exit status: 0; 1 if
    no sound backup could be made, and then nothing is left of it.
    """
    from wire.orders.safekeeping import backup as write

    made = write(settings_to_look(config), config_of(config), folder, datetime.now(UTC))
    click.echo(made)
    say("the backup is sound")


@click.command(epilog=examples("wire restore /var/backups/wire/wire-20260302T030000Z"))
@click.argument(
    "folder",
    metavar="BACKUP",
    type=a_path,
    help="A folder that `wire backup` printed.",
)
@config_file
def restore(folder: Path, config: Path | None) -> None:
    """Put a backup back where no store is.

    Checks it first, and overwrites nothing: move the old store and outbox away. The outbox is written anew at
    the next start; what waited for its endpoint is sent then, with the same keys. Exit status: 0; 1 if
    it is no sound backup, or something is in its place.
    """
    from wire.orders.safekeeping import restore as put_back

    put_back(settings_of(config), folder)
    say("the backup is back and sound; start `wire run`")


COMMANDS = (backup, restore)
