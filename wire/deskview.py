"""What the desk page and the HTTP API see of the rest: values and Protocols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Protocol

from wire.lists import StoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody is at the desk."""

    name: str  #: of the user
    stamp: str  #: `wire.people.User.stamp` when it began
    until: datetime  #: aware UTC


class SessionRows(Protocol):
    """Sessions by the hash of their token. Thread-safe. Raises StoreError."""

    def begin(self, token_sha256: str, made: Session) -> None:
        """Keep a session."""
        ...

    def find(self, token_sha256: str, now: datetime) -> Session | None:
        """The session of a token; None when there is none, or its time is over."""
        ...

    def end(self, token_sha256: str) -> None:
        """Let go of a session."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which stories somebody wants to see; empty fields ask for nothing."""

    text: str = ""  #: words, of which one may end in ``*``
    source: str = ""
    topic: str = ""  #: qcode; everything below it too
    language: str = ""  #: BCP 47; ``en`` takes ``en-GB`` too
    status: str = ""  #: a standing, or ``corrected``

    def given(self) -> dict[str, str]:
        """The fields that are not empty."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Where a story stands with one endpoint."""

    endpoint: str
    state: str  #: `wire.story.DeliveryState` of the latest delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A story on the board: as in other lists, and what only the board shows."""

    story: StoryRow
    seq: int  #: of the version in force
    slugline: str | None
    language: str | None  #: BCP 47
    urgency: int | None  #: 1 (most) to 9
    feeds: tuple[str, ...]
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """Some stories, newest first."""

    rows: tuple[BoardRow, ...]
    older: int | None  #: what to ask for the next page with; None at the end
    unsearchable: int = 0  #: newest versions that a filter has not looked at, since they are not indexed yet


class BoardShelf(Protocol):
    """Stories as the board shows them. Thread-safe. Raises StoreError."""

    def page(self, wanted: Filter, before: int | None = None, limit: int = 50) -> BoardPage:
        """The newest stories that a filter lets through.

        before  go on with what is older than this, from a former page's ``older``
        """
        ...

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """Values that filters can take: ``source``, ``language``, ``topic``."""
        ...
