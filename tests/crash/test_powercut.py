"""The power fails after every flush, rename and removal on the path of one story."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.onepath import OnePath
from tests.crash.powercut import STRACE, Call, Disk, calls

pytestmark = [pytest.mark.slow(14), pytest.mark.timeout(3600)]


@pytest.mark.parametrize("names_kept", [True, False], ids=["names-kept", "names-lost"])
def test_a_story_survives_a_power_cut_at_every_flush_rename_and_removal(
    path: OnePath, names_kept: bool
) -> None:
    looked = 0
    for moment, troubles in power_cuts(path, names_kept=names_kept):
        looked += 1
        assert not troubles, f"after {moment}: {troubles}"
    assert looked >= 10  # the commit, the removal from the inbox, feeds and story into the outbox, its flush


def power_cuts(
    path: OnePath, *, names_kept: bool, weakness: str | None = None
) -> Iterator[tuple[str, list[str]]]:
    """The moments of one run of the path, and what is wrong when the power failed at each."""
    root = path.copy()
    start = root.parent / f"{root.name}.start"
    shutil.copytree(root, start)
    trace = root.parent / f"{root.name}.trace"
    assert path.run(root, strace=[*STRACE, "-o", str(trace)], weakness=weakness) == 0
    disk = Disk(root, start)
    for number, call in enumerate(calls(trace)):
        if disk.live(call):
            yield f"call {number}, {_told(call)}", _after_a_cut(path, disk, root, names_kept=names_kept)


def _after_a_cut(path: OnePath, disk: Disk, root: Path, *, names_kept: bool) -> list[str]:
    left = root.parent / f"{root.name}.left"
    disk.lay_out(left, names_kept=names_kept)
    desk = path.copy(left)
    try:
        return path.troubles(desk, root.name)
    finally:
        path.forget(desk)
        path.forget(left)


def _told(call: Call) -> str:
    return f"{call.name}({', '.join(str(one)[:80] for one in call.arguments if not isinstance(one, bytes))})"
