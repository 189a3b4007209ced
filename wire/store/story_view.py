"""A story with all its versions and what they came from: `wire.common.deskview.StoryView`."""

from __future__ import annotations

from sqlalchemy import select

from wire.common.deskview import Original
from wire.common.lists import StoryDetail
from wire.store.browse import Browse
from wire.store.database import Database
from wire.store.schema import from_us, intake, raw, revision
from wire.store.shelf import REVISION, Shelf, revision_from
from wire.story import Document, Revision


class StoryView:
    """See `wire.common.deskview.StoryView`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._browse = Browse(database)
        self._shelf = Shelf(database)

    def detail(self, story_id: str) -> StoryDetail | None:
        """See `wire.common.deskview.StoryView.detail`."""
        return self._browse.story(story_id)

    def revision(self, story_id: str, seq: int) -> Revision | None:
        """See `wire.common.deskview.StoryView.revision`."""
        query = REVISION.where(revision.c.seq == seq, revision.c.story_id == story_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else revision_from(row)

    def original(self, story_id: str, seq: int) -> Original | None:
        """See `wire.common.deskview.StoryView.original`."""
        query = (
            select(intake.c.id, intake.c.source, intake.c.name, intake.c.arrived_us, raw.c.data)
            .join(raw, raw.c.intake_id == intake.c.id)
            .join(revision, revision.c.intake_id == intake.c.id)
            .where(revision.c.story_id == story_id, revision.c.seq <= seq)
            .order_by(revision.c.seq.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Original(
            intake_id=row.id,
            source=row.source,
            name=row.name,
            arrived_at=from_us(row.arrived_us),
            data=row.data,
        )

    def document(self, seq: int, format: str) -> Document | None:
        """See `wire.common.deskview.StoryView.document`."""
        return self._shelf.document(seq, format)
