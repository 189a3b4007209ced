"""Documents from one format to another, without store and desk: what ``wire convert`` does.

The same file gives the same documents every time: what a daemon would draw at random or take from the clock
comes from the file's hash and its date here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from wire import plugins
from wire.desk.identity import own_guid
from wire.desk.judge import judge
from wire.errors import IntakeError, RenderError, WireError
from wire.normalise.normaliser import STANDARD_STEPS, StoryNormaliser
from wire.parse.detect import read
from wire.ports import House, Normaliser, Parser, Renderer
from wire.story import Document, Draft, RawFile, Revision, Source, Story
from wire.storyjson import content_sha256

#: Formats of one line a story, which say whose line it is.
LINES = frozenset({"json", "ninjs", "ninjs-2.2", "ninjs-1.6"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """Reads a file and writes each of its stories in one format. Immutable."""

    parsers: Sequence[Parser]
    normaliser: Normaliser
    renderer: Renderer
    house: House
    source: Source
    format: str | None = None  #: of the input; found by evidence when None

    @classmethod
    def build(cls, *, to: str, format: str | None, house: House, source: Source) -> Converter:
        """A converter from every known format, or the one named, to another. Raises CommandError."""
        chosen = plugins.names("wire.parsers") if format is None else (format,)
        added = tuple(plugins.load("wire.steps", name) for name in plugins.names("wire.steps"))
        return cls(
            parsers=tuple(plugins.load("wire.parsers", name)() for name in chosen),
            normaliser=StoryNormaliser((*STANDARD_STEPS, *added)),
            renderer=plugins.load("wire.renderers", to)(),
            house=house,
            source=source,
            format=format,
        )

    def convert(self, data: bytes, name: str, dated: datetime) -> list[Document | WireError]:
        """A document for each story in a file, in the file's order; or why there is none of it.

        dated  when the file was last changed, aware; stands for the arrival

        Raises IntakeError when the file is no story.
        """
        raw = RawFile.of(data, name=name, source=self.source, arrived_at=dated)
        drafts = read(raw, self.parsers, self.format)
        return [self._document(draft, raw, number) for number, draft in enumerate(drafts, 1)]

    def _document(self, draft: Draft | IntakeError, raw: RawFile, number: int) -> Document | WireError:
        """One story of a file, the ``number``-th; what cannot be read or written harms no other."""
        if isinstance(draft, IntakeError):
            return draft
        try:
            revision = self._revision(self.normaliser(draft, raw), raw, number)
            return self.renderer.render(revision, self.house)
        except (IntakeError, RenderError) as refused:
            return refused

    def _revision(self, story: Story, raw: RawFile, number: int) -> Revision:
        """The story as its first and only version, numbered within its file."""
        story_id = sha256(f"{raw.sha256} {number}".encode()).hexdigest()[:20]
        verdict = judge(
            story,
            None,
            content_sha256=content_sha256(story),
            story_id=story_id,
            guid=own_guid(self.house.id, raw.arrived_at, story_id),
            now=raw.arrived_at,
        )
        moment = story.version_created or raw.arrived_at
        return Revision(
            seq=number,
            story_id=story_id,
            guid=verdict.guid,
            version=verdict.version,
            action=verdict.action,
            standing=verdict.standing,
            story=story,
            accepted_at=raw.arrived_at,
            published=story.first_created or moment,
            updated=moment,
            release_at=verdict.release_at,
        )


def printed(document: Document, name: str) -> bytes:
    """A document as it goes to standard output: ending with a line end, a JSON line naming its file."""
    body = document.body
    if document.format in LINES:
        body = json.dumps(
            {"_file": name, **json.loads(body)}, ensure_ascii=False, separators=(",", ":")
        ).encode()
    return body if body.endswith(b"\n") else body + b"\n"
