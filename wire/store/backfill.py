"""Stories that an endpoint was never sent, because it was not there, or did not want them then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select

from wire.store.database import Database
from wire.store.rows import document_row
from wire.store.schema import RECALLS, delivery, document, revision, to_us
from wire.store.schema import story as story_table
from wire.store.shelf import REVISION, revision_from
from wire.story import Action, Document, Revision, Standing


class Unsent:
    """Reads which stories those are. Safe from any thread. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, endpoint_id: str, since: datetime, after: int, limit: int) -> list[int]:
        """The versions in force that were accepted since then and never queued for the endpoint.

        after  the last of the page before; 0 for the first page
        """
        query = (
            select(story_table.c.seq)
            .join(revision, revision.c.seq == story_table.c.seq)
            .where(
                story_table.c.seq > after,
                revision.c.accepted_us >= to_us(since),
                _never_queued(endpoint_id),
            )
            .order_by(story_table.c.seq)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())


class Missed:
    """The same within a transaction, and what is added there. Used by one thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revisions(self, endpoint_id: str, seqs: Sequence[int]) -> list[Revision]:
        """Of these versions those that are in force, were not queued meanwhile, and are not taken back."""
        query = REVISION.where(
            revision.c.seq.in_(seqs),
            revision.c.seq == story_table.c.seq,
            story_table.c.standing.in_((Standing.LIVE.value, Standing.EMBARGOED.value)),
            _never_queued(endpoint_id),
        ).order_by(revision.c.seq)
        return [revision_from(row) for row in self._connection.execute(query)]

    def holds(self, seq: int, format: str) -> bool:
        """Whether a version's document in this format is kept."""
        there = select(document.c.seq).where(document.c.seq == seq, document.c.format == format)
        return self._connection.execute(there).first() is not None

    def add(self, seq: int, made: Document) -> None:
        """Keep a document in a format that nobody wanted when its version was accepted."""
        self._connection.execute(insert(document).values(document_row(seq, made)))


def _never_queued(endpoint_id: str) -> ColumnElement[bool]:
    """Whether a story's version in force, whose revision is joined, was never queued for an endpoint.

    An embargo that ends by itself makes a revision of the same version: whoever had it early has it.
    """
    had_early = and_(
        revision.c.action == Action.RELEASE.value,
        revision.c.intake_id.is_(None),
        delivery.c.version == revision.c.version,
        delivery.c.action.not_in(RECALLS),
    )
    queued = select(delivery.c.id).where(
        delivery.c.story_id == story_table.c.id,
        delivery.c.endpoint == endpoint_id,
        or_(delivery.c.seq == story_table.c.seq, had_early),
    )
    return ~queued.correlate(story_table, revision).exists()
