"""Takes one flush, rename or transaction out of `wire`, so that nothing may hold any more.

The crash tests must go red under each of them, or they prove nothing.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event


class _Hasty(sqlite3.Cursor):
    """Commits each change at once."""

    def execute(self, statement: str, *values: Any) -> Any:
        return self._commit(super().execute(statement, *values), statement)

    def executemany(self, statement: str, *values: Any) -> Any:
        return self._commit(super().executemany(statement, *values), statement)

    def _commit(self, done: Any, statement: str) -> Any:
        changes = statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}
        if changes and self.connection.in_transaction:
            self.connection.execute("COMMIT")
            self.connection.execute("BEGIN IMMEDIATE")
        return done


class _HastyConnection(sqlite3.Connection):
    def cursor(self, factory: Any = _Hasty) -> Any:
        return super().cursor(factory)

    def execute(self, statement: str, *values: Any) -> Any:
        return self.cursor().execute(statement, *values)

    def executemany(self, statement: str, *values: Any) -> Any:
        return self.cursor().executemany(statement, *values)


def no_transaction() -> None:
    """Every statement is committed for itself, so a kill leaves half a story."""

    def connecting(_dialect: Any, _record: Any, _positional: Any, named: dict[str, Any]) -> None:
        named["factory"] = _HastyConnection

    event.listen(Engine, "do_connect", connecting)


def no_flush_of_the_store() -> None:
    """What was committed is not on disk before the file leaves the inbox."""

    def connected(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    event.listen(Engine, "connect", connected)
    event.listen(Engine, "begin", lambda made: made.exec_driver_sql("PRAGMA synchronous = OFF"))


def no_flush_of_the_outbox() -> None:
    """The store remembers that the outbox is on disk before it is."""
    from wire.publish.outbox import whole_files

    _replace(whole_files, "_syncfs", lambda _descriptor: None)


def no_rename_in_the_outbox() -> None:
    """Files of the outbox are written in place, so a kill leaves half a file under its name."""
    from wire.publish.outbox import folder, whole_files

    def write(folder: str, name: str, body: bytes, _modified_s: float) -> None:
        descriptor = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.write(descriptor, body)
        os.close(descriptor)

    _replace(folder, "write", write)
    _replace(whole_files, "write", write)


def removal_before_the_commit() -> None:
    """A file leaves the inbox before the transaction that holds it is committed."""
    from wire.pipeline import Pipeline

    accept = Pipeline._accept

    def remove_first(self: Any, files: Any) -> Any:
        for path in list(Path("inbox").iterdir()):
            if path.is_file():
                path.unlink()
        return accept(self, files)

    _replace(Pipeline, "_accept", remove_first)


def _replace(owner: Any, name: str, made: Any) -> None:
    assert hasattr(owner, name), f"{owner} has no {name} any more: this weakness weakens nothing"
    setattr(owner, name, made)


WEAKNESSES: Mapping[str, Callable[[], None]] = {
    made.__name__: made
    for made in (
        no_transaction,
        no_flush_of_the_store,
        no_flush_of_the_outbox,
        no_rename_in_the_outbox,
        removal_before_the_commit,
    )
}
