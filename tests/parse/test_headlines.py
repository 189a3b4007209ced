"""The choice of a headline among the lines that may be it."""

from __future__ import annotations

from wire.parse.copied.headlines import best_headline, candidates
from wire.parse.copied.linefeatures import features, names
from wire.parse.copied.linemodel import Reading

LINES, _ = features(
    [
        "Harbour news",
        "Council to repair the old harbour bridge",
        "Bridge at the harbour will be closed until October",
        "The council said on Monday that it would repair the old bridge at the harbour before winter begins.",
        "Work on the harbour bridge is to cost two million and to last until the end of October, it added.",
        "Old Town market moves to the station in the north of the city",
    ],
    names(),
)


def reading(headline: float = 0.0, story: float = 0.0) -> Reading:
    return Reading(headline=headline, story=story, standfirst=0.0, caption=0.0)


READINGS = [reading(0.001), reading(0.4), reading(0.55), reading(0, 0.9), reading(0, 0.9), reading(0.9)]


def test_candidates_are_lines_above_the_story_that_the_model_thinks_possible() -> None:
    assert [each.line for each in candidates(LINES, READINGS)] == [1, 2, 5]
    assert [each.line for each in candidates(LINES, [*READINGS[:5], reading()])] == [1, 2]


def test_what_a_candidate_shares_with_the_story_is_a_part_of_its_words() -> None:
    for each in candidates(LINES, READINGS):
        assert 0 <= each.seen["share of words told by the opening"] <= 1
    first, second, _ = candidates(LINES, READINGS)
    assert first.seen["share of words told by the story"] > second.seen["share of words told by the story"]


def test_the_first_of_two_as_good_is_known() -> None:
    first, second, third = candidates(LINES, READINGS)
    assert "first as good" in first.seen
    assert "first as good" not in second.seen
    assert "last as good" in third.seen


def test_the_weights_decide() -> None:
    assert best_headline(LINES, READINGS, {"log of its probability": 1.0}) == 5
    assert best_headline(LINES, READINGS, {"first as good": 1.0}) == 1


def test_of_equals_the_upper_one_is_taken() -> None:
    assert best_headline(LINES, READINGS, {}) == 1


def test_where_no_line_can_be_one_there_is_none() -> None:
    assert best_headline(LINES, [reading(0, 0.9)] * len(LINES), {}) is None
