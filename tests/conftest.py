"""What holds for every test."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.harness.browser import browser
from tests.harness.empty_store import lay_down
from tests.harness.warm import warm
from tests.servers.postgres import Postgres, running
from wire.store.database import Database

__all__ = ["browser"]

# Processes of wire are started as a user's are, with what Python compiled of it before.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Generating a story takes long on a machine that does other things besides; that is no fault of the code.
settings.register_profile("wire", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A change is judged by what it changes: on CI the examples are the same every time.
settings.register_profile("ci", settings.get_profile("wire"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "wire")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the tests, the files that take longest begin.

    Otherwise the last of them runs while the other processes have nothing left to do.
    """
    if hasattr(config, "workerinput"):
        longest_first(items)


def longest_first(items: list[pytest.Item]) -> None:
    """Sort by what each file takes: the sum of its marks ``slow(seconds)``, each a second if it says none."""
    takes_s: Counter[Path] = Counter()
    for item in items:
        if mark := item.get_closest_marker("slow"):
            takes_s[item.path] += mark.args[0] if mark.args else 1
    items.sort(key=lambda item: -takes_s[item.path])


@pytest.fixture(scope="session", autouse=True)
def _cold() -> Iterator[None]:
    """Ends the process that others were forked off, where there is one."""
    yield
    if warm.cache_info().currsize:
        warm().close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store of the newest schema, to be copied."""
    return lay_down(tmp_path_factory.mktemp("store") / "wire.db")


@pytest.fixture(scope="session")
def kept_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A store of SQLite's that stays open, with its statements compiled. Whoever uses it empties it first."""
    file = lay_down(tmp_path_factory.mktemp("open") / "wire.db")
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def kept_open_on_server(postgres: Postgres) -> Iterator[Database]:
    """The like on the server, in a database where nobody else is."""
    database = Database(postgres.make(f"wire-open-{os.getpid()}"))
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, which all test processes share."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def server_store(postgres: Postgres) -> str:
    """The URL of a store on that server, this test process's own. Whoever uses it empties it first."""
    return postgres.store(f"wire-{os.getpid()}")
