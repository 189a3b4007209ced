"""The transaction that accepts stories: what it reads to decide, and the rows it writes.

`Ledger` wraps the open transaction. Everything a file brings (its raw bytes, versions, feed
places, documents, deliveries) is written by one `Ledger.keep`, several files at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, or_, select, update

from wire import storyjson
from wire.store import likenesses, places
from wire.store.migrate import generation
from wire.store.naming import named
from wire.store.prepared import Lookup, Prepared
from wire.store.purging import let_go, outlived
from wire.store.rows import (
    FIXED,
    delivery_row,
    document_row,
    history_row,
    intake_from,
    intake_row,
    kept_from,
    quarantine_row,
    revision_row,
    story_change,
    story_row,
    takes_back,
    withdrawal_row,
)
from wire.store.schema import (
    RECALLS,
    alias,
    copy,
    counter,
    delivery,
    document,
    feed_set,
    from_us,
    handing,
    history,
    intake,
    lane,
    maybe_us,
    push,
    quarantine,
    raw,
    revision,
    to_us,
    withdrawal,
)
from wire.store.schema import story as story_table
from wire.store.values import TAKEN_BACK, Acceptance, NewDelivery, NewIntake, NewRevision
from wire.story import Action, DeliveryState, Kept, Standing, Story


class Numbers:
    """Ids handed out within the transaction; what is taken is written back once, by `Ledger.keep`."""

    def __init__(self, last: Mapping[str, int], now: datetime) -> None:
        self.began = dict(last)  #: the last values before this transaction
        self._last = dict(last)
        self._now_us = to_us(now)

    def next(self, name: str) -> int:
        """The next ``intake``, ``revision``, ``delivery``, ``history`` or ``feed_set`` id."""
        self._last[name] += 1
        return self._last[name]

    def instant(self) -> datetime:
        """Now, but at least a millisecond after the last one given: ``updated`` never stands or goes back."""
        self._last["instant"] = max(self._last["instant"] + 1000, self._now_us // 1000 * 1000)
        return from_us(self._last["instant"])

    def taken(self) -> Mapping[str, int]:
        """The last value of every counter."""
        return self._last


class Ledger:
    """The store within one transaction. Used by one thread, for one change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def generation(self) -> str:
        """The store's own id; see `wire.store.migrate.generation`."""
        return generation(self._connection)

    def numbers(self, now: datetime) -> Numbers:
        """Ids for this transaction; on a server the row lock makes other writers wait their turn."""
        return Numbers(dict(_NUMBERS.all(self._connection)), now)

    def first_arrivals(self, once_keys: Sequence[str]) -> dict[str, int]:
        """Of these arrivals' keys, those that came before, with the intake id of the first."""
        return dict(_FIRST_ARRIVALS.all(self._connection, once_keys))

    def handed(self, once_keys: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Of the files of these keys those that somebody handed over at the desk: by whom, and how."""
        return {row.once_key: (row.who, row.how) for row in _HANDED.all(self._connection, once_keys)}

    def kept(self, identities: Sequence[str]) -> dict[str, Kept]:
        """What is kept of the stories that these identities lead to, by identity."""
        found = {kept.identity: kept for kept in self._kept(_BY_IDENTITY, identities)}
        if former := dict(_FORMER.all(self._connection, identities)):
            by_id = {kept.story_id: kept for kept in self._kept(_BY_ID, list(set(former.values())))}
            found |= {identity: by_id[story_id] for identity, story_id in former.items()}
        return found

    def in_force(self, story_ids: Sequence[str]) -> list[tuple[Kept, Story]]:
        """These stories, in this order, each with the copy of its version in force."""
        copies = dict(_COPIES.all(self._connection, story_ids))
        known = {kept.story_id: kept for kept in self._kept(_BY_ID, story_ids)}
        return [(known[id], storyjson.loads(copies[id])) for id in story_ids]

    def story_named(self, name: str) -> str | None:
        """The id of the story that people call by this id or guid."""
        found: str | None = self._connection.execute(select(story_table.c.id).where(named(name))).scalar()
        return found

    def holders(self, seq: int) -> frozenset[str]:
        """The endpoints for which this very revision was queued."""
        query = select(delivery.c.endpoint).where(
            delivery.c.story_id == select(revision.c.story_id).where(revision.c.seq == seq).scalar_subquery(),
            delivery.c.seq == seq,
            delivery.c.action.not_in(RECALLS),
        )
        return frozenset(self._connection.execute(query).scalars())

    def _kept(self, stories: Lookup, keys: Sequence[str]) -> list[Kept]:
        rows = stories.all(self._connection, keys)
        told: dict[str, list[str]] = {}
        for row in _TOLD.all(self._connection, [row.id for row in rows]):
            told.setdefault(row.story_id, []).append(row.endpoint)
        back = [row.id for row in rows if Standing(row.standing) in TAKEN_BACK]
        recalled = dict(_RECALLED.all(self._connection, back))
        return [kept_from(row, tuple(told.get(row.id, ())), recalled.get(row.id, "")) for row in rows]

    def firsts(self, sketches: Iterable[bytes]) -> tuple[dict[int, str], dict[str, bytes]]:
        """See `wire.store.likenesses.firsts`."""
        return likenesses.firsts(self._connection, sketches)

    def accompanied(self, story_id: str) -> bool:
        """See `wire.store.likenesses.accompanied`."""
        return likenesses.accompanied(self._connection, story_id)

    def due(self, now: datetime, limit: int) -> list[tuple[Kept, Story]]:
        """Stories that change by themselves now, the longest due first, with their copy in force."""
        query = (
            select(story_table.c.id)
            .where(story_table.c.due_us <= to_us(now))
            .order_by(story_table.c.due_us, story_table.c.seq)
            .limit(limit)
        )
        return self.in_force(list(self._connection.execute(query).scalars()))

    def postpone(self, story_id: str, until: datetime) -> None:
        """Have a story that is due, and did not change, be due again at an instant: others come before it."""
        postponed = update(story_table).where(story_table.c.id == story_id).values(due_us=to_us(until))
        self._connection.execute(postponed)

    def outlived(self, before: Mapping[str, datetime], among: Sequence[str]) -> list[tuple[Kept, Story]]:
        """Of these stories those of `wire.store.purging.outlived`, with their copy in force."""
        return self.in_force(outlived(self._connection, before, len(among), among=among))

    def set_aside(self, intake_id: int) -> tuple[NewIntake, tuple[int, ...]] | None:
        """A file with stories in quarantine, and their places in it; None when it has none."""
        held = self._connection.execute(
            select(quarantine.c.item)
            .where(quarantine.c.intake_id == intake_id, quarantine.c.state == "held")
            .order_by(quarantine.c.item)
        ).scalars()
        items = tuple(held)
        query = select(intake, raw.c.data).join(raw, raw.c.intake_id == intake.c.id)
        row = self._connection.execute(query.where(intake.c.id == intake_id)).first()
        if row is None or not items:
            return None
        return intake_from(row), items

    def pushed(self, key_sha256: str) -> tuple[str, str] | None:
        """Of a file that was pushed under a key, the digest and what was answered; None when none was."""
        row = self._connection.execute(
            select(push.c.sha256, push.c.answer).where(push.c.key_sha256 == key_sha256)
        ).first()
        return None if row is None else (row.sha256, row.answer)

    def remember_push(self, key_sha256: str, sha256: str, answer: str, now: datetime) -> None:
        """Keep what is answered to a file that was pushed under a key."""
        row = {"key_sha256": key_sha256, "sha256": sha256, "answer": answer, "at_us": to_us(now)}
        self._connection.execute(insert(push).values(row))

    def release(self, intake_id: int, *, items: int) -> None:
        """Take a file's stories out of quarantine; ``items`` is how many stories it is now known to hold."""
        self._connection.execute(delete(quarantine).where(quarantine.c.intake_id == intake_id))
        self._connection.execute(
            update(intake).where(intake.c.id == intake_id).values(outcome="stories", item_count=items)
        )

    def keep(self, acceptance: Acceptance, numbers: Numbers) -> None:
        """Write it all. The caller commits."""
        self._put(intake, map(intake_row, acceptance.intakes))
        self._put(
            raw,
            ({"intake_id": new.id, "data": new.data} for new in acceptance.intakes if new.data is not None),
        )
        self._put(quarantine, map(quarantine_row, acceptance.set_aside))
        sets = self._sets(acceptance, numbers)
        self._put(revision, (revision_row(new, sets[new.revision.feeds]) for new in acceptance.revisions))
        self._put(
            copy,
            (
                {"seq": new.revision.seq, "story": new.json or storyjson.dumps(new.revision.story)}
                for new in acceptance.revisions
                if new.revision.action is not Action.DUPLICATE
            ),
        )
        made = ((new.revision.seq, each) for new in acceptance.revisions for each in new.documents)
        self._put(document, (document_row(seq, each) for seq, each in made))
        self._place(acceptance.revisions, acceptance.known, sets)
        likenesses.keep(self._connection, acceptance.groupings)
        self._put(alias, ({"identity": name, "story_id": id} for name, id in acceptance.names.items()))
        for story_id, rank in acceptance.renewed.items():
            renewed = update(story_table).where(story_table.c.id == story_id)
            self._connection.execute(renewed.values(version_created_us=maybe_us(rank.created)))
        self._put(history, map(history_row, acceptance.history))
        for story_id in acceptance.outlived:
            let_go(self._connection, story_id)
        self._put(delivery, map(delivery_row, acceptance.deliveries))
        self._supersede(acceptance)
        self._ripen(acceptance.deliveries)
        _COUNT.each(
            self._connection,
            ({"b_name": name, "b_value": value} for name, value in numbers.taken().items()),
        )

    def _put(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows that name every column."""
        _insertion(table).each(self._connection, rows)

    def _sets(self, acceptance: Acceptance, numbers: Numbers) -> Mapping[places.Feeds, int]:
        """The number of every set of feeds in which a story stands, or stood before."""
        sets = {new.revision.feeds for new in acceptance.revisions}
        sets.update(kept.feeds for kept in acceptance.known.values())
        return places.numbered(self._connection, sets, lambda: numbers.next("feed_set"))

    def _place(
        self,
        revisions: Sequence[NewRevision],
        known: Mapping[str, Kept],
        sets: Mapping[places.Feeds, int],
    ) -> None:
        """Bring story rows, which say where a story stands, to the last version in force of each story."""
        latest = {new.revision.story_id: new for new in revisions if new.in_force}
        if not latest:
            return
        old = [new for id, new in latest.items() if id in known]
        self._put(
            story_table,
            (story_row(new, sets[new.revision.feeds]) for id, new in latest.items() if id not in known),
        )
        if old:
            _UPDATE_STORY.each(self._connection, (story_change(new, sets[new.revision.feeds]) for new in old))
            self._withdraw(old, known, sets)

    def _withdraw(
        self, old: Sequence[NewRevision], known: Mapping[str, Kept], sets: Mapping[places.Feeds, int]
    ) -> None:
        """Keep where stories were taken back from, for as long as they are."""
        were = [new for new in old if known[new.revision.story_id].standing in TAKEN_BACK]
        still = [
            {"b_story": new.revision.story_id, "b_seq": new.revision.seq}
            for new in were
            if new.revision.standing in TAKEN_BACK
        ]
        over = [{"b_story": new.revision.story_id} for new in were if new.revision.standing not in TAKEN_BACK]
        if still:
            self._connection.execute(_WITHDRAW_AGAIN, still)
        if over:
            self._connection.execute(_END_WITHDRAWAL, over)
        gone = ((new, kept) for new in old if takes_back(new, kept := known[new.revision.story_id]))
        self._put(withdrawal, (withdrawal_row(new, kept, sets[kept.feeds]) for new, kept in gone))

    def _supersede(self, acceptance: Acceptance) -> None:
        """Unsent older versions of what was accepted will never be sent.

        Of what takes a story back, only what an endpoint gets something newer instead of.
        """
        followers = [
            {
                "b_story": new.revision.story_id,
                "b_seq": new.revision.seq,
                "b_all": int(new.supersedes),
                "b_now": to_us(new.revision.accepted_at),
            }
            for new in acceptance.revisions
            if new.in_force and new.revision.action is not Action.NEW
        ]
        _SUPERSEDE.each(self._connection, followers)

    def _ripen(self, deliveries: Sequence[NewDelivery]) -> None:
        """Tell the lanes that they hold something due now."""
        due = {new.lane: to_us(new.created_at) for new in deliveries}
        _RIPEN.each(self._connection, ({"b_lane": id, "b_due": at} for id, at in due.items()))


@cache
def _insertion(table: Table) -> Prepared:
    return Prepared(insert(table))


_NUMBERS = Prepared(select(counter.c.name, counter.c.value).with_for_update())
_COUNT = Prepared(
    update(counter).where(counter.c.name == bindparam("b_name")).values(value=bindparam("b_value"))
)
_FIRST_ARRIVALS = Lookup(select(intake.c.once_key, intake.c.id), intake.c.once_key)
_HANDED = Lookup(select(handing.c.once_key, handing.c.who, handing.c.how), handing.c.once_key)
_KEPT = (
    select(story_table, feed_set.c.feeds, revision.c.told, revision.c.revised_us)
    .join(revision, revision.c.seq == story_table.c.seq)
    .join(feed_set, feed_set.c.id == revision.c.feed_set)
)
_BY_IDENTITY = Lookup(_KEPT, story_table.c.identity)
_BY_ID = Lookup(_KEPT, story_table.c.id)
_FORMER = Lookup(select(alias.c.identity, alias.c.story_id), alias.c.identity)
_COPIES = Lookup(
    select(story_table.c.id, copy.c.story).join(copy, copy.c.seq == story_table.c.seq), story_table.c.id
)
_TOLD = Lookup(select(delivery.c.story_id, delivery.c.endpoint).distinct(), delivery.c.story_id)
_RECALLED = Lookup(
    select(withdrawal.c.story_id, feed_set.c.feeds).join(feed_set, feed_set.c.id == withdrawal.c.set_id),
    withdrawal.c.story_id,
)
_UPDATE_STORY = Prepared(
    update(story_table)
    .where(story_table.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in set(story_table.columns.keys()) - FIXED})
)
_WITHDRAW_AGAIN = (
    update(withdrawal).where(withdrawal.c.story_id == bindparam("b_story")).values(seq=bindparam("b_seq"))
)
_END_WITHDRAWAL = delete(withdrawal).where(withdrawal.c.story_id == bindparam("b_story"))
_NEWER = delivery.alias("newer")
_SUPERSEDE = Prepared(
    update(delivery)
    .where(
        delivery.c.story_id == bindparam("b_story"),
        delivery.c.seq < bindparam("b_seq"),
        delivery.c.state == DeliveryState.DUE.value,
        or_(
            and_(bindparam("b_all") == 1, *(delivery.c.action != recall for recall in RECALLS)),
            delivery.c.endpoint.in_(
                select(_NEWER.c.endpoint).where(
                    _NEWER.c.story_id == bindparam("b_story"), _NEWER.c.seq == bindparam("b_seq")
                )
            ),
        ),
    )
    .values(
        state=DeliveryState.SUPERSEDED.value,
        done_us=bindparam("b_now"),
        reason="a newer version took its place",
    )
)
_RIPEN = Prepared(
    update(lane)
    .where(and_(lane.c.id == bindparam("b_lane"), lane.c.due_us > bindparam("b_due")))
    .values(due_us=bindparam("b_due"))
)
