"""What the line formats (IPTC 7901, ANPA 1312) say alike: category, embargo, lines of copy."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from textwrap import wrap

from lxml import etree

from wire.errors import RenderError
from wire.iptc.media_topics import ancestors
from wire.ports import House
from wire.publish import base
from wire.publish.blocks import Block, blocks_of
from wire.publish.carriage import lost
from wire.publish.narrow import Narrow
from wire.story import OPEN_ENDED, Document, Revision, Story

MEDIA_TYPE = "text/plain; charset=iso-8859-1"
WIDTH = 69  #: characters of a line that every receiver can take

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: Top topics as categories of ANPA 1312, which English services use in IPTC 7901 too.
_CATEGORY = {
    "medtop:01000000": "e",
    "medtop:04000000": "f",
    "medtop:10000000": "l",
    "medtop:15000000": "s",
    "medtop:17000000": "o",
}
_GENERAL = "i"
_CATEGORY_ALIAS = "a1312cat:"
_BESIDE_CODE_POINT = re.compile(r"(?<=\])(?=\[U\+)")
_BYLINE = re.compile(r"By [A-Z].*")


class LineMessage(ABC):
    """One message in the making, and what it could not carry of single values."""

    def __init__(self, revision: Revision, house: House, narrow: Narrow) -> None:
        self._narrow = narrow
        self._revision = revision
        self._story = revision.story
        self._house = house
        self._lost: set[str] = set()

    @property
    def losses(self) -> set[str]:
        """What single values lost; complete once the text is made."""
        return self._lost | self._narrow.losses

    @abstractmethod
    def text(self) -> str:
        """The message with line feeds as line ends. Raises ValueError or XMLSyntaxError."""


def copy_of(story: Story) -> Iterator[Block]:
    """The body's blocks; of a story without one, such as a picture, its summary, else its captions.

    Raises lxml's XMLSyntaxError or a ValueError when the body is no well-formed XML.
    """
    if story.body_html:
        yield from blocks_of(story.body_html)
        return
    told = (story.description, *(picture.caption for picture in story.pictures if not story.description))
    for line in "\n".join(filter(None, told)).split("\n"):
        if line and line != story.headline:
            yield Block(kind="p", texts=(line,))


def line_document(message: LineMessage, revision: Revision, *, format: str, suffix: str) -> Document:
    """A message as a document, in ISO 8859-1. Raises RenderError when its body is no legal XML."""
    try:
        body = message.text().replace("\n", "\r\n").encode("latin-1")
    except (ValueError, etree.XMLSyntaxError) as exc:
        raise RenderError(f"story {revision.guid} cannot be written as {format}: {exc}") from exc
    losses = lost(revision.story, format, message.losses)
    return Document(format=format, media_type=MEDIA_TYPE, body=body, suffix=suffix, losses=losses)


def category(story: Story) -> str:
    """The category letter: the one it came with, else by its first topic that has one."""
    for concept in story.subjects:
        code = concept.qcode or ""
        if code.startswith(_CATEGORY_ALIAS) and re.fullmatch("[a-z]", letter := code[-1].lower()):
            return letter
        for topic in (code, *ancestors(code)):
            if topic in _CATEGORY:
                return _CATEGORY[topic]
    return _GENERAL


def embargo_note(revision: Revision) -> str | None:
    """The embargo in words, which is all that these formats have for it; whole minutes, never too early."""
    until = base.embargoed(revision)
    if until is None:
        return None
    if until == OPEN_ENDED:
        return "EMBARGO: not for publication until released"
    until = until.astimezone(UTC)
    if until.second or until.microsecond:
        until = until.replace(second=0, microsecond=0) + timedelta(minutes=1)
    month = _MONTH_NAMES[until.month - 1]
    return f"EMBARGO: not for publication before {until.day} {month} {until.year}, {until:%H:%M} GMT"


def notes_to_editors(revision: Revision) -> tuple[str, ...]:
    """What only editors are told: the notes, and the terms of use, for which these formats have no field."""
    terms = revision.story.usage_terms
    return (*base.ed_notes(revision), *((f"Usage: {terms}",) if terms else ()))


def lost_of_time(field: str, moment: datetime | None, since: int = 2000) -> Iterator[str]:
    """What is lost of a time written in minutes: ``field`` where its year is not understood, or its seconds.

    since  the first year that is; the last is 2099
    """
    if moment is None or moment == OPEN_ENDED:
        return
    if not since <= moment.astimezone(UTC).year <= 2099:
        yield field
    elif moment.second or moment.microsecond:
        yield f"{field}.seconds"


def can_be_byline(byline: str | None) -> bool:
    """Whether a receiver will know the line as a byline."""
    return byline is not None and _BYLINE.fullmatch(byline) is not None


def lines(text: str, *, first: str = "", width: int = WIDTH) -> list[str]:
    """A text in lines of the width, words whole, but for what the receiver has no letters for.

    first  what opens the first line
    """
    wrapped = wrap(
        text,
        width,
        initial_indent=first,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return [line for long in wrapped for line in (_broken(long, width) if len(long) > width else (long,))]


def _broken(line: str, width: int) -> Iterator[str]:
    """A line that is too long, broken between code points in the place of letters (`wire.publish.narrow`)."""
    short = ""
    for piece in _BESIDE_CODE_POINT.split(line):
        if short and len(short) + len(piece) > width:
            yield short
            short = ""
        short += piece
    yield short
