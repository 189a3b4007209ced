"""What reading a story's words costs: each step by itself, the whole, and the memory that its tables keep."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.harness import copydesk
from tests.harness.receiver import PROJECT
from tests.parse.reading import raw_file
from wire.normalise.enrich import CONCEPTS, enrich
from wire.normalise.keywords import guess_keywords
from wire.normalise.language import guess_language
from wire.normalise.urgency import guess_urgency
from wire.normalise.wording import Wording, wording_of
from wire.parse.newsml_g2 import NewsMLG2Parser
from wire.story import Draft

WHOLE_US = 500  #: that all of it may take of a story of 8 kB
MEMORY_MIB = 12  #: that its tables and the language model may keep

_NAMES = (
    "<p>Prime Minister Jane Example met the president of Example Harbour Holdings plc in Brussels on Monday "
    "to talk about exports to Germany, Japan and the United States, the ministry said.</p>"
    "<p>“We want the talks with Norway to go on,” said John Sample, a spokesman for the University of Oslo. "
    "Sample added that NATO and the European Union had been told, and that London and Paris would follow.</p>"
)
_MEMORY = """
import os
from bench.enrich import draft
from bench.measure import memory_mib
from tests.parse.reading import raw_file
from wire.normalise.enrich import enrich
text, raw = draft(), raw_file("x")
before = memory_mib(os.getpid())
enrich(text, raw)
print(memory_mib(os.getpid()) - before)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one step takes of the processor, in microseconds: the best of many."""

    step: str
    us: float


def costs(rounds: int) -> list[Cost]:
    """Each step on one story of 8 kB that states nothing, and last the whole."""
    story, raw = draft(), raw_file("x")
    wording = wording_of(story, "en")
    steps: dict[str, Callable[[], object]] = {
        "language": lambda: guess_language(story),
        "words": lambda: _taken_apart(wording_of(story, "en")),
        **{str(guess): lambda read=read: read(wording) for guess, read in CONCEPTS.items()},
        "keywords": lambda: guess_keywords(wording),
        "urgency": lambda: guess_urgency(wording),
        "all": lambda: enrich(story, raw),
    }
    return [Cost(step=step, us=_best_us(work, rounds)) for step, work in steps.items()]


def memory() -> float:
    """MiB that the first English story makes a process keep, in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", _MEMORY], cwd=PROJECT, capture_output=True, check=True, text=True
    )
    return float(run.stdout)


def draft() -> Draft:
    """About 8 kB of copy, with names and places, that states nothing of itself."""
    item = copydesk.newsml(1, paragraphs=19)
    [said] = NewsMLG2Parser().parse(raw_file(item.data, item.name))
    return Draft(format="text", headline=item.headline, body_html=_NAMES * 3 + said.body_html)


def _taken_apart(wording: Wording) -> object:
    return wording.distinct, wording.counts, wording.runs


def _best_us(work: Callable[[], object], rounds: int) -> float:
    took: list[float] = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took) * 1e6
