"""The charset ladder: mark, declaration, UTF-8, the source's, detection; never a silent U+FFFD."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.parse.charset import decode

GERMAN = "Die Brücke über den Hafen – „endlich“ – öffnet für alle Fußgänger. "
RUSSIAN = "Новый мост через гавань открыли в понедельник, сообщила администрация города. " * 3
JAPANESE = "港にかかる新しい橋が月曜日に開通したと市が発表した。" * 4


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_decides_and_needs_no_warning(charset: str) -> None:
    found = decode(GERMAN.encode(charset), "cp1252")
    assert (found.text, found.warnings) == (GERMAN, ())


@pytest.mark.parametrize(
    "declaration", ['<?xml version="1.0" encoding="windows-1251"?>', '<html><meta charset="windows-1251">']
)
def test_the_declaration_comes_before_everything_else(declaration: str) -> None:
    found = decode((declaration + RUSSIAN).encode("cp1251"), "cp1252")
    assert (found.text, found.charset, found.warnings) == (declaration + RUSSIAN, "cp1251", ())


def test_a_declaration_that_is_wrong_is_said() -> None:
    found = decode(('<?xml version="1.0" encoding="utf-8"?>' + GERMAN).encode("cp1252"))
    assert found.text.endswith(GERMAN)
    assert found.warnings == (
        "charset declared as utf-8, which the bytes are not",
        "charset guessed: cp1252",
    )


def test_utf8_needs_no_declaration() -> None:
    assert decode(GERMAN.encode(), "cp1251").text == GERMAN


def test_the_sources_charset_is_used_where_the_document_tells_nothing() -> None:
    found = decode(RUSSIAN.encode("koi8-r"), "koi8-r")
    assert (found.text, found.charset, found.warnings) == (RUSSIAN, "koi8-r", ())


@pytest.mark.parametrize(
    ("text", "charset"),
    [(GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp")],
)
def test_a_guess_is_right_for_plain_copy_and_is_said(text: str, charset: str) -> None:
    found = decode(text.encode(charset))
    assert found.text == text
    assert found.warnings[0].startswith("charset guessed: ")


def test_utf16_without_a_mark_is_recognised() -> None:
    assert decode(GERMAN.encode("utf-16-le")).text == GERMAN


def test_single_cp1252_bytes_pasted_into_utf8_are_read_as_meant() -> None:
    found = decode((GERMAN * 3).encode() + b"\x93quiet\x94")
    assert found.text == GERMAN * 3 + "“quiet”"
    assert found.warnings == ("charset mixed: 2 bytes in UTF-8 copy read as cp1252",)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_a_replacement_character_is_never_silent(data: bytes) -> None:
    found = decode(data)
    assert "\ufffd" not in found.text or found.warnings or "\ufffd".encode() in data


def test_utf8_under_a_western_declaration_is_read_as_what_it_is() -> None:
    declaration = '<html><meta charset="iso-8859-15">'
    found = decode((declaration + GERMAN).encode())
    assert (found.text, found.charset) == (declaration + GERMAN, "utf-8")
    assert found.warnings == ("charset declared as iso8859-15, which the bytes are not",)
