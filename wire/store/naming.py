"""How people name a story."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from wire.store.schema import alias
from wire.store.schema import story as story_table
from wire.story import identity_of


def named(name: str) -> ColumnElement[bool]:
    """Whether a story is the one that goes, or went, by this id or guid."""
    # our own guids end in the id; a document's guid is the story's identity, unless it leads to another
    identity = identity_of("guid", name)
    leads_to = select(alias.c.story_id).where(alias.c.identity == identity)
    return or_(
        story_table.c.id == name.rpartition(":")[2],
        and_(story_table.c.identity == identity, ~leads_to.exists()),
        story_table.c.id.in_(leads_to),
    )
