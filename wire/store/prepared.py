"""Statements compiled once and run with plain values.

SQLAlchemy writes the statement for the database at hand; its handling of each value and row is passed by, and
on SQLite, where a statement takes microseconds, that of each statement too. This is for those that run for
every story or delivery, where the handling costs more than the work.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Select, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import Executable

from wire.common.portions import portions

#: Values by the names of the statement's bind parameters.
Values = Mapping[str, Any]

#: Keys of one statement of a `Lookup`; what is left of the last one asks for its last key again.
_KEYS = (1, 8, 64)


class Prepared:
    """One statement whose values are integers, texts and bytes, which no database wants converted.

    Its rows are named tuples. Runs within the transaction that the connection is in.
    """

    def __init__(self, statement: Executable) -> None:
        """The statement's ``bindparam`` names are what `all`, `count` and `each` take; no ``IN`` lists."""
        self._statement = statement
        self._compiled = cache(self._compile)

    def all(self, tx: Connection, **values: Any) -> list[Any]:
        """Every row that it finds. Raises SQLAlchemyError, as everything here."""
        spelt = self._compiled(tx.dialect)
        cursor = spelt.run(tx, spelt.fit(values))
        return list(map(spelt.named(cursor), cursor.fetchall()))

    def first(self, tx: Connection, **values: Any) -> Any:
        """The first row that it finds; None when there is none."""
        rows = self.all(tx, **values)
        return rows[0] if rows else None

    def scalar(self, tx: Connection, **values: Any) -> Any:
        """The first value of the first row; None when there is no row."""
        rows = self.all(tx, **values)
        return rows[0][0] if rows else None

    def count(self, tx: Connection, **values: Any) -> int:
        """Run it; how many rows it changed."""
        spelt = self._compiled(tx.dialect)
        return int(spelt.run(tx, spelt.fit(values)).rowcount)

    def each(self, tx: Connection, many: Iterable[Values]) -> int:
        """Run it once for each set of values, if there is one; how many rows were changed in all."""
        spelt = self._compiled(tx.dialect)
        fitted = list(map(spelt.fit, many))
        return int(spelt.run(tx, fitted).rowcount) if fitted else 0

    def spelt(self, tx: Connection, values: Values) -> tuple[str, Any]:
        """The statement as this database is given it, and its values."""
        spelt = self._compiled(tx.dialect)
        return spelt.sql, spelt.fit(values)

    def _compile(self, dialect: Dialect) -> _Spelt:
        compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        names = compiled.positiontup
        if names is None:
            return _Spelt(compiled.string, lambda values: {**fixed, **values})
        return _Spelt(compiled.string, _in_order(names, fixed))


class Lookup:
    """The rows whose column holds one of many keys: a `Prepared` statement for a few numbers of keys each."""

    def __init__(self, query: Select[Any], column: ColumnElement[Any]) -> None:
        """``query``: what is wanted of a row; ``column``: what the keys are looked for in."""
        self._prepared = {
            size: Prepared(query.where(column.in_([bindparam(f"b_key{number}") for number in range(size)])))
            for size in _KEYS
        }

    def all(self, tx: Connection, keys: Sequence[Any]) -> list[Any]:
        """Every row that is found. Raises SQLAlchemyError."""
        found: list[Any] = []
        for some in portions(keys, _KEYS[-1]):
            size = next(size for size in _KEYS if size >= len(some))
            asked = (*some, *[some[-1]] * (size - len(some)))
            values = {f"b_key{number}": key for number, key in enumerate(asked)}
            found += self._prepared[size].all(tx, **values)
        return found


def _in_order(names: Sequence[str], fixed: Values) -> Callable[[Values], tuple[Any, ...]]:
    """What puts values into the order of these names."""
    if len(names) < 2:
        return lambda values: tuple([{**fixed, **values}[name] for name in names])
    pick: Callable[[Values], tuple[Any, ...]] = itemgetter(*names)
    return (lambda values: pick({**fixed, **values})) if fixed else pick


@dataclass(slots=True)
class _Spelt:
    """A statement as one database is given it."""

    sql: str
    fit: Callable[[Values], Any]  #: brings values into the shape that the driver takes
    _make: Callable[[Iterable[Any]], Any] | None = field(default=None, repr=False)

    def run(self, tx: Connection, values: Any) -> Any:
        """What a driver's cursor is like once it has run; a list of values is run value by value."""
        if tx.dialect.name != "sqlite":  # there the way to the server costs more than the handling
            return tx.exec_driver_sql(self.sql, values)
        driver: Any = tx.connection.dbapi_connection  # which is the driver's own, and found sooner
        try:
            run = driver.executemany if isinstance(values, list) else driver.execute
            return run(self.sql, values)
        except tx.dialect.loaded_dbapi.Error as exc:
            raise DBAPIError.instance(
                self.sql, values, exc, tx.dialect.loaded_dbapi.Error, dialect=tx.dialect
            ) from exc

    def named(self, cursor: Any) -> Callable[[Iterable[Any]], Any]:
        """What makes a row of the cursor's a named tuple."""
        if self._make is None:
            described = getattr(cursor, "description", None) or cursor.cursor.description
            row: Any = namedtuple("Row", [column[0] for column in described])  # type: ignore[misc]
            self._make = row._make
        return self._make
