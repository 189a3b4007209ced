"""Statements compiled once and run with plain values.

SQLAlchemy writes the statement for the database at hand; its handling of each value and row is passed by.
That is for the few statements that run for every delivery, where the handling costs more than the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Row
from sqlalchemy.sql.expression import Executable

#: Values by the names of the statement's bind parameters.
Values = Mapping[str, Any]


class Prepared:
    """One statement whose values are integers, texts and bytes, which no database wants converted."""

    def __init__(self, statement: Executable) -> None:
        """The statement's ``bindparam`` names are what `all`, `count` and `each` take; no ``IN`` lists."""
        self._statement = statement
        self._compiled = cache(self._compile)

    def all(self, tx: Connection, **values: Any) -> list[Row[Any]]:
        """Every row that it finds."""
        sql, fit = self._compiled(tx.dialect)
        return list(tx.exec_driver_sql(sql, fit(values)).all())

    def first(self, tx: Connection, **values: Any) -> Row[Any] | None:
        """The first row that it finds; None when there is none."""
        sql, fit = self._compiled(tx.dialect)
        return tx.exec_driver_sql(sql, fit(values)).first()

    def scalar(self, tx: Connection, **values: Any) -> Any:
        """The first value of the first row; None when there is no row."""
        sql, fit = self._compiled(tx.dialect)
        row = tx.exec_driver_sql(sql, fit(values)).first()
        return None if row is None else row[0]

    def count(self, tx: Connection, **values: Any) -> int:
        """Run it; how many rows it changed."""
        sql, fit = self._compiled(tx.dialect)
        return tx.exec_driver_sql(sql, fit(values)).rowcount

    def each(self, tx: Connection, many: Iterable[Values]) -> None:
        """Run it once for each set of values; there is at least one."""
        sql, fit = self._compiled(tx.dialect)
        tx.exec_driver_sql(sql, list(map(fit, many)))

    def spelt(self, tx: Connection, values: Values) -> tuple[str, Any]:
        """The statement as this database is given it, and its values."""
        sql, fit = self._compiled(tx.dialect)
        return sql, fit(values)

    def _compile(self, dialect: Dialect) -> tuple[str, Callable[[Values], Any]]:
        """The text, and what brings values into the shape that the driver takes."""
        compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        names = compiled.positiontup
        if names is None:
            return compiled.string, lambda values: {**fixed, **values}
        return compiled.string, lambda values: tuple(
            values[name] if name in values else fixed[name] for name in names
        )
