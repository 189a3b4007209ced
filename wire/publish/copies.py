"""A story in the formats of machines, for whoever asks: as it was kept, else written now.

Whoever asks may be anybody, so notes to editors are in none of them: endpoints alone are sent these.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from wire.errors import RenderError
from wire.ports import House, Renderer
from wire.ports.web import Shelved, StoryRows
from wire.story import Document, Revision

log = logging.getLogger(__name__)


class Copies:
    """Stories for the web (`wire.ports.web.StoryShelf`). Thread-safe; keeps nothing in memory."""

    def __init__(self, rows: StoryRows, house: House, renderer: Callable[[str], Renderer]) -> None:
        """renderer: the one of a format, built when a document of it is first asked for."""
        self._rows = rows
        self._house = house
        self._renderer = renderer

    def shelved(self, story_id: str) -> Shelved | None:
        """See `wire.ports.web.StoryShelf.shelved`."""
        return self._rows.shelved(story_id)

    def document(self, revision: Revision, format: str) -> Document | None:
        """The very document that endpoints were sent, where one was kept and tells editors nothing; else one
        that is written now, without notes to them.

        None for a story that the format cannot hold. Raises StoreError.
        """
        if not revision.story.ed_notes and (kept := self._rows.document(revision.seq, format)):
            return kept
        told = replace(revision, story=replace(revision.story, ed_notes=()))
        try:
            return self._renderer(format).render(told, self._house)
        except RenderError as exc:
            log.error("not served as %s: %s", format, exc, extra={"story": revision.story_id})
            return None
