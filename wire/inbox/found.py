"""What a sweep hands on: files taken, files refused, and how things stand."""

from __future__ import annotations

from dataclasses import dataclass

from wire.errors import IntakeError
from wire.inbox.renames import Parts
from wire.inbox.settle import Print
from wire.story import RawFile, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One state of one file in the inbox: enough to remove exactly that one later."""

    folder: Parts  #: folder names below the inbox
    name: str  #: as the system gave it, undecodable bytes as surrogates
    print: Print

    @property
    def parts(self) -> Parts:
        """The way from the inbox to the file."""
        return (*self.folder, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A whole file, read; it still lies in the inbox until `Inbox.discard`."""

    raw: RawFile
    found: Found
    dropped_s: float  #: when it was renamed in or last written, seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    """A file that was not taken, and why. Told once for each state of the file."""

    found: Found
    name: str  #: for people
    source: Source
    error: IntakeError  #: ``str()`` is the reason in words
    passing: bool = False  #: cannot be read now: left where it is and tried again, nothing to set aside

    @property
    def reason(self) -> str:
        """Why, for people."""
        return str(self.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What one look through the inbox brought."""

    taken: tuple[Taken, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    waiting: int = 0  #: files not whole yet
    next_look_s: float | None = None  #: when to sweep again: 0 at once, None when nothing waits
    trouble: str | None = None  #: why the inbox itself cannot be read
