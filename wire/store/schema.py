"""The tables. Instants are integers: microseconds since 1970-01-01 UTC, in columns named ``…_us``.

Ids that rise (intake, revision, delivery) are handed out by ``counter`` inside the transaction that
uses them, so their order is the order of commits on every database. Bodies stand in tables of their
own, so that the narrow tables stay in cache however large the archive grows.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
    text,
)

#: The newest migration; the store refuses a database that knows a newer one.
HEAD = "0001"

metadata = MetaData()

#: SQLite makes only ``INTEGER`` primary keys the row's own address.
Id = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

#: Last value handed out, by name: ``intake``, ``revision``, ``delivery``; ``instant`` holds the
#: latest ``updated_us``, which never goes back.
counter = Table(
    "counter",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

#: One row for each file that was taken, whatever became of it.
intake = Table(
    "intake",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("sha256", String(64)),
    Column("source", String(255), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("arrived_us", BigInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("duplicate_of", BigInteger),
    # source and sha256 of the first arrival of these bytes; null for its duplicates
    Column("once_key", String(330), unique=True),
)

raw = Table(
    "raw",
    metadata,
    Column("intake_id", Id, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

story = Table(
    "story",
    metadata,
    Column("id", String(32), primary_key=True),
    # of the version in force; those that the story had before are in ``alias``
    Column("identity", Text, nullable=False, unique=True),
    Column("guid", Text, nullable=False),
    Column("source", String(255), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    # what the version in force states of its place (wire.story.Rank)
    Column("stated_version", BigInteger),
    Column("stated_status", String(16), nullable=False),
    Column("stated_embargo_us", BigInteger),
    Column("version_created_us", BigInteger),
    Column("content_sha256", String(64), nullable=False),
    Column("standing", String(16), nullable=False),
    Column("first_published_us", BigInteger),
    Column("release_us", BigInteger),
    # when it changes by itself: the end of its embargo, or of its life
    Column("due_us", BigInteger),
    Column("by_hand", Text),
    # where it stands now (``feed_set``); null when nowhere
    Column("feed_set", BigInteger),
)
# the migration says the same to PostgreSQL; naming its dialect here would load it at every start
Index("story_due", story.c.due_us, sqlite_where=story.c.due_us.is_not(None))
Index("story_seq", story.c.seq)
Index("story_published", story.c.first_published_us)
Index(
    "story_placed",
    *(story.c.feed_set, story.c.first_published_us, story.c.id),
    sqlite_where=story.c.feed_set.is_not(None),
)

#: Identities by which a story no longer goes, or which it is known to follow: their versions are its own.
alias = Table(
    "alias",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("story_id", String(32), nullable=False),
    sqlite_with_rowid=False,
)

revision = Table(
    "revision",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("story_id", String(32), nullable=False),
    Column("intake_id", BigInteger),
    Column("item", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("action", String(16), nullable=False),
    Column("standing", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("headline", Text),
    # what lists show besides, so that they need no copy
    Column("slugline", Text),
    Column("language", String(35)),
    Column("urgency", Integer),
    Column("accepted_us", BigInteger, nullable=False),
    Column("published_us", BigInteger, nullable=False),
    Column("updated_us", BigInteger, nullable=False),
    # the last change that is news to readers, and what they were told then
    Column("revised_us", BigInteger, nullable=False),
    Column("told", String(32), nullable=False),
    Column("release_us", BigInteger),
    Column("feed_set", BigInteger, nullable=False),
)
Index("revision_story", revision.c.story_id, revision.c.seq)

#: The story as JSON (`wire.storyjson`), one row a revision that is more than a note.
copy = Table(
    "copy",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("story", Text, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("format", String(100), primary_key=True),
    Column("media_type", String(100), nullable=False),
    Column("suffix", String(16), nullable=False),
    Column("losses", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

#: Feeds in which a version may stand together: each set once, so that a story's place costs the same
#: in one feed and in a thousand.
feed_set = Table(
    "feed_set",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("feeds", Text, nullable=False),
)

#: The sets that a feed is in.
feed_member = Table(
    "feed_member",
    metadata,
    Column("feed", String(64), primary_key=True),
    Column("set_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: In which feeds stories that were taken back stood, and by which revision they were.
withdrawal = Table(
    "withdrawal",
    metadata,
    Column("set_id", BigInteger, primary_key=True, autoincrement=False),
    Column("published_us", BigInteger, primary_key=True, autoincrement=False),
    Column("story_id", String(32), primary_key=True, index=True),
    Column("seq", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("endpoint", String(64), nullable=False),
    Column("lane", String(80), nullable=False),
    # or the file of a feed, for who is told of feeds
    Column("story_id", String(80), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("action", String(16), nullable=False),
    Column("format", String(100), nullable=False),
    # made of store, endpoint, story and revision, so it is one of a kind without an index
    Column("key", String(64), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_us", BigInteger, nullable=False),
    # all that were ever made; and those that failed since it was queued, or queued anew by hand
    Column("attempts", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    # of the attempt that is under way
    Column("started_us", BigInteger),
    Column("done_us", BigInteger),
    Column("reason", Text),
)
#: Deliveries that take a story back: nothing but a newer one to the same endpoint makes them needless.
RECALLS = ("kill", "withhold")
#: Revisions that are notes of an arrival: they never came into force.
NOTES = ("duplicate", "stale")
#: Every value of ``delivery.priority``: a lane's heads are looked up for each, since only so they are found
#: without passing over what falls due later.
PRIORITIES = (0, 1, 2, 3)
#: To be said in every query that is to use the index: what is settled leaves it.
ACTIVE: ColumnElement[bool] = literal_column("delivery.state IN ('due', 'sending')")
#: The same of what was not sent in the end.
UNSENT: ColumnElement[bool] = literal_column("delivery.state IN ('dead', 'superseded')")
Index(
    "delivery_queue",
    *(delivery.c.lane, delivery.c.state, delivery.c.priority, delivery.c.due_us, delivery.c.id),
    sqlite_where=text("state IN ('due', 'sending')"),
)
Index(
    "delivery_unsent",
    *(delivery.c.endpoint, delivery.c.state),
    sqlite_where=text("state IN ('dead', 'superseded')"),
)
Index("delivery_story", delivery.c.story_id, delivery.c.endpoint)

attempt = Table(
    "attempt",
    metadata,
    Column("delivery_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True),
    Column("started_us", BigInteger, nullable=False),
    Column("ended_us", BigInteger),
    Column("state", String(16)),
    Column("status", Integer),
    Column("bytes", BigInteger),
    Column("detail", Text),
    Column("next_us", BigInteger),
    sqlite_with_rowid=False,
)

endpoint = Table(
    "endpoint",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("configured", Integer, nullable=False),
    # why it is not called: it said 410, or people paused it
    Column("disabled", Text),
    Column("held", Text),
    # it rests until then, by its own wish or by the breaker; and the lane that probes it meanwhile
    Column("paused_until_us", BigInteger, nullable=False),
    Column("probe_lane", String(80)),
    # its rate allows no delivery before
    Column("paced_until_us", BigInteger, nullable=False),
    # attempts that failed in a row
    Column("failures", Integer, nullable=False),
    # its last attempts (`wire.store.standing`), and all that succeeded
    Column("recent", BigInteger, nullable=False),
    Column("delivered", BigInteger, nullable=False),
    Column("succeeded_us", BigInteger),
    Column("failed_us", BigInteger),
    Column("failing_us", BigInteger),  # the first failure after the last success
    Column("failure", Text),
)

lane = Table(
    "lane",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("endpoint", String(64), nullable=False),
    Column("holder", String(64)),
    Column("lease_until_us", BigInteger, nullable=False),
    # the earliest due_us of its rows; NEVER when it holds nothing that waits
    Column("due_us", BigInteger, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("intake_id", Id, primary_key=True, autoincrement=False),
    Column("item", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
)

#: Groups of near-duplicates, by their first stories, which stand in them too; stories alone do not.
likeness = Table(
    "likeness",
    metadata,
    Column("story_id", String(32), primary_key=True),
    Column("first_id", String(32), nullable=False, index=True),
    Column("similarity", Float),  # to the first story; null for that itself
    sqlite_with_rowid=False,
)

#: What is compared: sketches (`wire.common.likeness`) of stories that are first of a group or alone.
sketch = Table(
    "sketch",
    metadata,
    Column("story_id", String(32), primary_key=True),
    Column("sketch", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

#: By which sketches are found; of several that have one key, the newest.
sketch_key = Table(
    "sketch_key",
    metadata,
    Column("key", Id, primary_key=True, autoincrement=False),
    Column("story_id", String(32), nullable=False),
)

#: Who is told when a feed has changed: subscribers of our hub, and hubs elsewhere. Each is an endpoint with
#: one lane, whose name begins with ``hub:`` or ``ping:``.
subscription = Table(
    "subscription",
    metadata,
    Column("endpoint", String(64), primary_key=True),
    Column("topic", String(80), nullable=False, index=True),
    Column("callback", Text, nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("secret", Text),
    Column("lease_until_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: What was asked of our hub and is not verified yet.
intent = Table(
    "intent",
    metadata,
    Column("endpoint", String(64), primary_key=True),
    Column("mode", String(16), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("callback", Text, nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("secret", Text),
    Column("lease_s", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: The state of each feed that was told of last.
announced = Table(
    "announced",
    metadata,
    Column("topic", String(80), primary_key=True),
    Column("etag", String(64), nullable=False),
    sqlite_with_rowid=False,
)

#: What people did to a story.
history = Table(
    "history",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("story_id", String(32), nullable=False, index=True),
    Column("at_us", BigInteger, nullable=False),
    Column("who", String(64), nullable=False),
    Column("what", Text, nullable=False),
    Column("note", Text),
)

#: Which values the filters of the desk's board can take: sources, languages, topics.
facet = Table(
    "facet",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("value", String(255), primary_key=True),
    sqlite_with_rowid=False,
)

#: Who is at the desk, by the hash of what their browser holds.
session = Table(
    "session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("stamp", String(32), nullable=False),  # `wire.common.people.User.stamp` when it began
    Column("until_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: What was answered to files that were pushed under a key, so that a repeat gets the same answer.
push = Table(
    "push",
    metadata,
    Column("key_sha256", String(64), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: What people ordered of endpoints.
endpoint_order = Table(
    "endpoint_order",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("endpoint", String(64), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("who", String(64), nullable=False),
    Column("what", Text, nullable=False),
)

#: Who handed a file over at the desk, by the ``once_key`` that it will have when it is taken.
handing = Table(
    "handing",
    metadata,
    Column("once_key", String(330), primary_key=True),
    Column("who", String(64), nullable=False),
    Column("how", String(64), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: How the files of a source come (`wire.common.alarms.Pace`).
pace = Table(
    "pace",
    metadata,
    Column("source", String(255), primary_key=True),
    Column("first_us", BigInteger, nullable=False),
    Column("last_us", BigInteger, nullable=False),
    Column("arrivals", BigInteger, nullable=False),
    Column("longest_s", Float, nullable=False),
)

#: What people should look at now.
alarm = Table(
    "alarm",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("about", String(255), primary_key=True),
    Column("message", Text, nullable=False),
    Column("since_us", BigInteger, nullable=False),
)

#: Alarms, begun or over, of which a channel has yet to tell.
notice = Table(
    "notice",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("about", String(255), primary_key=True),
    Column("message", Text, nullable=False),
    Column("since_us", BigInteger, nullable=False),
    Column("is_over", Integer, nullable=False),
)

#: How many values one ``IN`` may hold on every database: old builds of SQLite take 999 in all.
MOST_VALUES = 500

#: An instant that never comes.
NEVER = 253402300799_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """An aware instant as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(value: int) -> datetime:
    """Microseconds since 1970 as an aware UTC instant."""
    return _EPOCH + timedelta(microseconds=value)


def maybe_us(moment: datetime | None) -> int | None:
    """`to_us` that lets None through."""
    return None if moment is None else to_us(moment)


def maybe_moment(value: int | None) -> datetime | None:
    """`from_us` that lets None through."""
    return None if value is None else from_us(value)
