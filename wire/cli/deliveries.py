"""The commands about deliveries: deliveries, retry, replay, pause, resume."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wire.cli.examples import examples
from wire.cli.options import OneOf, as_json, books_of, config_file, limit, order, settings_to_look
from wire.cli.output import fail, say

if TYPE_CHECKING:
    from wire.story import DeliveryState

_endpoint = click.argument("endpoint", metavar="ENDPOINT", help="The id of an endpoint.")
_since = partial(
    click.option,
    "--since",
    metavar="TIME",
    help="Such as 2026-03-02T18:00+01:00; without a zone, the desk's.",
)


def _states() -> type[DeliveryState]:
    from wire.story import DeliveryState

    return DeliveryState


@click.command(
    epilog=examples(
        "wire deliveries --endpoint cms --state dead",
        "wire deliveries --story 01m82mesj0szkk4ydxhb --attempts",
    )
)
@click.option("--endpoint", metavar="ID", help="The id of an endpoint.")
@click.option("--state", type=OneOf(_states), help="What has become of them.")
@click.option("--story", metavar="ID", help="The id of a story.")
@_since()
@click.option("--attempts", is_flag=True, help="Every attempt of each.")
@limit(default=100)
@config_file
@as_json
def deliveries(
    endpoint: str | None,
    state: DeliveryState | None,
    story: str | None,
    since: str | None,
    attempts: bool,
    limit: int,
    config: Path | None,
    json: bool,
) -> None:
    """List deliveries and their attempts, the newest first.

    Dead letters: --state dead. What waits at a paused, disabled or removed endpoint: --state held.
    """
    from wire.cli.tables import show_deliveries
    from wire.orders.words import instant_of
    from wire.store.browse import Browse

    settings = settings_to_look(config)
    moment = None if since is None else instant_of(since, settings.desk.timezone)
    with books_of(settings) as database:
        found = Browse(database).deliveries(
            endpoint_id=endpoint,
            state=state,
            story_id=story,
            since=moment,
            limit=limit,
            with_tries=json or attempts,
        )
    show_deliveries(found, as_json=json, attempts=attempts)


@click.command(epilog=examples("wire retry 17 18", "wire retry --endpoint cms", "wire retry --all"))
@click.argument("ids", metavar="[ID]...", nargs=-1, type=int, help="Deliveries to send again.")
@click.option("--endpoint", metavar="ID", help="Everything that this endpoint did not take.")
@click.option("--all", "everything", is_flag=True, help="Everything that was given up.")
@config_file
def retry(ids: tuple[int, ...], endpoint: str | None, everything: bool, config: Path | None) -> None:
    """Send again what was given up.

    With the same keys as before, and as often as if it were new; an endpoint that was disabled is enabled.
    Of deliveries named by their ids, also what waits for its next attempt. Exit status: 0; 1 if nothing of
    the kind was given up.
    """
    if not ids and endpoint is None and not everything:
        raise click.UsageError("say which: delivery ids, --endpoint ID or --all")
    count = order(config, "retry", ids=ids, endpoint=endpoint)["retried"]
    if not count:
        fail("nothing of the kind was given up; `wire deliveries --state dead` lists what was", 1)
    say(f"due again: {count}")


@click.command(epilog=examples("wire replay --endpoint cms --since 2026-03-02T18:00+01:00"))
@click.option("--endpoint", metavar="ID", required=True, help="Who is to get it.")
@_since(required=True)
@config_file
def replay(endpoint: str, since: str, config: Path | None) -> None:
    """Send an endpoint its stories since a time.

    Again what it was sent, and what it missed: of each story the newest version, with the same key as the
    first time; also what was accepted before the endpoint was configured, if it meets its rule. An endpoint
    that was disabled is enabled. Exit status: 0; 1 if there is no such endpoint, or nothing for it.
    """
    count = order(config, "replay", endpoint=endpoint, since=since)["replayed"]
    if not count:
        fail("there is nothing to send it of that time", 1)
    say(f"due again: {count}")


@click.command(epilog=examples('wire pause cms --note "moving house"'))
@_endpoint
@click.option("--note", metavar="TEXT", help="Why; `wire status` shows it.")
@config_file
def pause(endpoint: str, note: str | None, config: Path | None) -> None:
    """Send an endpoint nothing until it is resumed.

    What is under way ends; everything else waits and is held, over restarts too. Exit status: 0; 1 if there
    is no such endpoint.
    """
    order(config, "pause", endpoint=endpoint, note=note)
    say(f"endpoint {endpoint} is paused")


@click.command(epilog=examples("wire resume cms"))
@_endpoint
@config_file
def resume(endpoint: str, config: Path | None) -> None:
    """Send to an endpoint again.

    One that was paused, that is disabled because it said 410, or that rests after failures. Exit status: 0;
    1 if there is no such endpoint.
    """
    order(config, "resume", endpoint=endpoint)
    say(f"endpoint {endpoint} is sent to")


COMMANDS = (deliveries, retry, replay, pause, resume)
