"""Values as rows of the tables, and rows as values. Pure."""

from __future__ import annotations

import json
from typing import Any

from wire.store.schema import from_us, maybe_moment, maybe_us, to_us
from wire.store.values import TAKEN_BACK, NewDelivery, NewHistory, NewIntake, NewRevision, SetAside
from wire.story import ByHand, DeliveryState, Document, Kept, PubStatus, Rank, Standing

#: Columns of the story table that no version changes.
FIXED = frozenset(("id", "guid", "source"))


def kept_from(row: Any, endpoints: tuple[str, ...], recalled: str = "") -> Kept:
    """What a story row says of a story; ``recalled``: the feeds from which it was taken back."""
    return Kept(
        story_id=row.id,
        guid=row.guid,
        identity=row.identity,
        source=row.source,
        seq=row.seq,
        version=row.version,
        rank=Rank(
            version=row.stated_version,
            created=maybe_moment(row.version_created_us),
            status=PubStatus(row.stated_status),
            embargoed=maybe_moment(row.stated_embargo_us),
            content_sha256=row.content_sha256,
        ),
        standing=Standing(row.standing),
        first_published=maybe_moment(row.first_published_us),
        release_at=maybe_moment(row.release_us),
        feeds=tuple(row.feeds.split()),
        recalled=tuple(recalled.split()),
        endpoints=endpoints,
        by_hand=None if row.by_hand is None else _by_hand(row.by_hand),
        told=row.told,
        revised=from_us(row.revised_us),
    )


def intake_row(new: NewIntake) -> dict[str, Any]:
    """A row of the intake table."""
    return {
        "id": new.id,
        "sha256": new.sha256,
        "source": new.source,
        "name": new.name,
        "size": new.size,
        "arrived_us": to_us(new.arrived_at),
        "outcome": new.outcome,
        "item_count": new.items,
        "duplicate_of": new.duplicate_of,
        "once_key": new.once_key,
    }


def intake_from(row: Any) -> NewIntake:
    """An intake row with its raw bytes as the value."""
    return NewIntake(
        id=row.id,
        sha256=row.sha256,
        source=row.source,
        name=row.name,
        size=row.size,
        arrived_at=from_us(row.arrived_us),
        outcome=row.outcome,
        items=row.item_count,
        data=row.data,
        duplicate_of=row.duplicate_of,
        once_key=row.once_key,
    )


def quarantine_row(new: SetAside) -> dict[str, Any]:
    """A row of the quarantine table."""
    return {
        "intake_id": new.intake_id,
        "item": new.item,
        "reason": new.reason,
        "at_us": to_us(new.at),
        "state": "held",
    }


def history_row(new: NewHistory) -> dict[str, Any]:
    """A row of the history table."""
    return {
        "id": new.id,
        "story_id": new.story_id,
        "at_us": to_us(new.at),
        "who": new.who,
        "what": new.what,
        "note": new.note,
    }


def revision_row(new: NewRevision, feed_set: int) -> dict[str, Any]:
    """A row of the revision table; ``feed_set``: the number of its feeds."""
    made = new.revision
    return {
        "seq": made.seq,
        "story_id": made.story_id,
        "intake_id": new.intake_id,
        "item": new.item,
        "version": made.version,
        "action": made.action.value,
        "standing": made.standing.value,
        "reason": new.reason,
        "headline": made.story.headline,
        "slugline": made.story.slugline,
        "language": made.story.language and made.story.language[:35],
        "urgency": made.story.urgency,
        "accepted_us": to_us(made.accepted_at),
        "published_us": to_us(made.published),
        "updated_us": to_us(made.updated),
        "revised_us": to_us(made.significant_at),
        "told": new.told,
        "release_us": maybe_us(made.release_at),
        "feed_set": feed_set,
    }


def document_row(seq: int, made: Document) -> dict[str, Any]:
    """A row of the document table."""
    return {
        "seq": seq,
        "format": made.format,
        "media_type": made.media_type,
        "suffix": made.suffix,
        "losses": "\n".join(made.losses),
        "body": made.body,
    }


def story_row(new: NewRevision, feed_set: int) -> dict[str, Any]:
    """A row of the story table; ``feed_set``: the number of its feeds."""
    made = new.revision
    return {
        "id": made.story_id,
        "identity": new.identity,
        "guid": made.guid,
        "source": new.source,
        "seq": made.seq,
        "version": made.version,
        "stated_version": new.rank.version,
        "stated_status": new.rank.status.value,
        "stated_embargo_us": maybe_us(new.rank.embargoed),
        "version_created_us": maybe_us(new.rank.created),
        "content_sha256": new.rank.content_sha256,
        "standing": made.standing.value,
        "first_published_us": maybe_us(new.first_published),
        "release_us": maybe_us(made.release_at),
        "due_us": maybe_us(new.due_at),
        "by_hand": None if new.by_hand is None else _by_hand_json(new.by_hand),
        "feed_set": feed_set if made.standing is Standing.LIVE and made.feeds else None,
    }


def _by_hand_json(made: ByHand) -> str:
    instants = {"until": maybe_us(made.until), "over": maybe_us(made.over)}
    flags = {"killed": made.killed, "withheld": made.withheld, "ruled": made.ruled}
    return json.dumps({**flags, **instants})


def _by_hand(text: str) -> ByHand:
    fields = json.loads(text)
    instants = {name: maybe_moment(fields[name]) for name in ("until", "over")}
    return ByHand(killed=fields["killed"], withheld=fields["withheld"], ruled=fields["ruled"], **instants)


def story_change(new: NewRevision, feed_set: int) -> dict[str, Any]:
    """The parameters of a story's update: what a new version may change."""
    row = story_row(new, feed_set)
    return {f"b_{name}": value for name, value in row.items() if name == "id" or name not in FIXED}


def takes_back(new: NewRevision, kept: Kept) -> bool:
    """Whether the version takes its story back from feeds in which it stands."""
    return bool(
        new.revision.standing in TAKEN_BACK
        and kept.standing is Standing.LIVE
        and kept.feeds
        and kept.first_published
    )


def withdrawal_row(new: NewRevision, kept: Kept, feed_set: int) -> dict[str, Any]:
    """A row of the withdrawal table; ``feed_set``: the number of the feeds in which the story stood."""
    return {
        "set_id": feed_set,
        "published_us": maybe_us(kept.first_published),
        "story_id": kept.story_id,
        "seq": new.revision.seq,
    }


def delivery_row(new: NewDelivery) -> dict[str, Any]:
    """A row of the delivery table."""
    created_us = to_us(new.created_at)
    return {
        "id": new.id,
        "endpoint": new.endpoint,
        "lane": new.lane,
        "story_id": new.story_id,
        "seq": new.seq,
        "version": new.version,
        "action": new.action.value,
        "format": new.format,
        "key": new.key,
        "priority": new.priority,
        "state": DeliveryState.DUE.value,
        "due_us": created_us,
        "attempts": 0,
        "failures": 0,
        "created_us": created_us,
        "started_us": None,
        "done_us": None,
        "reason": None,
    }
