"""A newsroom with two endpoints: ``cms``, and ``early``, which takes embargoed copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.conftest import Newsroom
from wire.desk.dispatch import Outlet
from wire.store.database import Database

OUTLETS = {
    id: Outlet(id=id, document="newsml-g2", accepts_embargoed=id == "early") for id in ("cms", "early")
}


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    database = Database(f"sqlite:///{tmp_path / 'wire.db'}")
    yield Newsroom(database, outlets=OUTLETS)
    database.close()
