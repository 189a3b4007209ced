"""A story as one line of JSON, in the documented form (``wire.storyjson``)."""

from __future__ import annotations

from dataclasses import replace

from wire.errors import RenderError
from wire.ports import House
from wire.publish import base
from wire.story import Document, Revision
from wire.storyjson import dumps


class JsonRenderer:
    """Writes a revision's story as JSON Lines: UTF-8, one object, one line end."""

    format = "json"
    media_type = "application/json"

    def render(self, revision: Revision, house: House) -> Document:  # noqa: ARG002
        """The story with the identity and status the desk gave it. Raises RenderError on illegal text."""
        story = replace(
            revision.story,
            guid=revision.guid,
            version=revision.version,
            pub_status=base.pub_status(revision),
        )
        try:
            body = f"{dumps(story)}\n".encode()
        except UnicodeEncodeError as exc:
            raise RenderError(f"story {revision.guid} cannot be written as JSON: {exc}") from exc
        return Document(format=self.format, media_type=self.media_type, body=body, suffix="json")
