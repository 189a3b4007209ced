"""Two texts are compared by what a reader would call the same: phrases, whatever their markup and marks."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.common.likeness import MOST_KEYS, keys, similarity, sketch
from wire.desk.similar import ALIKE

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "dups"

WORDS = [f"word{number}" for number in range(400)]


def body(words: list[str]) -> str:
    return f"<p>{' '.join(words)}</p>"


def sketch_of(html: str) -> bytes:
    made = sketch(html)
    assert made is not None
    return made


def text_of(random: Random, length: int = 200) -> list[str]:
    return [f"{random.choice('abcdefgh')}{random.randrange(10_000)}term" for _ in range(length)]


def edited(words: list[str], share: float, random: Random) -> list[str]:
    return ["edited" if random.random() < share else word for word in words]


def alike(one: bytes, other: bytes) -> bool:
    return bool(keys(one) & keys(other)) and similarity(one, other) >= ALIKE


@pytest.mark.parametrize(
    "other",
    [
        "<p>The “harbour” authority – said on Tuesday – it’s to publish its findings by the end of May.</p>",
        (
            "<h2>The HARBOUR authority</h2><p>said on <a>Tuesday</a>: it's to publish its <em>findings</em> "
            "by the end of May.</p>"
        ),
    ],
    ids=["marks", "markup"],
)
def test_marks_markup_and_capitals_make_no_difference(other: str) -> None:
    plain = "<p>The harbour authority said on Tuesday it's to publish its findings by the end of May.</p>"
    more = body(WORDS[:20])
    assert similarity(sketch_of(plain + more), sketch_of(other + more)) == 1


def test_figures_make_a_difference() -> None:
    report = (
        "<p>Closing prices on Friday: copper {} dollars, nickel {} dollars, wheat {} dollars, maize {}.</p>"
        * 2
    )
    monday, tuesday = (report.format(*range(start, start + 8)) for start in (10, 30))
    assert similarity(sketch_of(monday), sketch_of(tuesday)) < ALIKE


@pytest.mark.parametrize("html", ["", "<p>Flood: hundreds flee</p>", body(WORDS[:11])])
def test_a_text_of_a_few_words_is_not_compared(html: str) -> None:
    assert sketch(html) is None


def test_scripts_without_blanks_are_compared_too() -> None:
    text = "市立图书馆周二宣布将延长开放时间以满足学生的需要馆长表示新的时间表将从下个月开始实行"
    assert alike(sketch_of(f"<p>{text}。</p>"), sketch_of(f"<p>{text.replace('周二', '周三')}</p>"))


def test_what_comes_after_the_beginning_does_not_count() -> None:
    assert similarity(sketch_of(body(WORDS)), sketch_of(body(WORDS[:350]))) == 1


@pytest.mark.parametrize("seed", range(20))
def test_light_editing_leaves_two_texts_alike(seed: int) -> None:
    random = Random(seed)
    words = text_of(random)
    assert alike(sketch_of(body(words)), sketch_of(body(edited(words, 0.05, random))))


@pytest.mark.parametrize("seed", range(20))
def test_two_texts_of_their_own_are_not_alike(seed: int) -> None:
    random = Random(seed)
    assert similarity(sketch_of(body(text_of(random))), sketch_of(body(text_of(random)))) < 0.1


@given(
    st.lists(st.sampled_from(WORDS), min_size=15, max_size=60), st.lists(st.sampled_from(WORDS), max_size=60)
)
def test_similarity_is_symmetric_from_nothing_to_all(some: list[str], more: list[str]) -> None:
    one, other = sketch(body(some)), sketch(body(some + more))
    if one and other:
        assert similarity(one, other) == similarity(other, one)
        assert 0 <= similarity(one, other) <= 1
        assert similarity(one, one) == 1
        assert 1 <= len(keys(one)) <= MOST_KEYS
        assert all(0 <= key < 2**32 for key in keys(one))


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus lies in ../shared, which is absent")
def test_of_the_corpus_every_planted_rewrite_is_found_and_nothing_else() -> None:
    lines = (CORPUS / "minhash_100.train").read_text(encoding="utf-8").splitlines()
    sketches = {id: sketch_of(f"<p>{text}</p>") for id, _, text in (line.partition(" ") for line in lines)}
    truth = {tuple(sorted(line.split())) for line in (CORPUS / "minhash_100.truth").read_text().splitlines()}
    found = {
        (one, other)
        for one, other in combinations(sorted(sketches), 2)
        if alike(sketches[one], sketches[other])
    }
    assert found == truth
