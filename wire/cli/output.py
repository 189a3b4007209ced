"""How commands speak: data to standard output, everything else to standard error.

Text from stories is shown with what does not print escaped, so that no story can play with the terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from wire.common.printable import printable

if TYPE_CHECKING:
    from datetime import datetime

T = TypeVar("T")

_GAP = "  "


def say(message: str) -> None:
    """A message to the person, on standard error."""
    bar = "\r\x1b[K" if sys.stderr.isatty() else ""  # in the place of a bar that stands on the line
    click.echo(bar + printable(message, keep="\n"), err=True)


def fail(message: str, status: int) -> NoReturn:
    """A message on standard error, and the end with an exit status."""
    say(message)
    sys.exit(status)


def moment(when: datetime | None) -> str:
    """An instant for people: UTC to the second, or a dash."""
    from datetime import UTC

    return "-" if when is None else f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"


def json_line(value: Any) -> None:
    """A value as one line of JSON: dataclasses as objects, instants in RFC 3339."""
    import json

    click.echo(json.dumps(plain(value), ensure_ascii=False))


def plain(value: Any) -> Any:
    """The value in JSON's own types."""
    import dataclasses
    from datetime import UTC, datetime

    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, PurePath) else value


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, none: str = "") -> None:
    """Rows in aligned columns; on a terminal the last column is cut to fit.

    none  said where there are no rows
    """
    from shutil import get_terminal_size

    from wcwidth import clip, ljust, width

    cells = [[printable("-" if cell is None else str(cell)) for cell in row] for row in rows]
    if not cells:
        if none:
            say(none)
        return
    lines = [list(heads), *cells]
    widths = [max(width(line[column]) for line in lines) for column in range(len(heads))]
    room = get_terminal_size().columns if sys.stdout.isatty() else None
    for line in lines:
        text = _GAP.join(map(ljust, line, widths)).rstrip()
        if room is not None and width(text) > room:
            text = clip(text, 0, room - 1) + "…"
        click.echo(text)


def facts(pairs: Iterable[tuple[str, object]]) -> None:
    """Names and values, one pair a line; pairs without a value are left out."""
    known = [(name, value) for name, value in pairs if value not in (None, "", ())]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        click.echo(f"{name:<{width}}  {printable(str(value))}")


def with_progress(items: Sequence[T], doing: str) -> Iterator[T]:
    """The items one by one, with a bar on standard error where that is a terminal and there are many.

    None where standard output is one too: what is written to it shows the progress.
    """
    if len(items) < 2 or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from items
        return
    with click.progressbar(items, label=doing, show_pos=True, file=sys.stderr) as bar:
        yield from bar
