"""Which parser reads a file, and which files no parser is shown."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.reading import PARSERS, raw_file, stories
from wire.errors import EmptyFile, IntakeError, Malformed, NotAStory, UnsafeInput
from wire.parse import detect

NEWSML = '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x"/>'


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("story.txt", "text")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "format"),
    [
        (NEWSML, "story.txt", "newsml-g2"),
        ("\ufeff" + NEWSML, "story", "newsml-g2"),
        (NEWSML.encode("utf-16"), "story", "newsml-g2"),
        ("<!DOCTYPE html><html><body>x", "story", "html"),
        ("<p>x</p>", "story", "html"),
        ("Headline: x\n\nText.", "story.txt", "text"),
        ("Text about <html> elements.", "story", "text"),
        ("{", "story.json", "text"),
    ],
)
def test_the_content_decides_and_the_name_only_helps(data: str | bytes, name: str, format: str) -> None:
    assert detect.choose(raw_file(data, name), PARSERS).name == format


def test_a_format_may_be_forced() -> None:
    (draft,) = detect.read(raw_file("<p>A line of copy.</p>"), PARSERS, format="text")
    assert draft.format == "text"


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotAStory, match="known are: newsml-g2, "):
        detect.read(raw_file("x"), PARSERS, format="nosuch")


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf\n", b"\0" * 100])
def test_a_file_without_anything_in_it_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyFile):
        stories(data)


@pytest.mark.parametrize(
    "blank", ["\ufeff\n", "\xa0\u2003", "\u200b\n", "\n\n".encode("utf-16"), b"\xa0\n", b"\xff\xfe"]
)
def test_a_file_of_blanks_of_any_kind_is_empty(blank: str | bytes) -> None:
    with pytest.raises(EmptyFile):
        stories(blank)


@pytest.mark.parametrize(
    "data",
    [
        Random(1).randbytes(3000),
        bytes(Random(2).choices(range(32, 256), k=3000)),
        bytes(Random(3).choices(range(128, 256), k=3000)),
        codecs.BOM_UTF16_LE + Random(4).randbytes(500),
        b"\x00\x01\x02\xff",
        b"\x00\xff",
    ],
    ids=["any", "no controls", "high", "UTF-16", "four", "two"],
)
@pytest.mark.parametrize("name", ["data.bin", "story.txt"])
def test_binary_data_is_no_story_whatever_its_name(data: bytes, name: str) -> None:
    with pytest.raises(NotAStory, match="binary data"):
        stories(data, name)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "JPEG picture"),
        (b"\x7fELF\2\1\1" + b"\0" * 50, "program"),
        (b"%PDF-1.7 ...", "PDF document"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0", "a calendar"),
        (_zip(), "ZIP archive"),
        (gzip.compress(b"text"), "gzip archive"),
        (bytes(range(256)) * 20, "binary data"),
    ],
    ids=["jpeg", "elf", "pdf", "calendar", "zip", "gzip", "random"],
)
def test_binary_data_is_refused_with_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(NotAStory, match=reason):
        stories(data, "story.txt")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (NEWSML.replace("/>", "><itemMeta>"), Malformed),
        ('<!DOCTYPE x [<!ENTITY e "a">]><x>The harbour opens on Monday.&e;</x>', UnsafeInput),
        (
            '<?xpacket begin=""?><!DOCTYPE x [<!ENTITY e "a">]><x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
            UnsafeInput,
        ),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + NEWSML, UnsafeInput),
        (NEWSML, NotAStory),
        ("<html></html>", NotAStory),
        ("\u2028 ... \n ---", NotAStory),
    ],
    ids=["truncated", "entities", "entities of a packet", "entity", "no content", "empty page", "no words"],
)
def test_what_can_be_no_story_is_refused_with_its_reason(data: str, error: type[IntakeError]) -> None:
    with pytest.raises(error):
        stories(data)


@pytest.mark.parametrize(
    "flood",
    [
        b"<" * 10_000_000,
        b"[" * 10_000_000,
        b"{" * 10_000_000,
        b"<html>" + b"<div>" * 1_000_000,
        b"word " * 1_000_000,
        b"a\n" * 200_000,
        b"x" * 5_000_000,
        b"A sentence of copy that is long enough to be one. " * 50_000,
        b"By " * 500_000,
        b"2026 " * 500_000,
        b"Headline: x\n" * 100_000,
        b"\x93" * 1_000_000,
    ],
    ids=lambda flood: repr(flood[:16]),
)
@pytest.mark.slow(0.4)
@pytest.mark.timeout(60)
def test_a_flood_is_read_or_refused_in_bounded_time(flood: bytes) -> None:
    try:
        assert stories(flood)
    except IntakeError as refused:
        assert str(refused)


@settings(deadline=None)
@given(
    st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_stories_or_refused(data: bytes) -> None:
    with suppress(IntakeError):
        stories(data)


@settings(deadline=None)
@given(
    st.text(max_size=300), st.sampled_from(["<html><p>", NEWSML[:-2] + ">", "<p>", "Headline: a\nEmbargo: "])
)
def test_any_text_in_a_known_form_is_a_story_or_refused(text: str, form: str) -> None:
    with suppress(IntakeError):
        stories((form + text).encode("utf-8", "replace"))
