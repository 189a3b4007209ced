"""What feeds cost: a new story in a thousand of them, a render, and polls answered by nginx."""

from __future__ import annotations

import random
import socket
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path

from bench import measure
from tests.feeds.stories import HOUSE, ORIGIN, MemoryRows, make_revision, make_story
from tests.harness.daemon import free_port, toml
from tests.harness.nginx import Nginx
from wire import storyjson
from wire.app import App
from wire.config import load
from wire.publish.feeds.board import FeedBoard, FeedSpec
from wire.publish.outbox.folder import Outbox
from wire.story import Revision, Story

FEEDS = 1000
ENTRIES = 100
_CLIENTS = 8
#: What is kept of a story at least, as the store keeps it.
_SHORT = storyjson.dumps(Story(headline="Old", origin=ORIGIN))


def story(number: int, chance: random.Random) -> Revision:
    """A story of about 2 kB with all that an entry can carry."""
    words = " ".join(f"word{chance.randrange(5000)}" for _ in range(200))
    return make_revision(number, story=make_story(body_html=f"<p>{words}</p>"))


class Desk:
    """An app of this process with many feeds that all carry everything; nothing of it runs by itself."""

    def __init__(self, root: Path, feeds: int) -> None:
        """feeds: how many"""
        self.root = root
        self.names = [f"feed-{number}" for number in range(feeds)]
        tables = {
            "web": {"listen": "127.0.0.1:0", "base_url": "http://news.example"},
            "feeds": [{"id": name, "title": name} for name in self.names],
        }
        (root / "config").mkdir(parents=True)
        (root / "config" / "wire.toml").write_text(toml(tables), encoding="utf-8")
        self._numbers = count()
        self.app = App(load(root / "config" / "wire.toml"))
        self.app.exporter.open([])
        self.app.pipeline.take_in()
        self.accept_ms(2 * ENTRIES)

    def close(self) -> None:
        """Let go of the store."""
        self.app.stop()

    def fill_from(self, before: int, kept: int) -> None:
        """Have the store hold ``kept`` old stories, of which ``before`` are there; SQLite writes them.

        Each has all its rows and index entries. Only its copy is short, since nobody reads it here: a
        million of two kilobytes would take longer to write than all that is measured.
        """
        store = sqlite3.connect(self.root / "var" / "wire.db", timeout=60)
        store.execute("PRAGMA synchronous = OFF")
        store.execute("PRAGMA cache_size = -200000")
        [newest] = store.execute("SELECT max(seq) FROM revision").fetchone()
        id = "printf('k%09d', i)"
        changed = {
            "story": {"id": id, "identity": id, "guid": id, "seq": "-i",
                      "first_published_us": "first_published_us - i * 1000000"},
            "revision": {"seq": "-i", "story_id": id, "published_us": "published_us - i * 1000000"},
            "copy": {"seq": "-i", "story": f"'{_SHORT}'"},
        }  # fmt: skip
        for table, values in changed.items():
            names = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
            picked = ", ".join(values.get(name, name) for name in names)
            store.execute(
                "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                f"INSERT INTO {table} SELECT {picked} FROM {table}, n WHERE {table}.seq = ?",
                (before + 1, kept, newest),
            )
        store.commit()
        store.close()

    def accept_ms(self, stories: int) -> float:
        """CPU milliseconds a story that is taken in, of the whole process."""
        for _ in range(stories):
            number = next(self._numbers)
            staged = self.root / "staged"
            staged.write_text(f"Headline {number}\n\n{'Some words of a story. ' * 60}{number}\n")
            staged.rename(self.root / "inbox" / f"{number}.txt")
        begun = time.process_time()
        self.app.pipeline.take_in()
        return (time.process_time() - begun) * 1e3 / stories

    def render_ms(self, rounds: int) -> float:
        """Median CPU milliseconds until a feed that has changed is joined of kept entries again."""
        first, *others = self.names[:10]
        took = []
        for _ in range(rounds):
            self.accept_ms(1)
            self.app.board.rendition(first, "rss")  # the new entry is written here, once for all feeds
            for name in others:
                begun = time.process_time()
                self.app.board.rendition(name, "rss")
                took.append((time.process_time() - begun) * 1e3)
        return statistics.median(took)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU milliseconds by how many stories are kept."""

    many_feeds_ms: float  #: what a story costs more in a thousand feeds than in one
    render_ms: float


def costs(folder: Path, kept: Sequence[int], rounds: int) -> list[Cost]:
    """The same desk, asked again and again while its store is filled."""
    one, many = Desk(folder / "one", 1), Desk(folder / "many", FEEDS)
    found = []
    try:
        for before, now in pairwise((0, *kept)):
            for desk in (one, many):
                desk.fill_from(before, now)
            more = [many.accept_ms(64) - one.accept_ms(64) for _ in range(rounds)]
            found.append(Cost(many_feeds_ms=statistics.median(more), render_ms=many.render_ms(rounds)))
    finally:
        one.close()
        many.close()
    return found


@contextmanager
def fronted(folder: Path) -> Iterator[Nginx]:
    """nginx with the documented configuration before an outbox with one feed of 100 entries."""
    rows = MemoryRows()
    chance = random.Random(1)
    rows.put("world", *(story(number, chance) for number in range(1, ENTRIES + 1)))
    outbox = Outbox(folder / "outbox", FeedBoard([FeedSpec(id="world", title="World")], HOUSE, rows))
    (folder / "outbox").mkdir(parents=True)
    (folder / "nginx").mkdir()
    for path in (folder, *folder.parents):
        path.chmod(path.stat().st_mode | 0o011)
    outbox.open()
    outbox.touch(["world"], 0.0)
    outbox.write_due(float("inf"))
    nginx = Nginx(folder / "nginx", folder / "outbox", f"127.0.0.1:{free_port()}")
    try:
        yield nginx
    finally:
        nginx.stop()


def nginx_per_core_s(nginx: Nginx, requests: int, *, at_once: int = 8) -> float:
    """304s that a core's second holds, by nginx's own processor time.

    at_once  requests that a client sends before it reads
    """
    _, headers, _ = nginx.get("/feeds/world.rss", accept_encoding="gzip")
    request = (
        "GET /feeds/world.rss HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
        f"If-None-Match: {headers['etag']}\r\n\r\n"
    ).encode()
    a_connection = 960 // at_once  # of 1,000 requests nginx wants a new one
    connections = max(1, requests // (_CLIENTS * a_connection * at_once))

    def client() -> None:
        for _ in range(connections):
            with socket.create_connection(("127.0.0.1", nginx.port)) as connection:
                for _ in range(a_connection):
                    connection.sendall(request * at_once)
                    left = at_once
                    while left:
                        left -= connection.recv(65536).count(b"HTTP/1.1 304")

    begun = measure.cpu_s(nginx.process.pid)
    clients = [threading.Thread(target=client) for _ in range(_CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return connections * a_connection * _CLIENTS * at_once / (measure.cpu_s(nginx.process.pid) - begun)
