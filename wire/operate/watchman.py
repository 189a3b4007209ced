"""Looks every few seconds whether people should be called, and calls them: once, and when it is over."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import product

from wire.common.alarms import Alarm, Limits, Pace, conditions, turned
from wire.deliver.notices import News
from wire.errors import StoreError, WireError
from wire.flow.tally import Tally
from wire.operate.outlook import Outlook
from wire.store.watch import Notice, WatchBook

log = logging.getLogger(__name__)

#: Seconds between two looks.
LOOK_S = 15.0
#: How long a channel that failed is left alone: at first, and at most.
_PAUSES = (timedelta(minutes=1), timedelta(minutes=15))

#: Tells news through a channel. Raises WireError.
Channel = Callable[[News], None]


class Watchman:
    """Keeps the alarms. `run` in a thread of its own; `alarms` by any."""

    def __init__(
        self,
        *,
        outlook: Outlook,
        tally: Tally,
        book: WatchBook,
        limits: Limits,
        channels: Mapping[str, Channel],
        desk: str,
        on_watch: Callable[[], bool] = lambda: True,
        look_s: float = LOOK_S,
    ) -> None:
        """Of several daemons on one store, one is on watch.

        channels  by name, how people are told
        on_watch  whether it is us
        """
        self._outlook = outlook
        self._tally = tally
        self._book = book
        self._limits = limits
        self._channels = channels
        self._desk = desk
        self._look_s = look_s
        self._on_watch = on_watch
        self._was_on_watch = False
        self._standing: Mapping[tuple[str, str], Alarm] = {}
        self._others: tuple[Alarm, ...] = ()  # as the daemon on watch kept them
        self._owed: dict[tuple[str, str, str], Notice] = {}
        self._kept_paces: Mapping[str, Pace] = {}
        self._rests: dict[str, tuple[datetime, timedelta]] = {}  # until when, and how long it was

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What people should look at by our own watch, the oldest first."""
        return tuple(sorted(self._standing.values(), key=lambda alarm: (alarm.since, alarm.about)))

    @property
    def told(self) -> tuple[Alarm, ...]:
        """What people should look at, whichever daemon is on watch; seconds late where it is another."""
        return self.alarms or self._others

    def resume(self) -> None:
        """Take up what was known at the end of the last run. Raises StoreError."""
        before = self._book.read()
        self._tally.remember_paces(before.paces)
        self._kept_paces = self._tally.paces()
        self._standing = {alarm.key: alarm for alarm in before.alarms}
        self._owed = {notice.key: notice for notice in before.notices if notice.channel in self._channels}

    def run(self, stop: threading.Event) -> None:
        """Look again and again until ``stop``."""
        while not stop.is_set():
            try:
                self._take_turn()
            except StoreError as exc:
                log.warning("the watch cannot look: %s", exc)
            except Exception:  # the watch's edge: it looks again, and harms nobody
                log.exception("the watch failed by our own fault")
            stop.wait(self._look_s)
        with suppress(StoreError):
            self._keep_paces()

    def _take_turn(self) -> None:
        """Look if it is for us to do so; who comes on watch takes up what is known."""
        if not self._on_watch():
            self._was_on_watch, self._standing = False, {}
            self._others = self._book.read().alarms
            return
        if not self._was_on_watch:
            self.resume()
            self._was_on_watch, self._others = True, ()
        self.look()

    def look(self) -> None:
        """Look once: raise alarms, end them, tell of both. Raises StoreError."""
        seen = self._outlook.look()
        change = turned(self._standing, tuple(conditions(seen, self._limits)))
        self._standing = change.standing
        for alarm in change.raised:
            log.warning("alarm: %s", alarm.message, extra={"alarm": alarm.kind.value, "about": alarm.about})
        for alarm in change.over:
            log.info("over: %s", alarm.message, extra={"alarm": alarm.kind.value, "about": alarm.about})
        self._owe(change.raised, change.over)
        if change.raised or change.over:
            self._book.keep_alarms(self._standing.values(), self._owed.values())
        self._keep_paces()
        self._tell(seen.now)

    def _owe(self, raised: tuple[Alarm, ...], over: tuple[Alarm, ...]) -> None:
        """Note what each channel has to tell; what is over before it was told of needs no telling."""
        turns = [(alarm, False) for alarm in raised] + [(alarm, True) for alarm in over]
        for channel, (alarm, is_over) in product(self._channels, turns):
            notice = Notice(channel=channel, alarm=alarm, over=is_over)
            if self._owed.pop(notice.key, None) is None:
                self._owed[notice.key] = notice

    def _keep_paces(self) -> None:
        paces = self._tally.paces()
        changed = {source: pace for source, pace in paces.items() if self._kept_paces.get(source) != pace}
        self._book.keep_paces(changed)
        self._kept_paces = paces

    def _tell(self, now: datetime) -> None:
        for name, tell in self._channels.items():
            owed = [notice for notice in self._owed.values() if notice.channel == name]
            until, rest = self._rests.get(name, (now, timedelta()))
            if not owed or until > now:
                continue
            news = News(
                desk=self._desk,
                begun=[notice.alarm for notice in owed if not notice.over],
                over=[notice.alarm for notice in owed if notice.over],
                at=now,
            )
            try:
                tell(news)
            except Exception as exc:  # a channel's edge: another one may still reach somebody
                rest = min(max(rest * 2, _PAUSES[0]), _PAUSES[1])
                self._rests[name] = (now + rest, rest)
                ours = not isinstance(exc, WireError)
                log.error("nobody was told by %s, tried again soon: %s", name, exc, exc_info=ours)
                continue
            self._rests.pop(name, None)
            for notice in owed:
                del self._owed[notice.key]
            self._book.keep_alarms(self._standing.values(), self._owed.values())
