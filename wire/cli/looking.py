"""The commands that look at what there is: status, stories, show, deliveries, audit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wire.cli.examples import examples
from wire.cli.options import (
    OneOf,
    as_json,
    books_of,
    config_file,
    limit,
    settings_beside,
    settings_of,
    settings_to_look,
)
from wire.cli.output import fail, say

if TYPE_CHECKING:
    from wire.story import Standing


def _standings() -> type[Standing]:
    from wire.story import Standing

    return Standing


@click.command(epilog=examples("wire status", "wire status --json"))
@config_file
@as_json
def status(config: Path | None, json: bool) -> None:
    """Show everything at a glance.

    Daemon, inbox, queue, feeds, endpoints and quarantine. Exit status: 0; 2 if something is wrong, such
    as the daemon not running, or a faulty configuration that it has not taken up.
    """
    from wire.cli.output import json_line
    from wire.cli.tables import show_status
    from wire.errors import ConfigError
    from wire.orders import checkup

    settings, faults = settings_beside(config)
    found = checkup.status(settings, faults)
    if faults and not found.daemon["running"]:
        raise ConfigError(faults)
    (json_line if json else show_status)(found)
    if not found.healthy:
        sys.exit(2)


@click.command(
    epilog=examples(
        "wire stories", "wire stories bridge --source agency", "wire stories --standing embargoed --json"
    )
)
@click.argument("text", required=False, help="Words of the headline, a guid or an id.")
@click.option("--source", metavar="ID", help="The id of a source.")
@click.option("--standing", type=OneOf(_standings), help="How they stand towards the public.")
@limit(default=50)
@config_file
@as_json
def stories(
    text: str | None,
    source: str | None,
    standing: Standing | None,
    limit: int,
    config: Path | None,
    json: bool,
) -> None:
    """List stories, the newest first."""
    from wire.cli.tables import show_stories
    from wire.store.browse import Browse

    with books_of(settings_to_look(config)) as database:
        found = Browse(database).stories(source=source, standing=standing, text=text, limit=limit)
    show_stories(found, as_json=json)


@click.command(
    epilog=examples("wire show 01m82mesj0szkk4ydxhb", "wire show urn:newsml:example.org:20260302:bridge")
)
@click.argument("story", metavar="ID", help="A story's id or guid.")
@config_file
@as_json
def show(story: str, config: Path | None, json: bool) -> None:
    """Show a story, its versions and where each went.

    Exit status: 0; 1 if there is no such story.
    """
    from wire.cli.tables import show_story
    from wire.store.browse import Browse

    with books_of(settings_to_look(config)) as database:
        found = Browse(database).story(story)
    if found is None:
        fail(f"there is no story {story}; `wire stories` lists them", 1)
    show_story(found, as_json=json)


@click.command(epilog=examples("wire audit"))
@config_file
@as_json
def audit(config: Path | None, json: bool) -> None:
    """Prove that nothing was lost or doubled.

    Looks at every file, version, feed, document and delivery. Exit status: 0; 1 if anything does not
    agree.
    """
    from wire.cli.output import json_line
    from wire.orders.auditing import audit as violations_in

    found = violations_in(settings_of(config))
    if json:
        json_line({"sound": not found, "violations": found})
    else:
        for violation in found:
            click.echo(violation)
        say("something does not agree" if found else "everything agrees")
    if found:
        sys.exit(1)


COMMANDS = (status, stories, show, audit)
