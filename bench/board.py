"""The desk's board over very many stories: how long the daemon takes for a view, and how large it is."""

from __future__ import annotations

import http.client
import sqlite3
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from bench.measure import cpu_s
from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.waiting import eventually
from wire.common.searching import facet
from wire.iptc import media_topics

VIEWS: Mapping[str, str] = {
    "first view": "/desk",
    "a common word": "/desk?text=wordtwo",
    "a rare word": "/desk?text=word9999",
    "two words, a source and a language": "/desk?text=wordone+wordfive&source=agency&language=en",
    "what nobody wrote": "/desk?text=unheardof",
    "page 20": "/desk?before={deep}",
}
_VOCABULARY = 20_000
_WORDS = 40
#: Numbers that topics may have.
_TOPICS = (*range(1_000_000, 18_000_000, 1_000_000), *range(20_000_000, 20_002_000))
_COPIES = 1000  #: of the newest stories, which feeds and pages show
_ENDPOINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One page, asked for again and again."""

    wall_ms: float  #: median
    cpu_ms: float  #: of the daemon, mean
    size: int  #: bytes of HTML


def views(folder: Path, kept: int, rounds: int) -> dict[str, View]:
    """Each of `VIEWS` on a store of ``kept`` stories."""
    endpoints = [
        {"id": f"e{number}", "type": "folder", "path": f"out{number}"} for number in range(_ENDPOINTS)
    ]
    daemon = Daemon(folder, endpoints=endpoints)
    try:
        daemon.start()
        daemon.drop_item(copydesk.newsml(1), source="agency")
        eventually(lambda: [row for row in daemon.deliveries() if row["state"] == "done"][_ENDPOINTS - 1 :])
        daemon.terminate()
        deep = _seed(folder / "var" / "wire.db", kept)
        daemon.start(limit_s=300)
        cookie = _log_in(daemon)
        return {name: _view(daemon, path.format(deep=deep), cookie, rounds) for name, path in VIEWS.items()}
    finally:
        daemon.end()


def _seed(file: Path, kept: int) -> int:
    """Copies of the one story there is, with other ids and words; returns a place some pages down."""
    store = sqlite3.connect(file)
    store.execute("PRAGMA synchronous=OFF")
    [[base]] = store.execute("SELECT max(seq) FROM revision").fetchall()
    seq, id = f"{base} + n.i", "printf('%020d', n.i)"
    words = "'Headline ' || n.i || ' of the day, such as agencies send it'"
    _copy(store, "story", kept, id=id, identity=f"'guid ' || {id}", guid=id, seq=seq)
    _copy(store, "revision", kept, seq=seq, story_id=id, headline=words)
    _copy(store, "copy", kept, f"n.i > {kept - _COPIES}", seq=seq)
    # one for each endpoint
    _copy(store, "delivery", kept, id=f"t.id + n.i * {_ENDPOINTS}", story_id=id, seq=seq)
    store.executemany("INSERT INTO found (rowid, words) VALUES (?, ?)", _words(base, kept))
    last = base + kept
    store.execute("UPDATE counter SET value = ? WHERE name = 'revision'", (last,))
    store.execute("UPDATE counter SET value = (SELECT max(id) FROM delivery) WHERE name = 'delivery'")
    topics = [("topic", qcode) for qcode in _every_topic()]
    store.executemany("INSERT OR IGNORE INTO facet VALUES (?, ?)", topics)
    store.execute("DELETE FROM meta WHERE key = 'indexed'")
    store.execute("INSERT INTO meta VALUES ('indexed', ?)", (str(last),))
    store.execute("ANALYZE")
    store.commit()
    store.close()
    return last - 20 * 50


def _every_topic() -> Iterator[str]:
    """The Media Topics, all of which an archive of a million stories holds."""
    return (qcode for qcode in map("medtop:{:08}".format, _TOPICS) if media_topics.is_known(qcode))


def _copy(store: sqlite3.Connection, table: str, kept: int, only: str = "1", **changed: str) -> None:
    """Rows of a table over and over, with these columns as SQL says."""
    columns = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    store.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        f"INSERT INTO {table} SELECT {values} FROM n CROSS JOIN (SELECT * FROM {table}) t WHERE {only}",
        (kept,),
    )


def _words(base: int, kept: int):  # type: ignore[no-untyped-def]
    """Words as unevenly spread as those of a language, and what filters go by."""
    random = Random(5)
    known = ["wordone", "wordtwo", "wordthree", "wordfour", "wordfive"]
    known += [f"word{number}" for number in range(len(known), _VOCABULARY)]
    facets = " ".join(facet(kind, value) for kind, value in _FACETS)
    weights = [1 / place for place in range(1, _VOCABULARY + 1)]
    pool = random.choices(known, weights, k=400_000)
    for number in range(1, kept + 1):
        start = random.randrange(len(pool) - _WORDS)
        yield base + number, f"{facets} {' '.join(set(pool[start : start + _WORDS]))}"


_FACETS = (("source", "agency"), ("language", "en"), ("status", "live"), ("topic", "medtop:03000000"))


def _log_in(daemon: Daemon) -> str:
    link = urlsplit(daemon.wire("user", "link", status=0).stdout.strip())
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=30)
    once = urlencode({"once": link.query.removeprefix("once=")})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{daemon.port}",
    }
    connection.request("POST", "/desk/login", once, headers)
    cookie = connection.getresponse().getheader("Set-Cookie") or ""
    connection.close()
    return cookie.partition(";")[0]


def _view(daemon: Daemon, path: str, cookie: str, rounds: int) -> View:
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
    took, size = [], 0
    before = cpu_s(daemon.pid)
    for _ in range(rounds):
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        size = len(response.read())
        took.append(time.perf_counter() - begun)
        assert response.status == 200, response.status
    used = cpu_s(daemon.pid) - before
    connection.close()
    return View(wall_ms=statistics.median(took) * 1000, cpu_ms=used / rounds * 1000, size=size)
