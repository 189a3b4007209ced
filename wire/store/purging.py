"""What is kept no longer than its source wants: which stories have outlived that, and what of them goes.

The copy, the documents and the raw bytes go. What happened stays (files, versions, deliveries, history), so
that nothing is unaccounted for, no identity is given twice, an older version that still comes is known to be
one, and whoever was sent the story can be told of its kill.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, select

from wire.store import indexer, likenesses
from wire.store.schema import copy, delivery, document, quarantine, raw, revision, to_us
from wire.store.schema import story as story_table
from wire.story import Action, DeliveryState, Standing

#: The key of the instant that holds for every source that has none of its own.
EVERY_OTHER = ""

_STAY = (Standing.EMBARGOED.value, Standing.PURGED.value)
_SETTLED = (DeliveryState.DONE.value, DeliveryState.SUPERSEDED.value)


def outlived(
    connection: Connection, before: Mapping[str, datetime], limit: int, *, among: Sequence[str] | None = None
) -> list[str]:
    """The ids of stories that last changed before their source's instant, the oldest first.

    Not those under embargo, nor those with anything queued.

    among  looks at these ids alone; without it, at the whole archive
    """
    found: list[str] = []
    for source, instant in before.items():
        query = _outlived(_of_source(source, before), instant).limit(limit - len(found))
        if among is not None:
            query = query.where(story_table.c.id.in_(among))
        found.extend(connection.execute(query).scalars())
    return found


def _of_source(source: str, before: Mapping[str, datetime]) -> ColumnElement[bool]:
    if source == EVERY_OTHER:
        return story_table.c.source.not_in([name for name in before if name != EVERY_OTHER])
    return story_table.c.source == source


def _outlived(of_source: ColumnElement[bool], instant: datetime) -> Select[Any]:
    waiting = select(delivery.c.id).where(
        delivery.c.story_id == story_table.c.id, delivery.c.state.not_in(_SETTLED)
    )
    return (
        select(story_table.c.id)
        .join(revision, revision.c.seq == story_table.c.seq)
        .where(
            of_source,
            revision.c.accepted_us < to_us(instant),
            story_table.c.standing.not_in(_STAY),
            ~waiting.exists(),
        )
        .order_by(story_table.c.seq)
    )


def let_go(tx: Connection, story_id: str) -> None:
    """Delete what the versions before the last one brought; the last one says that they are gone."""
    last = select(story_table.c.seq).where(story_table.c.id == story_id).scalar_subquery()
    gone = select(revision.c.seq).where(revision.c.story_id == story_id, revision.c.seq < last)
    brought = select(revision.c.intake_id).where(revision.c.story_id == story_id)
    held = select(quarantine.c.item).where(quarantine.c.intake_id == raw.c.intake_id)
    alive = select(revision.c.seq).where(
        revision.c.intake_id == raw.c.intake_id, ~purged_since(revision.c.story_id, revision.c.seq)
    )
    likenesses.forget(tx, story_id)
    indexer.forget(tx, story_id)
    tx.execute(delete(copy).where(copy.c.seq.in_(gone)))
    tx.execute(delete(document).where(document.c.seq.in_(gone)))
    tx.execute(delete(raw).where(raw.c.intake_id.in_(brought), ~alive.exists(), ~held.exists()))


def purged_since(story_id: ColumnElement[str], seq: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a story's copy was let go after one of its revisions."""
    purge = revision.alias("purge")
    query = select(purge.c.seq).where(
        purge.c.story_id == story_id, purge.c.seq > seq, purge.c.action == Action.PURGE.value
    )
    return query.exists()
