"""A store of the newest schema with nothing in it, to be laid down where a test begins."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from wire.store.database import Database


def lay_down(file: Path) -> Path:
    """Make such a store of SQLite's at a path, and the folders above it. Migrating one takes far longer."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_migrated())
    return file


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "wire.db"
        Database(f"sqlite:///{file}").close()
        return file.read_bytes()
