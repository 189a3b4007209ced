"""Raw bytes become stories, or the reason why they are none. Pure: no store, no settings, no clock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any, TypeVar

from wire.common.likeness import sketch
from wire.desk.identity import identity
from wire.desk.marks import heed_mark
from wire.errors import IntakeError, PluginError
from wire.normalise.normaliser import STANDARD_STEPS, StoryNormaliser
from wire.parse.detect import read
from wire.plugins import load, names
from wire.ports import Normaliser, Parser
from wire.story import Draft, RawFile, Story, once_key
from wire.storyjson import encoded

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStory:
    """A story that was read, with what the desk needs of it."""

    story: Story
    identity: str
    content_sha256: str
    json: str  #: the story as the store keeps it (`wire.storyjson.encoded`)
    sketch: bytes | None = None  #: by `wire.common.likeness`; None where it is not to be compared


#: What came of one file: its stories, or in their place why not.
Items = tuple[ReadStory | IntakeError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file after reading: stories, and reasons in place of those that could not be read."""

    source: str
    name: str
    size: int  #: bytes
    arrived_at: datetime
    sha256: str | None  #: None when the file was refused unread
    data: bytes | None
    once_key: str  #: the same for every arrival of the same bytes from the same source
    items: Items


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Raw bytes become stories. Immutable; used by any thread."""

    parsers: Iterable[Parser]  #: the surest first; looked through for every file
    normaliser: Normaliser

    def read(self, raw: RawFile) -> ReadFile:
        """Every story of a file, or the reason why it is none. Never raises."""
        return read_file(raw, self.items(raw))

    def items(self, raw: RawFile) -> Items:
        """The stories alone, or in their place why not. Never raises."""
        [items] = self.items_of([raw])
        return items

    def read_all(self, files: Sequence[RawFile]) -> list[ReadFile]:
        """`read` of each file."""
        return [read_file(raw, items) for raw, items in zip(files, self.items_of(files), strict=True)]

    def items_of(self, files: Sequence[RawFile]) -> list[Items]:
        """`items` of each file, stage by stage: the code of one stage then stays in the processor's caches.

        That takes a quarter less time than file by file.
        """
        drafts = [self._drafts(raw) for raw in files]
        stories = [
            [_guarded(raw, self._story, draft, raw) for draft in found]
            for raw, found in zip(files, drafts, strict=True)
        ]
        return [
            tuple(_guarded(raw, read_story, story, raw, number) for number, story in enumerate(found, 1))
            for raw, found in zip(files, stories, strict=True)
        ]

    def _drafts(self, raw: RawFile) -> Sequence[Draft | IntakeError]:
        found = _guarded(raw, read, raw, self.parsers)
        return (found,) if isinstance(found, IntakeError) else found

    def _story(self, draft: Draft, raw: RawFile) -> Story:
        return heed_mark(self.normaliser(draft, raw), raw.source)


def _guarded(raw: RawFile, stage: Callable[..., T], given: Any, *more: Any) -> T | IntakeError:
    """What a stage makes of what it is given, or why it cannot; a reason it is given stays as it is."""
    if isinstance(given, IntakeError):
        return given
    try:
        return stage(given, *more)
    except IntakeError as exc:
        return exc
    except Exception as exc:  # a parser's edge: its fault quarantines this story and no other
        log.exception("parser failed on a file", extra={"source": raw.source.id})
        return IntakeError(f"the parser failed on it, which is our fault: {exc!r}")


def build_reader() -> Reader:
    """Every parser, and the normaliser with every step. A plug-in that cannot be loaded is left out."""
    parsers = (parser() for parser in _parts("wire.parsers"))
    steps = chain(STANDARD_STEPS, _parts("wire.steps"))
    return Reader(parsers=_AsWanted(parsers), normaliser=StoryNormaliser(_AsWanted(steps)))


class _AsWanted(Iterable[T]):
    """Each part loaded when somebody first comes to it: all parsers take a third of a daemon's start.

    Whoever is content with an early one, as most of the wire's own formats are, never waits for the others.
    Thread-safe.
    """

    def __init__(self, coming: Iterator[T]) -> None:
        self._loaded: list[T] = []
        self._coming = coming
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[T]:
        number = 0
        while number < len(self._loaded) or self._load(number):
            yield self._loaded[number]
            number += 1

    def _load(self, number: int) -> bool:
        """Load the part of this number, unless another thread has; False when there is none."""
        with self._lock:
            if number == len(self._loaded):
                self._loaded.extend(islice(self._coming, 1))
            return number < len(self._loaded)


def _parts(group: str) -> Iterator[Any]:
    for name in names(group):
        try:
            yield load(group, name)
        except PluginError as exc:
            log.error("left out: %s", exc)


def read_story(story: Story, raw: RawFile, number: int) -> ReadStory:
    """A story with what the desk needs of it.

    number  of the story within its file, from 1
    """
    digest, json = encoded(story)
    return ReadStory(
        story=story,
        identity=identity(story, raw.source, raw.arrived_at, number),
        content_sha256=digest,
        json=json,
        sketch=sketch(story.body_html),
    )


def read_file(raw: RawFile, items: Items) -> ReadFile:
    """A file that was read, with what came of it."""
    return ReadFile(
        source=raw.source.id,
        name=raw.name,
        size=len(raw.data),
        arrived_at=raw.arrived_at,
        sha256=raw.sha256,
        data=raw.data,
        once_key=once_key(raw.source.id, raw.sha256),
        items=items,
    )
