"""The database's own full-text index behind one seam: FTS5 in SQLite, a ``tsvector`` elsewhere.

The index holds, for each version that was ever in force, the set of its words (`wire.common.searching`) and
nothing else: no text, no positions. Versions that are in force no more stay in it; whoever looks drops
them. Both databases are given whole words, so both find the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, text

from wire.common.searching import Query, Words

_TOKENS = "unicode61 remove_diacritics 0"  # our words are letters, digits and private-use characters alone


def create(connection: Connection) -> None:
    """Make the index; part of making a store."""
    if _is_sqlite(connection):
        connection.execute(
            text(
                "CREATE VIRTUAL TABLE found USING fts5"
                f"(words, content='', columnsize=0, detail=none, tokenize='{_TOKENS}')"
            )
        )
    else:
        connection.execute(text("CREATE TABLE found (seq BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)"))
        connection.execute(text("CREATE INDEX found_words ON found USING gin (words)"))


def add(connection: Connection, versions: Mapping[int, Words]) -> None:
    """Put versions (by ``seq``) into the index, none of which stands in it."""
    if not versions:
        return
    if _is_sqlite(connection):
        sql = "INSERT INTO found (rowid, words) VALUES (:seq, :words)"
        rows: list[dict[str, object]] = [
            {"seq": seq, "words": " ".join(words)} for seq, words in versions.items()
        ]
    else:
        sql = "INSERT INTO found (seq, words) VALUES (:seq, array_to_tsvector(:words)) ON CONFLICT DO NOTHING"
        rows = [{"seq": seq, "words": list(words)} for seq, words in versions.items()]
    connection.execute(text(sql), rows)


def forget(connection: Connection, versions: Mapping[int, Words]) -> None:
    """Take versions out of the index, which stand in it with just these words."""
    if not versions:
        return
    if _is_sqlite(connection):
        sql = "INSERT INTO found (found, rowid, words) VALUES ('delete', :seq, :words)"
        rows: list[dict[str, object]] = [
            {"seq": seq, "words": " ".join(words)} for seq, words in versions.items()
        ]
    else:
        sql, rows = "DELETE FROM found WHERE seq = :seq", [{"seq": seq} for seq in versions]
    connection.execute(text(sql), rows)


def newest(connection: Connection, query: Query, before: int, limit: int) -> Sequence[int]:
    """The versions (``seq``) older than ``before`` that a query matches, newest first."""
    if _is_sqlite(connection):
        sql = (
            "SELECT rowid FROM found WHERE found MATCH :query AND rowid < :before "
            "ORDER BY rowid DESC LIMIT :limit"
        )
    else:
        sql = (
            "SELECT seq FROM found WHERE words @@ CAST(:query AS tsquery) AND seq < :before "
            "ORDER BY seq DESC LIMIT :limit"
        )
    written = _fts5(query) if _is_sqlite(connection) else _tsquery(query)
    rows = connection.execute(text(sql), {"query": written, "before": before, "limit": limit})
    return [row[0] for row in rows]


def _fts5(query: Query) -> str:
    return " AND ".join((*_quoted(query.words, '"{}"'), *_quoted(query.beginnings, '"{}" *')))


def _tsquery(query: Query) -> str:
    return " & ".join((*_quoted(query.words, "'{}'"), *_quoted(query.beginnings, "'{}':*")))


def _quoted(words: Collection[str], form: str) -> Iterable[str]:
    # words hold letters and digits alone, so nothing needs escaping
    return (form.format(word) for word in sorted(words))


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
