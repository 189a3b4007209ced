"""What can only be seen across tables: names given twice, folders that get in each other's way.

Looks at the tables as TOML gave them, so that these faults come out beside those within a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os.path import normpath
from pathlib import Path
from typing import Any

from wire.config.locate import KeyPath
from wire.config.people import open_to_others
from wire.config.values import SQLITE

Clash = tuple[KeyPath, str]


def clashes(data: Mapping[str, Any], file: Path, root: Path) -> Iterator[Clash]:
    """Every clash as the path of the later setting and a message; values of a wrong type are passed over.

    file  that the data are from
    root  what its paths are relative to
    """
    for table in ("sources", "feeds", "endpoints", "readers"):
        yield from _twice(data, table, "id")
    yield from _twice(data, "users", "name")
    yield from _readers_of_nothing(data)
    yield from _folders_twice(data)
    yield from _inbox_and_outbox(data, root)
    yield from _ours_in_inbox(data, file, root)
    yield from open_to_others(data)


def _rows(data: Mapping[str, Any], table: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = data.get(table)
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield index, row


def _twice(data: Mapping[str, Any], table: str, name: str) -> Iterator[Clash]:
    seen: set[str] = set()
    for index, row in _rows(data, table):
        value = row.get(name)
        if not isinstance(value, str):
            continue
        if value in seen:
            yield (
                (table, index, name),
                f"{value!r} stands on another of the [[{table}]] already; each needs its own",
            )
        seen.add(value)


def _readers_of_nothing(data: Mapping[str, Any]) -> Iterator[Clash]:
    private = [str(row.get("id")) for _, row in _rows(data, "feeds") if row.get("private") is True]
    if any("{" in feed for feed in private):  # a template: which feeds it makes is known later
        return
    for index, row in _rows(data, "readers"):
        feeds = row.get("feeds")
        for feed in feeds if isinstance(feeds, list) else [feeds]:
            if isinstance(feed, str) and feed not in private:
                yield ("readers", index, "feeds"), f"{feed!r} is no feed with private = true"


def _folders_twice(data: Mapping[str, Any]) -> Iterator[Clash]:
    owners: dict[str, str] = {}
    for index, row in _rows(data, "sources"):
        folder, owner = row.get("folder", row.get("id")), row.get("id")
        if not isinstance(folder, str) or not isinstance(owner, str):
            continue
        first = owners.setdefault(folder.rstrip("/"), owner)
        if first != owner:
            yield ("sources", index, "folder"), f"{folder!r} is the folder of source {first!r} already"


def _inbox_and_outbox(data: Mapping[str, Any], root: Path) -> Iterator[Clash]:
    inbox, outbox = _path(data, "inbox", root), _path(data, "outbox", root)
    if inbox is None or outbox is None:
        return
    if inbox == outbox:
        yield ("outbox", "path"), "is the inbox itself: what wire writes would be taken in again"
    elif inbox in outbox.parents or outbox in inbox.parents:
        yield ("outbox", "path"), "inbox and outbox lie one in the other; put them side by side"
    named = Path(normpath(root / str(data.get("inbox", {}).get("path", "inbox"))))
    for index, row in _rows(data, "endpoints"):
        target = row.get("path")
        if row.get("type") != "folder" or not isinstance(target, str):
            continue
        if any(_within(root / target, folder) for folder in (named, inbox)):
            yield ("endpoints", index, "path"), "lies in the inbox: what wire writes would be taken in again"


def _ours_in_inbox(data: Mapping[str, Any], file: Path, root: Path) -> Iterator[Clash]:
    """What lies in the inbox is taken in and then removed."""
    inbox, store = _path(data, "inbox", root), data.get("store", {})
    url = store.get("url", f"{SQLITE}var/wire.db") if isinstance(store, dict) else None
    if inbox is None or not isinstance(url, str) or "\0" in url:
        return
    kept = url.removeprefix(SQLITE) if url.startswith(SQLITE) else "var/wire.lock"
    for what, path in (("store", root / kept), ("configuration", file)):
        if inbox in path.resolve().parents:
            yield (
                ("inbox", "path"),
                f"holds the {what}, which would be taken in like a story; name another folder",
            )


def _within(path: Path, folder: Path) -> bool:
    """By their names alone: an endpoint's disk may hang, and must not hold up whoever reads its settings."""
    plain = Path(normpath(path))
    return plain == folder or folder in plain.parents


def _path(data: Mapping[str, Any], table: str, root: Path) -> Path | None:
    settings = data.get(table, {})
    path = settings.get("path", table) if isinstance(settings, dict) else None
    return (root / path).resolve() if isinstance(path, str) and "\0" not in path else None
