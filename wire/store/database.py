"""One writer with group commit, many readers.

Every change to the store is a function of an open transaction, handed to `Database.write`. One
thread runs them; whatever waits when it becomes free shares one transaction and one flush. If one
of a group fails, the group is rolled back and each runs alone, so that a faulty change harms no other:
a change therefore does nothing but read and write the store.

SQLite: WAL, synchronous FULL, and exactly one connection that writes and checkpoints (libraries from
3.7.0 to 3.51.2 can corrupt the file otherwise); readers never write. Lock file: one daemon a database.

PostgreSQL: any number of daemons, each with one writing connection; `wire.store.engines` says how their
changes keep out of each other's way. The lock file there means one daemon a data folder.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from wire.errors import AlreadyRunning, StoreError, StoreUnusable
from wire.store.engines import check_server, is_server, open_engine, shrink, store_url
from wire.store.writer import Change, T, Writer, explain, translated


class DataLock:
    """Proof that we are the only one who writes to this database; held by the open file."""

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises AlreadyRunning, naming the holder's process id where it is known, or StoreUnusable when the
        folder cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+", encoding="ascii")
        except OSError as exc:
            raise StoreUnusable(
                f"the store's folder {path.parent} cannot be written: {exc.strerror}; "
                "give it to the user who runs wire"
            ) from exc
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            self._file.seek(0)
            holder = self._file.read(32).strip() or "unknown"
            self._file.close()
            raise AlreadyRunning(
                f"another wire (process {holder}) works on {path.parent}; stop it first, or give this one "
                "its own [store] url"
            ) from exc
        self._file.seek(0)
        self.left = bool(self._file.read(32))  #: whether the last holder died without letting go
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        """Let go; the file stays, since removing it would race with the next holder."""
        if not self._file.closed:
            self._file.truncate(0)
            self._file.close()


class Database:
    """A migrated database, ready for reading and writing. Built once; safe from any thread."""

    def __init__(self, url: str, *, read_only: bool = False, folder: Path | None = None) -> None:
        """Open, and create or migrate unless ``read_only``.

        folder  where the data lock lies; beside an SQLite file when None, and none on a server

        Raises AlreadyRunning when another process holds the data, StoreUnusable when the database is
        damaged, missing (read only), cannot be reached or is of a newer version.
        """
        self.url = store_url(url)
        self._lock: DataLock | None = None
        self._writer: Writer | None = None
        self._readers: Engine | None = None
        if not read_only and (holds := folder or (self.file and self.file.parent)):
            self._lock = DataLock(holds / "wire.lock")
        try:
            #: among those who share a server; the same for as long as the folder lasts
            self.identity = secrets.token_hex(8)
            if folder is not None and self.shared and not read_only:
                self.identity = _identity(folder)
            #: of our connections; a server lists it
            self.name = "wire reader" if read_only else f"wire daemon {self.identity}"
            self._open(read_only)
        except BaseException:
            self.close()
            raise

    def _open(self, read_only: bool) -> None:
        self._readers = open_engine(self.url, writes=False, name=self.name)
        if not read_only:
            self._open_for_writing()
        else:
            self._find_tables()

    @property
    def file(self) -> Path | None:
        """The database file; None where the database is a server."""
        return file_of(self.url)

    @property
    def shared(self) -> bool:
        """Whether other daemons may work on this store at the same time."""
        return is_server(self.url)

    @property
    def left_open(self) -> bool:
        """Whether the last daemon on this data died without closing it."""
        return self._lock is not None and self._lock.left

    def _open_for_writing(self) -> None:
        from wire.store.migrate import migrate

        engine = open_engine(self.url, writes=True, name=self.name)
        try:
            with engine.connect() as connection:
                with connection.begin():
                    check_server(connection)
                migrate(connection)
        except SQLAlchemyError as exc:
            raise StoreUnusable(explain(f"open the store {self.url!r}", exc)) from exc
        self._writer = Writer(engine, self.name, self.file)

    @property
    def commits(self) -> int:
        """A number that grows with everything that is written from here."""
        return 0 if self._writer is None else self._writer.commits

    def _find_tables(self) -> None:
        place = self.file or repr(self.url)
        found = False
        try:
            if self.file is None or self.file.exists():  # SQLite would make one
                with self.reading() as connection:
                    found = inspect(connection).has_table("alembic_version")
        except OSError as exc:
            raise StoreUnusable(f"cannot look for the store {place}: {exc.strerror}") from exc
        except StoreError as exc:
            raise StoreUnusable(f"{exc} ({place})") from exc
        if not found:
            raise StoreUnusable(f"there is no store at {place} yet: start `wire run` once")

    def write(self, change: Change[T], *, alongside: bool = False) -> T:
        """Run ``change`` in a transaction and return once it is durable.

        alongside  on a server other daemons may do the like meanwhile: it touches one lane and what is queued
                   there, having locked the lane first, or what is no other daemon's

        Raises what ``change`` raises (nothing is kept then), Unkeepable when the database refuses a value,
        StoreError when it fails.
        """
        return self.begin(change, alongside=alongside)()

    def begin(self, change: Change[T], *, alongside: bool = False) -> Callable[[], T]:
        """`write` without waiting: what is returned waits for the commit, and raises what `write` raises."""
        return self._written(change, None, alongside).result

    def begin_each(
        self, changes: Sequence[Change[T]], *, alongside: bool = False
    ) -> Callable[[], list[T | Exception]]:
        """Several changes in one transaction, as they come, without waiting for it.

        What is returned waits for the commit, and gives each one's result or what it raised: when one of them
        fails, each is run alone. Raises StoreError when nobody knows what became of them.
        """
        if self._writer is None:
            raise StoreError("the store was opened for reading only")
        return self._writer.submit_each(changes, alongside=alongside).result

    def submit(self, change: Change[T], then: Callable[[T], None] | None = None) -> Future[T]:
        """`write` without waiting; the future settles after the commit.

        then  called with the result on the writing thread, in the order of our commits and before the
              future settles for whoever waits; it must be quick and never wait for the store
        """
        return self._written(change, then, alongside=False)

    def _written(self, change: Change[T], then: Callable[[T], None] | None, alongside: bool) -> Future[T]:
        if self._writer is None:
            raise StoreError("the store was opened for reading only")
        return self._writer.submit(change, then, alongside=alongside)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for a few short queries. Raises StoreError when the database fails."""
        if self._readers is None:
            raise StoreError("the store is closed")
        with translated("read from the store"), self._readers.connect() as connection:
            yield connection

    def give_back(self) -> None:
        """Free what a rush has left in caches, up to a dozen megabytes; whoever looks next reads some pages
        again. Raises StoreError.
        """
        if self._readers is not None and not self.shared:
            self.write(shrink, alongside=True)
            self._readers.dispose()  # idle ones are closed, those in use when they come back

    def close(self) -> None:
        """Finish what is submitted, checkpoint, let go of the lock."""
        if self._writer is not None:
            self._writer.close()
        if self._readers is not None:
            self._readers.dispose()
        if self._lock is not None:
            self._lock.release()


def _identity(folder: Path) -> str:
    """The name of whoever works on this folder, made once. The caller holds the data lock."""
    file = folder / "wire.id"
    if not (file.exists() and (found := file.read_text(encoding="ascii").strip())):
        found = secrets.token_hex(8)
        file.write_text(f"{found}\n", encoding="ascii")
    return found


def file_of(url: str | URL) -> Path | None:
    """The database file that a URL names; None where the database is a server."""
    made = store_url(url)
    if made.get_backend_name() != "sqlite" or not made.database:
        return None
    return Path(made.database)
