"""Reading one document of each format, and converting many of them with the command line."""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import measure
from tests.harness import copydesk
from tests.harness.receiver import PROJECT
from tests.parse.reading import raw_file
from tests.roundtrip.travel import SOURCE, sent
from wire import plugins
from wire.normalise.normaliser import StoryNormaliser
from wire.parse.newsml_g2 import NewsMLG2Parser
from wire.story import RawFile, Story

#: What is read in how many milliseconds at most: to the story, or, of the line formats, to the draft.
WHOLE = {"newsml-g2": 1.0, "nitf": 1.0, "ninjs": 1.0}
PARSED = {"iptc7901": 0.3, "anpa1312": 0.3}
#: What a mixed pile of documents is in, in turns.
MIXED = ("newsml-g2", "nitf", "ninjs", "newsml-g2-message", "iptc7901", "anpa1312", "text", "json", "html")
_PARAGRAPHS = 15  #: documents of 5 to 8 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How long one document took, at the median, in milliseconds."""

    format: str
    bytes: int
    parsed_ms: float
    story_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Many documents through one ``wire convert``."""

    seconds: float
    peak_mib: float


def readings(rounds: int) -> list[Reading]:
    """Each format with a target, read again and again in this process."""
    sample = story(1)
    found: list[Reading] = []
    for format in (*WHOLE, *PARSED):
        raw = raw_file(sent(sample, format).body, f"story.{format}", SOURCE)
        parser, normalise = plugins.load("wire.parsers", format)(), StoryNormaliser()

        def whole(raw: RawFile = raw, read: Callable = parser.parse, normalise: Callable = normalise) -> None:
            for draft in read(raw):
                normalise(draft, raw)

        found.append(
            Reading(
                format=format,
                bytes=len(raw.data),
                parsed_ms=_median_ms(lambda raw=raw, read=parser.parse: read(raw), rounds),
                story_ms=_median_ms(whole, rounds),
            )
        )
    return found


def conversion(folder: Path, count: int) -> Conversion:
    """``count`` documents of mixed formats, each of its own text, to NewsML-G2."""
    names = [_written(folder, number) for number in range(count)]
    command = [sys.executable, "-m", "wire", "convert", *names]
    begun = time.monotonic()
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        running = subprocess.Popen(command, cwd=PROJECT, stdout=out, stderr=err)
        peak_mib = 0.0
        while running.poll() is None:  # what wait4 tells as the highest may be ours, from before the exec
            with contextlib.suppress(OSError):
                peak_mib = max(peak_mib, measure.memory_mib(running.pid, "VmHWM"))
            time.sleep(0.02)
    assert running.returncode == 0, (folder / "err").read_text()[-500:]
    assert (folder / "out").read_bytes().count(b"<newsItem") >= count
    return Conversion(seconds=time.monotonic() - begun, peak_mib=peak_mib)


def _written(folder: Path, number: int) -> str:
    document = sent(story(number), MIXED[number % len(MIXED)])
    path = folder / f"{number}.{document.suffix}"
    path.write_bytes(document.body)
    return str(path)


def story(number: int) -> Story:
    """A made-up story of a size as wires send them."""
    item = copydesk.newsml(number, paragraphs=_PARAGRAPHS)
    raw = raw_file(item.data, item.name, SOURCE)
    [draft] = NewsMLG2Parser().parse(raw)
    return StoryNormaliser()(draft, raw)


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    took: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)
