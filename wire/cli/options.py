"""What commands share: their common options, and the settings and store that these lead to."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property, partial
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wire.cli.output import say

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from wire.config import Settings
    from wire.errors import Fault
    from wire.store.database import Database

#: Read when no other configuration is named and it exists in the current folder.
CONFIG = Path("config/wire.toml")

a_path = click.Path(path_type=Path)

config_file = click.option(
    "--config", metavar="FILE", type=a_path, help=f"The configuration; {CONFIG} if there is one."
)
as_json = click.option("--json", is_flag=True, help="One JSON object a line instead of a table.")
files = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, help="Files to read; - is standard input."
)
#: To be called with a default.
limit = partial(
    click.option, "--limit", metavar="N", type=click.IntRange(min=1), help="As many at most, the newest."
)

Member = TypeVar("Member", bound=StrEnum)


class OneOf(click.Choice[Member]):
    """A member of an enumeration, by its value; ``load`` imports it when it is first looked at.

    The modules that define the enumerations are heavier than all that the help of another command needs.
    """

    def __init__(self, load: Callable[[], type[Member]]) -> None:
        self._load = load
        self.case_sensitive = True

    @cached_property
    def choices(self) -> tuple[Member, ...]:  # type: ignore[override]
        """The members."""
        return tuple(self._load())

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:  # noqa: ARG002
        """A member's value, where click itself takes its name."""
        return str(choice)


def settings_of(config: Path | None, *, with_secrets: bool = False) -> Settings:
    """The settings that a command works with. Raises ConfigError.

    with_secrets  a secret that cannot be looked up is a fault too
    """
    from wire.config import load

    return load(config_of(config), with_secrets=with_secrets)


def settings_beside(config: Path | None) -> tuple[Settings, tuple[Fault, ...]]:
    """The settings by which a running daemon is found, and what is wrong with the file.

    The daemon goes on with what a file that is faulty now said before. Raises ConfigError when there is none.
    """
    from wire.config import salvaged
    from wire.errors import ConfigError

    try:
        return settings_of(config), ()
    except ConfigError as exc:
        file = config_of(config)
        if file is None or not file.is_file():
            raise
        return salvaged(file), exc.faults


def settings_to_look(config: Path | None) -> Settings:
    """The settings by which the store is found, to be looked into and no more.

    Of a faulty file, what is right of it; every fault is said. Raises ConfigError when the file does not
    say which store is meant.
    """
    from wire.errors import ConfigError

    settings, faults = settings_beside(config)
    if any(not fault.key or fault.key.startswith("store") for fault in faults):
        raise ConfigError(faults)
    if faults:
        say(
            "\n".join(
                ("the configuration is faulty; the store is looked into all the same", *map(str, faults))
            )
        )
    return settings


def order(config: Path | None, operation: str, **arguments: Any) -> Any:
    """Have an order carried out for whoever gives it; returns its result.

    By the running daemon, or here while none runs; never here by a faulty configuration. Raises ConfigError,
    CommandError, WireError.
    """
    from wire.app import operate
    from wire.errors import ConfigError
    from wire.operate.control import ask
    from wire.orders.books import control_path

    settings, faults = settings_beside(config)
    if not faults:
        return operate(settings, operation, who=person(), **arguments)
    try:
        return ask(control_path(settings), operation, who=person(), **arguments)
    except (FileNotFoundError, ConnectionRefusedError) as exc:
        raise ConfigError(faults) from exc


def config_of(config: Path | None) -> Path | None:
    """The configuration file that is read; None when none is named and there is none in its usual place."""
    return CONFIG if config is None and CONFIG.exists() else config


def person() -> str:
    """Who gives the command, as the system knows them: a container's user may have no name."""
    try:
        return getuser()
    except (KeyError, OSError):  # as of Python 3.13 the latter
        return f"user {os.getuid()}"


def books_of(settings: Settings) -> AbstractContextManager[Database]:
    """The store, open for reading. Raises StoreError."""
    from contextlib import closing

    from wire.orders.books import open_books

    return closing(open_books(settings))
