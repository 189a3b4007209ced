"""The path of one story, for tests that break it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.crash.onepath import OnePath
from tests.harness.receiver import Receiver


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnePath]:
    """Desks that strace can hold. Skips where there is no strace, and fails on CI, which installs it."""
    if shutil.which("strace") is None:
        if os.environ.get("CI"):
            pytest.fail("strace is missing; .ci/run installs it")
        pytest.skip("strace is not installed")
    folder = tmp_path_factory.mktemp("path")
    with Receiver(folder / "receiver", keep_bodies=False) as receiver:
        yield OnePath(folder, receiver)
