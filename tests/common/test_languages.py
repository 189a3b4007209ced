"""Which way a language is written."""

from __future__ import annotations

import pytest

from wire.common.languages import direction


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("ur-PK", "rtl"),
        ("az-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("AR-LATN-EG", "ltr"),
        ("zh-Hans", "ltr"),
        (None, "auto"),
        ("", "auto"),
    ],
)
def test_a_language_is_written_as_its_script_is(language: str | None, expected: str) -> None:
    assert direction(language) == expected
