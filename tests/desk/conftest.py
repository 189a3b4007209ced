"""A newsroom with two endpoints: ``cms``, and ``early``, which takes embargoed copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.conftest import Newsroom, newsroom_in
from wire.desk.dispatch import Outlet

OUTLETS = {
    id: Outlet(id=id, document="newsml-g2", accepts_embargoed=id == "early") for id in ("cms", "early")
}


@pytest.fixture
def newsroom(tmp_path: Path, migrated: Path) -> Iterator[Newsroom]:
    yield from newsroom_in(tmp_path, migrated, outlets=OUTLETS)
