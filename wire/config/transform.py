"""The ``transform`` tables: what a feed or an endpoint gets other than it came (`wire.desk.transform`)."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from wire.config.values import Several, Table, Text, Topic


class Transform(Table):
    """Changes to a story before it is written for one feed or endpoint; the story itself stays as it came."""

    #: fields left out
    strip: Annotated[
        tuple[Literal["ed_notes", "keywords", "links", "pictures", "slugline"], ...], Several
    ] = ()
    #: topic, with everything below it, → what stands in its place
    subjects: dict[Topic, Topic] = Field(default_factory=dict)
    provider: Text | None = None  #: in the place of the story's own
    rights: Text | None = None  #: a line added to the copyright notice
    headline_prefix: Text | None = None
    slugline_prefix: Text | None = None

    def edition(self, format: str) -> str:
        """The name of documents of a format with these changes; the format's own where there are none."""
        if self == Transform():
            return format
        return f"{format}~{sha256(self.model_dump_json().encode()).hexdigest()[:8]}"
