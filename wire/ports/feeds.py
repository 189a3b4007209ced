"""Between the store, the feeds made of it, and the web that serves them; and the hub that tells of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from wire.story import Revision


class FeedRows(Protocol):
    """What stands in the feeds, seen by the feed board. Thread-safe. Raises StoreError."""

    def window(self, feed: str, limit: int) -> list[Revision]:
        """The newest versions in force that stand in a feed, newest story first.

        After them, beyond the limit, those by which stories were taken back that stood among these.
        """
        ...


class ArchiveRows(Protocol):
    """What became public in a feed on which day. Thread-safe. Raises StoreError."""

    def day(self, feed: str, start: datetime, end: datetime) -> list[int]:
        """The versions in force (``seq``) of stories first published from ``start`` to before ``end``.

        And those by which stories were taken back that stood among these; in the order of publication.
        """
        ...

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        """Versions by number, in no order; those that are kept no more are left out."""
        ...

    def around(self, feed: str, start: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
        """When the last story before ``start`` and the first one from ``end`` on became public."""
        ...


class RecentRows(Protocol):
    """What became public lately, seen by the news sitemap. Thread-safe. Raises StoreError."""

    def recent(self, since: datetime, limit: int) -> list[int]:
        """The versions in force (``seq``) of stories that first stood in a feed since then, newest first."""
        ...

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        """Versions by number, in no order; those that are kept no more are left out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A feed as served: the same bytes until the feed changes."""

    body: bytes = field(repr=False)
    media_type: str
    etag: str  #: hex digest of ``body``, unquoted
    modified: datetime  #: latest change of any entry; aware UTC
    max_age_s: int = 60  #: how long it may be shown without asking whether there is a newer one
    coded: Callable[[str], bytes] = field(repr=False)  #: by content coding; compressed once, then kept


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedInfo:
    """A feed as people and OPML see it."""

    id: str
    title: str
    description: str
    language: str | None = None  #: BCP 47; the house's when None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A story in the list of a feed's newest."""

    title: str
    url: str
    summary: str  #: plain text; empty when there is none
    published: datetime  #: aware UTC
    language: str | None  #: BCP 47


class ArchiveShelf(Protocol):
    """The past of the feeds, ready to be served. Thread-safe."""

    def page(self, feed: str, day: str) -> Rendition | None:
        """A day (``YYYY-MM-DD``) of a feed as Atom; None when it holds no story. Raises StoreError."""
        ...


class FeedShelf(Protocol):
    """Feeds ready to be served. Thread-safe."""

    def infos(self) -> tuple[FeedInfo, ...]:
        """Every public feed, in the configuration's order."""
        ...

    def is_private(self, feed: str) -> bool:
        """Whether there is such a feed and only its readers may see it."""
        ...

    def rendition(
        self, feed: str, format: str, *, private: bool = False, patient: bool = False
    ) -> Rendition | None:
        """The feed as of the latest commit (``rss``, ``atom`` or ``json``); None when there is no such feed.

        private  whether a private feed may be given as well: only to who proved to be its reader
        patient  whether in a rush one of a tenth of a second ago will do; what was taken back is in none

        Raises StoreError when its entries have to be loaded and cannot be.
        """
        ...

    def delta(self, feed: str, format: str, known: Sequence[str]) -> Rendition | None:
        """The feed with only what is new to who has versions of these entity tags; None when that is unknown.

        Raises StoreError as `rendition` does.
        """
        ...

    def headlines(self, feed: str, limit: int) -> tuple[Headline, ...]:
        """The newest stories of a public feed, newest first. Raises StoreError as `rendition` does."""
        ...

    def listing(self, name: str) -> Rendition | None:
        """What tells of all feeds (``feeds.opml``, ``sitemap-news.xml``); None of any other name.

        Raises StoreError.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody asked of our WebSub hub, until he has proved that he meant it."""

    mode: str  #: ``subscribe``, ``unsubscribe``; ``denied`` is ours, for who is to be told no
    topic: str  #: the feed's file, such as ``world.atom``
    callback: str  #: absolute http(s) address
    secret: str | None = field(default=None, repr=False)
    lease_s: int = 0  #: how long a subscription is to last
    tries: int = 0  #: questions that were not answered


class HubDesk(Protocol):
    """Takes what is asked of our WebSub hub, seen by the web. Thread-safe. Raises StoreError."""

    def ask(self, intent: Intent) -> bool:
        """Note it, to be verified soon; False when too many wait already."""
        ...
