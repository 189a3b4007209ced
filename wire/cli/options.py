"""What commands share: their common options, and the settings and store that these lead to."""

from __future__ import annotations

import os
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from wire.config import Settings
    from wire.store.database import Database

#: Read when no other configuration is named and it exists in the current folder.
CONFIG = Path("config/wire.toml")

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help=f"The configuration; {CONFIG} if there is one."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")]
Files = Annotated[list[str], typer.Argument(metavar="FILE", help="Files to read; - is standard input.")]
Limit = Annotated[int, typer.Option(min=1, help="As many at most, the newest.")]


def settings_of(config: Path | None, *, with_secrets: bool = False) -> Settings:
    """The settings that a command works with. Raises ConfigError.

    with_secrets  a secret that cannot be looked up is a fault too
    """
    from wire.config import load

    return load(config_of(config), with_secrets=with_secrets)


def config_of(config: Path | None) -> Path | None:
    """The configuration file that is read; None when none is named and there is none in its usual place."""
    return CONFIG if config is None and CONFIG.is_file() else config


def person() -> str:
    """Who gives the command, as the system knows them: a container's user may have no name."""
    try:
        return getuser()
    except (KeyError, OSError):  # as of Python 3.13 the latter
        return f"user {os.getuid()}"


def books_of(config: Path | None) -> AbstractContextManager[Database]:
    """The store, open for reading. Raises ConfigError, StoreError."""
    from contextlib import closing

    from wire.orders.books import open_books

    return closing(open_books(settings_of(config)))
