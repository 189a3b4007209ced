"""What the daemon says of itself: log lines, counters, heartbeats.

Modules log with the standard library, the event as message and what it is about as fields::

    log.info("story kept", extra={"story": story_id, "source": source_id})

`about` adds fields to whatever a thread logs within. structlog makes the lines, of our events and of any
library's: one event is one line, whatever stands in its fields. Never logged: secrets, and text of stories.

structlog is imported by the first line: the commands that only look and the sending process do without it.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TextIO

from wire.common.printable import printable

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

#: Fields whose values never appear.
_SECRET = ("secret", "password", "token", "authorization", "signature")

#: What `about` has whatever a thread logs carry.
_FIELDS: ContextVar[Mapping[str, object]] = ContextVar("fields", default=MappingProxyType({}))

Format = Literal["auto", "console", "json"]


def configure(*, level: str, stream: TextIO, format: Format = "auto") -> None:
    """Send log records of this level and above to a stream; replaces what was configured before.

    format  ``console`` is for people; ``json``, an object a line, for machines; ``auto`` is the first on a
            terminal, else the second
    """
    handler = logging.StreamHandler(stream)
    people = for_people(format, stream)
    handler.setFormatter(
        _MadeLate(partial(_lines_for_people, colours=stream.isatty()) if people else _json_lines)
    )
    root = logging.getLogger()
    for old in tuple(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    # These tell of each of their own steps, and their lines may hold URLs with credentials.
    for chatty in ("urllib3", "watchfiles", "alembic", "paramiko"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    # That a job was still running at its next turn is no news: it runs again at the one after.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def for_people(format: Format, stream: TextIO) -> bool:
    """Whether people read what is written to the stream."""
    return format == "console" or (format == "auto" and stream.isatty())


@contextmanager
def about(**fields: object) -> Iterator[None]:
    """Whatever this thread logs within, in any library, carries these fields."""
    token = _FIELDS.set({**_FIELDS.get(), **fields})
    try:
        yield
    finally:
        _FIELDS.reset(token)


class _MadeLate(logging.Formatter):
    """A formatter made for the first line: loading structlog takes time, and many processes are silent."""

    def __init__(self, make: Callable[[], logging.Formatter]) -> None:
        super().__init__()
        self._made = cache(make)

    def format(self, record: logging.LogRecord) -> str:
        return self._made().format(record)


def _json_lines() -> logging.Formatter:
    """An object a line, in ASCII: ``event``, ``time``, ``level``, ``logger``, fields, ``exception``."""
    from structlog import processors, stdlib

    encode = json.JSONEncoder(default=str).encode  # made once; json.dumps makes one a line
    return stdlib.ProcessorFormatter(
        foreign_pre_chain=(
            processors.TimeStamper("iso", key="time"),
            stdlib.add_log_level,
            stdlib.add_logger_name,
            stdlib.ExtraAdder(),
            _add_fields,
            _cover_secrets,
            processors.format_exc_info,
        ),
        processors=(
            stdlib.ProcessorFormatter.remove_processors_meta,
            processors.JSONRenderer(lambda event, **_: encode(event)),
        ),
    )


def _lines_for_people(*, colours: bool) -> logging.Formatter:
    """Time of day in UTC, level, event, fields; a traceback on lines of its own."""
    from structlog import dev, processors, stdlib

    renderer = dev.ConsoleRenderer(
        colors=colours,
        timestamp_key="time",
        pad_event_to=0,
        sort_keys=False,
        exception_formatter=dev.plain_traceback,
    )
    return stdlib.ProcessorFormatter(
        foreign_pre_chain=(
            processors.TimeStamper("%H:%M:%S", key="time"),
            stdlib.add_log_level,
            stdlib.ExtraAdder(),
            _add_fields,
            _cover_secrets,
            processors.format_exc_info,
            _steer_no_terminal,
        ),
        processors=(stdlib.ProcessorFormatter.remove_processors_meta, renderer),
    )


def _add_fields(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {**_FIELDS.get(), **event}


def _cover_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key in event:
        if _is_secret(key):
            event[key] = "***"
    return event


@lru_cache
def _is_secret(key: str) -> bool:
    folded = key.casefold()
    return any(word in folded for word in _SECRET)


def _steer_no_terminal(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = printable(value, keep="\n" if key == "exception" else "")
    return event


#: A counter's labels, sorted by name.
Labels = tuple[tuple[str, str], ...]


#: Sets of labels that one counter tells apart; whatever more comes is counted as ``other``.
_LABEL_SETS = 1000


class Counters:
    """Numbers that only grow, by name and labels. Thread-safe. One instance, made by the composition root."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, Labels], int] = {}
        self._sets: dict[str, int] = {}  # sets of labels, by name

    def add(self, name: str, count: int = 1, **labels: str) -> None:
        """Count. Label values must come from a bounded set: ids, never texts."""
        key = (name, tuple(sorted(labels.items())))
        with self._lock:
            if key not in self._counts:
                self._sets[name] = self._sets.get(name, 0) + 1
                if self._sets[name] > _LABEL_SETS:
                    key = (name, tuple((label, "other") for label in sorted(labels)))
            self._counts[key] = self._counts.get(key, 0) + count

    def value(self, name: str, **labels: str) -> int:
        """One counter; 0 when nothing was counted."""
        with self._lock:
            return self._counts.get((name, tuple(sorted(labels.items()))), 0)

    def snapshot(self) -> Mapping[tuple[str, Labels], int]:
        """All counters at one instant, in order of name and labels."""
        with self._lock:
            return dict(sorted(self._counts.items()))


class Beats:
    """Proof that the daemon's loops turn. Thread-safe. One instance, made by the composition root."""

    def __init__(self, *, patience_s: float = 60.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        """``patience_s``: how long a loop may stay silent before it counts as stuck."""
        self._patience_s = patience_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._beats: dict[str, float] = {}

    def beat(self, name: str) -> None:
        """A loop says that it is alive."""
        with self._lock:
            self._beats[name] = self._monotonic()

    def silent(self) -> tuple[tuple[str, float], ...]:
        """Loops that were silent for too long, each with the seconds since its last beat."""
        with self._lock:
            now_s = self._monotonic()
            ages = sorted((name, now_s - beat_s) for name, beat_s in self._beats.items())
        return tuple((name, age_s) for name, age_s in ages if age_s > self._patience_s)
