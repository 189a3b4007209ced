"""Tells the world of feeds that changed (WebSub): our own hub with its subscribers, and hubs elsewhere.

A feed is announced when its file has been written, so that whoever comes for it finds it new. What is sent
then are ordinary delivery rows (`wire.store.subscriptions`). Subscribers are asked whether they meant it,
by threads of our own; what was asked stands in the store, so a restart forgets nobody.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from wire.deliver.websub import Verifier, ping_form
from wire.errors import StoreError, Unreachable
from wire.ports import Clock
from wire.ports.feeds import FeedShelf, Intent, Rendition
from wire.store.subscriptions import Subscriptions
from wire.story import Document

log = logging.getLogger(__name__)

_AT_ONCE = 8  #: subscribers that are asked at the same time
_TRIES = 3  #: questions to a subscriber that does not answer
_AGAIN_S = 30.0  #: between two of them
_LOOK_S = 10.0  #: between two looks for requests, unless one has just come
_TIDY_S = 60.0  #: between two looks for subscriptions that are over
_FORM = "application/x-www-form-urlencoded"


class Hub:
    """`wire.ports.feeds.HubDesk`, and what becomes of what is asked. Thread-safe; `run` does the asking."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        verifier: Verifier,
        *,
        feeds: FeedShelf,
        topics: Collection[str],
        topics_url: str,
        wake: Callable[[Sequence[str]], None],
        clock: Clock,
    ) -> None:
        """topics: files of the public feeds, such as ``world.atom``

        topics_url  what their addresses begin with
        wake        has lanes looked at
        """
        self._subscriptions = subscriptions
        self._verifier = verifier
        self._feeds = feeds
        self._topics = frozenset(topics)
        self._topics_url = topics_url
        self._wake = wake
        self._clock = clock
        self._told = frozenset(subscriptions.topics())
        self._telling = threading.Lock()
        self._asked = threading.Event()

    def ask(self, intent: Intent) -> bool:
        """See `wire.ports.feeds.HubDesk.ask`."""
        noted = self._subscriptions.ask(intent, self._clock())
        self._asked.set()
        return noted

    def announce(self, topic: str, shown: Rendition) -> None:
        """A feed's file has just been written. Costs a look into a set when nobody is told of it.

        Raises StoreError when it could not be queued; then it is to be announced again.
        """
        if topic not in self._told:
            return
        content = Document(format="websub", media_type=shown.media_type, body=shown.body, suffix="feed")
        ping = Document(
            format="ping", media_type=_FORM, body=ping_form(f"{self._topics_url}{topic}"), suffix="form"
        )
        if lanes := self._subscriptions.announce(topic, shown.etag, content, ping, self._clock()):
            self._wake(lanes)

    def run(self, stop: threading.Event) -> None:
        """Verify what was asked, and end what is over, until ``stop``."""
        tidied: datetime | None = None
        while not stop.is_set():
            self._asked.clear()
            try:
                self.verify(stop)
                now = self._clock()
                if tidied is None or abs(now - tidied) > timedelta(seconds=_TIDY_S):
                    self.tidy()
                    tidied = now
            except StoreError as exc:
                log.error("the hub waits for the store: %s", exc)
            self._asked.wait(_LOOK_S)

    def wake(self) -> None:
        """Let `run` look at its stop event."""
        self._asked.set()

    def tidy(self) -> None:
        """End what is over, and have those told whose topic is no more. Raises StoreError."""
        self._subscriptions.drop_stale(self._clock(), self._topics)
        self._look_who_is_told()

    def verify(self, stop: threading.Event) -> None:
        """Ask every subscriber whose request is due, some at once. Raises StoreError."""
        while not stop.is_set() and (due := self._subscriptions.waiting(self._clock(), _AT_ONCE)):
            threads = [threading.Thread(target=self._verify, args=(asked,), daemon=True) for asked in due]
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive() and not stop.is_set():
                    thread.join(0.2)

    def _verify(self, asked: Intent) -> None:
        try:
            self._settle(asked)
        except StoreError as exc:
            log.error("a subscription waits for the store: %s", exc)
        except Exception:  # the thread's edge: it is asked again, a few times
            log.exception("a subscriber could not be asked")
            self._subscriptions.postpone(asked, self._clock() + timedelta(seconds=_AGAIN_S))

    def _settle(self, asked: Intent) -> None:
        topic = f"{self._topics_url}{asked.topic}"
        try:
            meant = self._verifier.confirms(asked, topic=topic, challenge=secrets.token_urlsafe(24))
        except Unreachable as exc:
            if asked.tries + 1 < _TRIES:
                self._subscriptions.postpone(asked, self._clock() + timedelta(seconds=_AGAIN_S))
                return
            log.info("no subscription to %s: %s", asked.topic, exc)
            meant = False
        feed, _, format = asked.topic.rpartition(".")
        shown = self._feeds.rendition(feed, format)
        self._subscriptions.settle(asked, self._clock(), meant=meant, etag=shown.etag if shown else "")
        self._look_who_is_told()

    def _look_who_is_told(self) -> None:
        """Read the topics that anybody is told of, one thread at a time: who reads last is right."""
        with self._telling:
            self._told = frozenset(self._subscriptions.topics())
