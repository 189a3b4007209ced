"""The Protocols through which the stages meet; stages never import each other.

A seam is one or two methods. Each docstring names who builds the object, which threads use it and
which errors it may raise.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from wire.errors import DeliveryError, IntakeError
from wire.story import (
    Action,
    Delivery,
    Document,
    Draft,
    Outcome,
    RawFile,
    Receipt,
    Revision,
    Standing,
    Story,
)

#: Gives the current instant, aware and UTC. Injected wherever a decision needs the time.
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who we are, as documents, feeds and pages say it."""

    name: str
    id: str  #: a domain name; used in guids, never changes
    language: str = "en"  #: BCP 47
    timezone: str = "UTC"  #: IANA name
    home_page: str
    base_url: str  #: of our own HTTP surface, without a trailing slash


class Parser(Protocol):
    """Reads one format. Stateless; used by several threads at once."""

    name: str  #: the format's name, such as ``newsml-g2``

    def evidence(self, raw: RawFile) -> int:
        """How surely the file is of this format: 0 (not at all) to 100 (its own root element).

        Looks at the name and the first 4 kB only; never raises.
        """
        ...

    def parse(self, raw: RawFile) -> Sequence[Draft | IntakeError]:
        """What the document says, one Draft a story, in the document's order.

        A story of several that cannot be understood is an IntakeError among the Drafts. Raises IntakeError
        when nothing can be understood; anything less is a warning in the Draft.
        """
        ...


#: Reads a file that another one encloses, as if it had come by itself. Raises IntakeError.
ReadPart = Callable[[RawFile], Sequence[Draft]]


class Container(Parser, Protocol):
    """Reads a format whose files enclose other files, such as e-mail with attachments.

    It never learns of other parsers: detection hands it the function that reads an enclosed file and
    counts how many there are and how deep they lie.
    """

    def parse_parts(self, raw: RawFile, read_part: ReadPart) -> Sequence[Draft | IntakeError]:
        """As `parse`, with what the enclosed files say; one that cannot be read is a warning."""
        ...


class Step(Protocol):
    """One normalising step: fills in or repairs fields of a draft. Pure; used by several threads."""

    def __call__(self, draft: Draft, raw: RawFile) -> Draft:
        """The draft with more known; what is guessed is marked, what the document states stays.

        Raises IntakeError when the draft can be no story.
        """
        ...


class Renderer(Protocol):
    """Writes one format. Stateless; used by several threads at once. Pure: no clock, no I/O."""

    format: str
    media_type: str

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as a document. Raises RenderError and nothing else."""
        ...


class Transport(Protocol):
    """Carries finished documents to one endpoint.

    Built once per endpoint by the composition root, used by one thread at a time, closed at
    shutdown. Raises DeliveryError and nothing else.
    """

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """Hand the document over, or raise.

        deadline_s  seconds for the whole exchange, not for one read
        """
        ...

    def probe(self) -> None:
        """Prove that the endpoint is usable as configured, without delivering anything."""
        ...

    def close(self) -> None:
        """Release connections; may be called from another thread to break off a send."""
        ...


class BatchTransport(Transport, Protocol):
    """A transport that can carry several documents in one exchange."""

    def send_all(self, deliveries: Sequence[Delivery], *, deadline_s: float) -> list[Receipt | DeliveryError]:
        """Hand the documents over, in their order; how each of them fared, in the same order.

        Never two of one story. Raises nothing that one of them alone could be told by.
        deadline_s  seconds for all of them together
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a worker takes what is due in a lane."""

    limit: int  #: deliveries at most
    lease_s: float  #: longer than any exchange with the endpoint may last
    pace_s: float = 0.0  #: seconds of the endpoint's time that each delivery takes; 0: as fast as it can
    patience: int = 0  #: failures in a row after which one delivery alone is let through; 0: no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What a worker holds of a lane: claimed deliveries under a lease, or nothing."""

    deliveries: tuple[Delivery, ...] = ()
    failures: int = 0  #: attempts at the endpoint that failed in a row before these
    more: bool = False  #: nothing is held, but something is due in the lane right now


class Queue(Protocol):
    """The delivery rows, seen by the engine. Thread-safe. Raises StoreError.

    A lane is ``endpoint/n``: one endpoint's share of the stories, worked by one turn at a time.
    """

    def take(self, lane: str, terms: Terms, *, worker: str) -> Hand:
        """Lease the lane and claim its due heads, each attempt recorded before the work.

        Kills and withholds first, and by themselves; then corrections, urgent copy and the rest, each in the
        order in which they fell due. The newest version of a story supersedes its unsent older ones; never
        two of one story at once. Empty when another worker holds the lane, the endpoint is not to be called
        now, or nothing is due.
        """
        ...

    def settle(
        self, lane: str, outcomes: Sequence[Outcome], *, worker: str, then: Terms | None = None
    ) -> Hand:
        """Write back how attempts ended, and what was claimed and not tried as if it had not been claimed.

        With ``then`` the lease is renewed and the next heads are claimed, in the same transaction; without
        it, or when there are none, the lane is released. Fenced on the lease's holder: changes nothing, and
        gives nothing, when that is another by now.
        """
        ...

    def ripe(self, *, limit: int) -> list[str]:
        """Lanes that hold something due, whose endpoint may be called, and that are under no live lease."""
        ...

    def next_due(self) -> datetime | None:
        """When the next waiting delivery may be sent; None when nothing waits."""
        ...


class Taking(NamedTuple):
    """`Queue.take`, to be carried out."""

    lane: str
    terms: Terms


class Settling(NamedTuple):
    """`Queue.settle`, to be carried out."""

    lane: str
    outcomes: Sequence[Outcome]
    then: Terms | None


LaneStep = Taking | Settling


class SharedQueue(Queue, Protocol):
    """A queue whose workers may die while this process lives on."""

    def begin(self, steps: Sequence[LaneStep], *, worker: str) -> Callable[[], list[Hand | Exception]]:
        """`take` and `settle` of as many lanes, in this order and in one transaction, without waiting for it.

        What is returned waits, and gives each one's hand or error: a step that fails harms no other. Raises
        StoreError when nobody knows what became of them."""
        ...

    def abandon(self, worker: str) -> None:
        """Give up all that a worker holds, which is known to be dead: what it had claimed is due again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineHealth:
    """What the engine says of itself."""

    working: tuple[str, ...]  #: lanes whose turn is running
    waiting: int  #: lanes known to be ripe


class Engine(Protocol):
    """Says which lane to look at; the rows are the truth, so it may forget or repeat harmlessly."""

    def wake(self, lanes: Sequence[str], *, urgent: bool = False) -> None:
        """Look at these lanes soon. Called after a commit; never blocks, never raises."""
        ...

    def run(self, stop: threading.Event) -> None:
        """Work lanes until ``stop``, then let running turns end, within limits. Called once.

        `wake` with no lanes makes it notice the stop at once.
        """
        ...

    def health(self) -> EngineHealth:
        """A snapshot for the status page."""
        ...


class FeedRows(Protocol):
    """What stands in the feeds, seen by the feed board. Thread-safe. Raises StoreError."""

    def window(self, feed: str, limit: int) -> list[Revision]:
        """The newest versions in force that stand in a feed, newest story first.

        After them, beyond the limit, those by which stories were taken back that stood among these.
        """
        ...


class ArchiveRows(Protocol):
    """What became public in a feed on which day. Thread-safe. Raises StoreError."""

    def day(self, feed: str, start: datetime, end: datetime) -> list[int]:
        """The versions in force (``seq``) of stories first published from ``start`` to before ``end``.

        And those by which stories were taken back that stood among these; in the order of publication.
        """
        ...

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        """Versions by number, in no order; those that are kept no more are left out."""
        ...

    def around(self, feed: str, start: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
        """When the last story before ``start`` and the first one from ``end`` on became public."""
        ...


class RecentRows(Protocol):
    """What became public lately, seen by the news sitemap. Thread-safe. Raises StoreError."""

    def recent(self, since: datetime, limit: int) -> list[int]:
        """The versions in force (``seq``) of stories that first stood in a feed since then, newest first."""
        ...

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        """Versions by number, in no order; those that are kept no more are left out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A feed as served: the same bytes until the feed changes."""

    body: bytes = field(repr=False)
    media_type: str
    etag: str  #: hex digest of ``body``, unquoted
    modified: datetime  #: latest change of any entry; aware UTC
    max_age_s: int = 60  #: how long it may be shown without asking whether there is a newer one
    coded: Callable[[str], bytes] = field(repr=False)  #: by content coding; compressed once, then kept


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedInfo:
    """A feed as people and OPML see it."""

    id: str
    title: str
    description: str
    language: str | None = None  #: BCP 47; the house's when None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A story in the list of a feed's newest."""

    title: str
    url: str
    summary: str  #: plain text; empty when there is none
    published: datetime  #: aware UTC
    language: str | None  #: BCP 47


class ArchiveShelf(Protocol):
    """The past of the feeds, ready to be served. Thread-safe."""

    def page(self, feed: str, day: str) -> Rendition | None:
        """A day (``YYYY-MM-DD``) of a feed as Atom; None when it holds no story. Raises StoreError."""
        ...


class FeedShelf(Protocol):
    """Feeds ready to be served. Thread-safe."""

    def infos(self) -> tuple[FeedInfo, ...]:
        """Every public feed, in the configuration's order."""
        ...

    def is_private(self, feed: str) -> bool:
        """Whether there is such a feed and only its readers may see it."""
        ...

    def rendition(
        self, feed: str, format: str, *, private: bool = False, patient: bool = False
    ) -> Rendition | None:
        """The feed as of the latest commit (``rss``, ``atom`` or ``json``); None when there is no such feed.

        private  whether a private feed may be given as well: only to who proved to be its reader
        patient  whether in a rush one of a tenth of a second ago will do; what was taken back is in none

        Raises StoreError when its entries have to be loaded and cannot be.
        """
        ...

    def delta(self, feed: str, format: str, known: Sequence[str]) -> Rendition | None:
        """The feed with only what is new to who has versions of these entity tags; None when that is unknown.

        Raises StoreError as `rendition` does.
        """
        ...

    def headlines(self, feed: str, limit: int) -> tuple[Headline, ...]:
        """The newest stories of a public feed, newest first. Raises StoreError as `rendition` does."""
        ...

    def listing(self, name: str) -> Rendition | None:
        """What tells of all feeds (``feeds.opml``, ``sitemap-news.xml``); None of any other name.

        Raises StoreError.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A story as the public may see it."""

    standing: Standing
    revision: Revision | None  #: None unless LIVE or EXPIRED
    feeds: tuple[str, ...] = ()  #: in which it stands, or stood until its time was over


class Pages(Protocol):
    """Writes what people see of us. Stateless; used by several threads at once. Pure.

    Every page is a complete HTML5 document in UTF-8, without scripts.
    """

    policy: str  #: Content-Security-Policy under which the pages look as meant

    def story(self, revision: Revision) -> bytes:
        """A story. Raises RenderError and nothing else."""
        ...

    def feed(self, feed: FeedInfo, newest: Sequence[Headline]) -> bytes:
        """What a feed is, how to subscribe, and its newest stories."""
        ...

    def start(self, feeds: Sequence[FeedInfo]) -> bytes:
        """The way in: who we are, and every feed."""
        ...

    def withdrawn(self) -> bytes:
        """In the place of a story that was killed or withheld. Says nothing of the story."""
        ...

    def missing(self) -> bytes:
        """In the place of what never was."""
        ...


class StoryRows(Protocol):
    """Stories by id, as the store has them. Thread-safe. Raises StoreError."""

    def shelved(self, story_id: str) -> Shelved | None:
        """See `StoryShelf.shelved`."""
        ...

    def document(self, seq: int, format: str) -> Document | None:
        """A kept document of a revision; None when that format was not kept."""
        ...


class StoryShelf(Protocol):
    """Stories by id, seen by the web. Thread-safe. Raises StoreError."""

    def shelved(self, story_id: str) -> Shelved | None:
        """The version in force; None when there is no such story or it was never public."""
        ...

    def document(self, revision: Revision, format: str) -> Document | None:
        """A revision in a format of machines; None when it cannot be had."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody asked of our WebSub hub, until he has proved that he meant it."""

    mode: str  #: ``subscribe``, ``unsubscribe``; ``denied`` is ours, for who is to be told no
    topic: str  #: the feed's file, such as ``world.atom``
    callback: str  #: absolute http(s) address
    secret: str | None = field(default=None, repr=False)
    lease_s: int = 0  #: how long a subscription is to last
    tries: int = 0  #: questions that were not answered


class HubDesk(Protocol):
    """Takes what is asked of our WebSub hub, seen by the web. Thread-safe. Raises StoreError."""

    def ask(self, intent: Intent) -> bool:
        """Note it, to be verified soon; False when too many wait already."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a story that the public saw, or sees now."""

    seq: int  #: of the story's latest revision; rises with every change of any story
    story_id: str
    guid: str
    action: Action
    at: datetime  #: aware UTC
    revision: Revision | None  #: None when the public may not see it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """Some changes, in the order of the commits."""

    changes: tuple[Change, ...]
    cursor: int  #: where the next page begins, whether or not there were changes to tell
    more: bool  #: there may be more already
    unknown: bool = False  #: the point asked from lies after everything that was ever committed here


class ChangeLog(Protocol):
    """Everything that changed, from any point on. Thread-safe. Raises StoreError."""

    def since(self, seq: int, limit: int) -> ChangePage:
        """The stories whose latest revision is later than ``seq``, each once.

        limit  looked at in all; those never public are passed over
        """
        ...


class Normaliser(Protocol):
    """Joins the steps. Stateless; used by several threads at once."""

    def __call__(self, draft: Draft, raw: RawFile) -> Story:
        """The one normal form. Raises IntakeError when the draft is no story."""
        ...
