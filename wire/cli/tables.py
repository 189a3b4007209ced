"""What the commands show: each thing as JSON, or as a table for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from wire.cli.output import facts, json_line, moment, table
from wire.common.lists import (
    AlikeRow,
    AttemptRow,
    DeliveryRow,
    EndpointRow,
    QuarantineRow,
    StoryDetail,
    StoryRow,
)
from wire.common.printable import printable
from wire.errors import CommandError
from wire.store.browse import Browse
from wire.store.database import Database
from wire.store.upkeep import Upkeep
from wire.story import OPEN_ENDED

if TYPE_CHECKING:
    from wire.flow.itinerary import Itinerary, Stop
    from wire.orders.checkup import Status


def show_status(status: Status) -> None:
    """Everything at a glance."""
    running = (
        f"{status.daemon['status']}, process {status.daemon['pid']}"
        if status.daemon["running"]
        else "not running"
    )
    facts(
        [
            ("daemon", running),
            ("inbox", f"{status.inbox['waiting']} waiting in {status.inbox['path']}"),
            ("files", _counted(status.files)),
            ("stories", _counted(status.stories)),
            ("feeds", _counted(status.feeds)),
            ("deliveries", f"{status.queued} queued, {status.held} held, {status.dead} given up"),
            ("quarantine", status.quarantined),
        ]
    )
    _show_endpoints(status.endpoints)
    for why in status.why:
        click.echo(printable(f"! {why}"))
    for alarm in status.alarms:
        since = datetime.fromisoformat(alarm["since"])
        click.echo(printable(f"! {alarm['message']} (since {moment(since)})"))
        click.echo(printable(f"  {alarm['advice']}"))


def _show_endpoints(rows: Sequence[EndpointRow]) -> None:
    table(
        ("ENDPOINT", "STATE", "WAITING", "SENDING", "DEAD", "DONE", "LAG", "SUCCESS", "WHY"),
        (
            (
                *(row.id, row.state, row.waiting, row.sending, row.dead, row.delivered),
                *(_span(row.lag_s) if row.waiting else None, _share(row.success_rate), _trouble(row)),
            )
            for row in rows
        ),
    )


def _trouble(row: EndpointRow) -> str | None:
    """Why nothing is sent, or what went wrong last if nothing has gone well since."""
    if row.why is not None:
        return row.why
    rests = f"until {moment(row.paused_until)}: " if row.paused_until else ""
    failed_last = row.last_failure and (row.last_success is None or row.last_success < row.last_failure)
    return f"{rests}{row.last_failure_reason}" if failed_last else rests.rstrip(": ") or None


def _share(rate: float | None) -> str | None:
    return None if rate is None else f"{rate:.0%}"


def _span(seconds: float) -> str:
    """A length of time in its largest unit, such as ``5 min``."""
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "none"


def show_stories(rows: Sequence[StoryRow], *, as_json: bool) -> None:
    """Stories in a list."""
    if as_json:
        for row in rows:
            json_line(row)
        return
    table(
        ("ID", "UPDATED", "VERSION", "STANDING", "SOURCE", "ALIKE", "HEADLINE"),
        (
            (*(row.id, moment(row.updated), row.version, row.standing, row.source), _alike(row), row.headline)
            for row in rows
        ),
        none="no story fits",
    )


def _alike(row: StoryRow | AlikeRow) -> str | None:
    """How alike a near-duplicate is to the first story of its group."""
    return None if row.similarity is None else f"{row.similarity:.0%}"


def show_story(found: StoryDetail, *, as_json: bool) -> None:
    """A story with everything that happened to it."""
    content = json.loads(found.json)
    if as_json:
        json_line(
            {
                "story": found.story,
                "content": content,
                "revisions": found.revisions,
                "deliveries": found.deliveries,
                "history": found.history,
                "alike": found.alike,
            }
        )
        return
    _show_facts(found.story, content)
    click.echo()
    _show_versions(found)
    if found.deliveries:
        click.echo()
        show_deliveries(found.deliveries, as_json=False)
    if found.alike:
        click.echo()
        _show_alike(found)
    for event in found.history:
        note = f" ({event.note})" if event.note else ""
        click.echo(f"{moment(event.at)}  {event.who}: {event.what}{note}")


def _end(release_at: datetime | None) -> str | None:
    if release_at is None:
        return None
    return "until released" if release_at >= OPEN_ENDED else moment(release_at)


def _show_facts(row: StoryRow, content: Mapping[str, Any]) -> None:
    said = ("slugline", "byline", "dateline", "language", "word_count")
    facts(
        [
            ("headline", row.headline),
            ("id", row.id),
            ("guid", row.guid),
            ("standing", row.standing),
            ("embargoed", _end(row.release_at)),
            *((name, content.get(name)) for name in said),
            ("source", row.source),
            ("near-duplicate", f"{_alike(row)} alike {row.first_id}" if row.similarity is not None else None),
            ("noticed", "; ".join(content["origin"].get("warnings", ()))),
        ]
    )


def _show_versions(found: StoryDetail) -> None:
    table(
        ("VERSION", "ACCEPTED", "ACTION", "STANDING", "FEEDS", "FILE", "WHY"),
        (
            (
                r.version,
                moment(r.accepted_at),
                r.action,
                r.standing,
                " ".join(r.feeds) or None,
                r.file,
                r.reason,
            )
            for r in found.revisions
        ),
    )


def _show_alike(found: StoryDetail) -> None:
    table(
        ("NEAR-DUPLICATE", "ALIKE", "STANDING", "SOURCE", "HEADLINE"),
        ((other.id, _alike(other), other.standing, other.source, other.headline) for other in found.alike),
    )


def show_itinerary(found: Itinerary, *, as_json: bool) -> None:
    """Where a story would go."""
    if as_json:
        json_line(found)
        return
    click.echo(printable(f"{found.file}: {found.headline or 'without headline'} (source {found.source})"))
    table(
        ("", "", "GOES", "WHY"),
        ((stop.kind, stop.id, "yes" if stop.met else "no", _why(stop)) for stop in found.stops),
    )


def _why(stop: Stop) -> str:
    return "; ".join(f"{reason.field}: {reason.why}" for reason in stop.reasons) or "it takes every story"


def show_deliveries(rows: Sequence[DeliveryRow], *, as_json: bool, attempts: bool = False) -> None:
    """Deliveries in a list; with ``attempts`` each attempt below its own."""
    if as_json:
        for row in rows:
            json_line(row)
        return
    table(
        ("ID", "ENDPOINT", "STORY", "VERSION", "ACTION", "STATE", "TRIES", "NEXT OR DONE", "WHY"),
        (
            (
                *(row.id, row.endpoint, row.story_id, row.version, row.action, row.state, row.attempts),
                *(moment(row.done_at or row.due_at), row.reason),
            )
            for row in rows
        ),
        none="no delivery fits",
    )
    if attempts and rows:
        click.echo()
        _show_attempts(rows)


def _show_attempts(rows: Sequence[DeliveryRow]) -> None:
    table(
        ("ID", "ATTEMPT", "BEGAN", "TOOK", "STATE", "STATUS", "BYTES", "NEXT", "WHAT WAS SAID"),
        (
            (
                *(row.id, tried.number, moment(tried.started_at)),
                _seconds(tried),
                *(tried.state or "under way", tried.status, tried.bytes),
                moment(tried.next_at),
                tried.detail or None,
            )
            for row in rows
            for tried in row.tries
        ),
    )


def _seconds(tried: AttemptRow) -> str | None:
    if tried.ended_at is None:
        return None
    return f"{(tried.ended_at - tried.started_at).total_seconds():.3f} s"


def show_quarantine(rows: Sequence[QuarantineRow], *, as_json: bool) -> None:
    """What is set aside, in a list."""
    if as_json:
        for row in rows:
            json_line(row)
        return
    table(
        ("FILE", "STORY", "SINCE", "SOURCE", "NAME", "BYTES", "WHY"),
        ((r.intake_id, r.item + 1, moment(r.at), r.source, r.name, r.size, r.reason) for r in rows),
        none="nothing is in quarantine",
    )


def show_quarantined(database: Database, number: int, *, as_json: bool) -> None:
    """One file in quarantine: why it is there, and how it begins. Raises CommandError when it is not."""
    rows = Browse(database).quarantine(number)
    if not rows:
        raise CommandError(f"nothing of file {number} is in quarantine; `wire quarantine` lists what is")
    show_quarantine(rows, as_json=as_json)
    raw = Upkeep(database).raw(number)
    if raw is not None and not as_json:
        click.echo()
        facts([("", line) for line in raw.data[:4000].decode("utf-8", "backslashreplace").splitlines()])
