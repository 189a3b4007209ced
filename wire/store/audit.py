"""The conservation law, checked over the whole store.

Every accepted file is a story version, a duplicate or in quarantine; every version has its documents
and its feed places; every delivery leads to a document and is in a state its attempts explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    text,
)

from wire.store.database import Database
from wire.store.purging import purged_since
from wire.store.schema import (
    NOTES,
    attempt,
    copy,
    delivery,
    document,
    feed_member,
    feed_set,
    intake,
    lane,
    quarantine,
    raw,
    revision,
)
from wire.store.schema import story as story_table
from wire.store.values import FORMAT_OF_RECORD
from wire.story import DeliveryState, Standing

_LIVE = Standing.LIVE.value
#: As many violations of one rule are named; the rest are counted.
_NAMED = 5


def audit(database: Database) -> list[str]:
    """Every violation found, in words; empty when the store is whole. Reads only."""
    found: list[str] = []
    with database.reading() as connection:
        for rule in _RULES:
            violations = list(rule(connection))
            found.extend(violations[:_NAMED])
            if len(violations) > _NAMED:
                found.append(f"… and {len(violations) - _NAMED} more of the last kind")
    return found


def _file_is_sound(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (answer,) in connection.execute(text("PRAGMA quick_check")):
            if answer != "ok":
                yield f"the database file is damaged: {answer}"


def _every_file_is_accounted_for(connection: Connection) -> Iterator[str]:
    versions = _grouped(revision.c.intake_id, revision.c.intake_id.is_not(None))
    held = _grouped(quarantine.c.intake_id, quarantine.c.state == "held")
    became = func.coalesce(versions.c.number, 0)
    aside = func.coalesce(held.c.number, 0)
    query = (
        select(intake.c.id, intake.c.name, intake.c.item_count, became.label("v"), aside.label("q"))
        .outerjoin(versions, versions.c.key == intake.c.id)
        .outerjoin(held, held.c.key == intake.c.id)
        .where(intake.c.outcome != "duplicate", intake.c.item_count != became + aside)
    )
    for row in connection.execute(query):
        yield (
            f"file {row.id} ({row.name!r}) held {row.item_count} stories, of which {row.v} are versions "
            f"and {row.q} in quarantine"
        )


def _duplicates_have_a_first(connection: Connection) -> Iterator[str]:
    first = intake.alias("first")
    query = select(intake.c.id).where(
        intake.c.outcome == "duplicate",
        ~exists().where(first.c.id == intake.c.duplicate_of),
    )
    for id in connection.execute(query).scalars():
        yield f"file {id} is called a duplicate of a file that is not kept"


def _raw_bytes_are_kept(connection: Connection) -> Iterator[str]:
    query = select(intake.c.id).where(
        intake.c.outcome != "duplicate",
        intake.c.sha256.is_not(None),
        ~exists().where(raw.c.intake_id == intake.c.id),
        ~exists().where(
            revision.c.intake_id == intake.c.id, purged_since(revision.c.story_id, revision.c.seq)
        ),
    )
    for id in connection.execute(query).scalars():
        yield f"the raw bytes of file {id} are not kept"


def _stories_stand_as_their_last_version(connection: Connection) -> Iterator[str]:
    joined = story_table.outerjoin(revision, revision.c.seq == story_table.c.seq)
    query = (
        select(story_table.c.id)
        .select_from(joined)
        .where(
            or_(
                revision.c.seq.is_(None),
                revision.c.story_id != story_table.c.id,
                revision.c.standing != story_table.c.standing,
                revision.c.version != story_table.c.version,
            )
        )
    )
    for id in connection.execute(query).scalars():
        yield f"story {id} does not stand as its version in force says"


def _versions_have_copy_and_documents(connection: Connection) -> Iterator[str]:
    query = select(revision.c.seq).where(
        revision.c.action.not_in(NOTES),
        ~purged_since(revision.c.story_id, revision.c.seq),
        or_(
            ~exists().where(copy.c.seq == revision.c.seq),
            ~exists().where(and_(document.c.seq == revision.c.seq, document.c.format == FORMAT_OF_RECORD)),
        ),
    )
    for seq in connection.execute(query).scalars():
        yield f"revision {seq} lacks its copy or its NewsML-G2"


def _places_agree_with_stories(connection: Connection) -> Iterator[str]:
    stands = and_(story_table.c.standing == _LIVE, feed_set.c.feeds != "")
    where: Select[Any] = (
        select(story_table.c.id)
        .outerjoin(revision, revision.c.seq == story_table.c.seq)
        .outerjoin(feed_set, feed_set.c.id == revision.c.feed_set)
        .where(
            func.coalesce(story_table.c.feed_set, 0)
            != case((stands, func.coalesce(revision.c.feed_set, -1)), else_=0)
        )
    )
    for story_id in connection.execute(where).scalars():
        yield f"story {story_id} stands in other feeds than its version in force says"


def _sets_of_feeds_have_their_members(connection: Connection) -> Iterator[str]:
    members = _grouped(feed_member.c.set_id)
    query = select(feed_set.c.feeds, func.coalesce(members.c.number, 0).label("members")).outerjoin(
        members, members.c.key == feed_set.c.id
    )
    for row in connection.execute(query):
        if len(row.feeds.split()) != row.members:
            yield f"{row.members} feeds are said to be together, not {row.feeds!r}"


def _deliveries_lead_to_documents(connection: Connection) -> Iterator[str]:
    query = select(delivery.c.id).where(
        ~exists().where(and_(document.c.seq == delivery.c.seq, document.c.format == delivery.c.format)),
        ~purged_since(delivery.c.story_id, delivery.c.seq),
    )
    for id in connection.execute(query).scalars():
        yield f"delivery {id} has no document to deliver"


def _keys_are_one_of_a_kind(connection: Connection) -> Iterator[str]:
    query = select(delivery.c.key).group_by(delivery.c.key).having(func.count() > 1)
    for key in connection.execute(query).scalars():
        yield f"several deliveries bear the key {key}"


def _states_are_explained_by_attempts(connection: Connection) -> Iterator[str]:
    done = DeliveryState.DONE.value
    query = select(delivery.c.id).where(
        delivery.c.state == done,
        ~exists().where(and_(attempt.c.delivery_id == delivery.c.id, attempt.c.state == done)),
    )
    for id in connection.execute(query).scalars():
        yield f"delivery {id} is called done, but no attempt succeeded"


def _claims_have_a_lease(connection: Connection) -> Iterator[str]:
    query = select(delivery.c.id).where(
        delivery.c.state == DeliveryState.SENDING.value,
        ~exists().where(and_(lane.c.id == delivery.c.lane, lane.c.holder.is_not(None))),
    )
    for id in connection.execute(query).scalars():
        yield f"delivery {id} is being sent by nobody"


def _lanes_know_what_waits(connection: Connection) -> Iterator[str]:
    earliest = (
        select(func.min(delivery.c.due_us))
        .where(delivery.c.lane == lane.c.id, delivery.c.state == DeliveryState.DUE.value)
        .scalar_subquery()
    )
    query = select(lane.c.id).where(lane.c.holder.is_(None), earliest < lane.c.due_us)
    for id in connection.execute(query).scalars():
        yield f"lane {id} sleeps past a delivery that is due earlier"


def _no_older_version_waits(connection: Connection) -> Iterator[str]:
    newer = delivery.alias("newer")
    query = select(delivery.c.id).where(
        delivery.c.state == DeliveryState.DUE.value,
        exists().where(
            newer.c.story_id == delivery.c.story_id,
            newer.c.endpoint == delivery.c.endpoint,
            newer.c.seq > delivery.c.seq,
        ),
    )
    for id in connection.execute(query).scalars():
        yield f"delivery {id} waits although a newer version of its story is queued"


def _grouped(key: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Subquery:
    """How many rows there are of each key."""
    counted = select(key.label("key"), func.count().label("number")).where(*conditions).group_by(key)
    return counted.subquery()


_RULES: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _file_is_sound,
    _every_file_is_accounted_for,
    _duplicates_have_a_first,
    _raw_bytes_are_kept,
    _stories_stand_as_their_last_version,
    _versions_have_copy_and_documents,
    _places_agree_with_stories,
    _sets_of_feeds_have_their_members,
    _deliveries_lead_to_documents,
    _keys_are_one_of_a_kind,
    _states_are_explained_by_attempts,
    _claims_have_a_lease,
    _lanes_know_what_waits,
    _no_older_version_waits,
)
