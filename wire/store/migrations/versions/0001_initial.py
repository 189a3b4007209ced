"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wire.store import full_text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _alias()
    _attempt()
    _copy()
    _counter()
    _delivery()
    _document()
    _endpoint()
    _facet()
    _found()
    _feeds()
    _history()
    _intake()
    _lane()
    _likeness()
    _meta()
    _withdrawal()
    _quarantine()
    _raw()
    _revision()
    _push()
    _session()
    _sketch()
    _watch()
    _story()
    _subscription()


def _alias() -> None:
    op.create_table(
        "alias",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("story_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("identity"),
        sqlite_with_rowid=False,
    )


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column(
            "delivery_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("next_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", "number"),
        sqlite_with_rowid=False,
    )


def _copy() -> None:
    op.create_table(
        "copy",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("story", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("endpoint", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("story_id", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=True),
        sa.Column("done_us", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "delivery_queue",
            ["lane", "state", "priority", "due_us", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('due', 'sending')"),
            postgresql_where=sa.text("state IN ('due', 'sending')"),
        )
        batch_op.create_index(
            "delivery_unsent",
            ["endpoint", "state"],
            unique=False,
            sqlite_where=sa.text("state IN ('dead', 'superseded')"),
            postgresql_where=sa.text("state IN ('dead', 'superseded')"),
        )
        batch_op.create_index("delivery_story", ["story_id", "endpoint"], unique=False)


def _document() -> None:
    op.create_table(
        "document",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("suffix", sa.String(length=16), nullable=False),
        sa.Column("losses", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "format"),
    )


def _endpoint() -> None:
    op.create_table(
        "endpoint",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("configured", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Text(), nullable=True),
        sa.Column("held", sa.Text(), nullable=True),
        sa.Column("paused_until_us", sa.BigInteger(), nullable=False),
        sa.Column("probe_lane", sa.String(length=80), nullable=True),
        sa.Column("paced_until_us", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("recent", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("succeeded_us", sa.BigInteger(), nullable=True),
        sa.Column("failed_us", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def _facet() -> None:
    op.create_table(
        "facet",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value"),
        sqlite_with_rowid=False,
    )


def _found() -> None:
    full_text.create(op.get_bind())


def _history() -> None:
    op.create_table(
        "history",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("story_id", sa.String(length=32), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_story_id"), ["story_id"], unique=False)


def _intake() -> None:
    op.create_table(
        "intake",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("arrived_us", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("duplicate_of", sa.BigInteger(), nullable=True),
        sa.Column("once_key", sa.String(length=330), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once_key"),
    )


def _lane() -> None:
    op.create_table(
        "lane",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("endpoint", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("lease_until_us", sa.BigInteger(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _likeness() -> None:
    op.create_table(
        "likeness",
        sa.Column("story_id", sa.String(length=32), nullable=False),
        sa.Column("first_id", sa.String(length=32), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("story_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_likeness_first_id", "likeness", ["first_id"])


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _feeds() -> None:
    op.create_table(
        "feed_set",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("feeds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_table(
        "feed_member",
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("set_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("feed", "set_id"),
        sqlite_with_rowid=False,
    )


def _withdrawal() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("set_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("published_us", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("story_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("set_id", "published_us", "story_id"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawal_story_id"), ["story_id"], unique=False)


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column(
            "intake_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("intake_id", "item"),
    )


def _raw() -> None:
    op.create_table(
        "raw",
        sa.Column(
            "intake_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("intake_id"),
    )


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("story_id", sa.String(length=32), nullable=False),
        sa.Column("intake_id", sa.BigInteger(), nullable=True),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("slugline", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("accepted_us", sa.BigInteger(), nullable=False),
        sa.Column("published_us", sa.BigInteger(), nullable=False),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.Column("revised_us", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("release_us", sa.BigInteger(), nullable=True),
        sa.Column("feed_set", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index("revision_story", ["story_id", "seq"], unique=False)


def _push() -> None:
    op.create_table(
        "push",
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_sha256"),
        sqlite_with_rowid=False,
    )


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_sha256"),
        sqlite_with_rowid=False,
    )


def _sketch() -> None:
    op.create_table(
        "sketch",
        sa.Column("story_id", sa.String(length=32), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("story_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sketch_key",
        sa.Column(
            "key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("story_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _watch() -> None:
    op.create_table(
        "pace",
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("first_us", sa.BigInteger(), nullable=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("arrivals", sa.BigInteger(), nullable=False),
        sa.Column("longest_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "alarm",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "about"),
    )
    op.create_table(
        "notice",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.Column("is_over", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "kind", "about"),
    )


def _story() -> None:
    op.create_table(
        "story",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("stated_version", sa.BigInteger(), nullable=True),
        sa.Column("stated_status", sa.String(length=16), nullable=False),
        sa.Column("stated_embargo_us", sa.BigInteger(), nullable=True),
        sa.Column("version_created_us", sa.BigInteger(), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("first_published_us", sa.BigInteger(), nullable=True),
        sa.Column("release_us", sa.BigInteger(), nullable=True),
        sa.Column("due_us", sa.BigInteger(), nullable=True),
        sa.Column("by_hand", sa.Text(), nullable=True),
        sa.Column("feed_set", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("identity"),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index(
            "story_due",
            ["due_us"],
            unique=False,
            sqlite_where=sa.text("due_us IS NOT NULL"),
            postgresql_where=sa.text("due_us IS NOT NULL"),
        )
        batch_op.create_index("story_seq", ["seq"], unique=False)
        batch_op.create_index("story_published", ["first_published_us"], unique=False)
        batch_op.create_index(
            "story_placed",
            ["feed_set", "first_published_us", "id"],
            unique=False,
            sqlite_where=sa.text("feed_set IS NOT NULL"),
        )


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("endpoint", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("lease_until_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_host"), ["host"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscription_topic"), ["topic"], unique=False)
    op.create_table(
        "intent",
        sa.Column("endpoint", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("lease_s", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("intent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intent_host"), ["host"], unique=False)
    op.create_table(
        "announced",
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("topic"),
        sqlite_with_rowid=False,
    )
