"""How commands speak: data to standard output, everything else to standard error.

Text from stories is shown with what does not print escaped, so that no story can play with the terminal.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, NoReturn, TypeVar

import typer

T = TypeVar("T")

_GAP = "  "


def say(message: str) -> None:
    """A message to the person, on standard error."""
    typer.echo(printable(message, keep="\n"), err=True)


def fail(message: str, status: int) -> NoReturn:
    """A message on standard error, and the end with an exit status."""
    say(message)
    raise typer.Exit(status)


def moment(when: datetime | None) -> str:
    """An instant for people: UTC to the second, or a dash."""
    return "-" if when is None else f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"


def json_line(value: Any) -> None:
    """A value as one line of JSON: dataclasses as objects, instants in RFC 3339."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False))


def plain(value: Any) -> Any:
    """The value in JSON's own types."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, PurePath) else value


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows in aligned columns; on a terminal the last column is cut to fit. Nothing without rows."""
    from rich.cells import cell_len, set_cell_size

    cells = [[printable("-" if cell is None else str(cell)) for cell in row] for row in rows]
    if not cells:
        return
    lines = [list(heads), *cells]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(heads))]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in lines:
        fitted = [set_cell_size(cell, width) for cell, width in zip(line, widths, strict=True)]
        text = _GAP.join(fitted).rstrip()
        if room is not None and cell_len(text) > room:
            text = set_cell_size(text, room - 1) + "…"
        typer.echo(text)


def facts(pairs: Iterable[tuple[str, object]]) -> None:
    """Names and values, one pair a line; pairs without a value are left out."""
    known = [(name, value) for name, value in pairs if value not in (None, "", ())]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        typer.echo(f"{name:<{width}}  {printable(str(value))}")


def with_progress(items: Sequence[T], doing: str) -> Iterator[T]:
    """The items one by one, with a bar on standard error where that is a terminal and there are many."""
    if len(items) < 2 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(items, description=doing)


def printable(text: str, keep: str = "") -> str:
    """The text with what does not print escaped, but for the characters to keep."""
    if text.isprintable():
        return text
    return "".join(
        char if char in keep or char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text.encode("utf-8", "replace").decode("utf-8")
    )
