"""Many writers that pause, and a pile of files at once: everything comes in, once, and nothing half.

``WIRE_FILES`` sets how many files lie there at once (2,000; `make crash` takes 40,000).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import BinaryIO

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow(12)

FILES = int(os.environ.get("WIRE_FILES", "2000"))
SEED = int(os.environ.get("WIRE_SEED", "0")) or time.time_ns() % 1_000_000
WRITERS = 150
SETTLE_S = 0.2


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    made = Daemon(tmp_path / "desk", settle_s=SETTLE_S, warm_start=True)
    made.start()
    yield made
    made.end()
    print(made.tail())


def test_writers_that_pause_longer_than_a_file_settles_are_waited_for(daemon: Daemon) -> None:
    random = Random(f"writers {SEED}")
    items = [copydesk.plain(number) for number in range(WRITERS)]
    open_files: list[tuple[BinaryIO, bytes]] = []
    try:
        for item in items:
            open_files.append(((daemon.inbox / item.name).open("wb"), item.data))
        while open_files:
            file, rest = open_files.pop(random.randrange(len(open_files)))
            part = random.randint(1, 900)
            file.write(rest[:part])
            file.flush()
            if random.random() < 0.02:
                time.sleep(SETTLE_S * 2)  # the pause is what is tried: nobody writes anywhere meanwhile
            if rest[part:]:
                open_files.append((file, rest[part:]))
            else:
                file.close()
    finally:
        for file, _ in open_files:
            file.close()
    eventually(lambda: len(daemon.titles()) == WRITERS, limit_s=60, what=f"all in the feed, WIRE_SEED={SEED}")
    rows = daemon.stories("--limit", "1000")
    assert [row["version"] for row in rows] == [1] * WRITERS, "a part was taken for the whole"
    assert daemon.audit().returncode == 0


@pytest.mark.timeout(900)
def test_a_pile_of_files_comes_in_whole(daemon: Daemon) -> None:
    items = [copydesk.newsml(number) for number in range(FILES)]
    for item in items:
        (daemon.staging / item.name).write_bytes(item.data)
    for item in items:
        (daemon.staging / item.name).rename(daemon.inbox / item.name)
    eventually(lambda: not any(os.scandir(daemon.inbox)), limit_s=800, every_s=0.2, what="the inbox is empty")
    assert sum(daemon.status()["stories"].values()) == FILES
    assert daemon.audit().returncode == 0
