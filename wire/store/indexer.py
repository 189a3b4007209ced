"""The job that makes stories findable, a moment after the commit, so that accepting one costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from wire import storyjson
from wire.common.searching import Facets, Words, facets_of, words_of
from wire.store import full_text
from wire.store.database import Database
from wire.store.schema import copy, facet, meta, revision
from wire.story import Action, Standing

#: In ``meta``: up to which revision everything is indexed.
_MARK = "indexed"
#: Versions as they are indexed; without ``json`` where the copy is kept no more.
VERSIONS = select(
    revision.c.seq, revision.c.action, revision.c.standing, copy.c.story.label("json")
).outerjoin(copy, copy.c.seq == revision.c.seq)


class Indexer:
    """Makes versions findable, some at a time. Used by one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: set[tuple[str, str]] | None = None

    def lag(self) -> int:
        """Revisions that are not indexed yet. Raises StoreError."""
        with self._database.reading() as connection:
            return newest_revision(connection) - indexed_upto(connection)

    def index(self, limit: int) -> int:
        """Index the next versions, at most ``limit``; how many were looked at. Raises StoreError."""
        with self._database.reading() as connection:
            rows = _unindexed(connection, indexed_upto(connection), limit)
            if self._known is None:
                pairs = connection.execute(select(facet.c.kind, facet.c.value))
                self._known = {(kind, value) for kind, value in pairs}
        if not rows:
            return 0
        made = {row.seq: indexable(row) for row in rows if row.json is not None}
        words = {seq: words_of(story, facets) for seq, (story, facets) in made.items()}
        new = {pair for _, facets in made.values() for pair in _choices(facets)} - self._known
        self._database.write(lambda tx: _keep(tx, words, new, rows[-1].seq))
        self._known |= new
        return len(rows)


def forget(connection: Connection, story_id: str) -> None:
    """Take every version of a story out of the index, before its copy goes."""
    rows = connection.execute(
        VERSIONS.where(revision.c.story_id == story_id, revision.c.seq <= indexed_upto(connection))
    )
    made = {row.seq: indexable(row) for row in rows if row.json is not None}
    full_text.forget(connection, {seq: words_of(story, facets) for seq, (story, facets) in made.items()})


def indexed_upto(connection: Connection) -> int:
    """Up to which revision everything is indexed."""
    return int(connection.execute(select(meta.c.value).where(meta.c.key == _MARK)).scalar() or 0)


def newest_revision(connection: Connection) -> int:
    """The newest revision; 0 when there is none."""
    return int(connection.execute(select(func.max(revision.c.seq))).scalar() or 0)


def _unindexed(connection: Connection, after: int, limit: int) -> Sequence[Any]:
    query = VERSIONS.where(revision.c.seq > after).order_by(revision.c.seq).limit(limit)
    return connection.execute(query).all()


def indexable(row: Any) -> tuple[Any, Facets]:
    """The story of a row of `VERSIONS` that has its copy, and by what filters find it."""
    story = storyjson.loads(row.json)
    return story, facets_of(story, Action(row.action), Standing(row.standing))


def _choices(facets: Facets) -> Iterable[tuple[str, str]]:
    yield "source", facets.source[:255]
    for language in facets.languages:
        yield "language", language[:255]
    for topic in facets.topics:
        yield "topic", topic[:255]


def _keep(tx: Connection, words: Mapping[int, Words], new: set[tuple[str, str]], upto: int) -> None:
    full_text.add(tx, words)
    if new:
        known = {(kind, value) for kind, value in tx.execute(select(facet.c.kind, facet.c.value))}
        rows = [{"kind": kind, "value": value} for kind, value in sorted(new - known)]
        if rows:
            tx.execute(insert(facet), rows)
    if not tx.execute(update(meta).where(meta.c.key == _MARK).values(value=str(upto))).rowcount:
        tx.execute(insert(meta).values(key=_MARK, value=str(upto)))
