"""The values that travel along the wire, each named after what is known of the story by then.

RawFile → Draft → Story → Verdict → Revision → Document → Delivery → Receipt

All are frozen and keyword-only, and do no I/O. Field names are IPTC's in snake_case
(NewsML-G2 2.35, ninjs 3.1); unknown values are None or empty tuples, never empty strings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

#: The instant that stands for an embargo without an end (an empty ``<embargoed/>``).
OPEN_ENDED = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class PubStatus(StrEnum):
    """NewsML-G2 ``itemMeta/pubStatus`` (scheme ``stat``)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class Action(StrEnum):
    """What the desk makes of an arrival."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    KILL = "kill"
    WITHHOLD = "withhold"
    RELEASE = "release"  #: withheld or embargoed copy becomes public
    EMBARGO = "embargo"  #: held by hand, or held longer or shorter than it was
    EXPIRE = "expire"  #: its time is over: it leaves the feeds and stays in the archive
    PURGE = "purge"  #: kept as long as its source is: its copy goes, its identity stays
    DUPLICATE = "duplicate"  #: the same content again: recorded, nothing else happens
    STALE = "stale"  #: an older version, late: kept, changes nothing


class Standing(StrEnum):
    """Where a story stands towards the public."""

    LIVE = "live"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    KILLED = "killed"
    EXPIRED = "expired"
    PURGED = "purged"  #: nothing of its copy is kept any more


class Guess(StrEnum):
    """A field that may be read out of a story's words where nobody states it."""

    LANGUAGE = "language"
    URGENCY = "urgency"
    PLACES = "places"  #: and where it was written
    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    SUBJECTS = "subjects"
    KEYWORDS = "keywords"


#: The rank of a source that is given none: 1 is the best, 9 the last.
USUAL_RANK = 5


class Duplicates(StrEnum):
    """What a feed shows of stories that are near-duplicates of each other."""

    ALL = "all"
    BEST = "best"  #: that of the best source, the first of several
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is known of a sub-folder of the inbox beforehand: its stories need not say it themselves."""

    id: str
    provider: str | None = None
    charset: str | None = None  #: the fallback when a document does not tell and is not UTF-8
    language: str | None = None  #: BCP 47
    timezone: str = "UTC"  #: IANA name; for dates without a zone
    own_timezone: bool = False  #: the zone is known of this source, not merely that of the desk
    trusted: bool = False  #: text marks such as "KILL" may act
    profile: str | None = None  #: dialect of its line formats (`wire.parse.profiles`); guessed when None
    urgency: int | None = None  #: of stories that state none, 1 (most) to 9
    enrich: frozenset[Guess] = frozenset(Guess)  #: what may be guessed
    #: what tells the story of a document without a guid: ``file-name``, ``slugline`` (of a day), ``nothing``
    same_story: str = "file-name"
    story_in_name: str | None = None  #: regular expression: the part of a file's name that names the story


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """A file that has settled, as it lay in the inbox."""

    data: bytes
    name: str  #: the file's own name, for people; never used to build a path
    source: Source
    arrived_at: datetime  #: aware, UTC
    sha256: str  #: hex, of ``data``

    @classmethod
    def of(cls, data: bytes, *, name: str, source: Source, arrived_at: datetime) -> RawFile:
        """A file of these bytes."""
        digest = sha256(data).hexdigest()
        return cls(data=data, name=name, source=source, arrived_at=arrived_at, sha256=digest)


def once_key(source: str, sha256: str) -> str:
    """What every arrival of the same bytes from the same source has in common."""
    return f"{source} {sha256}"


#: Characters of an identity: in whatever script, an index of any database holds so many.
_LONGEST_IDENTITY = 600


def identity_of(kind: str, name: str) -> str:
    """What tells a story from all others, such as ``guid urn:x:1``; very long names count by their digest."""
    identity = f"{kind} {name}"
    if len(identity) <= _LONGEST_IDENTITY:
        return identity
    return f"{kind} sha256:{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A person, place, organisation, subject or genre: a name, a code, or both."""

    name: str | None = None
    qcode: str | None = None  #: such as ``medtop:16000000`` or ``iso3166-1a2:SY``
    guessed: bool = False  #: read out of the text by us, not stated by the document


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the story was written (``contentMeta/located``)."""

    name: str
    country: str | None = None
    qcode: str | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of the story; ``href`` is named, never fetched."""

    caption: str | None = None
    credit: str | None = None
    href: str | None = None
    mimetype: str | None = None
    width: int | None = None  #: pixels
    height: int | None = None  #: pixels
    size: int | None = None  #: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the item (``itemMeta/link``): to a web resource or to another item."""

    rel: str | None = None  #: such as ``irel:previousVersion`` or ``irel:seeAlso``
    href: str | None = None
    residref: str | None = None  #: guid of another item
    version: int | None = None  #: of the item named by ``residref``
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a story says, field by field; the part that Draft and Story share."""

    pub_status: PubStatus = PubStatus.USABLE
    signals: tuple[str, ...] = ()  #: codes of scheme ``sig``: ``update``, ``correction``, …
    language: str | None = None  #: BCP 47
    headline: str | None = None
    subheadline: str | None = None
    slugline: str | None = None
    byline: str | None = None  #: as printed
    creators: tuple[str, ...] = ()
    dateline: str | None = None  #: as printed
    located: Location | None = None
    description: str | None = None  #: standfirst or summary, plain text
    pictures: tuple[Picture, ...] = ()
    keywords: tuple[str, ...] = ()
    subjects: tuple[Concept, ...] = ()
    genres: tuple[Concept, ...] = ()
    urgency: int | None = None  #: 1 (most) to 9
    places: tuple[Concept, ...] = ()
    people: tuple[Concept, ...] = ()
    organisations: tuple[Concept, ...] = ()
    provider: str | None = None
    info_sources: tuple[str, ...] = ()
    creditline: str | None = None
    first_created: datetime | None = None
    version_created: datetime | None = None
    content_created: datetime | None = None
    embargoed: datetime | None = None  #: OPEN_ENDED when no end is set
    expires: datetime | None = None
    copyright_holder: str | None = None
    copyright_notice: str | None = None
    usage_terms: str | None = None
    ed_notes: tuple[str, ...] = ()  #: to editors only: never in a body, feed or page
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Copy):
    """What a document itself says: nothing invented, nothing cleaned yet.

    Times may be naive (the document gave no zone); ``body_html`` may be hostile. A document without
    markup gives its body as HTML too (paragraphs escaped by the parser).
    """

    format: str  #: the parser's name, such as ``newsml-g2``
    guid: str | None = None  #: the document's own identity
    version: int | None = None
    body_html: str = ""
    base_url: str | None = None  #: what relative links in the body are relative to
    timezone: str | None = None  #: IANA name, of times without a zone; None where it is the source's
    charset: str | None = None  #: as decoded
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a story came from and what was guessed, repaired or ignored on the way."""

    format: str
    source: str
    file: str
    sha256: str
    charset: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Copy):
    """The one normal form: clean, complete, every time aware.

    ``guid`` and ``version`` are None while the document does not state them; the desk assigns
    both when it keeps the story.

    Raises ValueError on a naive time.
    """

    guid: str | None = None
    version: int | None = None
    body_html: str = ""  #: sanitised XHTML fragment: well-formed, allow-listed elements only
    word_count: int = 0
    origin: Origin

    def __post_init__(self) -> None:
        for name in ("first_created", "version_created", "content_created", "embargoed", "expires"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{name} has no time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """What a version states of its place among the versions of its story (`wire.desk.precedence`)."""

    version: int | None = None
    created: datetime | None = None  #: ``version_created``
    status: PubStatus = PubStatus.USABLE
    embargoed: datetime | None = None
    content_sha256: str  #: `wire.storyjson.content_sha256`


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What people decided on a story. It outlasts the versions that follow."""

    killed: bool = False  #: whatever its source says
    withheld: bool = False  #: whatever its source says, until they release it
    ruled: bool = False  #: its embargo is theirs
    until: datetime | None = None  #: where ``ruled``: when it ends; None when they lifted it
    over: datetime | None = None  #: the source's embargo that they knew of; a longer one counts again


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the store holds of a story when the next version of it arrives."""

    story_id: str
    guid: str
    identity: str  #: that of the version in force (`wire.desk.identity.identity`)
    source: str  #: which delivered it first
    seq: int  #: of the latest revision in force
    version: int  #: as given out; at least the one stated
    rank: Rank  #: of the version in force, as its source stated it
    standing: Standing
    first_published: datetime | None  #: None while it has never been public
    release_at: datetime | None = None  #: end of the embargo in force
    feeds: tuple[str, ...] = ()  #: where it stands now
    recalled: tuple[str, ...] = ()  #: where it stood when it was taken back, as long as it is
    endpoints: tuple[str, ...] = ()  #: those for which a version of it was ever queued
    by_hand: ByHand | None = None
    told: str = ""  #: what the version in force tells its readers (`wire.desk.significance`)
    revised: datetime | None = None  #: when that last changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The desk's decision on one arrival or event."""

    action: Action
    story_id: str
    guid: str
    version: int
    standing: Standing  #: of the story once this is kept
    reason: str  #: for people
    rank: Rank  #: of the version in force once this is kept
    release_at: datetime | None = None  #: aware UTC; when an embargoed story becomes public
    due_at: datetime | None = None  #: when the story changes by itself: embargo or life ends
    feeds: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    recalled: tuple[str, ...] = ()  #: endpoints that may not have it any more, though others may
    recall: Story | None = None  #: what documents for those say
    by_hand: ByHand | None = None
    copy: Story | None = None  #: what is to be kept where it is not what arrived
    printed: Story | None = None  #: what documents say where it is less than the copy

    @property
    def changes(self) -> bool:
        """Whether it is more than a note of an arrival."""
        return self.action not in {Action.DUPLICATE, Action.STALE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One accepted version of a story: from here on no crash can lose it.

    ``seq`` rises with every accepted revision of any story and is the only order that counts.
    """

    seq: int
    story_id: str  #: ours, ``[a-z0-9]+``; file names and URLs are built from it alone
    guid: str
    version: int
    action: Action
    standing: Standing
    story: Story
    accepted_at: datetime  #: aware UTC
    published: datetime  #: first publication, fixed for the story's life; aware UTC
    updated: datetime  #: aware UTC, strictly rising with ``seq``
    feeds: tuple[str, ...] = ()
    release_at: datetime | None = None
    revised: datetime | None = None  #: the last change that is news to readers; ``updated`` when None

    @property
    def significant_at(self) -> datetime:
        """When it last changed in a way that readers should look at again; aware UTC."""
        return self.revised or self.updated


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A story written in one format."""

    format: str  #: the renderer's name, such as ``newsml-g2``
    media_type: str
    body: bytes
    suffix: str  #: ending of a file that holds it, without the dot: ``xml``
    losses: tuple[str, ...] = ()  #: fields of the story that the format cannot carry


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a delivery goes whose endpoint stands in no configuration: to who asked for it (WebSub)."""

    url: str
    topic: str  #: address of what is sent
    hub: str = ""  #: address of the hub that sends it; empty of what is sent to a hub
    secret: str | None = field(default=None, repr=False)  #: signs what is sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One document on its way to one endpoint, as claimed for one attempt."""

    id: int
    endpoint: str
    lane: str
    story_id: str
    version: int
    seq: int
    action: Action
    key: str  #: idempotency key, the same for ever
    attempt: int  #: counts from 1; this one included
    failures: int = 0  #: attempts that failed since it was queued, or queued anew by hand
    created_at: datetime  #: aware UTC, when the story was accepted
    document: Document
    target: Target | None = None  #: None of an endpoint that is configured


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that an endpoint took one delivery."""

    accepted_at: datetime  #: aware, UTC
    took_ms: int  #: whole exchange, connect included
    status: int | None = None  #: the transport's own code, such as an HTTP status
    detail: str = ""


class DeliveryState(StrEnum):
    """The one state field of a delivery row."""

    DUE = "due"  #: waits for its turn (``due_at`` may lie ahead)
    SENDING = "sending"  #: claimed by a lane's turn, under its lease
    DONE = "done"
    SUPERSEDED = "superseded"  #: a newer version of the story took its place before it was sent
    DEAD = "dead"  #: given up; visible, may be retried by hand
    HELD = "held"  #: due, but its endpoint is paused, disabled or removed; shown so, never kept so


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt ended, as written back to the queue."""

    delivery_id: int
    state: DeliveryState  #: DONE, DUE (to be retried) or DEAD
    started_at: datetime
    ended_at: datetime
    status: int | None = None
    detail: str = ""  #: error text, or what the endpoint said
    bytes: int = 0  #: of the document
    next_due: datetime | None = None  #: with DUE
    blames_endpoint: bool = False  #: it failed because of the endpoint, not of the document
    pause_endpoint_until: datetime | None = None  #: Retry-After or breaker: the whole endpoint waits
    disable_endpoint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A revision as feed entry bytes, rendered once and joined into every feed that carries it."""

    seq: int
    story_id: str
    published: datetime
    updated: datetime
    rss: bytes = field(repr=False)
    atom: bytes = field(repr=False)
    json: bytes = field(repr=False)
    tombstone: bytes = field(default=b"", repr=False)  #: stands before the entries of an Atom feed
