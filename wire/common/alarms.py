"""When to call for people: a quiet source, a backlog, an endpoint that fails, a disk that fills. Pure.

`learn` says how a source paces itself, `conditions` what is wrong by what was observed, `turned` what of it
is new and what is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

#: A source's longest gap counts half after this long, so that what was learnt is unlearnt.
_HALF_LIFE = timedelta(days=14)
#: A source is quiet when it is silent for this many of its longest gaps.
_PATIENCE = 2.0
#: A source is not judged by less than so many arrivals over so long a time.
_LEARNT_ARRIVALS, _LEARNT_OVER = 20, timedelta(days=2)
#: Nobody is called for a silence of less than this that was only learnt.
_SHORTEST = timedelta(minutes=15)
#: Looks in a row through which a queue must have grown.
GROWTH_LOOKS = 5


class Kind(StrEnum):
    """What an alarm is about."""

    QUIET_SOURCE = "quiet-source"
    UNREAD = "unread"
    BACKLOG = "backlog"
    FAILING_ENDPOINT = "failing-endpoint"
    DISK = "disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a source's files come."""

    first: datetime
    last: datetime
    arrivals: int = 1
    longest: timedelta = timedelta()  #: gap between two arrivals; older ones count less


def learn(pace: Pace | None, at: datetime) -> Pace:
    """The pace after one more arrival."""
    if pace is None:
        return Pace(first=at, last=at)
    gap = max(at - pace.last, timedelta())
    return Pace(
        first=pace.first,
        last=max(at, pace.last),
        arrivals=pace.arrivals + 1,
        longest=max(gap, pace.longest * 0.5 ** (gap / _HALF_LIFE)),
    )


def patience(pace: Pace, configured: timedelta | None) -> timedelta | None:
    """For how long the source may be silent; None while too little is known of it."""
    if configured is not None:
        return configured
    if pace.arrivals < _LEARNT_ARRIVALS or pace.last - pace.first < _LEARNT_OVER:
        return None
    return max(pace.longest * _PATIENCE, _SHORTEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on something is wrong."""

    quiet: Mapping[str, timedelta | None] = field(default_factory=dict)  #: by source; None to learn it
    learn: bool = True  #: judge the sources that ``quiet`` does not name by their usual gap
    unread: timedelta = timedelta(minutes=5)  #: a file may lie unread
    queued: int = 1000  #: deliveries may wait for an endpoint; more, and rising, are a backlog
    failing: timedelta = timedelta(minutes=15)  #: an endpoint may take nothing
    free_bytes: int = 1_000_000_000  #: on each disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The room on a disk."""

    path: str
    free: int  #: bytes
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How things stand at an instant."""

    now: datetime
    paces: Mapping[str, Pace] = field(default_factory=dict)
    unread: int = 0  #: files in the inbox
    oldest_unread: timedelta | None = None
    queued: Mapping[str, Sequence[int]] = field(default_factory=dict)  #: by endpoint, latest look last
    failing: Mapping[str, datetime] = field(default_factory=dict)  #: by endpoint, since when
    disabled: frozenset[str] = frozenset()  #: endpoints that asked for no more calls
    disks: Mapping[str, Disk] = field(default_factory=dict)  #: by what lies on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that people should look at."""

    kind: Kind
    about: str  #: the source, endpoint or folder
    message: str
    since: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Two alarms of one key are the same, whatever they say."""
        return (self.kind.value, self.about)

    @property
    def advice(self) -> str:
        """What people should do."""
        return _ADVICE[self.kind]

    def told(self) -> dict[str, str]:
        """As JSON values: ``kind``, ``about``, ``message``, ``since`` (RFC 3339) and ``advice``."""
        return {
            "kind": self.kind.value,
            "about": self.about,
            "message": self.message,
            "since": self.since.isoformat(),
            "advice": self.advice,
        }


_ADVICE = {
    Kind.UNREAD: "See what lies in the inbox; if nothing is taken at all, read the log and restart wire.",
    Kind.QUIET_SOURCE: "Ask the agency or check its line; if it may be silent for so long, say so in "
    "its quiet_after_s.",
    Kind.BACKLOG: "Test the endpoint; if it answers but takes too little at a time, raise its lanes or its "
    "rate_per_s.",
    Kind.FAILING_ENDPOINT: "Test the endpoint and read why its last attempts failed; pause it while it is "
    "mended.",
    Kind.DISK: "Make room; the retention of sources (keep_days) says how long copy is kept.",
}


def conditions(seen: Observed, limits: Limits) -> Iterator[Alarm]:
    """Everything that is wrong."""
    yield from _quiet_sources(seen, limits)
    if seen.oldest_unread is not None and seen.oldest_unread > limits.unread:
        message = f"{seen.unread} files wait in the inbox, the oldest for {span(seen.oldest_unread)}"
        yield Alarm(kind=Kind.UNREAD, about="inbox", message=message, since=seen.now - seen.oldest_unread)
    for endpoint, looks in seen.queued.items():
        if grows(looks, limits.queued):
            message = f"{looks[-1]} deliveries wait for {endpoint}, and they become more"
            yield Alarm(kind=Kind.BACKLOG, about=endpoint, message=message, since=seen.now)
    yield from _failing_endpoints(seen, limits)
    for name, disk in seen.disks.items():
        if disk.free < min(limits.free_bytes, disk.total // 5):
            message = f"{disk.free / 1e6:,.0f} MB are left on the disk of the {name} ({disk.path})"
            yield Alarm(kind=Kind.DISK, about=name, message=message, since=seen.now)


def _quiet_sources(seen: Observed, limits: Limits) -> Iterator[Alarm]:
    for source, pace in seen.paces.items():
        configured = limits.quiet.get(source)
        if configured is None and not limits.learn:
            continue
        may, silent = patience(pace, configured), seen.now - pace.last
        if may is not None and silent > may:
            usual = "" if configured else f"; its longest gap of late was {span(pace.longest)}"
            message = f"nothing came from {source} for {span(silent)}{usual}"
            yield Alarm(kind=Kind.QUIET_SOURCE, about=source, message=message, since=pace.last)


def _failing_endpoints(seen: Observed, limits: Limits) -> Iterator[Alarm]:
    for endpoint in sorted(seen.disabled):
        # in our words: its own may repeat copy that is under embargo, and alarms are told in public
        message = f"{endpoint} is switched off, since it asked for no more calls"
        yield Alarm(kind=Kind.FAILING_ENDPOINT, about=endpoint, message=message, since=seen.now)
    for endpoint, since in seen.failing.items():
        if endpoint not in seen.disabled and seen.now - since > limits.failing:
            message = f"{endpoint} has taken nothing for {span(seen.now - since)}"
            yield Alarm(kind=Kind.FAILING_ENDPOINT, about=endpoint, message=message, since=since)


def grows(looks: Sequence[int], most: int) -> bool:
    """Whether a queue is over its limit and has not shrunk for several looks, but grown."""
    lately = looks[-GROWTH_LOOKS:]
    if len(lately) < GROWTH_LOOKS or lately[-1] <= most:
        return False
    return lately[-1] > lately[0] and all(a <= b for a, b in pairwise(lately))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What became of the alarms."""

    standing: Mapping[tuple[str, str], Alarm]
    raised: tuple[Alarm, ...]
    over: tuple[Alarm, ...]


def turned(before: Mapping[tuple[str, str], Alarm], now: Sequence[Alarm]) -> Turned:
    """The alarms that stand from now on: one that stood before keeps its beginning."""
    standing = {}
    for alarm in now:
        held = before.get(alarm.key)
        since = alarm.since if held is None else min(alarm.since, held.since)
        standing[alarm.key] = Alarm(kind=alarm.kind, about=alarm.about, message=alarm.message, since=since)
    return Turned(
        standing=standing,
        raised=tuple(alarm for key, alarm in standing.items() if key not in before),
        over=tuple(alarm for key, alarm in before.items() if key not in standing),
    )


def span(time: timedelta) -> str:
    """A time in words: ``40 s``, ``12 min``, ``3 h``, ``2 days``."""
    seconds = time.total_seconds()
    for unit_s, name in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit_s:
            return f"{seconds / unit_s:.0f} {name}"
    return f"{seconds:.0f} s"
