"""One writer with group commit, many readers.

Every change to the store is a function of an open transaction, handed to `Database.write`. One
thread runs them; whatever waits when it becomes free shares one transaction and one flush. If one
of a group fails, the group is rolled back and each runs alone, so that a faulty change harms no other:
a change therefore does nothing but read and write the store.

SQLite: WAL, synchronous FULL, and exactly one connection that writes and checkpoints (libraries from
3.7.0 to 3.51.2 can corrupt the file otherwise); readers never write. Lock file: one daemon a database.
"""

from __future__ import annotations

import fcntl
import logging
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from wire.errors import AlreadyRunning, StoreError, StoreUnusable

log = logging.getLogger(__name__)

T = TypeVar("T")
Change = Callable[[Connection], T]

#: As many changes share one transaction at most; bounds how long a group can take.
GROUP_LIMIT = 64
#: Pages of WAL before the writer checkpoints: about 32 MB.
_WAL_PAGES = 4000


class DataLock:
    """Proof that we are the only one who writes to this database; held by the open file."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises AlreadyRunning, naming the holder's process id where it is known."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+", encoding="ascii")
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

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Open, and create or migrate unless ``read_only``.

        Raises AlreadyRunning when another process holds the data, StoreUnusable when the file is
        damaged, missing (read only) or of a newer version.
        """
        self.url = make_url(url)
        self._lock: DataLock | None = None
        if self.file is not None:
            if read_only and not self.file.exists():
                raise StoreUnusable(f"there is no store at {self.file} yet: start `wire run` once")
            if not read_only:
                self._lock = DataLock(self.file.with_name("wire.lock"))
        self._readers = _engine(self.url, writes=False)
        self._writer: _Writer | None = None
        if not read_only:
            try:
                self._open_for_writing()
            except BaseException:
                self.close()
                raise

    @property
    def file(self) -> Path | None:
        """The database file; None where the database is a server."""
        return file_of(self.url)

    @property
    def left_open(self) -> bool:
        """Whether the last daemon on this data died without closing it."""
        return self._lock is not None and self._lock.left

    def _open_for_writing(self) -> None:
        from wire.store.migrate import migrate

        engine = _engine(self.url, writes=True)
        try:
            with engine.connect() as connection:
                migrate(connection)
        except SQLAlchemyError as exc:
            raise StoreUnusable(_explain(f"open the store {self.url!r}", exc)) from exc
        self._writer = _Writer(engine)

    @property
    def commits(self) -> int:
        """A number that grows with everything that is written from here."""
        return 0 if self._writer is None else self._writer.commits

    def write(self, change: Change[T]) -> T:
        """Run ``change`` in a transaction and return once it is durable.

        Raises what ``change`` raises (nothing is kept then), or StoreError when the database fails.
        """
        return self.submit(change).result()

    def submit(self, change: Change[T], then: Callable[[T], None] | None = None) -> Future[T]:
        """`write` without waiting; the future settles after the commit.

        then  called with the result on the writing thread, in the order of the commits and before the
              future settles for whoever waits; it must be quick and never wait for the store
        """
        if self._writer is None:
            raise StoreError("the store was opened for reading only")
        return self._writer.submit(change, then)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for a few short queries. Raises StoreError when the database fails."""
        with _translated("read from the store"), self._readers.connect() as connection:
            yield connection

    def close(self) -> None:
        """Finish what is submitted, checkpoint, let go of the lock."""
        if self._writer is not None:
            self._writer.close()
        self._readers.dispose()
        if self._lock is not None:
            self._lock.release()


def file_of(url: str | URL) -> Path | None:
    """The database file that a URL names; None where the database is a server."""
    made = make_url(url)
    if made.get_backend_name() != "sqlite" or not made.database:
        return None
    return Path(made.database)


class _Promise(Future[T]):
    """A future that has somebody told of its result before whoever waits for it goes on."""

    def __init__(self, then: Callable[[T], None] | None) -> None:
        super().__init__()
        self._then = then

    def set_result(self, result: T) -> None:
        if self._then is not None:
            try:
                self._then(result)
            except Exception:  # the edge of whoever is told: what was committed stays so
                log.exception("what follows a commit failed")
        super().set_result(result)


class _Writer:
    """The thread that owns the one writing connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.commits = 0
        self._waiting: queue.SimpleQueue[tuple[Change[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wire-store", daemon=True)
        self._thread.start()

    def submit(self, change: Change[T], then: Callable[[T], None] | None) -> Future[T]:
        if self._closed.is_set():
            raise StoreError("the store is closed")
        future = _Promise(then)
        self._waiting.put((change, future))
        return future

    def close(self) -> None:
        self._closed.set()
        self._waiting.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        connection: Connection | None = None
        while (group := self._next_group()) is not None:
            if connection is None or connection.invalidated or connection.closed:
                connection = self._connect(group)
            if connection is not None and not _run_together(connection, group):
                for change, future in group:
                    _run_alone(connection, change, future)
            self.commits += 1
        if connection is not None:
            connection.close()

    def _connect(self, group: list[tuple[Change[Any], Future[Any]]]) -> Connection | None:
        try:
            with _translated("reopen the store"):
                return self._engine.connect()
        except StoreError as exc:
            for _, future in group:
                future.set_exception(exc)
            return None

    def _next_group(self) -> list[tuple[Change[Any], Future[Any]]] | None:
        """Whatever waits, at least one; None at the end."""
        first = self._waiting.get()
        if first is None:
            return None
        group = [first]
        while len(group) < GROUP_LIMIT and not self._waiting.empty():
            more = self._waiting.get()
            if more is None:
                self._waiting.put(None)
                break
            group.append(more)
        return group


def _run_together(connection: Connection, group: list[tuple[Change[Any], Future[Any]]]) -> bool:
    """All in one transaction; False, with nothing kept, when any fails."""
    try:
        with connection.begin():
            results = [change(connection) for change, _ in group]
    except Exception as exc:  # noqa: BLE001 - the group's edge: each is run again alone and answers for itself
        if len(group) == 1:
            group[0][1].set_exception(_store_error(exc))
            return True
        return False
    for (_, future), result in zip(group, results, strict=True):
        future.set_result(result)
    return True


def _run_alone(connection: Connection, change: Change[T], future: Future[T]) -> None:
    try:
        with connection.begin():
            result = change(connection)
    except Exception as exc:  # noqa: BLE001 - the change's edge: whoever submitted it gets the error
        future.set_exception(_store_error(exc))
    else:
        future.set_result(result)


def _store_error(exc: Exception) -> Exception:
    if isinstance(exc, SQLAlchemyError):
        error = StoreError(_explain("write to the store", exc))
        error.__cause__ = exc
        return error
    return exc


@contextmanager
def _translated(doing: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as exc:
        raise StoreError(_explain(doing, exc)) from exc


def _explain(doing: str, exc: SQLAlchemyError) -> str:
    cause = getattr(exc, "orig", None) or exc
    return f"cannot {doing}: {cause}"


def _engine(url: URL, *, writes: bool) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=1 if writes else 4)
    engine = create_engine(
        url,
        poolclass=NullPool if writes else QueuePool,
        connect_args={"check_same_thread": False, "timeout": 5.0, "cached_statements": 256},
    )
    prepare = _prepare_writer if writes else _prepare_reader
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_immediate if writes else _begin_reading)
    return engine


def _prepare_writer(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # an I/O error in this pragma shows only when its answer is fetched
    mode = cursor.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode is None or mode[0] not in {"wal", "memory"}:
        raise StoreUnusable(
            f"the database refuses write-ahead logging (journal mode {mode}): is it on a local disk?"
        )
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        f"wal_autocheckpoint={_WAL_PAGES}",
        "cache_size=-16000",
        "mmap_size=0",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_reader(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("query_only=ON", "wal_autocheckpoint=0", "busy_timeout=5000", "cache_size=-4000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def sqlite_version(connection: Connection) -> tuple[int, ...]:
    """The SQLite library's version, such as ``(3, 51, 3)``."""
    answer = connection.execute(text("SELECT sqlite_version()")).scalar_one()
    return tuple(int(part) for part in str(answer).split("."))
