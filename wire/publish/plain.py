"""A story as plain text: header lines as people may write them in raw copy, a blank line, the body.

The headers are those that our own text parser reads, so a story may leave as text and come back. Notes to
editors stand among them, never in the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from lxml import etree

from wire.errors import RenderError
from wire.ports import House
from wire.publish import base
from wire.publish.blocks import Block, blocks_of, stacked
from wire.publish.carriage import lost
from wire.story import OPEN_ENDED, Concept, Document, PubStatus, Revision, Story
from wire.storyjson import rfc3339
from wire.xmltools import clean_line

_SPLITS = re.compile("[,;]")
_CODE = re.compile(r"[\w.-]+:[\w.:-]+")
_LIKE_CODE = re.compile(r"[\w.-]+:[\w.:-]+|\d{8}")  #: what the reader of headers takes for one


class PlainTextRenderer:
    """Writes a revision as UTF-8 text, one paragraph, item or row a line."""

    format = "text"
    media_type = "text/plain; charset=utf-8"

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as text. Raises RenderError when its texts are no legal Unicode."""
        headers = "".join(f"{name}: {value}".rstrip() + "\n" for name, value in _headers(revision, house))
        try:
            body = stacked((block, _printed(block)) for block in blocks_of(revision.story.body_html))
            data = f"{headers}\n{body}\n".encode()
        except (ValueError, etree.XMLSyntaxError) as exc:
            raise RenderError(f"story {revision.guid} cannot be written as text: {exc}") from exc
        return Document(
            format=self.format,
            media_type=self.media_type,
            body=data,
            suffix="txt",
            losses=lost(revision.story, self.format, (*_losses(revision.story), *_like_quoted(body))),
        )


def _printed(block: Block) -> str:
    if block.kind == "tr":
        return f"| {' | '.join(block.texts)} |"
    return block.mark + "\n".join(block.texts)


def _losses(story: Story) -> Iterator[str]:
    """Commas part the values of a header line, so a value with one is lost."""
    if any(_SPLITS.search(keyword) for keyword in story.keywords):
        yield "keywords"
    yield from _concept_losses("subjects", story.subjects)
    yield from _concept_losses("genres", story.genres)


def _like_quoted(body: str) -> Iterator[str]:
    """Whether a line looks like one that a mail quotes, whose mark its reader takes away."""
    if body.startswith(">") or "\n>" in body:
        yield "body_html.characters"


def _concept_losses(field: str, concepts: Iterable[Concept]) -> Iterator[str]:
    """A header line names a concept's code, or else its name; only codes of the usual letters are known."""
    for concept in concepts:
        if _SPLITS.search(concept.qcode or concept.name or "") or _reads_as_code(concept):
            yield field
        if concept.qcode and concept.name:
            yield f"{field}.name"
        if concept.qcode and not _CODE.fullmatch(concept.qcode):
            yield f"{field}.qcode"


def _reads_as_code(concept: Concept) -> bool:
    """Whether a concept that has no code has a name like one: ``Opinion:Letters``."""
    return concept.qcode is None and _LIKE_CODE.fullmatch(concept.name or "") is not None


def _headers(revision: Revision, house: House) -> Iterator[tuple[str, str]]:
    """Name and value of each header line, in the order in which a desk reads them."""
    for name, value in (*_for_readers(revision.story), *_for_the_desk(revision, house)):
        if value:
            yield name, clean_line(value)
    embargoed = base.embargoed(revision)
    if embargoed is not None:
        yield "Embargo", "" if embargoed == OPEN_ENDED else rfc3339(embargoed)
    for note in base.ed_notes(revision):
        yield "Note", clean_line(note)


def _for_readers(story: Story) -> Iterator[tuple[str, str | None]]:
    yield "Headline", story.headline
    yield "Subheadline", story.subheadline
    yield "Byline", story.byline
    yield "Dateline", story.dateline
    yield "Summary", story.description
    yield "Credit", story.creditline
    yield "Copyright", story.copyright_notice
    yield "Usage", story.usage_terms


def _for_the_desk(revision: Revision, house: House) -> Iterator[tuple[str, str | None]]:
    story, status = revision.story, base.pub_status(revision)
    yield "Slug", story.slugline
    yield "Id", revision.guid
    yield "Version", str(revision.version)
    yield "Status", None if status is PubStatus.USABLE else str(status)
    yield "Signal", ", ".join(base.signals(revision))
    yield "Urgency", str(story.urgency or "")
    yield "Language", story.language
    yield "Provider", base.provider(revision, house)
    yield "Keywords", ", ".join(story.keywords)
    yield "Subject", _codes(story.subjects)
    yield "Genre", _codes(story.genres)
    yield "Created", _written(story.content_created)
    yield "Expires", _written(story.expires)


def _codes(concepts: Iterable[Concept]) -> str:
    return ", ".join(concept.qcode or concept.name or "" for concept in concepts)


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
