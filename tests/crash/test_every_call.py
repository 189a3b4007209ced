"""The path of one story, broken at every flush, rename, write and removal: killed, or refused by the disk.

strace counts the calls of each thread; the N-th of a kind meets the fault. ``WIRE_SWEEP=all`` (`make crash`)
meets each of them; otherwise every call but the writes is met, and of those a share, another one in
each run (``WIRE_SEED`` repeats it).
"""

from __future__ import annotations

import os
import re
import time
from random import Random

import pytest

from tests.crash.onepath import OnePath, half_files

pytestmark = [pytest.mark.slow(4), pytest.mark.timeout(3600)]

SEED = int(os.environ.get("WIRE_SEED", "0")) or time.time_ns() % 1_000_000
WHOLE = os.environ.get("WIRE_SWEEP") == "all"
#: The calls of the path, and of how many of each one is met when the sweep is not whole.
CALLS = {
    **dict.fromkeys(("fdatasync", "syncfs", "rename", "renameat", "unlink", "unlinkat", "ftruncate"), 1),
    "write": 5,
    "pwrite64": 12,
}
FAULTS = ("signal=SIGKILL", "error=ENOSPC", "error=EIO")
#: More calls of one kind than the path has: a sweep that gets here has lost its way.
MOST = 400

_HIT = re.compile(r"\(INJECTED\)|killed by SIGKILL")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_story_survives_a_fault_at_every_call(path: OnePath, call: str, fault: str) -> None:
    found, met = sweep(path, call, fault)
    assert met, f"the path has no {call} any more"
    assert not found, f"WIRE_SEED={SEED}\n" + "\n".join(found)


def sweep(path: OnePath, call: str, fault: str) -> tuple[list[str], int]:
    """What is wrong after each call of a kind met a fault, and how many did."""
    step = 1 if WHOLE else CALLS[call]
    number = 1 if step == 1 else Random(f"{SEED} {call} {fault}").randint(1, step)
    found: list[str] = []
    met = 0
    while (troubles := meet(path, call, fault, number)) is not None:
        found += [f"{call} {number}, {fault}: {trouble}" for trouble in troubles]
        met += 1
        number += step
        assert number < MOST
    return found, met


def meet(
    path: OnePath, call: str, fault: str, number: int, *, weakness: str | None = None
) -> list[str] | None:
    """What is wrong after the N-th call of a kind met a fault; None when no thread came that far."""
    root = path.copy()
    trace = root.parent / f"{root.name}.trace"
    options = ["-y", "-o", str(trace), "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}"]
    path.run(root, strace=options, weakness=weakness)
    hits = [line for line in trace.read_text(errors="replace").splitlines() if _HIT.search(line)]
    try:
        if not hits:
            return None
        if "SIGKILL" not in fault and not any(f"{root}/" in line for line in hits):
            return []  # a pipe or a socket, where no disk can fail
        return [*half_files(root), *path.troubles(root)]
    finally:
        path.forget(root)
