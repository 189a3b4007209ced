"""What `wire.store.browse` answers with: lines of lists, and a story in detail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wire.story import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story in a list."""

    id: str
    guid: str
    source: str
    version: int
    standing: str
    headline: str | None
    action: str
    updated: datetime
    release_at: datetime | None
    first_id: str | None  #: the first story of its group of near-duplicates; None when it has none
    similarity: float | None  #: to the first story, 0 to 1; None for that itself


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeRow:
    """Another story of the same group of near-duplicates."""

    id: str
    source: str
    standing: str
    headline: str | None
    similarity: float | None  #: to the group's first story; None for that itself


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """One arrival or event in a story's life."""

    seq: int
    version: int
    action: str
    standing: str
    reason: str
    headline: str | None
    accepted_at: datetime
    file: str | None  #: the file that brought it; None for an event such as a release
    feeds: tuple[str, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One try of a delivery."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    state: str | None
    status: int | None
    detail: str | None
    bytes: int | None = None  #: of the document
    next_at: datetime | None = None  #: when the next attempt was to be made


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivery in a list."""

    id: int
    endpoint: str
    story_id: str
    version: int
    action: str
    format: str
    key: str
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    reason: str | None
    failures: int = 0  #: attempts that failed since it was queued, or queued anew by hand
    priority: int = 3  #: 0 goes first
    tries: tuple[AttemptRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """What somebody did to a story."""

    at: datetime
    who: str
    what: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDetail:
    """A story with everything that happened to it."""

    story: StoryRow
    json: str  #: the version in force, as `wire.storyjson`
    revisions: tuple[RevisionRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    history: tuple[HistoryRow, ...]
    alike: tuple[AlikeRow, ...]  #: its near-duplicates, the first of them first

    @property
    def printed(self) -> RevisionRow:
        """The last version of which documents are kept; the last one where there are none."""
        return next((row for row in reversed(self.revisions) if row.formats), self.revisions[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    """A file, or one story of it, set aside."""

    intake_id: int
    item: int
    source: str
    name: str
    size: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRow:
    """An endpoint's health, and its queue at a glance."""

    id: str
    configured: bool
    disabled: str | None
    paused_until: datetime | None  #: it rests until then, by its own wish or after failures
    states: dict[str, int]  #: delivery state → rows
    state: str = "working"  #: or ``resting``, ``probing``, ``paused``, ``disabled``, ``removed``
    why: str | None = None  #: why nothing is sent until people change something
    waiting: int = 0  #: deliveries still to be made, those under way included
    due: int = 0  #: of these, those that could be sent now
    sending: int = 0  #: of these, those under way
    recalls: int = 0  #: of these, those that take a story back
    oldest_recall_at: datetime | None = None  #: when the longest waiting one of those was ordered
    dead: int = 0  #: given up
    dead_recalls: int = 0  #: of these, those that take a story back
    oldest_at: datetime | None = None  #: when the longest waiting one was accepted
    lag_s: float = 0.0  #: how long that is ago
    delivered: int = 0  #: deliveries made
    failures: int = 0  #: attempts that failed in a row by the endpoint's fault
    success_rate: float | None = None  #: share of the last 60 attempts that succeeded; None without any
    last_success: datetime | None = None
    last_failure: datetime | None = None
    failing_since: datetime | None = None  #: the first failure after the last success
    last_failure_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything at a glance."""

    files: dict[str, int]  #: outcome → files taken
    stories: dict[str, int]  #: standing → stories
    feeds: dict[str, int]  #: feed → stories standing in it
    quarantined: int
    endpoints: tuple[EndpointRow, ...]

    @property
    def queued(self) -> int:
        """Deliveries that still have to be made."""
        waiting = (DeliveryState.DUE.value, DeliveryState.SENDING.value)
        return sum(row.states.get(state, 0) for row in self.endpoints for state in waiting)

    @property
    def held(self) -> int:
        """Deliveries that wait until people resume their endpoints."""
        return sum(row.states.get(DeliveryState.HELD.value, 0) for row in self.endpoints)

    @property
    def dead(self) -> int:
        """Deliveries given up."""
        return sum(row.states.get(DeliveryState.DEAD.value, 0) for row in self.endpoints)
