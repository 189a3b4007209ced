"""The statements that run for every hand of deliveries, compiled once (`wire.store.prepared`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    literal_column,
    not_,
    or_,
    select,
    union_all,
    update,
)

from wire.store.prepared import Prepared
from wire.store.schema import (
    ACTIVE,
    PRIORITIES,
    RECALLS,
    attempt,
    delivery,
    document,
    endpoint,
    lane,
    revision,
)
from wire.store.standing import open_at
from wire.story import Action, DeliveryState

_DUE = DeliveryState.DUE.value
_SENDING = DeliveryState.SENDING.value

#: What happens to a story without another version of it coming into force.
_SAME_VERSION = (Action.DUPLICATE, Action.STALE, Action.RELEASE, Action.EXPIRE, Action.PURGE)

_OF_LANE = delivery.c.lane == bindparam("b_lane")
#: What a delivery is made of.
_WANTED = tuple(
    delivery.c[name]
    for name in (
        *("id", "endpoint", "lane", "story_id", "version", "seq", "action", "format", "key"),
        *("priority", "due_us", "attempts", "failures", "created_us"),
    )
)
_CLAIMED_HERE = (_OF_LANE, ACTIVE, delivery.c.state == _SENDING)
_DUE_HERE = (_OF_LANE, ACTIVE, delivery.c.state == _DUE)

_LANE: Select[Any] = (
    select(lane.c.holder, lane.c.lease_until_us, lane.c.endpoint, *endpoint.columns)
    .join(endpoint, endpoint.c.id == lane.c.endpoint)
    .where(lane.c.id == bindparam("b_lane"))
)
#: A lane with its endpoint, to be taken: on a server, nothing of it when somebody else is about to.
LANE = Prepared(_LANE.with_for_update(skip_locked=True))
#: The same of a lane that is held.
HELD_LANE = Prepared(_LANE.with_for_update())
LEASE = Prepared(
    update(lane)
    .where(
        lane.c.id == bindparam("b_lane"),
        or_(
            lane.c.holder.is_(None),
            lane.c.holder == bindparam("b_worker"),
            lane.c.lease_until_us <= bindparam("b_now"),
        ),
        # not "in" all that are open: SQLite would go through every endpoint at every lease
        exists().where(endpoint.c.id == lane.c.endpoint, open_at(bindparam("b_now"))),
    )
    .values(holder=bindparam("b_worker"), lease_until_us=bindparam("b_until"))
)
GIVE_UP = Prepared(
    update(lane)
    .where(lane.c.id == bindparam("b_lane"))
    .values(holder=None, lease_until_us=0, due_us=bindparam("b_due"))
)


def _heads(priority: int) -> Select[Any]:
    of_priority = (
        select(*_WANTED)
        .where(
            *_DUE_HERE,
            delivery.c.priority == literal_column(str(priority)),
            delivery.c.due_us <= bindparam("b_now"),
        )
        .order_by(delivery.c.due_us, delivery.c.id)
        .limit(bindparam("b_limit"))
    )
    return select(of_priority.subquery())


def _earliest(priority: int) -> Select[Any]:
    return select(func.min(delivery.c.due_us).label("due_us")).where(
        *_DUE_HERE, delivery.c.priority == literal_column(str(priority))
    )


#: The first due rows of each priority; as many as asked for of each.
HEADS = Prepared(union_all(*map(_heads, PRIORITIES)))
#: What a lane has left: when its first row falls due, whether or not that has come, and how many are claimed.
LEFT = Prepared(
    select(
        select(func.min(union_all(*map(_earliest, PRIORITIES)).subquery().c.due_us))
        .scalar_subquery()
        .label("due_us"),
        select(func.count()).select_from(delivery).where(*_CLAIMED_HERE).scalar_subquery().label("claimed"),
    )
)
CLAIMED = Prepared(select(delivery.c.id).where(*_CLAIMED_HERE))
DOCUMENT = Prepared(
    select(document).where(document.c.seq == bindparam("b_seq"), document.c.format == bindparam("b_format"))
)
CLAIM = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"))
    .values(state=_SENDING, attempts=delivery.c.attempts + 1, started_us=bindparam("b_started"))
)
#: Only of what is claimed: whoever settles something else changes nothing.
RECORD_ATTEMPT = Prepared(
    insert(attempt).from_select(
        ["delivery_id", "number", "started_us", "ended_us", "state", "status", "bytes", "detail", "next_us"],
        select(
            delivery.c.id,
            delivery.c.attempts,
            bindparam("b_started", type_=BigInteger),
            bindparam("b_ended", type_=BigInteger),
            bindparam("b_state", type_=String),
            bindparam("b_status", type_=Integer),
            bindparam("b_bytes", type_=BigInteger),
            bindparam("b_detail", type_=Text),
            bindparam("b_next", type_=BigInteger),
        ).where(delivery.c.id == bindparam("b_id"), delivery.c.state == _SENDING),
    )
)
SETTLE = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"), delivery.c.state == _SENDING)
    .values(
        state=bindparam("b_state"),
        due_us=bindparam("b_due"),
        done_us=bindparam("b_done"),
        started_us=None,
        reason=bindparam("b_reason"),
        failures=delivery.c.failures + bindparam("b_failed"),
    )
)
PUT_BACK = Prepared(
    update(delivery)
    .where(*_CLAIMED_HERE)
    .values(state=_DUE, attempts=delivery.c.attempts - 1, started_us=None)
)
LOSE = Prepared(
    update(delivery)
    .where(*_CLAIMED_HERE)
    .values(state=_DUE, failures=delivery.c.failures + 1, started_us=None)
)
RECORD_LOSS = Prepared(
    insert(attempt).from_select(
        ["delivery_id", "number", "started_us", "ended_us", "state", "detail"],
        select(
            delivery.c.id,
            delivery.c.attempts,
            func.coalesce(delivery.c.started_us, delivery.c.due_us),
            bindparam("b_now", type_=BigInteger),
            literal("lost"),
            literal("the worker died; whether it was sent is not known"),
        ).where(*_CLAIMED_HERE),
    )
)


def overtaken() -> ColumnElement[bool]:
    """Whether a newer version of its story takes a delivery's place, as a condition on its row.

    What takes a story back is overtaken only by something newer that is queued for the same endpoint. The end
    of an embargo or of a life is no newer version.
    """
    newer = delivery.alias("newer")
    queued = select(newer.c.id).where(
        newer.c.story_id == delivery.c.story_id,
        newer.c.endpoint == delivery.c.endpoint,
        newer.c.seq > delivery.c.seq,
    )
    in_force = select(revision.c.seq).where(
        revision.c.story_id == delivery.c.story_id,
        revision.c.seq > delivery.c.seq,
        *(revision.c.action != literal_column(f"'{action.value}'") for action in _SAME_VERSION),
    )
    recalls = [delivery.c.action == literal_column(f"'{action}'") for action in RECALLS]
    return or_(queued.exists(), and_(not_(or_(*recalls)), in_force.exists()))


SUPERSEDE = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"), overtaken())
    .values(
        state=DeliveryState.SUPERSEDED.value,
        done_us=bindparam("b_now"),
        started_us=None,
        reason="a newer version took its place",
    )
)

CHANGE_ENDPOINT = Prepared(
    update(endpoint)
    .where(endpoint.c.id == bindparam("b_endpoint"))
    .values(
        {
            name: bindparam(f"b_{name}")
            for name in (
                *("disabled", "paused_until_us", "probe_lane", "failures", "recent", "delivered"),
                *("succeeded_us", "failed_us", "failing_us", "failure"),
            )
        }
    )
)
#: One lane alone may call the endpoint until it has told how that went, or its lease is over.
PROBE = Prepared(
    update(endpoint)
    .where(endpoint.c.id == bindparam("b_endpoint"))
    .values(probe_lane=bindparam("b_lane"), paused_until_us=bindparam("b_until"))
)
END_PROBE = Prepared(
    update(endpoint)
    .where(endpoint.c.probe_lane == bindparam("b_lane"))
    .values(probe_lane=None, paused_until_us=0)
)
PACE = Prepared(
    update(endpoint)
    .where(endpoint.c.id == bindparam("b_endpoint"))
    .values(paced_until_us=bindparam("b_until"))
)
