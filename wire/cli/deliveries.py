"""The commands about deliveries: deliveries, retry, replay, pause, resume."""

from __future__ import annotations

from typing import Annotated

import typer

from wire.cli.options import AsJson, ConfigFile, Limit, books_of, person, settings_of
from wire.cli.output import fail, say
from wire.story import DeliveryState

commands = typer.Typer()

_Endpoint = Annotated[str, typer.Argument(metavar="ENDPOINT", help="The id of an endpoint.")]
_Since = typer.Option(metavar="TIME", help="Such as 2026-03-02T18:00+01:00; without a zone, the desk's.")


@commands.command()
def deliveries(
    endpoint: Annotated[str | None, typer.Option(metavar="ID")] = None,
    state: Annotated[DeliveryState | None, typer.Option()] = None,
    story: Annotated[str | None, typer.Option(metavar="ID", help="The id of a story.")] = None,
    since: Annotated[str | None, _Since] = None,
    attempts: Annotated[bool, typer.Option("--attempts", help="Every attempt of each.")] = False,
    limit: Limit = 100,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """List deliveries and their attempts, the newest first.

    Dead letters: --state dead. What waits at a paused, disabled or removed endpoint: --state held.
    """
    from wire.cli.tables import show_deliveries
    from wire.orders.queue_work import instant
    from wire.store.browse import Browse

    settings = settings_of(config)
    moment = None if since is None else instant(since, settings.desk.timezone)
    with books_of(config) as database:
        found = Browse(database).deliveries(
            endpoint_id=endpoint,
            state=state,
            story_id=story,
            since=moment,
            limit=limit,
            with_tries=json or attempts,
        )
    show_deliveries(found, as_json=json, attempts=attempts)


@commands.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID", help="Deliveries to send again.")] = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="ID", help="Everything that this endpoint did not take.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that was given up.")] = False,
    config: ConfigFile = None,
) -> None:
    """Send again what was given up.

    With the same keys as before, and as often as if it were new; an endpoint that was disabled is enabled.
    Of deliveries named by their ids, also what waits for its next attempt. Exit status: 0; 1 if nothing of
    the kind was given up.
    """
    from wire.app import operate

    if not ids and endpoint is None and not everything:
        fail("say which: delivery ids, --endpoint ID or --all", 1)
    count = operate(settings_of(config), "retry", who=person(), ids=ids, endpoint=endpoint)["retried"]
    if not count:
        fail("nothing of the kind was given up; `wire deliveries --state dead` lists what was", 1)
    say(f"due again: {count}")


@commands.command()
def replay(
    endpoint: Annotated[str, typer.Option(metavar="ID", help="Who is to get it.")],
    since: Annotated[str, _Since],
    config: ConfigFile = None,
) -> None:
    """Send an endpoint its stories since a time: again what it was sent, and what it missed.

    Of each story the newest version, with the same key as the first time; also what was accepted before the
    endpoint was configured, if it meets its rule. An endpoint that was disabled is enabled. Exit status: 0; 1
    if there is no such endpoint, or nothing for it.
    """
    from wire.app import operate

    count = operate(settings_of(config), "replay", endpoint=endpoint, who=person(), since=since)["replayed"]
    if not count:
        fail("there is nothing to send it of that time", 1)
    say(f"due again: {count}")


@commands.command()
def pause(
    endpoint: _Endpoint,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; `wire status` shows it.")] = None,
    config: ConfigFile = None,
) -> None:
    """Send an endpoint nothing until it is resumed.

    What is under way ends; everything else waits and is held, over restarts too. Exit status: 0; 1 if there
    is no such endpoint.
    """
    from wire.app import operate

    operate(settings_of(config), "pause", endpoint=endpoint, who=person(), note=note)
    say(f"endpoint {endpoint} is paused")


@commands.command()
def resume(endpoint: _Endpoint, config: ConfigFile = None) -> None:
    """Send to an endpoint again.

    One that was paused, that is disabled because it said 410, or that rests after failures. Exit status: 0;
    1 if there is no such endpoint.
    """
    from wire.app import operate

    operate(settings_of(config), "resume", endpoint=endpoint, who=person())
    say(f"endpoint {endpoint} is sent to")
