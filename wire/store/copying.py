"""A consistent copy of the store while it is written to, by SQLite's own backup interface."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import cast

from sqlalchemy import delete, text

from wire.errors import CommandError, StoreError
from wire.store.database import Database
from wire.store.schema import meta

#: Up to which revision the outbox was durable: of another outbox, they say nothing.
_EXPORTED = ("exported_seq", "archived_seq")


def copy_to(database: Database, target: Path) -> None:
    """Copy the store as of one instant into a new file, flushed to disk.

    The copy is one reading transaction: it holds up no writer, but what is written meanwhile stays in the
    log. Raises CommandError when the store is no SQLite file, StoreError when it cannot be copied.
    """
    if database.file is None:
        raise CommandError("the store is on a server: back it up by the server's own means, such as pg_dump")
    try:
        with database.reading() as connection:
            source = cast(sqlite3.Connection, connection.connection.driver_connection)
            copy = sqlite3.connect(target)
            try:
                source.backup(copy)
                # the copy stands alone: no log beside it
                copy.execute("PRAGMA journal_mode=DELETE").fetchone()
            finally:
                copy.close()
        _flush(target)
    except (sqlite3.Error, OSError) as exc:
        raise StoreError(f"the store cannot be copied to {target}: {exc}") from exc


def damage_in(database: Database) -> list[str]:
    """What SQLite itself finds wrong with the file; empty when nothing. Reads every page."""
    with database.reading() as connection:
        found = connection.execute(text("PRAGMA integrity_check")).scalars()
        return [str(line) for line in found if line != "ok"]


def forget_outbox(database: Database) -> None:
    """Have the next start write every story file anew."""
    database.write(lambda tx: tx.execute(delete(meta).where(meta.c.key.in_(_EXPORTED))))


def _flush(path: Path) -> None:
    for each in (path, path.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
