"""The commands that look at what there is: status, stories, show, deliveries, audit."""

from __future__ import annotations

from typing import Annotated

import typer

from wire.cli.options import AsJson, ConfigFile, Limit, books_of, settings_of
from wire.cli.output import fail, say
from wire.story import Standing

commands = typer.Typer()


@commands.command()
def status(config: ConfigFile = None, json: AsJson = False) -> None:
    """Show everything at a glance.

    Daemon, inbox, queue, feeds, endpoints and quarantine. Exit status: 0; 2 if something is wrong, such
    as the daemon not running.
    """
    from wire.cli.output import json_line
    from wire.cli.tables import show_status
    from wire.orders import checkup

    found = checkup.status(settings_of(config))
    json_line(found) if json else show_status(found)
    if not found.healthy:
        raise typer.Exit(2)


@commands.command()
def stories(
    text: Annotated[str | None, typer.Argument(help="Words of the headline, a guid or an id.")] = None,
    source: Annotated[str | None, typer.Option(metavar="ID")] = None,
    standing: Annotated[Standing | None, typer.Option()] = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """List stories, the newest first."""
    from wire.cli.tables import show_stories
    from wire.store.browse import Browse

    with books_of(config) as database:
        found = Browse(database).stories(source=source, standing=standing, text=text, limit=limit)
    show_stories(found, as_json=json)


@commands.command()
def show(
    story: Annotated[str, typer.Argument(metavar="ID", help="A story's id or guid.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Show a story, its versions and where each went.

    Exit status: 0; 1 if there is no such story.
    """
    from wire.cli.tables import show_story
    from wire.store.browse import Browse

    with books_of(config) as database:
        found = Browse(database).story(story)
    if found is None:
        fail(f"there is no story {story}; `wire stories` lists them", 1)
    show_story(found, as_json=json)


@commands.command()
def audit(config: ConfigFile = None, json: AsJson = False) -> None:
    """Prove that nothing was lost or doubled.

    Looks at every file, version, feed, document and delivery. Exit status: 0; 1 if anything does not
    agree.
    """
    from wire.cli.output import json_line
    from wire.orders.books import audit as violations_in

    found = violations_in(settings_of(config))
    if json:
        json_line({"sound": not found, "violations": found})
    else:
        for violation in found:
            typer.echo(violation)
        say("something does not agree" if found else "everything agrees")
    if found:
        raise typer.Exit(1)
