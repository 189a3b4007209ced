"""The store beside a daemon that may run: where it lies, and how to read it."""

from __future__ import annotations

from pathlib import Path

from wire.config import Settings
from wire.store.database import Database, file_of


def control_path(settings: Settings) -> Path:
    """Where the running daemon listens for commands: beside the database."""
    return data_folder(settings) / "wire.sock"


def data_folder(settings: Settings) -> Path:
    """The folder of the database, the lock and the control socket."""
    file = file_of(settings.store.url)
    return file.parent if file is not None else settings.root / "var"


def open_books(settings: Settings) -> Database:
    """The store for reading. Raises StoreUnusable when there is none yet."""
    return Database(settings.store.url, read_only=True)
