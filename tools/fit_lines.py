"""Fits the weights of `wire.parse.copied.linemodel` on the corpus beside the project.

    python -m tools.fit_lines fold NUMBER      fits without the sites of one fold (0 to 4)
    python -m tools.fit_lines report           reads each fold with what was fitted without it,
                                               and keeps the figures in bench/cross_validated.json
    python -m tools.fit_lines fit              after all folds: writes wire/parse/copied/line_weights.txt

Needs the dependency group "fit" (numpy, scipy), which neither `wire` nor its tests need. Full and light
copies of one page, and pages of one site, share a fold. Silver pages (another program's answers) count half.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from scipy import sparse

from bench import corpus
from tools.chain import Labelled, Shape, Weights, fit
from tools.choice import Group
from tools.choice import fit as fit_choice
from tools.linelabels import allowed_states, right_headlines, shares
from wire.parse.copied.headlines import Candidate, candidates
from wire.parse.copied.linefeatures import features, names
from wire.parse.copied.linelook import Line
from wire.parse.copied.linemodel import STATES, Model, Role, place_counts, read_roles, read_table
from wire.parse.text import TextParser, unwrapped

FOLDS = 5
STRENGTH = 7.0  #: of what holds the weights towards 0
ROUNDS = (45, 50)
CHOICE_STRENGTH = 3.0  #: the same for the choice of headlines
LEAST_PAGES = 8  #: on which a feature must stand
LEAST_WEIGHT = 0.1  #: a feature whose weights all stay below this is left out of the table
SILVER = 0.5
NEVER = -99.0
TABLE = Path(__file__).parents[1] / "wire" / "parse" / "copied" / "line_weights.txt"
SCRATCH = Path(__file__).parents[1] / "bench" / "results"
Rows = dict[str, tuple[float, ...]]
NAMES = tuple(name for name, _ in STATES)
_STORY_ON = ("story", "aside", "caption inside")
#: What all furniture has in common is fitted in a column of its own; its places differ a little from it.
SHAPE = Shape(
    states=NAMES,
    columns=("furniture", *(role.value for role in Role)),
    parts={
        name: ("furniture", role.value)
        if role in (Role.TOP, Role.BETWEEN, Role.ASIDE, Role.TAIL)
        else ("story", "standfirst")
        if role is Role.STANDFIRST
        else (role.value,)
        for name, role in STATES
    },
    follows={
        "": ("top", "caption at the top", "headline", "between", "standfirst", "story"),
        "top": ("top", "caption at the top", "headline", "standfirst", "story"),
        "caption at the top": ("top", "caption at the top", "headline", "standfirst", "story"),
        "headline": ("between", "caption between", "standfirst", "story"),
        "between": ("between", "caption between", "standfirst", "story"),
        "caption between": ("between", "caption between", "standfirst", "story"),
        "standfirst": ("between", "caption between", "standfirst", "story", "tail"),
        "story": (*_STORY_ON, "tail"),
        "aside": _STORY_ON,
        "caption inside": (*_STORY_ON, "tail"),
        "tail": ("tail",),
    },
    penalty={"top": 10, "between": 10, "aside": 10, "tail": 10, "standfirst": 3},
    damped=("top", "tail"),
    alike=("top", "between", "aside", "tail"),
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A text of the corpus with its lines read and labelled."""

    truth: dict[str, Any]
    gold: bool
    fold: int
    lines: list[Line]
    names: list[list[str]]  #: of each line's features
    share: list[float]
    allowed: list[set[str]]


def pages() -> list[Page]:
    """The whole corpus."""
    truth = corpus.answers(corpus.CORPUS / "rawtext" / "truth.jsonl")
    gold = {item for variant in corpus.TEXT_TARGETS for item in corpus.ids(f"gold_{variant}.ids")}
    folds = _folds(truth, gold)
    found = []
    of_features = names()
    for item, answer in truth.items():
        text = (corpus.CORPUS / "rawtext" / f"{item}.txt").read_text(encoding="utf-8")
        lines, named = features(unwrapped(text.split("\n")), of_features)
        share = shares([line.text for line in lines], answer["body"])
        allowed = allowed_states(answer, lines, share)
        found.append(
            Page(
                truth=answer,
                gold=item in gold,
                fold=folds[item],
                lines=lines,
                names=named,
                share=share,
                allowed=allowed,
            )
        )
    return found


def _folds(truth: corpus.Answers, gold: set[str]) -> dict[str, int]:
    """A fold for each item: by site, the folds of like size in gold pages."""
    sizes: Counter[str] = Counter()
    for item, answer in truth.items():
        sizes[_site(answer)] += 100 if item in gold else 1
    filled = [0] * FOLDS
    folds: dict[str, int] = {}
    for site in sorted(sizes, key=lambda site: (-sizes[site], hashlib.sha256(site.encode()).hexdigest())):
        folds[site] = filled.index(min(filled))
        filled[folds[site]] += sizes[site]
    return {item: folds[_site(answer)] for item, answer in truth.items()}


def _site(answer: dict[str, Any]) -> str:
    if answer["source"] == "fundus" and answer.get("publisher"):
        return str(answer["publisher"])
    host = urlsplit(answer.get("url") or "").netloc.lower().split(".")
    if len(host) < 2:
        return str(answer["page"])
    return ".".join(host[-3:] if host[-2] in ("co", "com", "org") and len(host[-1]) == 2 else host[-2:])


def vocabulary(known: list[Page]) -> list[str]:
    """The features that stand on enough pages."""
    on: Counter[str] = Counter()
    for page in known:
        on.update({name for line in page.names for name in line})
    return ["any line", *sorted(name for name, count in on.items() if count >= LEAST_PAGES)]


def labelled(page: Page, numbers: dict[str, int]) -> Labelled:
    """The page as numbers. A line of the story matters by the root of its share, furniture by its size."""
    rows = [
        {numbers["any line"], *(numbers[name] for name in line if name in numbers)} for line in page.names
    ]
    ends = np.cumsum([0, *map(len, rows)])
    columns = [column for row in rows for column in sorted(row)]
    paths = np.array([[name in allowed for name in NAMES] for allowed in page.allowed], float)
    size = sum(line.size for line, share in zip(page.lines, page.share, strict=True) if share) or 1
    wanted, matters = np.zeros_like(paths), np.zeros(len(rows))
    story = np.array([name in ("story", "standfirst") for name in NAMES], float)
    headline = np.array([name == "headline" for name in NAMES], float)
    for n, (line, share) in enumerate(zip(page.lines, page.share, strict=True)):
        if page.allowed[n] == {"headline"}:
            wanted[n], matters[n] = headline, 1.0
        elif share:
            wanted[n], matters[n] = story, share**0.5
        else:
            wanted[n], matters[n] = 1 - story - headline, min(line.size / size, 0.25) ** 0.5
    return Labelled(
        features=sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), len(numbers))),
        paths=paths,
        wanted=wanted,
        matters=matters * (1.0 if page.gold else SILVER),
        counts=np.array([place_counts(line) for line in page.lines]),
    )


def table(known: list[Page]) -> tuple[Rows, Weights]:
    """The weights by feature, one for each role, and the moves."""
    names = vocabulary(known)
    numbers = {name: n for n, name in enumerate(names)}
    weights = fit(SHAPE, [labelled(page, numbers) for page in known], strength=STRENGTH, rounds=ROUNDS)
    alike = [SHAPE.columns.index(column) for column in SHAPE.alike]
    weights.features[:, alike] -= weights.features[:, alike].mean(1, keepdims=True)
    mixed = weights.features @ SHAPE.mixing
    of_role = [NAMES.index(next(name for name, role in STATES if role is wanted)) for wanted in Role]
    rows = {name: tuple(float(value) for value in mixed[n, of_role]) for name, n in numbers.items()}
    kept = {
        name: tuple(round(value, 2) for value in row)
        for name, row in rows.items()
        if name == "any line" or max(row) - min(row) >= LEAST_WEIGHT
    }
    return kept, weights


def moves_of(weights: Weights) -> tuple[list[float], list[list[float]]]:
    """The moves to the first state and from each, as the table has them."""
    first = np.where(SHAPE.opens, weights.first.round(2), NEVER) + 0.0
    moves = np.where(SHAPE.allowed, weights.moves.round(2), NEVER) + 0.0
    return first.tolist(), moves.tolist()


def headline_weights(known: list[Page], reader_of: Callable[[int], Model]) -> dict[str, float]:
    """The weights for the choice of a headline.

    reader_of  a fold's number: the model that never saw its sites. Fitted on readings of a model that knew
               the page, the choice would trust them too much.
    """
    groups = []
    for page in known:
        wanted = page.truth.get("headline") or page.truth.get("headline_silver")
        found = _candidates(page, reader_of(page.fold)) if wanted else []
        if found:
            right = right_headlines([page.lines[each.line].text for each in found], wanted)
            matters = 1.0 if page.truth.get("headline") else SILVER
            groups.append(Group(seen=[each.seen for each in found], right=right, matters=matters))
    return fit_choice(groups, strength=CHOICE_STRENGTH)


def _candidates(page: Page, reader: Model) -> list[Candidate]:
    lines, noted = features([line.text for line in page.lines], reader.terms)
    return candidates(lines, read_roles(lines, noted, reader))


def table_text(rows: Rows, weights: Weights, headline: Mapping[str, float], count: int) -> str:
    """The table, for people too: one feature a line, sorted by name."""
    head = [
        "# What each feature of a line says for each role, in log-odds; then how states follow each other.",
        f"# Fitted by tools/fit_lines.py on {count} texts of the open corpus (../shared/corpus/rawtext).",
        "# Rather than editing numbers, change the features (linefeatures.py) and fit anew.",
        f"# Features under {LEAST_WEIGHT} everywhere are left out; {NEVER:g} stands for an impossible move.",
        "\t".join(("# feature", *(role.value for role in Role))),
    ]
    lines = ["\t".join((name, *(f"{value:g}" for value in row))) for name, row in rows.items()]
    lines.append("\t".join(("# move", *NAMES)))
    first, moves = moves_of(weights)
    lines.append("\t".join(("-> first line", *(f"{value:g}" for value in first))))
    lines += [
        "\t".join((f"-> from {name}", *(f"{value:g}" for value in row)))
        for name, row in zip(NAMES, moves, strict=True)
    ]
    lines.append("# what speaks for a candidate for the headline (wire/parse/copied/headlines.py)")
    lines += [f"=> {name}\t{round(value, 2):g}" for name, value in headline.items()]
    return "\n".join((*head, *lines)) + "\n"


def _fold_table(number: int) -> Path:
    return SCRATCH / f"fold-{number}.txt"


def _fold_model(number: int) -> Model:
    return read_table(_fold_table(number).read_text(encoding="utf-8"))


def fit_fold(number: int) -> None:
    """Fit without one fold and keep the table."""
    known = [page for page in pages() if page.fold != number]
    SCRATCH.mkdir(exist_ok=True)
    _fold_table(number).write_text(table_text(*table(known), {}, len(known)), encoding="utf-8")


def fit_all() -> None:
    """Fit on everything; for the choice of headlines the tables of the folds must be there."""
    known = pages()
    rows, weights = table(known)
    headline = headline_weights(known, cache(_fold_model))
    TABLE.write_text(table_text(rows, weights, headline, len(known)), encoding="utf-8")


def read_folds() -> corpus.Answers:
    """Every gold page as it is read by weights that never saw its site.

    The choice of a headline is fitted without the fold as well, on readings of the other folds' pages;
    the models that made those readings have seen the fold.
    """
    known = pages()
    models = [_fold_model(number) for number in range(FOLDS)]
    found: corpus.Answers = {}
    for number, lines_only in enumerate(models):
        headline = headline_weights([page for page in known if page.fold != number], models.__getitem__)
        parser = TextParser(model=replace(lines_only, headline=headline))
        for item in (page.truth["id"] for page in known if page.fold == number and page.gold):
            data = (corpus.CORPUS / "rawtext" / f"{item}.txt").read_bytes()
            found[item] = corpus.prediction(parser, data, f"{item}.txt")
    return found


def report() -> None:
    """What the folds' tables bring; keeps the figures for the bench."""
    truth = corpus.answers(corpus.CORPUS / "rawtext" / "truth.jsonl")
    gold = {variant: corpus.ids(f"gold_{variant}.ids") for variant in corpus.TEXT_TARGETS}
    figures = corpus.cross_validated()
    for row in corpus.text_rows(truth, gold, read_folds(), {}):
        corpus.print_row(row)
        figures[row.what] = round(row.reached, 4)
    corpus.CROSS_VALIDATED.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    """Do what the command line says."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", choices=["fold", "report", "fit"])
    arguments.add_argument("number", type=int, nargs="?", choices=range(FOLDS), default=0)
    given = arguments.parse_args()
    if given.what == "fold":
        fit_fold(given.number)
    elif given.what == "fit":
        fit_all()
    else:
        report()


if __name__ == "__main__":
    main()
