"""Reading one document of each format, and converting many of them with the command line."""

from __future__ import annotations

import contextlib
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
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

#: What is read to the story in how many milliseconds at most.
TARGETS = {"newsml-g2": 1.0, "nitf": 1.0, "ninjs": 1.0, "iptc7901": 0.3, "anpa1312": 0.3}
#: What a mixed pile of documents is in, in turns.
MIXED = ("newsml-g2", "nitf", "ninjs", "newsml-g2-message", "iptc7901", "anpa1312", "text", "json", "html")
_PARAGRAPHS = 15  #: documents of 5 to 8 kB
_DIFFERENT = 10  #: what a text says decides how long it takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How long a document took, in milliseconds: of each the best time, of these the mean."""

    format: str
    bytes: int  #: of one of them
    parsed_ms: float
    story_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Many documents through one ``wire convert``."""

    seconds: float
    peak_mib: float


def readings(rounds: int) -> list[Reading]:
    """Some documents of each format with a target, read in turns again and again in this process."""
    samples = [story(number) for number in range(_DIFFERENT)]
    found: list[Reading] = []
    for format in TARGETS:
        documents = [raw_file(sent(one, format).body, f"story.{format}", SOURCE) for one in samples]
        parser, normalise = plugins.load("wire.parsers", format)(), StoryNormaliser()

        def whole(raw: RawFile, read: Callable = parser.parse, normalise: Callable = normalise) -> None:
            for draft in read(raw):
                normalise(draft, raw)

        found.append(
            Reading(
                format=format,
                bytes=len(documents[0].data),
                parsed_ms=_best_ms(parser.parse, documents, rounds),
                story_ms=_best_ms(whole, documents, rounds),
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


def _best_ms(work: Callable[[RawFile], object], documents: Sequence[RawFile], rounds: int) -> float:
    """The best time of each document, read in turn with the others: a host that others use slows some.

    Their mean, in milliseconds.
    """
    best = [math.inf] * len(documents)
    for n in islice(cycle(range(len(documents))), rounds):
        begun = time.perf_counter()
        work(documents[n])
        best[n] = min(best[n], time.perf_counter() - begun)
    return statistics.fmean(best) * 1000
