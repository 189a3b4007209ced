"""What the desk page and the HTTP API see of the rest: values and Protocols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Protocol

from wire.common.lists import EndpointRow, QuarantineRow, StoryDetail, StoryRow
from wire.common.people import Session
from wire.story import Document, Revision


class SessionRows(Protocol):
    """Sessions by the hash of their token. Thread-safe. Raises StoreError."""

    def begin(self, token_sha256: str, made: Session) -> None:
        """Keep a session."""
        ...

    def find(self, token_sha256: str, now: datetime) -> Session | None:
        """The session of a token; None when there is none, or its time is over."""
        ...

    def end(self, token_sha256: str) -> None:
        """Let go of a session."""
        ...


#: The status of a filter that asks for near-duplicates.
DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which stories somebody wants to see; empty fields ask for nothing."""

    text: str = ""  #: words, of which one may end in ``*``
    source: str = ""
    topic: str = ""  #: qcode; everything below it too
    language: str = ""  #: BCP 47; ``en`` takes ``en-GB`` too
    status: str = ""  #: a standing, ``corrected``, or ``duplicate``: of an earlier story, nearly

    def given(self) -> dict[str, str]:
        """The fields that are not empty."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Where a story stands with one endpoint."""

    endpoint: str
    state: str  #: `wire.story.DeliveryState` of the latest delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A story on the board: as in other lists, and what only the board shows."""

    story: StoryRow
    seq: int  #: of the version in force
    slugline: str | None
    language: str | None  #: BCP 47
    urgency: int | None  #: 1 (most) to 9
    feeds: tuple[str, ...]
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """Some stories, newest first."""

    rows: tuple[BoardRow, ...]
    older: int | None  #: what to ask for the next page with; None at the end
    unsearchable: int = 0  #: newest versions that a filter has not looked at, since they are not indexed yet


class BoardShelf(Protocol):
    """Stories as the board shows them. Thread-safe. Raises StoreError."""

    def page(self, wanted: Filter, before: int | None = None, limit: int = 50) -> BoardPage:
        """The newest stories that a filter lets through.

        before  go on with what is older than this, from a former page's ``older``
        """
        ...

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """Values that filters can take: ``source``, ``language``, ``topic``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file as it came."""

    intake_id: int
    source: str
    name: str  #: for people; never used to build a path
    arrived_at: datetime
    data: bytes = field(repr=False)


class StoryView(Protocol):
    """A story with all its versions, and what they came from. Thread-safe. Raises StoreError."""

    def detail(self, story_id: str) -> StoryDetail | None:
        """The story with everything that happened to it, by its id or guid."""
        ...

    def revision(self, story_id: str, seq: int) -> Revision | None:
        """One version; None when the story has none of that number, or its copy is kept no more."""
        ...

    def original(self, story_id: str, seq: int) -> Original | None:
        """The file that brought a version, or the last one before it that a file brought."""
        ...

    def document(self, seq: int, format: str) -> Document | None:
        """A kept document of a version; None when that format was not kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFile:
    """A file that lies in the inbox."""

    name: str  #: below the inbox, for people
    size: int  #: bytes
    changed_at: datetime  #: aware UTC
    unfinished: bool  #: by its name it is not meant to be taken yet
    growing: bool  #: changed so lately that it may still be written to


class DropBox(Protocol):
    """The inbox, seen by who drops files through the desk. Thread-safe."""

    def sources(self) -> tuple[str, ...]:
        """The sources that a file can be dropped for; the first, ``""``, is the inbox itself."""
        ...

    def put(self, source: str, name: str, data: bytes, *, who: str, how: str) -> str:
        """Drop a file for somebody; returns the name it has in the inbox. Raises CommandError, StoreError.

        how  in words, for the histories of its stories
        """
        ...

    def waiting(self) -> tuple[WaitingFile, ...]:
        """What lies in the inbox, the oldest change first, up to a number."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideFile:
    """A file in quarantine, with its bytes where they were read."""

    rows: tuple[QuarantineRow, ...]  #: of each of its stories that is set aside; at least one
    original: Original | None
    handed: tuple[str, str] | None = None  #: who handed it over at the desk, and how


class QuarantineView(Protocol):
    """What could not be read. Thread-safe. Raises StoreError."""

    def held(self) -> list[QuarantineRow]:
        """Everything that is set aside, the oldest first."""
        ...

    def file(self, intake_id: int) -> SetAsideFile | None:
        """One file; None when nothing of it is set aside."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStanding:
    """What a feed shows."""

    id: str
    shown: int  #: entries
    latest: datetime | None  #: when its newest story became public
    hours: tuple[int, ...]  #: stories that became public in each of the last 24 hours, the latest last


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How one delivery ended."""

    lag_s: float  #: from the story's acceptance
    sent: bool  #: else given up


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointOrder:
    """What somebody ordered of an endpoint."""

    at: datetime
    who: str
    what: str  #: such as ``resumed``


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStanding:
    """An endpoint's health, and how its latest deliveries ended."""

    row: EndpointRow
    settled: tuple[Settled, ...]  #: the oldest first
    orders: tuple[EndpointOrder, ...]  #: the newest first


class OutletShelf(Protocol):
    """Feeds and endpoints, and what people ordered of these. Thread-safe. Raises StoreError."""

    def feeds(self, limits: Mapping[str, int]) -> tuple[FeedStanding, ...]:
        """Each of these feeds, of which this many entries are shown."""
        ...

    def endpoints(self) -> tuple[EndpointStanding, ...]:
        """Every endpoint that is or was configured, by id."""
        ...
