"""What the daemon says of itself: log lines, counters, heartbeats.

Modules log with the standard library, the event as message and what it is about as fields::

    log.info("story kept", extra={"story": story_id, "source": source_id})

`about` adds fields to whatever a thread logs within. One event is one line, whatever stands in its fields.
Never logged: secrets, and text of stories.

The formatters are ours: importing structlog costs 130 ms and 7 MB at every start, for what these do.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal, TextIO

#: What every record has; whatever else it has was given as a field.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

#: Fields whose values never appear.
_SECRET = ("secret", "password", "token", "authorization", "signature")

_COLOURS = {logging.WARNING: "\x1b[33m", logging.ERROR: "\x1b[31m", logging.CRITICAL: "\x1b[31;1m"}
_PLAIN = "\x1b[0m"


#: Fields of whatever is logged within `about`.
_ABOUT: ContextVar[Mapping[str, object]] = ContextVar("about", default=MappingProxyType({}))

Format = Literal["auto", "console", "json"]


def configure(*, level: str, stream: TextIO, format: Format = "auto") -> None:
    """Send log records of this level and above to a stream; replaces what was configured before.

    format  ``console`` is for people; ``json``, an object a line, for machines; ``auto`` is the first on a
            terminal, else the second
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ConsoleFormatter() if for_people(format, stream) else JsonFormatter())
    handler.addFilter(_add_what_it_is_about)
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
    token = _ABOUT.set({**_ABOUT.get(), **fields})
    try:
        yield
    finally:
        _ABOUT.reset(token)


def _add_what_it_is_about(record: logging.LogRecord) -> bool:
    for key, value in _ABOUT.get().items():
        if key not in vars(record):
            setattr(record, key, value)
    return True


class JsonFormatter(logging.Formatter):
    """``{"time": …, "level": …, "logger": …, "event": …, field: …}``: an object a line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **fields(record),
        }
        if trace := _trace(self, record):
            line["trace"] = trace
        return json.dumps(line, default=str)


class ConsoleFormatter(logging.Formatter):
    """Time of day, message, fields; a traceback on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The record for a person at a terminal."""
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        shown = "".join(f" {key}={_quoted(str(value))}" for key, value in fields(record).items())
        colour = _COLOURS.get(record.levelno, "")
        line = f"{moment} {colour}{escaped(record.getMessage())}{_PLAIN if colour else ''}{shown}"
        trace = _trace(self, record)
        return "\n".join([line, *map(escaped, trace.splitlines())]) if trace else line


def fields(record: logging.LogRecord) -> Mapping[str, object]:
    """What a record was given by ``extra``; values of secret names are covered."""
    given = {key: value for key, value in vars(record).items() if key not in _STANDARD}
    return {key: "***" if _is_secret(key) else value for key, value in given.items()}


def escaped(text: str) -> str:
    """The text without anything that could end a line or steer a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def _quoted(value: str) -> str:
    if value and value.isprintable() and not any(char in value for char in ' "='):
        return value
    return '"' + escaped(value.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _is_secret(key: str) -> bool:
    folded = key.casefold()
    return any(word in folded for word in _SECRET)


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""


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
