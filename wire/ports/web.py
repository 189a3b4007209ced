"""Between the web and what it shows beside feeds: stories by id, pages for people, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wire.ports.feeds import FeedInfo, Headline
from wire.story import Action, Document, Revision, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A story as the public may see it."""

    standing: Standing
    revision: Revision | None  #: None unless LIVE or EXPIRED
    feeds: tuple[str, ...] = ()  #: in which it stands, or stood until its time was over


class Pages(Protocol):
    """Writes what people see of us. Stateless; used by several threads at once. Pure.

    Every page is a complete HTML5 document in UTF-8, without scripts.
    """

    policy: str  #: Content-Security-Policy under which the pages look as meant

    def story(self, revision: Revision) -> bytes:
        """A story. Raises RenderError and nothing else."""
        ...

    def feed(self, feed: FeedInfo, newest: Sequence[Headline]) -> bytes:
        """What a feed is, how to subscribe, and its newest stories."""
        ...

    def start(self, feeds: Sequence[FeedInfo]) -> bytes:
        """The way in: who we are, and every feed."""
        ...

    def withdrawn(self) -> bytes:
        """In the place of a story that was killed or withheld. Says nothing of the story."""
        ...

    def missing(self) -> bytes:
        """In the place of what never was."""
        ...


class StoryRows(Protocol):
    """Stories by id, as the store has them. Thread-safe. Raises StoreError."""

    def shelved(self, story_id: str) -> Shelved | None:
        """See `StoryShelf.shelved`."""
        ...

    def document(self, seq: int, format: str) -> Document | None:
        """A kept document of a revision; None when that format was not kept."""
        ...


class StoryShelf(Protocol):
    """Stories by id, seen by the web. Thread-safe. Raises StoreError."""

    def shelved(self, story_id: str) -> Shelved | None:
        """The version in force; None when there is no such story or it was never public."""
        ...

    def document(self, revision: Revision, format: str) -> Document | None:
        """A revision in a format of machines; None when it cannot be had."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a story that the public saw, or sees now."""

    seq: int  #: of the story's latest revision; rises with every change of any story
    story_id: str
    guid: str
    action: Action
    at: datetime  #: aware UTC
    revision: Revision | None  #: None when the public may not see it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """Some changes, in the order of the commits."""

    changes: tuple[Change, ...]
    cursor: int  #: where the next page begins, whether or not there were changes to tell
    more: bool  #: there may be more already
    unknown: bool = False  #: the point asked from lies after everything that was ever committed here


class ChangeLog(Protocol):
    """Everything that changed, from any point on. Thread-safe. Raises StoreError."""

    def since(self, seq: int, limit: int) -> ChangePage:
        """The stories whose latest revision is later than ``seq``, each once.

        limit  looked at in all; those never public are passed over
        """
        ...
