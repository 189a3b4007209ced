"""Every sample of ``../shared/samples``: read or refused with a reason, and written validly in every format.

``pytest -s tests/conformance`` prints the table: documents read and stories in them by format, warnings,
checks of a peer right and refused, and what was refused as no story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.parse import test_conformance_items as items
from tests.parse import test_conformance_lines as line_formats
from tests.parse.peers import expected
from tests.parse.peers import holds as item_holds
from tests.parse.reading import LONDON, PARSERS, raw_file, shared, stories
from tests.publish.official import DESCRIBED, assert_valid
from tests.roundtrip.travel import revision_of, sent
from wire.errors import IntakeError
from wire.normalise.normaliser import StoryNormaliser
from wire.parse import detect
from wire.story import Story

FOLDERS = ("agency", "iptc", "mail", "rtf", "seed")
#: The rest are lists of users and places of a desk,
#: catalogues, concepts, plans, events, reports on deliveries, and items without any text.
STORIES_AT_LEAST = 259


@cache
def samples() -> tuple[tuple[str, tuple[Story, ...], str], ...]:
    """Each sample's path, its stories, and the reason where there are none."""
    return tuple((f"{path.parent.name}/{path.name}", *_read(path)) for path in _paths())


def _paths() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted(path for path in shared("samples", folder).rglob("*") if path.is_file())


def _read(path: Path) -> tuple[tuple[Story, ...], str]:
    raw = raw_file(path.read_bytes(), path.name)
    normalise = StoryNormaliser()
    try:
        return tuple(normalise(draft, raw) for draft in detect.read(raw, PARSERS)), ""
    except IntakeError as refused:
        return (), str(refused)


def checks() -> Iterator[tuple[str, bool]]:
    """Each check that a peer's tests make: the format it is of, and whether our reading holds."""
    for file, parsers in expected().items():
        source = items.SOURCES.get(file, LONDON)
        ours = parsers[0]["format"] in items.FORMATS
        if not ours and file not in line_formats.NAMES:
            continue
        found = stories(shared("samples", "agency", file).read_bytes(), file, source)
        for parser in parsers:
            for check in parser["checks"]:
                right = item_holds(found, check) if ours else line_formats.holds(found[0], check)
                yield parser["format"].partition(" (")[0], right


def test_every_sample_is_read_or_refused_with_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    read, told, warned, refused = Counter[str](), Counter[str](), Counter[str](), list[str]()
    for name, found, reason in samples():
        if not found:
            refused.append(f"{name}: {reason}")
            assert reason, name
            continue
        format = found[0].origin.format
        read[format] += 1
        told[format] += len(found)
        warned[format] += sum(len(story.origin.warnings) for story in found)
    right, asked = Counter[str](), Counter[str]()
    for format, holds in checks():
        asked[format] += 1
        right[format] += holds
    with capsys.disabled():
        print("\n\nformat          documents  stories  warnings")
        for format in sorted(read):
            print(f"{format:<16}{read[format]:>9}{told[format]:>9}{warned[format]:>10}")
        print(f"{'all':<16}{read.total():>9}{told.total():>9}{warned.total():>10}")
        print(
            "\nchecks of a peer    right  refused for a reason (named in tests/parse/test_conformance_*.py)"
        )
        for format in sorted(asked):
            print(f"{format:<18}{right[format]:>7}{asked[format] - right[format]:>9}")
        print(f"{'all':<18}{right.total():>7}{asked.total() - right.total():>9}")
        print(f"\nno story: {len(refused)}\n" + "\n".join(f"  {line[:150]}" for line in refused))
    assert read.total() >= STORIES_AT_LEAST


@pytest.mark.slow
@pytest.mark.parametrize("format", DESCRIBED)
def test_every_sample_is_written_validly(format: str) -> None:
    for _, found, _ in samples():
        for story in found:
            assert_valid(sent(story, format))


@pytest.mark.slow
@pytest.mark.parametrize("format", ["iptc7901", "anpa1312", "html", "text", "json", "rss", "atom"])
def test_every_sample_is_written_in_formats_without_a_schema(format: str) -> None:
    for _, found, _ in samples():
        for story in found:
            assert sent(story, format).body
            assert revision_of(story).guid
