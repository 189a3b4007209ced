"""The daemon as every section measures it: 10 feeds that carry everything, 5 HTTP endpoints or none."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harness.copydesk import Item
from tests.harness.daemon import SECRET_NAME, Daemon
from tests.harness.receiver import Receiver

FEEDS = 10
ENDPOINTS = 5


@contextmanager
def daemon(folder: Path, receiver: Receiver | None = None, **tables: Any) -> Iterator[Daemon]:
    """A running daemon; with a receiver, five endpoints of it are configured.

    tables  further tables of its configuration
    """
    endpoints = [
        {"id": f"e{number}", "type": "http", "url": receiver.url(f"e{number}"), "secret": SECRET_NAME}
        for number in range(ENDPOINTS if receiver else 0)
        if receiver is not None
    ]
    feeds = [{"id": f"f{number}", "title": f"Feed {number}"} for number in range(FEEDS)]
    running = Daemon(folder, settle_s=1.0, feeds=feeds, endpoints=endpoints, **tables)
    try:
        running.start()
        yield running
    finally:
        running.end()


class Poller:
    """Asks for one feed again and again on one connection, as a subscriber with If-None-Match would."""

    def __init__(self, port: int, path: str = "/feeds/f0.rss") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._path = path
        self._etag = ""

    def changed(self) -> bytes | None:
        """The feed's bytes, or None when they are those of last time."""
        self._connection.request(
            "GET", self._path, headers={"If-None-Match": self._etag} if self._etag else {}
        )
        response = self._connection.getresponse()
        body = response.read()
        if response.status == 304:
            return None
        assert response.status == 200, response.status
        self._etag = response.headers["ETag"]
        return body

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


class Burst:
    """Files written beforehand on the inbox's file system, then renamed in one after the other."""

    def __init__(self, desk: Daemon, items: Sequence[Item]) -> None:
        self._moves = [(desk.staging / item.name, desk.inbox / item.name) for item in items]
        for (staged, _), item in zip(self._moves, items, strict=True):
            staged.write_bytes(item.data)
        os.sync()

    def go(self) -> float:
        """Rename all of them in; returns the monotonic instant of the first."""
        begun = time.monotonic()
        for staged, target in self._moves:
            staged.rename(target)
        return begun
