"""A newsroom with two endpoints: ``cms``, and ``early``, which takes embargoed copy."""

from __future__ import annotations

import pytest

from tests.store.conftest import Newsroom, newsroom_on
from wire.desk.dispatch import Outlet
from wire.store.database import Database

OUTLETS = {
    id: Outlet(id=id, document="newsml-g2", accepts_embargoed=id == "early") for id in ("cms", "early")
}


@pytest.fixture
def newsroom(kept_open: Database) -> Newsroom:
    return newsroom_on(kept_open, outlets=OUTLETS)
