"""Broken documents: whatever is done to one, it is a story or refused with a reason, soon."""

from __future__ import annotations

import json
import random
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parse.floods import LINE_FLOODS, flood
from tests.parse.reading import PARSERS, raw_file
from wire.errors import IntakeError
from wire.normalise.normaliser import StoryNormaliser
from wire.parse import detect
from wire.story import Draft, RawFile, Story

pytestmark = pytest.mark.slow(6)

GOLDEN = Path(__file__).parents[1] / "golden"
LONGEST_S = 2.0
_NORMALISE = StoryNormaliser()
_PIECES = (
    *(b"<", b">", b"&", b'"', b"</p>", b"<p>", b"]]>", b"\0", b"\xff", b"{", b"}", b"[", b",", b":", b"null"),
    *(
        b"<nitf>",
        b"<a href='x'>",
        b"&nbsp;",
        b"&#0;",
        b"\xef\xbb\xbf",
        b"9" * 30,
        b"-1",
        b"\x1f",
        b"\r\n",
        b"=",
    ),
)


_KEYS = (
    *("uri", "headline", "headlines", "bodies", "renditions", "associations", "subject", "altids", "item"),
    *(
        "data",
        "urgency",
        "version",
        "notepad",
        "ednotes",
        "categories",
        "body_html",
        "infosources",
        "located",
    ),
    *("value", "role", "href", "format", "entries", "datelinelocation", "photographer", "embargoed"),
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6),
    max_leaves=15,
)


@cache
def documents() -> tuple[tuple[str, bytes], ...]:
    """The golden inputs of every format."""
    paths = sorted(path for path in GOLDEN.glob("*/*") if path.suffix != ".json")
    return tuple((path.name, path.read_bytes()) for path in paths)


def normalised(draft: Draft | IntakeError, raw: RawFile) -> Story | None:
    """The story, or none where a story of several is refused."""
    try:
        return None if isinstance(draft, IntakeError) else _NORMALISE(draft, raw)
    except IntakeError as refused:
        assert str(refused)
        return None


def read(name: str, data: bytes) -> None:
    """Read and normalise; anything but a story or a refusal is an error, and so is taking long."""
    begun = time.process_time()
    raw = raw_file(data, name)
    try:
        for draft in detect.read(raw, PARSERS):
            normalised(draft, raw)
    except IntakeError as refused:
        assert str(refused)
    assert time.process_time() - begun < LONGEST_S


def mutated(data: bytes, dice: random.Random) -> bytes:
    """One to eight pieces cut, doubled, put in or overwritten, bits flipped."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 8))):
        at = dice.randrange(len(changed) + 1)
        match dice.randrange(6):
            case 0:
                del changed[at : at + dice.randint(1, 200)]
            case 1:
                changed[at:at] = changed[at : at + dice.randint(1, 200)]
            case 2:
                changed[at:at] = dice.choice(_PIECES)
            case 3:
                changed[at : at + 1] = bytes((dice.randrange(256),))
            case 4:
                for at in (dice.randrange(len(changed)) for _ in range(dice.randint(1, 20)) if changed):
                    changed[at] ^= 1 << dice.randrange(8)
            case _:
                del changed[at:]
    return bytes(changed)


@given(which=st.integers(0, 10_000), seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_document_is_read_or_refused(which: int, seed: int) -> None:
    name, data = documents()[which % len(documents())]
    read(name, mutated(data, random.Random(seed)))


@given(data=st.binary(max_size=400), name=st.sampled_from(("a.xml", "a.json", "a.txt", "a.html", "a")))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    read(name, data)


@given(data=_VALUES)
@settings(max_examples=80, deadline=None)
@pytest.mark.parametrize("format", ["ninjs", "ap-media", "digitalwires", "json"])
def test_json_of_any_shape_is_read_or_refused(format: str, data: object) -> None:
    raw = raw_file(json.dumps(data), "a.json")
    try:
        for draft in detect.read(raw, PARSERS, format):
            normalised(draft, raw)
    except IntakeError as refused:
        assert str(refused)


FLOODS = {
    "keywords": "<nitf><head><docdata><key-list>{}</key-list></docdata></head><body/></nitf>",
    "unknown elements": "<nitf><head><docdata>{}</docdata></head><body/></nitf>",
    "categories": "<rss version='2.0'><channel><item><title>x</title>{}</item></channel></rss>",
    "entries": "<rss version='2.0'><channel><title>x</title>{}</channel></rss>",
    "subjects": '{{"headline": "x", "pubstatus": "usable", "subject": [{}]}}',
    "links": '{{"format": "digitalwires@1", "headline": "x", "linkbox_html": "{}"}}',
}
PARTS = {
    "keywords": '<keyword key="k{}"/>',
    "unknown elements": "<a{}/>",
    "categories": "<category>c{}</category>",
    "entries": "<item><title>t{}</title></item>",
    "subjects": '{{"name": "s{}"}},',
    "links": "<a href='{}'>",
}


@pytest.mark.parametrize("kind", LINE_FLOODS)
def test_a_flood_of_a_line_format_is_read_or_refused_soon(kind: str) -> None:
    read("flood", flood(kind, 30_000))


@pytest.mark.parametrize("kind", FLOODS)
def test_time_grows_no_faster_than_the_document(kind: str) -> None:
    parts = "".join(PARTS[kind].format(n) for n in range(4000)).rstrip(",")
    read("flood", FLOODS[kind].format(parts).encode())
