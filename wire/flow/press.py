"""What is made of a revision for those who get it: its documents, and deliveries of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from wire.desk.dispatch import Outlet, delivery_key, lane_of, priority
from wire.errors import RenderError
from wire.ports import House, Renderer
from wire.store.values import NewDelivery
from wire.story import Action, Document, Revision

log = logging.getLogger(__name__)


class Press:
    """Writes the documents of a revision. Immutable; used by any thread."""

    def __init__(self, *, renderers: Mapping[str, Renderer], house: House) -> None:
        self._renderers = renderers
        self._house = house

    def documents(self, revision: Revision, formats: Sequence[str]) -> tuple[Document, ...]:
        """The revision in each format. Raises RenderError."""
        try:
            return tuple(self._renderers[format].render(revision, self._house) for format in formats)
        except RenderError:
            raise
        except Exception as exc:  # a renderer's edge: its fault is this story's reason, nobody else's
            log.exception("renderer failed", extra={"story": revision.story_id})
            raise RenderError(f"cannot be written as a document: {exc!r}") from exc


def delivery_of(
    revision: Revision,
    outlet: Outlet,
    *,
    id: int,
    generation: str,
    now: datetime,
    action: Action | None = None,
    edition: str = "",
) -> NewDelivery:
    """A delivery of a revision to an endpoint, to be queued.

    generation  the store's own id
    action      that the endpoint is told of; the revision's when None
    edition     what the name of its document ends with behind the outlet's format
    """
    action = action or revision.action
    return NewDelivery(
        id=id,
        endpoint=outlet.id,
        lane=lane_of(outlet, revision.story_id),
        story_id=revision.story_id,
        seq=revision.seq,
        version=revision.version,
        action=action,
        format=f"{outlet.document}{edition}",
        key=delivery_key(generation, outlet.id, revision.story_id, revision.seq),
        priority=priority(action, revision.story),
        created_at=now,
    )
