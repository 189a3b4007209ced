"""Broken documents: whatever can still be read of one can be written in every format, in time and memory."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.parse.reading import PARSERS, raw_file
from tests.parse.test_mutations import documents, mutated, normalised
from tests.roundtrip.travel import sent
from wire import plugins
from wire.errors import IntakeError, RenderError
from wire.parse import detect

INPUTS = 3_000
LONGEST_S = 2.0
MOST_MIB = 300


def write_all(name: str, data: bytes) -> int:
    """Read what may be a document and write each of its stories in every format; how many stories."""
    raw = raw_file(data, name)
    try:
        stories = [normalised(draft, raw) for draft in detect.read(raw, PARSERS)]
    except IntakeError:
        return 0
    for story in filter(None, stories):
        for format in plugins.names("wire.renderers"):
            try:
                assert sent(story, format).body
            except RenderError as refused:
                assert str(refused)
    return len(stories)


def _peak_mib() -> float:
    """The most memory of this process alone: ``ru_maxrss`` begins with its parent's."""
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak) / 1024


def main() -> None:
    """Every input in its time; the whole within the memory."""
    dice, found, written = random.Random(20260302), documents(), 0
    for number in range(INPUTS):
        name, data = found[number % len(found)]
        begun = time.perf_counter()
        written += write_all(name, mutated(data[:20_000], dice))
        assert time.perf_counter() - begun < LONGEST_S, f"input {number}, of {name}"
    assert written > INPUTS / 2, "most mutations leave something to read"
    peak_mib = _peak_mib()
    assert peak_mib < MOST_MIB, f"{peak_mib:.0f} MiB"
    print(f"{INPUTS} inputs, {written} stories in every format, {peak_mib:.0f} MiB at most")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whatever_is_read_of_a_broken_document_can_be_written_in_every_format() -> None:
    """In a process of its own, whose memory is that of this work alone."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.test_fuzz"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


if __name__ == "__main__":
    main()
