"""Who is at the desk: `wire.common.deskview.SessionRows`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from wire.common.people import Session
from wire.store.database import Database
from wire.store.schema import from_us, session, to_us


class Sessions:
    """Sessions by the hash of their token, so that whoever reads the store cannot take one over.
    Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, token_sha256: str, made: Session) -> None:
        """Keep a session. Raises StoreError."""
        row = {
            "token_sha256": token_sha256,
            "name": made.name,
            "stamp": made.stamp,
            "until_us": to_us(made.until),
        }
        self._database.write(lambda tx: tx.execute(insert(session).values(row)))

    def find(self, token_sha256: str, now: datetime) -> Session | None:
        """The session of a token; None when there is none, or its time is over. Raises StoreError."""
        query = select(session).where(session.c.token_sha256 == token_sha256)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None or row.until_us <= to_us(now):
            return None
        return Session(name=row.name, stamp=row.stamp, until=from_us(row.until_us))

    def end(self, token_sha256: str) -> None:
        """Let go of a session. Raises StoreError."""
        self._database.write(
            lambda tx: tx.execute(delete(session).where(session.c.token_sha256 == token_sha256))
        )
