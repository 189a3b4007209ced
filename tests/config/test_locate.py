"""Every setting of a TOML text is found on its line."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.config.locate import lines_of, nearest_line

TEXT = '''\
# a comment with = and [brackets]
top = 1
[desk]
name = "a # b [c] = 'd'" # comment
"quoted key" = """
several
lines = "no" ]
"""
dotted.key.inner = 'x'
[[feeds]]
id = "one"
where = { any = [
    { a = 1 }, # comment ]
    { b = [
        1,
        2 ], c = 3 },
], d = 4 }
[[feeds]]
id = "two"
[feeds.where]
x = 1979-05-27 07:32:00
[[feeds.deep]]
y = [[1], [
  2]]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("desk",), 3),
        (("desk", "name"), 4),
        (("desk", "quoted key"), 5),
        (("desk", "dotted", "key", "inner"), 9),
        (("feeds", 0), 10),
        (("feeds", 0, "where", "any", 0, "a"), 13),
        (("feeds", 0, "where", "any", 1, "b", 1), 16),
        (("feeds", 0, "where", "any", 1, "c"), 16),
        (("feeds", 0, "where", "d"), 17),
        (("feeds", 1, "id"), 19),
        (("feeds", 1, "where", "x"), 21),
        (("feeds", 1, "deep", 0, "y", 1, 0), 24),
    ],
)
def test_a_setting_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(TEXT)
    assert lines_of(TEXT)[path] == line


def test_what_is_missing_is_placed_at_the_table_that_should_hold_it() -> None:
    assert nearest_line(lines_of(TEXT), ("feeds", 1, "title")) == 18
    assert nearest_line(lines_of(TEXT), ("web", "listen")) is None


def test_windows_line_ends_count_once() -> None:
    assert lines_of(TEXT.replace("\n", "\r\n")) == lines_of(TEXT)


VALUES = st.recursive(
    st.one_of(
        st.integers(-9, 9).map(str),
        st.sampled_from(
            ["true", "1.5", "'l[]{}=#'", '"b\\"s[]{}=#,"', "'''\n]}'''", '"""a\n""b=""""', "2026-03-02"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ # c\n" + ",\n".join(items) + "\n]"),
        st.lists(inner, max_size=3).map(
            lambda items: "{ " + ", ".join(f"k{n} = {item}" for n, item in enumerate(items)) + " }"
        ),
    ),
    max_leaves=8,
)


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_whatever_comes_before_a_setting_is_found_on_its_line(values: list[str]) -> None:
    text = ""
    expected = {}
    for number, value in enumerate(values):
        expected[number] = text.count("\n") + 1
        text += f"key{number} = {value} # [\n"
    tomllib.loads(text)
    lines = lines_of(text)
    assert {number: lines[(f"key{number}",)] for number in expected} == expected
