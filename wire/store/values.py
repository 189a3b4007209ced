"""What one transaction is given to keep, before it becomes rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wire.common.likeness import Grouping
from wire.story import Action, ByHand, Document, Kept, Rank, Revision, Standing

#: The format that every version is kept in.
FORMAT_OF_RECORD = "newsml-g2"
#: Standings of a story that was taken back.
TAKEN_BACK = frozenset((Standing.KILLED, Standing.WITHHELD))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIntake:
    """A file that was taken."""

    id: int
    sha256: str | None  #: None when it was refused unread
    source: str
    name: str
    size: int  #: bytes
    arrived_at: datetime
    outcome: str  #: ``stories``, ``duplicate`` or ``quarantined``
    items: int  #: stories in it, those set aside included
    data: bytes | None = field(default=None, repr=False)  #: None for a duplicate
    duplicate_of: int | None = None
    once_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """A version with all that is derived from it; notes (duplicate, stale) have no derivatives."""

    revision: Revision
    reason: str
    intake_id: int | None
    item: int
    identity: str
    source: str  #: which delivered the story first
    rank: Rank  #: of the version in force once this is kept
    first_published: datetime | None  #: None while the story has never been public
    due_at: datetime | None = None  #: when the story changes by itself
    by_hand: ByHand | None = None
    supersedes: bool = False  #: what was queued of the story before is out of date
    documents: tuple[Document, ...] = ()
    json: str | None = field(default=None, repr=False)  #: the story as it is kept, if it is encoded already
    told: str = ""  #: what it tells readers (`wire.desk.significance`)

    @property
    def in_force(self) -> bool:
        """Whether it is the story's latest version, not merely a note of an arrival."""
        return self.revision.action not in {Action.DUPLICATE, Action.STALE}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A document to be carried to an endpoint."""

    id: int
    endpoint: str
    lane: str
    story_id: str
    seq: int
    version: int
    action: Action
    format: str
    key: str
    priority: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A file, or one story of it, that could not be read or written."""

    intake_id: int
    item: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHistory:
    """What somebody did to a story."""

    id: int
    story_id: str
    at: datetime
    who: str
    what: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """All that one transaction keeps."""

    intakes: tuple[NewIntake, ...] = ()
    revisions: tuple[NewRevision, ...] = ()
    deliveries: tuple[NewDelivery, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    groupings: tuple[Grouping, ...] = ()  #: in the order in which they were decided on
    known: Mapping[str, Kept] = field(default_factory=dict)  #: by story id: stories kept before
    names: Mapping[str, str] = field(default_factory=dict)  #: identity → id of the story that it leads to now
    renewed: Mapping[str, Rank] = field(default_factory=dict)  #: by story id: a rank alone that changed
    history: tuple[NewHistory, ...] = ()
    outlived: tuple[str, ...] = ()  #: ids of stories whose former versions go, with all that they brought


def next_kept(new: NewRevision, before: Kept | None, endpoints: Sequence[str]) -> Kept:
    """What is kept of the story once ``new`` is in force, for the next arrival of the same batch.

    endpoints  those for which ``new`` is queued
    """
    made = new.revision
    back = before if before and made.standing in TAKEN_BACK else None
    return Kept(
        story_id=made.story_id,
        guid=made.guid,
        identity=new.identity,
        source=new.source,
        seq=made.seq,
        version=made.version,
        rank=new.rank,
        standing=made.standing,
        first_published=new.first_published,
        release_at=made.release_at,
        feeds=made.feeds,
        recalled=(back.feeds or back.recalled) if back else (),
        endpoints=tuple(dict.fromkeys((*(before.endpoints if before else ()), *endpoints))),
        by_hand=new.by_hand,
        told=new.told,
        revised=made.significant_at,
    )
