"""A store of the newest schema with nothing in it, where a test begins."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, text

from wire.store.database import Database
from wire.store.migrate import begin_empty
from wire.store.schema import metadata


def lay_down(file: Path) -> Path:
    """Make such a store of SQLite's at a path, and the folders above it. Migrating one takes far longer."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_migrated())
    return file


def empty(connection: Connection) -> None:
    """Leave a store as if it had just been made. What is open stays so, with every statement compiled."""
    for table in metadata.sorted_tables:
        connection.execute(table.delete())
    sqlite = connection.dialect.name == "sqlite"
    every_row = "INSERT INTO found (found) VALUES ('delete-all')" if sqlite else "DELETE FROM found"
    connection.execute(text(every_row))
    begin_empty(connection)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "wire.db"
        Database(f"sqlite:///{file}").close()
        return file.read_bytes()
