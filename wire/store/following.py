"""How daemons that share a server learn of each other's commits, and who of them has a role.

A role (emptying a shared inbox) is an advisory lock of one connection: the server gives it up when that
connection ends, so a dead daemon's role is free at once, and no clock has a say in it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, text

from wire.errors import StoreError
from wire.store.database import Database
from wire.store.engines import CHANNEL, ROLES, open_engine
from wire.store.schema import NOTES, counter, feed_set, likeness, revision, withdrawal
from wire.store.upkeep import Export, exports_after
from wire.store.writer import translated
from wire.story import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What was committed after a number, whoever did it, in the order of the commits."""

    upto: int  #: every revision up to this number is in here, or was before
    exports: tuple[Export, ...]  #: versions that came into force; those of one story after each other
    left: frozenset[str]  #: feeds that stories left, or in which they stand otherwise by now
    grouped: frozenset[str]  #: of these stories those that have near-duplicates


class Commits:
    """The revisions as one row that grows. Safe from any thread. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self) -> int:
        """The last revision committed."""
        with self._database.reading() as connection:
            return _latest(connection)

    def since(self, seq: int, limit: int) -> Followed | None:
        """What was committed after a revision; None when that is more than ``limit``."""
        with self._database.reading() as connection:
            # of the same instant as the rows: what is missing below it never comes
            upto = _latest(connection)
            if upto - seq > limit:
                return None
            exports = tuple(exports_after(connection, seq, limit)) if upto > seq else ()
            ids = {export.revision.story_id for export in exports}
            grouped = select(likeness.c.story_id).where(likeness.c.story_id.in_(ids))
            return Followed(
                upto=upto,
                exports=exports,
                left=frozenset(_left(connection, exports)),
                grouped=frozenset(connection.execute(grouped).scalars()) if ids else frozenset(),
            )


def _latest(connection: Connection) -> int:
    query = select(counter.c.value).where(counter.c.name == "revision")
    return int(connection.execute(query).scalar_one())


def _left(connection: Connection, exports: tuple[Export, ...]) -> Iterator[str]:
    """Feeds in which each story stood before, and does not by the version that came into force."""
    before = revision.alias("before")
    prior = (
        select(func.max(before.c.seq))
        .where(
            before.c.story_id == revision.c.story_id,
            before.c.seq < revision.c.seq,
            before.c.action.not_in(NOTES),
        )
        .correlate(revision)
        .scalar_subquery()
    )
    seqs = {export.revision.seq: export.revision for export in exports}
    was = revision.alias("was")
    query = (
        select(revision.c.seq, feed_set.c.feeds)
        .select_from(revision.join(was, was.c.seq == prior).join(feed_set, feed_set.c.id == was.c.feed_set))
        .where(revision.c.seq.in_(seqs))
    )
    for row in connection.execute(query) if seqs else ():
        made = seqs[row.seq]
        stays = made.feeds if made.standing is Standing.LIVE else ()
        yield from set(row.feeds.split()).difference(stays)
    for made in seqs.values():
        if made.standing is not Standing.LIVE:  # or not any more
            yield from made.feeds
    recalled = (
        select(feed_set.c.feeds)
        .join(withdrawal, withdrawal.c.set_id == feed_set.c.id)
        .where(withdrawal.c.story_id.in_({made.story_id for made in seqs.values()}))
    )
    for feeds in connection.execute(recalled).scalars() if seqs else ():
        yield from feeds.split()


class Line:
    """A connection that is told of commits and holds roles. Used by one thread. Raises StoreError."""

    def __init__(self, connection: Connection, who: str) -> None:
        self._connection = connection
        self._driver: Any = connection.connection.driver_connection
        self._faults: type[Exception] = connection.dialect.loaded_dbapi.Error
        self._who = who

    def wait(self, timeout_s: float) -> bool:
        """Wait for another daemon's commits; whether there were any."""
        try:
            told = list(self._driver.notifies(timeout=timeout_s, stop_after=1))
            told += self._driver.notifies(timeout=0)
        except self._faults as exc:
            raise StoreError(f"the connection to the store broke: {' '.join(str(exc).split())}") from exc
        return any(notice.payload != self._who for notice in told)

    def take_role(self, role: str) -> bool:
        """Whether the role is ours from now on, for as long as the line is open."""
        number = int.from_bytes(hashlib.sha256(role.encode()).digest()[:4], "big", signed=True)
        with translated("ask for a role"):
            query = text("SELECT pg_try_advisory_lock(:kind, :number)")
            return bool(self._connection.execute(query, {"kind": ROLES, "number": number}).scalar_one())


@contextmanager
def line(database: Database) -> Iterator[Line]:
    """Open a line. Raises StoreError."""
    engine = open_engine(database.url, writes=True, name=database.name)
    try:
        with translated("listen to the store"), engine.connect() as opened:
            connection = opened.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql(f"LISTEN {CHANNEL}")
            yield Line(connection, database.name)
    finally:
        engine.dispose()


class ServerClock:
    """The server's time, by which all daemons on it go: no host's own clock ends an embargo or a lease early.

    Between two looks at the server it runs by the processor's clock, which nobody sets.
    """

    def __init__(self, database: Database) -> None:
        """Raises StoreError."""
        self._database = database
        self._set = (datetime.now(UTC), time.monotonic())
        self.look()

    def __call__(self) -> datetime:
        """Now, aware and UTC."""
        moment, at_s = self._set
        return moment + timedelta(seconds=time.monotonic() - at_s)

    def look(self) -> None:
        """Go by the server's time from now on. Raises StoreError."""
        with self._database.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
            before_s = time.monotonic()
            moment = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
            self._set = (moment.astimezone(UTC), (before_s + time.monotonic()) / 2)


def daemons(database: Database) -> int:
    """How many daemons are connected to the server. Raises StoreError."""
    query = text(
        "SELECT count(DISTINCT application_name) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name LIKE 'wire daemon %'"
    )
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())
