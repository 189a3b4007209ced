"""Stories as the desk's board shows them: `wire.common.deskview.BoardShelf`.

Without a filter a page is the end of one index. With one it comes out of the full-text index, which a job
(`wire.store.indexer`) fills a moment after the commit; what the job has not seen yet is looked at one by one,
as long as it is not too much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from wire.common.deskview import DUPLICATE, BoardPage, BoardRow, Filter, Sent
from wire.common.portions import portions
from wire.common.searching import Query, query, words_of
from wire.store import full_text
from wire.store.browse import STORIES, story_row
from wire.store.database import Database
from wire.store.indexer import VERSIONS, indexable, indexed_upto, newest_revision
from wire.store.schema import MOST_VALUES, delivery, facet, likeness, revision
from wire.store.schema import story as story_table
from wire.story import Standing

#: Versions that are looked at one by one because they are not indexed yet.
_TAIL = 300
#: Versions of which the index is asked beyond those that a page needs, since some are in force no more.
_SPARE = 10
#: Versions of which it is asked at once when that was not enough.
_AT_ONCE = 500
#: How often it is asked before the page is handed over short.
_ROUNDS = 20
#: So few near-duplicates are looked at themselves; where there are more, the newest stories are.
_FEW = 2000
_IS_ALIKE = likeness.c.similarity.is_not(None)
_NEWEST = 2**62


class BoardView:
    """See `wire.common.deskview.BoardShelf`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._choices: tuple[int, Mapping[str, tuple[str, ...]]] = (-1, {})

    def page(self, wanted: Filter, before: int | None = None, limit: int = 50) -> BoardPage:
        """See `wire.common.deskview.BoardShelf.page`."""
        given = wanted.given()
        if alike := wanted.status == DUPLICATE:  # of a story and not of a version, so not in the index
            del given["status"]
        words = given.pop("text", "")
        asked = query(words, **{kind: _folded(kind, value) for kind, value in given.items()})
        start = _NEWEST if before is None else before
        with self._database.reading() as connection:
            if asked:
                return _found(connection, asked, start, limit, alike=alike)
            if words:  # without letter or digit: found nowhere
                return _page(connection, [], limit)
            newest = _newest_alike if alike else _newest
            return _page(connection, newest(connection, start, limit + 1), limit)

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """See `wire.common.deskview.BoardShelf.choices`."""
        found: dict[str, list[str]] = {"source": [], "language": [], "topic": []}
        with self._database.reading() as connection:
            number = connection.execute(select(func.count()).select_from(facet)).scalar_one()
            if number == self._choices[0]:  # values are added, and never change or go
                return self._choices[1]
            for kind, value in connection.execute(
                select(facet.c.kind, facet.c.value).order_by(facet.c.value)
            ):
                found.setdefault(kind, []).append(value)
        self._choices = (number, {kind: tuple(values) for kind, values in found.items()})
        return self._choices[1]


def _newest(connection: Connection, before: int, limit: int) -> list[Any]:
    listed = STORIES.where(story_table.c.seq < before).order_by(story_table.c.seq.desc()).limit(limit)
    return list(connection.execute(listed))


def _newest_alike(connection: Connection, before: int, limit: int) -> list[Any]:
    """The newest near-duplicates of earlier stories."""
    older = story_table.c.seq < before
    known = select(likeness.c.story_id).where(_IS_ALIKE).limit(_FEW + 1)
    ids = list(connection.execute(known).scalars())
    if len(ids) > _FEW:
        listed = STORIES.where(older, _IS_ALIKE).order_by(story_table.c.seq.desc())
        return list(connection.execute(listed.limit(limit)))
    seqs: list[int] = []
    for some in portions(ids, MOST_VALUES):
        among = story_table.c.id.in_(some)
        seqs += connection.execute(select(story_table.c.seq).where(older, among)).scalars()
    return _in_force(connection, sorted(seqs, reverse=True)[:limit], alike=True)


def _found(connection: Connection, asked: Query, before: int, limit: int, *, alike: bool) -> BoardPage:
    indexed = indexed_upto(connection)
    rows = [] if before <= indexed else _tail(connection, asked, indexed, before, alike=alike)
    upto: int | None = min(before, indexed + 1)
    at_once = limit + _SPARE
    for _ in range(_ROUNDS):
        if upto is None or len(rows) > limit:
            break
        seqs = full_text.newest(connection, asked, upto, at_once)
        rows += _in_force(connection, seqs, alike=alike)
        upto = seqs[-1] if len(seqs) == at_once else None
        at_once = _AT_ONCE
    unseen = max(0, newest_revision(connection) - indexed - _TAIL) if before > indexed else 0
    return _page(connection, rows, limit, older=upto, unsearchable=unseen)


def _tail(connection: Connection, asked: Query, indexed: int, before: int, *, alike: bool) -> list[Any]:
    """Of the versions that are not indexed yet those that a query matches, newest first."""
    newest = VERSIONS.where(revision.c.seq > indexed, revision.c.seq < before)
    rows = connection.execute(newest.order_by(revision.c.seq.desc()).limit(_TAIL)).all()
    made = {row.seq: indexable(row) for row in rows if row.json is not None}
    seqs = [seq for seq, (story, facets) in made.items() if asked.matches(words_of(story, facets))]
    return _in_force(connection, seqs, alike=alike)


def _in_force(connection: Connection, seqs: Sequence[int], *, alike: bool) -> list[Any]:
    """Those of these versions that are in force, newest first, as rows of a list.

    alike  of near-duplicates of earlier stories alone
    """
    if not seqs:
        return []
    query = STORIES.where(story_table.c.seq.in_(seqs)).order_by(story_table.c.seq.desc())
    return list(connection.execute(query.where(_IS_ALIKE) if alike else query))


def _page(
    connection: Connection,
    rows: Sequence[Any],
    limit: int,
    *,
    older: int | None = None,
    unsearchable: int = 0,
) -> BoardPage:
    """A page of the first of these rows.

    older  where to go on, though there are no more rows
    """
    shown = rows[:limit]
    sent = _sent(connection, [row.id for row in shown])
    return BoardPage(
        rows=tuple(
            BoardRow(
                story=story_row(row),
                seq=row.seq,
                slugline=row.slugline,
                language=row.language,
                urgency=row.urgency,
                feeds=tuple(row.feeds.split()) if row.standing == Standing.LIVE.value else (),
                sent=tuple(sent.get(row.id, {}).values()),
            )
            for row in shown
        ),
        older=shown[-1].seq if len(rows) > limit else older,
        unsearchable=unsearchable,
    )


def _sent(connection: Connection, story_ids: Sequence[str]) -> dict[str, dict[str, Sent]]:
    """By story and endpoint, how the latest delivery stands."""
    if not story_ids:
        return {}
    query = (
        select(delivery.c.story_id, delivery.c.endpoint, delivery.c.state)
        .where(delivery.c.story_id.in_(story_ids))
        .order_by(delivery.c.endpoint, delivery.c.id)
    )
    found: dict[str, dict[str, Sent]] = {}
    for story_id, endpoint, state in connection.execute(query):
        found.setdefault(story_id, {})[endpoint] = Sent(endpoint=endpoint, state=state)
    return found


def _folded(kind: str, value: str) -> str:
    return value.lower() if kind == "language" else value
