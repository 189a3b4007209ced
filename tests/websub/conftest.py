"""Sites and subscribers that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.site import Site
from tests.servers.subscriber import Subscriber


@pytest.fixture
def site_of(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes a site with more settings of ``[websub]``."""
    made: list[Site] = []

    def make(**websub: Any) -> Site:
        made.append(Site(tmp_path, **websub))
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def site(site_of: Callable[..., Site]) -> Site:
    """A site whose hub sends to loopback."""
    return site_of()


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    """A subscriber that means it."""
    with Subscriber() as running:
        yield running
