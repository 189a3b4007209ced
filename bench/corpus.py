"""What is read out of raw copy and whole pages, against the right answers: ``make bench-corpus``.

The corpus, its right answers and their scorer lie beside the project (``../shared/corpus``). Each half
is one function that gives rows; ``python -m bench.corpus [raw] [pages]`` prints them.

Figures on pages that the weights were fitted on flatter. Those that count are cross-validated by site:
``tools/fit_lines.py`` writes them to ``bench/cross_validated.json``, and they stand beside the fitted ones.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.parse.reading import SHARED, raw_file
from wire.common.memory import settle
from wire.common.words import html_to_text
from wire.normalise.normaliser import StoryNormaliser
from wire.parse.text import TextParser
from wire.parse.webpage import WebPageParser
from wire.ports import Parser
from wire.story import RawFile, Source, Story

CORPUS = SHARED / "corpus"
CROSS_VALIDATED = Path(__file__).with_name("cross_validated.json")
SOURCE = Source(id="corpus")
ARRIVED = datetime(2030, 1, 1, tzinfo=UTC)  #: later than all dates in the corpus: none is refused as future
_SUBHEAD = re.compile(r"<h[23]>(.*?)</h[23]>")
_ROUNDS = 5
_FEWER_IS_BETTER = ("caption leak", "ms per")

Answers = dict[str, dict[str, Any]]  #: by the id of the item: what the scorer compares


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    what: str
    reached: float
    target: float
    cross_validated: float | None = None


TEXT_TARGETS = {
    "full": {
        "body F1": 0.950,
        "headline": 0.72,
        "authors": 0.72,
        "date": 0.86,
        "caption leak": 0.20,
        "subheads": 0.78,
    },
    "light": {
        "body F1": 0.955,
        "headline": 0.72,
        "authors": 0.72,
        "date": 0.86,
        "caption leak": 0.20,
        "subheads": 0.78,
    },
}
LANGUAGE_TARGET = 0.93
TEXT_MS = 3.0
PAGE_TARGETS = {
    "body F1": 0.962,
    "headline": 0.80,
    "authors": 0.80,
    "date": 0.96,
    "caption leak": 0.08,
    "subheads": 0.78,
}
PAGE_MS = 15.0
_KEYS = {
    "body F1": "F1",
    "headline": "head=",
    "authors": "auth=",
    "date": "date",
    "caption leak": "capLeak",
    "subheads": "subh",
}


def raw_text() -> Iterator[Row]:
    """Copied text: ``full`` with all furniture, ``light`` without navigation and footers."""
    truth = answers(CORPUS / "rawtext" / "truth.jsonl")
    gold = {variant: ids(f"gold_{variant}.ids") for variant in TEXT_TARGETS}
    found = {
        item: prediction(TextParser(), (CORPUS / "rawtext" / f"{item}.txt").read_bytes(), f"{item}.txt")
        for item in sorted(set().union(*gold.values()))
    }
    yield from text_rows(truth, gold, found, cross_validated())
    texts = [(CORPUS / "rawtext" / f"{item}.txt").read_bytes() for item in gold["light"]]
    yield Row(what="light: ms per 6 kB", reached=_ms(TextParser(), texts, 6_000), target=TEXT_MS)


def text_rows(
    truth: Answers, gold: Mapping[str, list[str]], found: Answers, beside: Mapping[str, float]
) -> Iterator[Row]:
    """The rows for copied text: by variant, and both together by language."""
    for variant, targets in TEXT_TARGETS.items():
        yield from _rows(f"{variant}: ", targets, {i: truth[i] for i in gold[variant]}, found, beside)
    for name, languages in {"English": {"en"}, "German": {"de"}, "other languages": set()}.items():
        of_language = {
            item: truth[item]
            for item in set().union(*gold.values())
            if (truth[item]["lang"] in languages if languages else truth[item]["lang"] not in {"en", "de"})
        }
        yield from _rows(f"{name}: ", {"body F1": LANGUAGE_TARGET}, of_language, found, beside)


def web_pages() -> Iterator[Row]:
    """Whole HTML pages."""
    truth = answers(CORPUS / "html" / "truth.jsonl")
    gold = ids("gold_html.ids")
    pages = {item: gzip.decompress((CORPUS / "html" / f"{item}.html.gz").read_bytes()) for item in gold}
    found = {item: prediction(WebPageParser(), data, f"{item}.html") for item, data in pages.items()}
    yield from page_rows({item: truth[item] for item in gold}, found, cross_validated())
    yield Row(
        what="html: ms per 100 kB", reached=_ms(WebPageParser(), pages.values(), 100_000), target=PAGE_MS
    )


def page_rows(truth: Answers, found: Answers, beside: Mapping[str, float] | None = None) -> Iterator[Row]:
    """The rows for pages, with the cross-validated figures beside if they are given."""
    yield from _rows("html: ", PAGE_TARGETS, truth, found, beside or {})


def answers(path: Path) -> Answers:
    """What is true of each item of a half of the corpus."""
    items = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return {item["id"]: item for item in items}


def ids(name: str) -> list[str]:
    """The items whose right answers were made by hand."""
    return (CORPUS / name).read_text(encoding="utf-8").split()


def cross_validated() -> dict[str, float]:
    """The figures that the fitting scripts left, by the row they stand beside."""
    if not CROSS_VALIDATED.exists():
        return {}
    figures: dict[str, float] = json.loads(CROSS_VALIDATED.read_text(encoding="utf-8"))
    return figures


def prediction(parser: Parser, data: bytes, name: str) -> dict[str, Any]:
    """What `wire` makes of a file, as the scorer wants it."""
    raw = file_of(data, name)
    (draft,) = parser.parse(raw)
    return said(StoryNormaliser()(draft, raw))


def file_of(data: bytes, name: str) -> RawFile:
    """An item as a file that arrives later than anything in the corpus was written."""
    return replace(raw_file(data, name, SOURCE), arrived_at=ARRIVED)


def said(story: Story) -> dict[str, Any]:
    """The fields of a story that the scorer compares."""
    when = story.first_created or story.content_created
    return {
        "body": html_to_text(story.body_html),
        "headline": story.headline,
        "authors": list(story.creators),
        "date": when.isoformat() if when else None,
        "captions": [picture.caption for picture in story.pictures if picture.caption],
        "subheads": [html_to_text(inner) for inner in _SUBHEAD.findall(story.body_html)],
    }


def _rows(
    prefix: str, targets: Mapping[str, float], truth: Answers, found: Answers, beside: Mapping[str, float]
) -> Iterator[Row]:
    report = _scorer().report(truth, found, 0)
    for name, target in targets.items():
        value = report.get(_KEYS[name], 0.0)
        reached = value[0] if isinstance(value, tuple) else value
        what = prefix + name
        yield Row(what=what, reached=reached, target=target, cross_validated=beside.get(what))


def _scorer() -> ModuleType:
    """The corpus's own scorer."""
    spec = importlib.util.spec_from_file_location("corpus_score", CORPUS / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _ms(parser: Parser, documents: Iterable[bytes], size: int) -> float:
    """CPU milliseconds for ``size`` bytes of parsing: of each document, read in turn with all others, the
    best of some rounds. A host that others use as well slows down some of them, and hardly all.
    """
    files = [raw_file(data, "story.txt", SOURCE) for data in documents]
    best = [math.inf] * len(files)
    settle()  # as in a daemon
    for _ in range(_ROUNDS):
        for n, raw in enumerate(files):
            begun = time.process_time()
            parser.parse(raw)
            best[n] = min(best[n], time.process_time() - begun)
    return sum(best) * 1000 * size / sum(len(raw.data) for raw in files)


HALVES: Mapping[str, Callable[[], Iterator[Row]]] = {"raw": raw_text, "pages": web_pages}


def print_row(row: Row) -> None:
    """What was reached, beside it cross-validated by site; the stricter of both has to meet the target."""
    counts = row.reached if row.cross_validated is None else row.cross_validated
    less = any(name in row.what for name in _FEWER_IS_BETTER)
    enough = counts <= row.target if less else counts >= row.target
    beside = "" if row.cross_validated is None else f"{row.cross_validated:.3f}"
    print(
        f"{row.what:28} {row.reached:8.3f} {beside:>16} {'≤' if less else '≥'} {row.target:.3f}"
        f"  {'yes' if enough else 'no'}"
    )


def main() -> None:
    """Print the table of the halves named on the command line, or of both."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("halves", nargs="*", choices=[[], *HALVES], help="raw, pages; both by default")
    if not CORPUS.exists():
        raise SystemExit("the corpus is not here: it lies in ../shared/corpus beside the project")
    print(f"{'':28} {'reached':>8} {'cross-validated':>16}   target")
    for name in arguments.parse_args().halves or HALVES:
        for row in HALVES[name]():
            print_row(row)


if __name__ == "__main__":
    main()
