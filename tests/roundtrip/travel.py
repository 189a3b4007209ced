"""A story out in a format and back in again, and what of it must have come back."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.parse.reading import raw_file
from tests.strategies import HOUSE
from wire import plugins, storyjson
from wire.common.words import html_to_text
from wire.errors import IntakeError
from wire.normalise.normaliser import StoryNormaliser
from wire.parse.items.itemnotes import is_initials
from wire.parse.story_json import StoryJsonParser
from wire.publish.g2_properties import iri
from wire.story import Action, Document, Draft, RawFile, Revision, Source, Standing, Story

SOURCE = Source(id="desk", trusted=True)
ACCEPTED = datetime(2026, 3, 2, 10, tzinfo=UTC)

MOST_VERSIONS = 999_999_999  #: nobody counts further

_FIGURE = re.compile(r"<figure>.*?</figure>")

#: Formats that know no markup: which line is a subhead or an item is guessed when they are read.
LINES = frozenset(("iptc7901", "anpa1312", "text"))
#: Losses of what a text or time is made of: that it changed is all that they say.
_OF_SOME_LETTERS = frozenset(("characters", "markup", "seconds"))
#: Fields that reading makes anew, whatever the format.
_MADE_ANEW = frozenset(("origin", "word_count"))
#: Which parser reads what a renderer wrote, where it is not called the same.
_READ_BY = {"ninjs-2.2": "ninjs", "ninjs-1.6": "ninjs", "newsml-g2-message": "newsml-g2"}


def normal(story: Story) -> Story:
    """The story as the normaliser leaves it, its signals IPTC's.

    Twice over: what the first time finds out, such as a headline, may tell the language the second time.
    """
    known = tuple(signal for signal in story.signals if ":" not in signal.removeprefix("sig:"))
    signed = story.byline is not None and (story.byline[0] == "*" or is_initials(story.byline))
    byline = None if signed else story.byline  # which readers of items know for no byline
    story = replace(story, version=min(story.version or 1, MOST_VERSIONS), signals=known, byline=byline)
    return _normalised(_normalised(story))


def _normalised(story: Story) -> Story:
    raw = raw_file(storyjson.dumps(story), source=SOURCE)
    [draft] = StoryJsonParser().parse(raw)
    return StoryNormaliser()(draft, raw)


def sent(story: Story, format: str) -> Document:
    """The story as its own revision in a format."""
    return plugins.load("wire.renderers", format)().render(revision_of(story), HOUSE)  # type: ignore[no-any-return]


def revision_of(story: Story) -> Revision:
    """The story as the desk's first sight of it."""
    return Revision(
        seq=7,
        story_id="0123456789ab",
        guid=story.guid or "tag:news.example,2026:own",
        version=story.version or 1,
        action=Action.NEW,
        standing=Standing.LIVE,
        story=story,
        accepted_at=ACCEPTED,
        published=ACCEPTED,
        updated=ACCEPTED,
    )


def received(document: Document) -> Story:
    """The story that the format's own parser reads from a document; with the pictures of its package."""
    return StoryNormaliser()(said(document), _raw(document))


def said(document: Document) -> Draft:
    """What a document itself says, nothing guessed."""
    name = _READ_BY.get(document.format, document.format)
    first, *others = plugins.load("wire.parsers", name)().parse(_raw(document))
    pictures = (
        *first.pictures,
        *(
            replace(picture, credit=picture.credit or other.creditline)
            for other in others
            for picture in other.pictures
        ),
    )
    return replace(first, pictures=pictures)  # type: ignore[no-any-return]


def _raw(document: Document) -> RawFile:
    return raw_file(document.body, f"story.{document.suffix}", SOURCE)


def needless(story: Story, document: Document) -> set[str]:
    """What is reported lost and yet stands in the document, as it was; but for what only some values lose."""
    try:
        draft = said(document)
    except IntakeError:
        return set()
    found = set()
    for name in document.losses:
        field, _, part = name.partition(".")
        before, after = getattr(story, field), getattr(draft, field)
        if part and part not in _OF_SOME_LETTERS:
            before, after = ([getattr(one, part) for one in _several(value)] for value in (before, after))
            before, after = (
                [one for one in values if one not in (None, False)] for values in (before, after)
            )
        if part not in _OF_SOME_LETTERS and before == after and before:
            found.add(name)
    return found


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def missing(story: Story, document: Document, back: Story) -> dict[str, tuple[Any, Any]]:
    """Fields that neither came back nor were reported lost: what was sent, and what came."""
    found = {}
    for field in (field.name for field in fields(Story)):
        if field in _MADE_ANEW or field in document.losses:
            continue
        parts = {name.partition(".")[2] for name in document.losses if name.startswith(f"{field}.")}
        if "characters" in parts:
            continue
        before = _comparable(field, getattr(story, field), parts)
        after = _comparable(field, getattr(back, field), parts)
        if field == "body_html" and document.format in LINES:
            before, after = _words(before), _words(after)
        if not _kept(before, after, parts):
            found[field] = (before, after)
    return found


def _comparable(field: str, value: Any, lost: set[str]) -> Any:
    """A value without the parts that were reported lost, and without its line breaks."""
    if field == "body_html":
        value = _FIGURE.sub("", value)  # a picture of the story, for whoever reads it
        return html_to_text(value).split() if "markup" in lost else value
    if field == "ed_notes":  # several may have become one
        return " ".join(value).split()
    if field == "signals":
        return tuple(signal.removeprefix("sig:") for signal in value)
    if field in ("href", "residref"):
        return iri(value)
    if field == "rel":
        return value if ":" in value else f"irel:{value}"
    if isinstance(value, tuple):
        return tuple(_comparable("", one, lost) for one in value)
    if is_dataclass(value):
        parts = {part.name: getattr(value, part.name) for part in fields(value) if part.name not in lost}
        return {name: _comparable(name, part, set()) for name, part in parts.items() if part}
    return " ".join(value.split()) if isinstance(value, str) else value


def _words(html: str | list[str]) -> list[str]:
    """The words of a body, as markup or parted already; neither dashes, nor what marks items and cells."""
    parted = html_to_text(html).split() if isinstance(html, str) else html
    return [word for word in parted if any(map(str.isalnum, word))]


def _kept(before: Any, after: Any, lost: set[str]) -> bool:
    """Whether all of it came back; what came besides is no loss."""
    if not before:
        return True
    if isinstance(before, dict):
        return isinstance(after, dict) and all(after.get(name) == part for name, part in before.items())
    if isinstance(before, tuple):
        return all(any(_kept(one, other, lost) for other in after) for one in before)
    if isinstance(before, list):  # words, in their order
        coming = iter(after)
        return all(word in coming for word in before)
    if isinstance(before, datetime) and isinstance(after, datetime) and "seconds" in lost:
        return abs(before - after) <= timedelta(minutes=1)
    return bool(before == after)
