"""Looking up near-duplicates among many kept stories, and what keeping a story's sketch costs."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from wire.common.likeness import MOST_KEYS, Grouping, sketch
from wire.desk.similar import Neighbours
from wire.store import likenesses
from wire.store.database import Database

_BATCH = 32  #: stories in one transaction
_WORDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Milliseconds of processor time a story, at the median."""

    sketch_ms: float
    stranger_ms: float  #: look-up of a story that is alike no other
    duplicate_ms: float  #: look-up of a story that is alike one
    keep_ms: float  #: keeping one more, its share of the commit included


def look_up(folder: Path, kept: int, rounds: int) -> Found:
    """A store in which ``kept`` stories have sketches, asked and added to."""
    database = Database(f"sqlite:///{folder / 'wire.db'}")
    try:
        _seed(folder / "wire.db", kept)
        return _measured(database, rounds)
    finally:
        database.close()


def _seed(file: Path, kept: int) -> None:
    """Sketches and keys at random, written by SQLite itself; ids as of long ago."""
    store = sqlite3.connect(file)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    store.execute(
        f"{numbers} INSERT INTO sketch SELECT printf('%020d', i), randomblob(512) FROM n",
        (kept,),
    )
    store.execute(
        f"{numbers} INSERT OR IGNORE INTO sketch_key "
        "SELECT abs(random()) % 4294967296 AS key, printf('%020d', i / ? + 1) FROM n ORDER BY key",
        (kept * MOST_KEYS, MOST_KEYS),
    )
    store.commit()
    store.close()


def _measured(database: Database, rounds: int) -> Found:
    random = Random(1)
    bodies = [_body(random) for _ in range(rounds * _BATCH)]
    begun = time.process_time()
    sketches = [made for made in map(sketch, bodies) if made]
    took = (time.process_time() - begun) / len(bodies) * 1000
    kept = [
        _cost(database, sketches[start : start + _BATCH], start) for start in range(0, len(sketches), _BATCH)
    ]
    with database.reading() as connection:
        strangers = [made for _ in range(rounds * 8) if (made := sketch(_body(random)))]
        return Found(
            sketch_ms=took,
            stranger_ms=_median(connection, strangers),
            duplicate_ms=_median(connection, random.sample(sketches, len(strangers))),
            keep_ms=sorted(kept)[len(kept) // 2],
        )


def _cost(database: Database, sketches: Sequence[bytes], start: int) -> float:
    """Milliseconds a story for one transaction of look-ups and new sketches."""
    placed: list[Grouping] = []

    def change(tx: Connection) -> None:
        neighbours = Neighbours(*likenesses.firsts(tx, sketches))
        placed.clear()
        placed.extend(
            neighbours.group(f"1{start + number:019}", made, is_new=True)
            for number, made in enumerate(sketches)
        )
        likenesses.keep(tx, placed)

    begun = time.process_time()
    database.write(change)
    return (time.process_time() - begun) / len(sketches) * 1000


def _median(connection: Connection, sketches: Sequence[bytes]) -> float:
    took: list[float] = []
    for made in sketches:
        begun = time.process_time()
        Neighbours(*likenesses.firsts(connection, [made])).group("z", made, is_new=True)
        took.append((time.process_time() - begun) * 1000)
    return sorted(took)[len(took) // 2]


def _body(random: Random) -> str:
    words = (f"{random.choice('abcdefgh')}word{random.randrange(5000)}" for _ in range(_WORDS))
    return f"<p>{' '.join(words)}</p>"
