"""Backups: everything that was accepted, in a folder that can be checked and put back.

A backup holds the store as of one instant (every raw byte, version, document, delivery), the files that
were refused unread, and the configuration to look at. The outbox is made from the store; the inbox
is nobody's yet.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from wire import __version__
from wire.config import Settings
from wire.errors import CommandError
from wire.orders.books import data_folder, open_books
from wire.store import audit as conservation
from wire.store.copying import copy_to, damage_in, forget_outbox
from wire.store.database import Database, file_of
from wire.store.schema import HEAD

_STORE, _REFUSED, _CONFIG, _MANIFEST = "wire.db", "refused", "wire.toml", "backup.json"


def backup(settings: Settings, config: Path | None, folder: Path, now: datetime) -> Path:
    """Write a backup into a new folder below ``folder``, prove it sound, and return where it is.

    The daemon may run. Raises CommandError or StoreError when it cannot be made; nothing half-done is left.
    """
    for name, place in (("inbox", settings.inbox.path), ("outbox", settings.outbox.path)):
        if folder.resolve().is_relative_to(place.resolve()):
            raise CommandError(f"{folder} lies in the {name}; name a folder that is nobody else's")
    target = folder / f"wire-{now:%Y%m%dT%H%M%SZ}"
    part = folder / f".{target.name}.part"
    if target.exists():
        raise CommandError(f"{target} is there already; nothing was overwritten")
    try:
        part.mkdir(parents=True)
        _fill(part, settings, config, now)
        part.rename(target)
    except OSError as exc:
        raise CommandError(f"the backup cannot be written: {exc}") from exc
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _fill(part: Path, settings: Settings, config: Path | None, now: datetime) -> None:
    database = open_books(settings)
    try:
        copy_to(database, part / _STORE)
    finally:
        database.close()
    refused = data_folder(settings) / _REFUSED
    if refused.is_dir():
        _copy_files(refused, part / _REFUSED)
    if config is not None:
        shutil.copyfile(config, part / _CONFIG)
    _prove(part / _STORE)
    files = {str(path.relative_to(part)): _sha256(path) for path in _files(part)}
    manifest = {"made_at": now.isoformat(), "wire": __version__, "schema": HEAD, "files": files}
    (part / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    os.sync()


def restore(settings: Settings, backup_folder: Path) -> None:
    """Put a backup in the place of a store that is not there, and prove it sound.

    Overwrites nothing: neither a store nor an outbox. Raises CommandError or StoreError.
    """
    store, refused = file_of(settings.store.url), data_folder(settings) / _REFUSED
    if store is None:
        raise CommandError(
            "the store is on a server: restore it by the server's own means, such as pg_restore"
        )
    _refuse_to_overwrite(store, refused, settings.outbox.path)
    _check(backup_folder)
    part = store.with_name(f".{store.name}.part")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup_folder / _STORE, part)
        _prepare(part)
        _prove(part)
        if (backup_folder / _REFUSED).is_dir():
            _copy_files(backup_folder / _REFUSED, refused)
        os.sync()
        part.rename(store)
        os.sync()
    except OSError as exc:
        raise CommandError(f"the backup cannot be put back: {exc}") from exc
    finally:
        if not store.exists():  # the next try finds nothing of this one in its way
            shutil.rmtree(refused, ignore_errors=True)
        for leftover in store.parent.glob(f"{part.name}*"):
            leftover.unlink(missing_ok=True)


def _refuse_to_overwrite(store: Path, refused: Path, outbox: Path) -> None:
    for path in (store, store.with_name(f"{store.name}-wal"), refused):
        if path.exists():
            raise CommandError(f"{path} is there already; move it away first, nothing is overwritten")
    if outbox.is_dir() and next(_files(outbox), None) is not None:
        raise CommandError(
            f"{outbox} holds files of a store that may know more than the backup; move them away first, "
            "wire writes them anew at its next start"
        )


def _check(folder: Path) -> None:
    """Raises CommandError when it is no backup, or not as it was written."""
    try:
        manifest: Any = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        expected = dict(manifest["files"])
    except OSError as exc:
        raise CommandError(
            f"{folder} is no backup: {_MANIFEST}: {exc.strerror}; name a folder that `wire backup` printed"
        ) from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise CommandError(f"{folder} is no backup of wire's: {exc}") from exc
    found = {
        str(path.relative_to(folder)): _sha256(path) for path in _files(folder) if path.name != _MANIFEST
    }
    if wrong := sorted(name for name in expected if expected[name] != found.get(name)):
        raise CommandError(f"the backup is not as it was written: {', '.join(wrong)} changed or is missing")


def _prepare(store: Path) -> None:
    database = Database(f"sqlite:///{store}")
    try:
        forget_outbox(database)
    finally:
        database.close()


def _prove(store: Path) -> None:
    """Raises CommandError when the copy is damaged or does not agree with itself."""
    database = Database(f"sqlite:///{store}", read_only=True)
    try:
        if found := damage_in(database) or conservation.audit(database):
            raise CommandError(f"the copy is not sound, so it was thrown away: {'; '.join(found[:3])}")
    finally:
        database.close()


def _copy_files(folder: Path, target: Path) -> None:
    """Regular files alone: pipes and links were refused too, and hold nothing that could be kept."""
    target.mkdir()
    for path in _files(folder):
        copy = target / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
