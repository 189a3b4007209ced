"""The model of lines: what its table holds, and what its readings keep to."""

from __future__ import annotations

from importlib.resources import files
from itertools import product
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.parse.copied.cues import GROUPS, bits
from wire.parse.copied.linefeatures import Terms, features
from wire.parse.copied.linemodel import STATES, Reading, Role, model, model_of, place_counts, read_roles
from wire.parse.copied.rawcopy import find_story
from wire.parse.copied.vocabulary import WIDTHS, Vocabulary

LINES = st.lists(
    st.sampled_from(
        [
            "Home",
            "Share",
            "By Jane Example",
            "Published 14 May 2026",
            "Council to repair the bridge",
            "The council said on Monday that it would repair the old bridge before the winter begins.",
            "Photo: Example Agency",
            "Related stories",
            "About Jane Example",
            "###",
            "Harbour ward: Old Street, River Street, Mill Lane",
            "市议会周一表示，将在冬季开始之前修复港口的旧桥。",
            "…",
        ]
    )
    | st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=120).filter(
        lambda text: text.strip() == text and text != ""
    ),
    min_size=1,
    max_size=40,
)


def roles(texts: list[str]) -> list[Reading]:
    """What the fitted model makes of lines."""
    return read_roles(*features(texts, model().terms), model())


def test_the_table_has_a_weight_for_every_role() -> None:
    table = (files("wire.parse.copied") / "line_weights.txt").read_text(encoding="utf-8").splitlines()
    rows = [row.split("\t")[1:] for row in table if row and not row.startswith(("#", "->", "=>"))]
    assert all(len(row) == len(Role) for row in rows)
    assert len(rows) > 500


def test_every_row_of_the_table_is_of_a_feature_that_is_looked_for() -> None:
    asked = {"any line"}
    terms = Terms(Vocabulary(asked.add))
    for group, width in product(GROUPS, WIDTHS):
        terms.look.groups(bits(group), width)
        terms.look.first_groups(bits(group), width)
        terms.look.groups(bits(*GROUPS), width)
    table = (files("wire.parse.copied") / "line_weights.txt").read_text(encoding="utf-8").splitlines()
    assert {row.split("\t")[0] for row in table if row and not row.startswith(("#", "->", "=>"))} <= asked


def test_features_that_speak_for_a_role_and_against_others_are_summed_role_by_role() -> None:
    never = [[-99.0] * len(STATES)] * len(STATES)
    speaking = {"again/t": (-0.02, 1, 0, 0, 0, 0, 0, -2), "often": (-0.01, -1, 3, 0, 0, 0, 0, 0)}
    known = model_of({"any line": (0.0,) * 8, **speaking}, [0.0] * len(STATES), never, {})
    lines, _ = features(["Home"], known.terms)
    noted = [known.terms.again["t"], known.terms.often, known.terms.again["l"]]
    reading = read_roles(lines, [noted], known)[0]
    total = exp(-0.03) + 1 + exp(3) + 4 + 3 * exp(-2)
    assert reading.headline == pytest.approx(1 / total)
    assert reading.caption == pytest.approx(3 * exp(-2) / total)


def test_the_order_of_a_page_is_never_left() -> None:
    names = [name for name, _ in STATES]
    table = (files("wire.parse.copied") / "line_weights.txt").read_text(encoding="utf-8").splitlines()
    moves = {row[0]: row[1:] for row in (line.split("\t") for line in table) if row[0].startswith("-> from")}
    for name in names:
        weights = map(float, moves[f"-> from {name}"])
        reached = [other for other, weight in zip(names, weights, strict=True) if weight > -99]
        assert reached, f"{name} is a dead end"
        assert name != "tail" or reached == ["tail"], "nothing follows the tail"
        assert name in ("top", "caption at the top") or "headline" not in reached, "there is one headline"


def test_a_table_with_a_move_against_the_order_of_a_page_is_refused() -> None:
    back_from_the_tail = [[-99.0] * len(STATES)] * (len(STATES) - 1) + [[0.0] * len(STATES)]
    with pytest.raises(ValueError, match="no page makes"):
        model_of({"any line": (0.0,) * len(Role)}, [0.0] * len(STATES), back_from_the_tail, {})


def test_a_table_with_weights_too_large_to_be_summed_is_refused() -> None:
    never = [[-99.0] * len(STATES)] * len(STATES)
    with pytest.raises(ValueError, match="too large"):
        model_of({"any line": (0.0,) * 7 + (-9.0,)}, [0.0] * len(STATES), never, {})


def test_over_all_lines_there_is_no_more_than_one_headline() -> None:
    readings = roles(["Home", "Share", "Council to repair the bridge", "By Jane Example"] * 3)
    shares = [reading.headline for reading in readings]
    assert 0.1 < sum(shares) <= 1 + 1e-6


def test_navigation_says_less_of_its_place_the_more_of_it_there_is() -> None:
    """Else hundreds of its lines outweigh the story on which side of it they stand."""
    counts = [place_counts(features(["Home"] * size, model().terms)[0][0]) for size in (1, 5, 50, 500)]
    assert counts[:2] == [1.0, 1.0]
    assert counts[2] * 50 == pytest.approx(counts[3] * 500)


@settings(max_examples=60, deadline=None)
@given(lines=LINES)
def test_readings_are_probabilities_for_any_lines(lines: list[str]) -> None:
    readings = roles(lines)
    assert len(readings) == len(lines)
    for reading in readings:
        assert all(-1e-9 <= share <= 1 + 1e-9 for share in reading)
        assert reading.headline + reading.story + reading.caption <= 1 + 1e-6
        assert reading.standfirst <= reading.story + 1e-9


@settings(max_examples=60, deadline=None)
@given(lines=LINES)
def test_no_line_is_told_twice_and_none_is_made_up(lines: list[str]) -> None:
    found = find_story(lines)
    told = [block.text for block in found.body] + list(found.captions)
    assert all(told.count(text) <= lines.count(text) for text in told if text in lines)
    assert found.headline is None or any(found.headline in line for line in lines)


@pytest.mark.parametrize("count", [1, 3000])
def test_a_text_of_one_line_again_and_again_is_read(count: int) -> None:
    readings = roles(["Share", "Council to repair the bridge"] * count)
    assert len(readings) == 2 * count
    assert all(0 <= reading.story <= 1 for reading in readings)
