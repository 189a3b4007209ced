"""Which group of near-duplicates a story belongs to."""

from __future__ import annotations

import pytest

from wire.common.likeness import keys, sketch
from wire.desk.similar import Neighbours

WORDS = [f"word{number}" for number in range(60)]


def sketch_of(*words: str) -> bytes:
    made = sketch(f"<p>{' '.join(words)}</p>")
    assert made is not None
    return made


FLOOD = sketch_of(*WORDS)
FLOOD_EDITED = sketch_of(*WORDS[:30], "edited", *WORDS[31:])
STRIKE = sketch_of(*(f"strike{number}" for number in range(60)))


@pytest.fixture
def neighbours() -> Neighbours:
    return Neighbours(dict.fromkeys(keys(FLOOD), "s1"), {"s1": FLOOD})


def test_a_story_alike_no_other_is_the_first_of_its_own_group(neighbours: Neighbours) -> None:
    made = neighbours.group("s2", STRIKE, is_new=True)
    assert (made.first, made.similarity, made.leads) == ("s2", None, True)


def test_a_story_alike_another_joins_the_group_of_that(neighbours: Neighbours) -> None:
    made = neighbours.group("s2", FLOOD_EDITED, is_new=True)
    assert (made.first, made.leads) == ("s1", False)
    assert made.similarity == pytest.approx(0.95, abs=0.03)


def test_stories_of_one_batch_find_each_other(neighbours: Neighbours) -> None:
    neighbours.group("s2", STRIKE, is_new=True)
    assert neighbours.group("s3", STRIKE, is_new=True).first == "s2"


def test_every_member_is_alike_the_first_and_not_merely_alike_a_member(neighbours: Neighbours) -> None:
    half, rest = sketch_of(*WORDS[:40]), sketch_of(*WORDS[10:40], *(f"more{n}" for n in range(30)))
    assert neighbours.group("s2", half, is_new=True).first == "s1"
    assert neighbours.group("s3", rest, is_new=True).first == "s3"


def test_a_new_version_that_became_alike_an_earlier_story_joins_it(neighbours: Neighbours) -> None:
    neighbours.group("s2", STRIKE, is_new=True)
    made = neighbours.group("s2", FLOOD, is_new=False)
    assert (made.first, made.similarity) == ("s1", 1)
    assert neighbours.group("s3", STRIKE, is_new=True).first == "s3", "nothing is alike what s2 said before"


def test_a_new_version_draws_in_later_stories_that_say_the_same_already(neighbours: Neighbours) -> None:
    neighbours.group("s2", STRIKE, is_new=True)
    made = neighbours.group("s1", STRIKE, is_new=False)
    assert (made.first, made.absorbed) == ("s1", {"s2": 1})
    assert neighbours.group("s3", STRIKE, is_new=True).first == "s1"
