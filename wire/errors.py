"""Every error `wire` raises, arranged by what the caller can do about it.

WireError
├── ConfigError            the settings are faulty: nothing starts; every fault is listed
├── IntakeError            this file or story cannot be read: quarantine it, go on with the others
│   ├── EmptyFile          there is nothing in it
│   ├── NotAStory          readable, but no story: binary data, an archive, a picture without a text
│   ├── Malformed          a known format, broken beyond reading
│   ├── UnsafeInput        it declares entities, nests or grows without bounds
│   ├── NotItsOwn          it revises a story that its source may not revise
│   └── TooLarge           over the size limit; never read
├── StoreError             nothing was kept: stop intake, go red, try again
│   ├── AlreadyRunning     another daemon owns the data
│   └── StoreUnusable      the database cannot be opened, is damaged, or is of a newer version
├── Unkeepable             no database can hold what was given: the same would fail again
├── RenderError            this story cannot be written in that format: set the document aside
├── OutboxError            the outbox folder cannot be written: go red, try again; the store has it all
├── DeliveryError          one endpoint did not take one document at one attempt
│   ├── Refused            permanent: a repeat of the same will fail the same way
│   └── Unreachable        passing: try again later
├── PluginError            a third party's part cannot be loaded: leave it out, say so
└── CommandError           somebody asked, by command, page or API, for what cannot be done as things stand
"""

from __future__ import annotations

from dataclasses import dataclass


class WireError(Exception):
    """The root: anything `wire` raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in the configuration: where it stands and what to do."""

    where: str  #: ``file:line``, or the file alone when no line can be named
    key: str  #: dotted path of the setting, such as ``endpoints[1].url``
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.key}: {self.message}" if self.key else f"{self.where}: {self.message}"


class ConfigError(WireError):
    """The settings are faulty; carries every fault at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class IntakeError(WireError):
    """A file or story cannot be read. ``str()`` is the reason a person reads in the quarantine."""


class EmptyFile(IntakeError):
    """The file holds no bytes, or nothing but blanks."""


class NotAStory(IntakeError):
    """The bytes are readable but hold no story."""


class Malformed(IntakeError):
    """The format is known, the document is broken beyond reading."""


class UnsafeInput(IntakeError):
    """The document tries to be more than a document: entities, floods, bottomless nesting."""


class NotItsOwn(IntakeError):
    """The story is another source's, which the one that revises it may not."""


class TooLarge(IntakeError):
    """The file is over the configured size limit."""


class StoreError(WireError):
    """Nothing was kept."""


class AlreadyRunning(StoreError):
    """Another daemon owns the data folder."""


class StoreUnusable(StoreError):
    """The database cannot be opened, is damaged, or was written by a newer version."""


class Unkeepable(WireError):
    """The database refuses a value itself, such as too great a number; whoever gave it is at fault."""


class RenderError(WireError):
    """A story cannot be written in a format."""


class OutboxError(WireError):
    """The outbox folder cannot be written; ``disk_full`` tells what people can mend from what they cannot."""

    def __init__(self, message: str, *, disk_full: bool = False) -> None:
        super().__init__(message)
        self.disk_full = disk_full


class DeliveryError(WireError):
    """An endpoint did not take a document.

    ``status`` is the transport's own code where it has one (HTTP status), ``retry_after_s`` what the
    endpoint itself asked for, ``disable`` true when it asked never to be called again (HTTP 410).
    """

    permanent = False

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
        disable: bool = False,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after_s = retry_after_s
        self.disable = disable


class Refused(DeliveryError):
    """The endpoint says no, and would say no again."""

    permanent = True


class Unreachable(DeliveryError):
    """The endpoint could not be reached, or said: later."""


class PluginError(WireError):
    """A part added by an entry point cannot be loaded."""


class CommandError(WireError):
    """What was asked for cannot be done as things stand."""
