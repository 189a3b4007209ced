"""Broken documents: each is a story or a reasoned refusal, in time and memory, and can be written.

The documents are our own goldens and, where they are, all samples of ``../shared/samples``.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.parse.floods import LINE_FLOODS, flood
from tests.parse.longruns import long_runs
from tests.parse.reading import PARSERS, SHARED, raw_file
from tests.parse.test_mutations import documents, mutated, normalised
from tests.roundtrip.travel import sent
from wire import plugins
from wire.errors import IntakeError, RenderError
from wire.parse import detect
from wire.story import Story

INPUTS = 20_000
WRITTEN_EACH = 20  #: one of so many inputs is also written, in every format
FLOOD_BYTES = 500_000
LONG_RUN_BYTES = 250_000
LONGEST_S = 2.0  #: of processor time
MOST_MIB = 300
_MOST_BYTES = 60_000  #: of a document: broken ones need not be long


def stories_of(name: str, data: bytes) -> list[Story]:
    """The stories in what may be a document; none where it is refused."""
    raw = raw_file(data, name)
    try:
        found = [normalised(draft, raw) for draft in detect.read(raw, PARSERS)]
    except IntakeError as refused:
        assert str(refused)
        return []
    return [story for story in found if story is not None]


def write(story: Story) -> None:
    """Write a story in every format; a refusal says why."""
    for format in plugins.names("wire.renderers"):
        try:
            assert sent(story, format).body
        except RenderError as refused:
            assert str(refused)


def whole_documents() -> list[tuple[str, bytes]]:
    """Names and contents of all goldens and samples."""
    paths = (path for path in sorted(SHARED.joinpath("samples").glob("*/**/*")) if path.is_file())
    return [*documents(), *((path.name, path.read_bytes()) for path in paths)]


def main() -> None:
    """Every input in its time; the whole within the memory."""
    for kind in LINE_FLOODS:
        begun = time.process_time()
        stories_of("flood", flood(kind, FLOOD_BYTES))
        took = time.process_time() - begun
        assert took < LONGEST_S, f"{kind}: {took:.1f} s"
    dice, found = random.Random(20260302), whole_documents()
    for name, repeated, data in long_runs(documents(), dice, LONG_RUN_BYTES):
        begun = time.process_time()
        stories_of(name, data)
        took = time.process_time() - begun
        assert took < LONGEST_S, f"{repeated} of {name}: {took:.1f} s"
    read, longest = 0, 0.0
    for number in range(INPUTS):
        name, data = found[number % len(found)]
        changed = mutated(data[:_MOST_BYTES], dice)
        begun = time.process_time()
        stories = stories_of(name, changed)
        if dice.randrange(WRITTEN_EACH) == 0:
            for story in stories[:5]:
                write(story)
        took = time.process_time() - begun
        assert took < LONGEST_S, f"input {number}, of {name}: {took:.1f} s"
        read, longest = read + bool(stories), max(longest, took)
    assert read > INPUTS / 3, "many mutations leave something to read"
    peak_mib = _peak_mib()
    assert peak_mib < MOST_MIB, f"{peak_mib:.0f} MiB"
    print(
        f"{INPUTS} inputs from {len(found)} documents: {read} read, {INPUTS - read} refused with a reason; "
        f"{longest:.2f} s at most, {peak_mib:.0f} MiB at most"
    )


def _peak_mib() -> float:
    """The most memory of this process alone: ``ru_maxrss`` begins with its parent's."""
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak) / 1024


@pytest.mark.slow(60)
@pytest.mark.timeout(600)
def test_broken_documents_are_read_or_refused_in_time_and_memory(capsys: pytest.CaptureFixture[str]) -> None:
    """In a process of its own, whose memory is that of this work alone."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.test_fuzz"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with capsys.disabled():
        print(f"\n{done.stdout}")


if __name__ == "__main__":
    main()
