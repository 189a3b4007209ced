"""Fit the weights of a page's blocks on the open corpus, and say what they are worth on sites they never saw.

    python -m tools.fit_pages [--write]

Needs scikit-learn, and the corpus beside the project (``../shared/corpus``). Each block of a page is labelled
by the page's right answer (`tools.linelabels`). One
logistic regression over the features' names (`wire.parse.page.features`) weighs them; a block counts by the
square root of its share of the story, a silver page half.

The figures printed are cross-validated: the pages of a fifth of the sites are read with weights fitted on
the other four fifths. ``--write`` also writes them to ``bench/cross_validated.json``, and the weights fitted
on all pages to ``wire/parse/page/weights.py``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench.corpus import CORPUS, CROSS_VALIDATED, answers, file_of, ids, page_rows, said
from tools.linelabels import shares
from wire.normalise.normaliser import StoryNormaliser
from wire.parse.charset import decode
from wire.parse.page.blocks import read_page
from wire.parse.page.features import features
from wire.parse.page.story import ALWAYS
from wire.parse.webpage import known_of, page_draft
from wire.xmltools import parse_html

TABLE = Path(__file__).parents[1] / "wire" / "parse" / "page" / "weights.py"
FOLDS = 5
STRENGTH = 0.1  #: of the fit against its prior (scikit-learn's C)
LEAST_PAGES = 4  #: on which a feature has to stand to get a weight
LEAST_WEIGHT = 0.02
SILVER = 0.5

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A page of the corpus: its blocks' features, which of them are story, how much each counts."""

    id: str
    site: str
    names: Sequence[Sequence[str]]
    story: Sequence[bool]
    counts: Sequence[float]


def main() -> None:
    """Cross-validate; with ``--write`` fit on all pages and write the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write the table and the figures")
    write = arguments.parse_args().write
    truth = answers(CORPUS / "html" / "truth.jsonl")
    gold = set(ids("gold_html.ids"))
    examples = [example(answer, gold=item in gold) for item, answer in truth.items()]
    found = dict(cross_predictions(examples, gold))
    rows = list(page_rows({item: truth[item] for item in found}, found))
    for row in rows:
        print(f"{row.what:24} {row.reached:.3f}")
    if write:
        TABLE.write_text(table(fit(examples)), encoding="utf-8")
        kept = json.loads(CROSS_VALIDATED.read_text(encoding="utf-8")) if CROSS_VALIDATED.exists() else {}
        kept.update({row.what: round(row.reached, 4) for row in rows})
        CROSS_VALIDATED.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def page_of(item: str) -> bytes:
    """A page of the corpus as it was fetched."""
    return gzip.decompress((CORPUS / "html" / f"{item}.html.gz").read_bytes())


def root_of(item: str) -> etree._Element:
    """The same as a tree."""
    return parse_html(decode(page_of(item)).text)


def example(answer: Mapping[str, Any], *, gold: bool) -> Example:
    """A page to learn from."""
    root = root_of(answer["id"])
    page = read_page(root)
    story = [share > 0 for share in shares([block.text for block in page.blocks], answer["body"])]
    total = sum(len(block.text) for block, kept in zip(page.blocks, story, strict=True) if kept) or 1
    trust = 1.0 if gold else SILVER
    return Example(
        id=answer["id"],
        site=urlsplit(answer.get("url") or "").netloc or answer["id"],
        names=list(features(page, known_of(root))),
        story=story,
        counts=[trust * (math.sqrt(min(len(b.text), 1500) / total) + 0.02) for b in page.blocks],
    )


def fit(examples: Iterable[Example]) -> Weights:
    """What each feature says for story, as log-odds; `ALWAYS` is what holds for every block."""
    examples = list(examples)
    pages = Counter(name for one in examples for name in {name for names in one.names for name in names})
    usual = {name for name, times in pages.items() if times >= LEAST_PAGES}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform(
        dict.fromkeys(usual.intersection(names), 1.0) for one in examples for names in one.names
    )
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    model = LogisticRegression(C=STRENGTH, max_iter=300, solver="liblinear")
    model.fit(
        matrix,
        [kept for one in examples for kept in one.story],
        sample_weight=[count for one in examples for count in one.counts],
    )
    found = dict(zip(vectors.get_feature_names_out(), map(float, model.coef_[0]), strict=True))
    found = {name: weight for name, weight in sorted(found.items()) if abs(weight) >= LEAST_WEIGHT}
    return {ALWAYS: float(model.intercept_[0]), **found}


def cross_predictions(examples: Sequence[Example], gold: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is read of each gold page with weights that never saw its site."""
    sites = sorted({one.site for one in examples})
    random.Random(1).shuffle(sites)  # noqa: S311
    fold = {site: n % FOLDS for n, site in enumerate(sites)}
    for n in range(FOLDS):
        weights = fit(one for one in examples if fold[one.site] != n)
        for one in examples:
            if fold[one.site] == n and one.id in gold:
                yield one.id, predicted(one.id, weights)


def predicted(item: str, weights: Weights) -> dict[str, Any]:
    """What is read of a page with these weights."""
    raw = file_of(page_of(item), f"{item}.html")
    return said(StoryNormaliser()(page_draft(raw, weights), raw))


def table(weights: Weights) -> str:
    """The module that holds the weights."""
    rows: list[str] = []
    family = ""
    for name, weight in weights.items():
        entry = f"{name} = {weight:.2f}"
        same = name.split(":")[0] == family and len(rows[-1]) + len(entry) < 100
        if same:
            rows[-1] += f" | {entry}"
        else:
            rows.append(entry)
        family = name.split(":")[0]
    return _MODULE.format(rows="\n".join(rows))


_MODULE = '''"""What each feature of a page's block says for (above 0) or against it being story, as log-odds.

Written by ``python -m tools.fit_pages --write``, fitted on the open corpus of pages; not meant to be edited.
What the features are is said in `page.features` and `page.places`.
"""

from __future__ import annotations

_TABLE = """
{rows}
"""


def _read(table: str) -> dict[str, float]:
    """The table's entries, ``name = weight``, several in a row with bars between."""
    entries = (entry.rpartition(" = ") for row in table.split("\\n") for entry in row.split(" | ") if entry)
    return {{name: float(weight) for name, _, weight in entries}}


WEIGHTS = _read(_TABLE)
'''


if __name__ == "__main__":
    main()
