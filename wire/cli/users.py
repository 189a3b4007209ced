"""The commands for those who use the desk: passwords, tokens, one-time links."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from wire.cli.examples import examples
from wire.cli.options import config_file, settings_beside
from wire.cli.output import fail, say

_SHORTEST = 10


@click.group()
def user() -> None:
    """Make hashes of passwords, tokens and links for users."""


@user.command(epilog=examples("wire user hash", "pass show desk/alice | wire user hash"))
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
    click.echo(f'password = "{hash_password(password)}"')


@user.command(epilog=examples("wire user token"))
def token() -> None:
    """Make a token for the HTTP API.

    The token itself goes to who uses it and is kept nowhere; the configuration gets the second line.
    """
    from wire.common.people import new_token, token_hash

    made = new_token()
    click.echo(f"token: {made}")
    click.echo(f'token_sha256 = "{token_hash(made)}"')


@user.command(epilog=examples("wire user link", "wire user link alice"))
@click.argument("name", required=False, help="A user; without users, nobody needs to be named.")
@config_file
def link(name: str | None, config: Path | None) -> None:
    """Print a link that lets one browser into the desk, once.

    The daemon must be running. Exit status: 0; 1 if there is no such user.
    """
    from wire.operate.control import ask
    from wire.orders.books import control_path

    try:
        click.echo(ask(control_path(settings_beside(config)[0]), "desk_link", name=name))
    except (FileNotFoundError, ConnectionRefusedError):
        say("no daemon is running: start `wire run`")
        sys.exit(1)


COMMANDS = (user,)
