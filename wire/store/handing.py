"""Who handed files over at the desk: kept before the file is in the inbox, read when it is accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from wire.store.database import Database
from wire.store.schema import handing, to_us


class Handings:
    """Remembers who handed a file over. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, once_key: str, who: str, how: str, now: datetime) -> None:
        """Keep that somebody is about to hand over these bytes. Raises StoreError.

        once_key  see `wire.story.once_key`
        how       in words, for the histories of the file's stories
        """
        row = {"once_key": once_key, "who": who, "how": how, "at_us": to_us(now)}

        def change(tx: Connection) -> None:
            tx.execute(delete(handing).where(handing.c.once_key == once_key))
            tx.execute(insert(handing).values(row))

        self._database.write(change)

    def find(self, once_key: str) -> tuple[str, str] | None:
        """Who handed a file over, and how; None when nobody at the desk did. Raises StoreError."""
        query = select(handing.c.who, handing.c.how).where(handing.c.once_key == once_key)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else (row.who, row.how)
