"""How connections to either database are made ready: an SQLite file, or a PostgreSQL server.

PostgreSQL: several daemons write. What accepts stories, and everything else that is not said to go
`alongside` others, runs one transaction after the other, whichever daemon it is of, by an advisory lock
that each takes first and that lasts until its commit can be seen. So such a change finds what every
earlier one left, as on SQLite, and ids rise in the order of the commits. It must be READ COMMITTED: a
snapshot of the whole transaction would be taken before the lock is waited for. Readers get one
snapshot for all that they ask at a time, as on SQLite.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool, QueuePool

from wire.errors import StoreUnusable
from wire.store.prepared import Prepared

#: The channel on which a PostgreSQL server says that something was committed, and by which store.
CHANNEL = "wire"
#: The first half of all our advisory locks: "wire" in ASCII.
LOCKS = 0x77697265
#: The lock of what changes the store alone.
_STORE_LOCK = 1
#: The first half of the locks that are roles (`wire.store.following`).
ROLES = LOCKS + 1

#: Pages of WAL before the writer checkpoints: about 32 MB.
_WAL_PAGES = 4000
#: PostgreSQL's words for: another transaction was in the way, this one is undone, do it again.
_PASSING = frozenset(("40001", "40P01"))

#: And for: data that cannot be, and more than a row or an index can hold.
_REFUSALS = ("22", "54")
#: A dead network is noticed in half a minute; whoever hangs within a transaction loses it after one.
_SERVER_OPTIONS = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
    "client_encoding": "utf8",
}
_BEGIN, _BEGIN_IMMEDIATE = Prepared(text("BEGIN")), Prepared(text("BEGIN IMMEDIATE"))
_WRITER_SETTINGS = ("idle_in_transaction_session_timeout = '60s'", "synchronous_commit = on")
_READER_SETTINGS = (
    "default_transaction_isolation = 'repeatable read'",
    "default_transaction_read_only = on",
)


def store_url(url: str | URL) -> URL:
    """The URL as SQLAlchemy wants it: PostgreSQL by psycopg 3, whatever driver is usual there."""
    made = make_url(url)
    return made.set(drivername="postgresql+psycopg") if made.get_backend_name() == "postgresql" else made


def is_server(url: URL) -> bool:
    """Whether several daemons may share this database."""
    return url.get_backend_name() != "sqlite"


def open_engine(url: URL, *, writes: bool, name: str = "wire") -> Engine:
    """Connections for the one writing thread, or for readers. Nothing is opened yet.

    name  what a server's list of connections shows

    Raises StoreUnusable when the database's driver is not installed.
    """
    return _server_engine(url, writes, name) if is_server(url) else _file_engine(url, writes)


def flush_on_commit(connection: Connection, *, alongside: bool) -> None:
    """Say, before a transaction begins, whether its commit waits until the disk has it. (A server is told
    within the transaction: `begin_change`.)

    alongside  it only claims or settles deliveries, and need not: what a power cut takes away is sent again
               under the same key. Later commits that wait make it durable too, so order is kept.
    """
    if connection.dialect.name == "sqlite":
        level = "NORMAL" if alongside else "FULL"
        if connection.info.get("synchronous") != level:
            connection.connection.cursor().execute(f"PRAGMA synchronous={level}")
            connection.info["synchronous"] = level


def begin_change(connection: Connection, *, alongside: bool) -> None:
    """Wait until nobody else's change of the store is under way; the first statement of a transaction.

    alongside  it may run beside others that may, but not beside those that may not
    """
    if connection.dialect.name == "postgresql":
        first = "set_config('synchronous_commit', 'off', true), " if alongside else ""
        lock = "pg_advisory_xact_lock_shared" if alongside else "pg_advisory_xact_lock"
        connection.exec_driver_sql(f"SELECT {first}{lock}({LOCKS}, {_STORE_LOCK})")


def tell_commit(connection: Connection, who: str) -> None:
    """Have every daemon on the store learn of the commit that follows, if there is one."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_notify('{CHANNEL}', %s)", (who,))


def shrink(connection: Connection) -> None:
    """Free the pages that a connection keeps in memory; those of a server are its own business."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA shrink_memory")


def is_passing(exc: BaseException) -> bool:
    """Whether a transaction failed because of another one and is to be run again."""
    return isinstance(exc, DBAPIError) and getattr(exc.orig, "sqlstate", None) in _PASSING


def is_refusal(exc: BaseException) -> bool:
    """Whether the database refuses a value itself: too long, too great, or more than an index holds."""
    state = str(getattr(getattr(exc, "orig", None), "sqlstate", None) or "")
    return isinstance(exc, DataError) or (isinstance(exc, DBAPIError) and state.startswith(_REFUSALS))


def is_loss(exc: BaseException) -> bool:
    """Whether the connection is lost, so that nobody knows what became of a commit under way."""
    return isinstance(exc, DBAPIError) and exc.connection_invalidated


def check_server(connection: Connection) -> None:
    """Raises StoreUnusable when a server's database cannot hold what we keep."""
    if connection.dialect.name == "postgresql":
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise StoreUnusable(
                f"the database's encoding is {encoding}: make one with ENCODING 'UTF8' (docs/postgresql.md)"
            )


# --- PostgreSQL ------------------------------------------------------------------------------------------


def _server_engine(url: URL, writes: bool, name: str) -> Engine:
    arguments = {**_SERVER_OPTIONS, "application_name": name}
    try:
        if writes:
            engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
        else:
            engine = create_engine(
                url, pool_size=4, max_overflow=8, pool_pre_ping=True, connect_args=arguments
            )
    except (ModuleNotFoundError, NoSuchModuleError) as exc:
        raise StoreUnusable(
            f"{url.get_backend_name()} needs a driver that is not installed ({exc}): "
            "pip install 'wire-desk[postgres]'"
        ) from exc
    settings = _WRITER_SETTINGS if writes else _READER_SETTINGS

    def prepare(connection: Any, _record: object) -> None:
        connection.autocommit = True
        for setting in settings:
            connection.execute(f"SET {setting}")
        connection.autocommit = False

    event.listen(engine, "connect", prepare)
    return engine


# --- SQLite ----------------------------------------------------------------------------------------------


def _file_engine(url: URL, writes: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=NullPool if writes else QueuePool,
        connect_args={"check_same_thread": False, "timeout": 5.0, "cached_statements": 256},
    )
    event.listen(engine, "connect", _prepare_writer if writes else _prepare_reader)
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
        "cache_size=-8000",
        "mmap_size=0",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_reader(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("query_only=ON", "wal_autocheckpoint=0", "busy_timeout=5000", "cache_size=-1000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    _BEGIN_IMMEDIATE.count(connection)


def _begin_reading(connection: Connection) -> None:
    _BEGIN.count(connection)
