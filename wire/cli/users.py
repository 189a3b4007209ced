"""The commands for those who use the desk: passwords, tokens, one-time links."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from wire.cli.options import ConfigFile, settings_of
from wire.cli.output import fail, say

commands = typer.Typer(
    help="Make what [[users]] of the configuration need: hashes of passwords, tokens, one-time links.",
    no_args_is_help=True,
)

_SHORTEST = 10


@commands.command()
def hash() -> None:
    """Make the hash of a password.

    It asks for the password, or reads it from standard input when that is no terminal. Exit status: 0; 1
    for a password of fewer than 10 characters.
    """
    from getpass import getpass

    from wire.common.people import hash_password

    if sys.stdin.isatty():
        password = getpass("password: ")
        if getpass("again: ") != password:
            fail("the two are not the same", 1)
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < _SHORTEST:
        fail(f"a password has at least {_SHORTEST} characters", 1)
    typer.echo(f'password = "{hash_password(password)}"')


@commands.command()
def token() -> None:
    """Make a token for the HTTP API.

    The token itself goes to who uses it and is kept nowhere; the configuration gets the second line.
    """
    from wire.common.people import new_token, token_hash

    made = new_token()
    typer.echo(f"token: {made}")
    typer.echo(f'token_sha256 = "{token_hash(made)}"')


@commands.command()
def link(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A user; without users, nobody needs to be named.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Print a link that lets one browser into the desk, once.

    The daemon must be running. Exit status: 0; 1 if there is no such user.
    """
    from wire.operate.control import ask
    from wire.orders.books import control_path

    try:
        typer.echo(ask(control_path(settings_of(config)), "desk_link", name=name))
    except (FileNotFoundError, ConnectionRefusedError):
        say("no daemon is running: start `wire run`")
        raise typer.Exit(1) from None
