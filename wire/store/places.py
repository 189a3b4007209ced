"""Where stories stand: sets of feeds, and what a feed shows by way of the sets that it is in.

A story has one set of feeds, however many these are, and its row says which. A feed's newest stories are the
newest of its sets, each of which is an index read backwards. Functions of an open transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func, insert, select

from wire.store.prepared import Prepared
from wire.store.schema import feed_member, feed_set, maybe_moment, story, to_us

#: A set of feeds, in the configuration's order.
Feeds = tuple[str, ...]


class Place(NamedTuple):
    """A story in a feed. Sorts newest first; stories of one instant by id."""

    before_us: int  #: first publication, negated
    story_id: str
    seq: int  #: of the version that stands there

    @property
    def published_us(self) -> int:
        """First publication."""
        return -self.before_us


def numbered(tx: Connection, sets: Iterable[Feeds], next_id: Callable[[], int]) -> Mapping[Feeds, int]:
    """The number of each of these sets; one that was never met before is given the next id."""
    found: dict[Feeds, int] = {}
    for feeds in sets:
        if feeds in found:
            continue
        text = " ".join(feeds)
        digest = sha256(text.encode()).hexdigest()
        known = _KNOWN.scalar(tx, b_sha256=digest)
        if known is None:
            known = next_id()
            _ADD_SET.count(tx, b_id=known, b_sha256=digest, b_feeds=text)
            if feeds:
                _ADD_MEMBER.each(tx, [{"b_feed": feed, "b_set": known} for feed in feeds])
        found[feeds] = int(known)
    return found


def sets_of(feed: str) -> Select[Any]:
    """The sets that a feed is in, as a subquery."""
    return select(feed_member.c.set_id).where(feed_member.c.feed == feed)


def newest(connection: Connection, feed: str, limit: int, query: Select[Any]) -> list[Place]:
    """The newest stories of a feed, the newest first.

    Costs what is found, and a look at each of the feed's sets; the archive's size does not matter.

    query  selects ``first_published_us``, ``id`` and ``seq`` of stories
    """
    latest = (
        select(func.max(story.c.first_published_us))
        .where(story.c.feed_set == feed_member.c.set_id)
        .correlate(feed_member)
        .scalar_subquery()
        .label("latest_us")
    )
    heads = select(feed_member.c.set_id, latest).where(feed_member.c.feed == feed)
    sets = [(row.latest_us, row.set_id) for row in connection.execute(heads) if row.latest_us is not None]
    found: list[Place] = []
    for latest_us, set_id in sorted(sets, reverse=True):
        if len(found) == limit and latest_us < found[-1].published_us:
            break
        rows = connection.execute(
            query.where(story.c.feed_set == set_id)
            .order_by(story.c.first_published_us.desc(), story.c.id)
            .limit(limit)
        )
        places = [Place(-row.first_published_us, row.id, row.seq) for row in rows]
        found = list(islice(merge(found, places), limit))
    return found


def around(
    connection: Connection, feed: str, start: datetime, end: datetime
) -> tuple[datetime | None, datetime | None]:
    """When the last story of a feed before ``start`` and the first one from ``end`` on became public."""
    when = story.c.first_published_us
    in_set = select(func.max(when)).where(story.c.feed_set == feed_member.c.set_id, when < to_us(start))
    last = select(func.max(in_set.correlate(feed_member).scalar_subquery()))
    in_set = select(func.min(when)).where(story.c.feed_set == feed_member.c.set_id, when >= to_us(end))
    first = select(func.min(in_set.correlate(feed_member).scalar_subquery()))
    before, after = (
        connection.scalar(query.select_from(feed_member).where(feed_member.c.feed == feed))
        for query in (last, first)
    )
    return maybe_moment(before), maybe_moment(after)


def counts(connection: Connection) -> dict[str, int]:
    """How many stories stand in each feed, by its id."""
    in_set = (
        select(story.c.feed_set, func.count().label("number"))
        .where(story.c.feed_set.is_not(None))
        .group_by(story.c.feed_set)
        .subquery()
    )
    rows = connection.execute(
        select(feed_member.c.feed, func.sum(in_set.c.number))
        .join(in_set, in_set.c.feed_set == feed_member.c.set_id)
        .group_by(feed_member.c.feed)
        .order_by(feed_member.c.feed)
    )
    return {feed: int(number) for feed, number in rows}


_KNOWN = Prepared(select(feed_set.c.id).where(feed_set.c.sha256 == bindparam("b_sha256")))
_ADD_SET = Prepared(
    insert(feed_set).values(id=bindparam("b_id"), sha256=bindparam("b_sha256"), feeds=bindparam("b_feeds"))
)
_ADD_MEMBER = Prepared(insert(feed_member).values(feed=bindparam("b_feed"), set_id=bindparam("b_set")))
