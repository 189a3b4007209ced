"""Words counted as agencies count them, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.common.words import count_words, html_to_text


def test_text_of_a_body_has_one_line_a_block() -> None:
    assert html_to_text("<h2>a</h2><p>b &amp; <em>c</em></p><ul><li>d</li></ul>") == "a\nb & c\nd"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("London (dpa) - 2019 gab", 5),
        ("don’t 1,000 U.S.", 3),
        ("one\ttwo\n–\n\n- three * * *", 8),
        ("no\xa0break thin\u2009blank", 4),
        ("图书馆开放", 5),
        ("图书馆\u3000开放", 5),
        ("안녕 세계", 2),
        ("مكتبة عامة", 2),
    ],
)
def test_words_are_counted_as_agencies_count_them(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(st.sampled_from("ab é–-*.…'\n\t \xa0\u2003\u3000")))
def test_a_word_is_what_stands_between_blanks(text: str) -> None:
    assert count_words(text) == len(text.split())
