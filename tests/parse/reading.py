"""Raw files and the reading half of the pipeline, as the tests use them."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from wire import plugins
from wire.errors import IntakeError
from wire.flow.reading import Reader
from wire.normalise.normaliser import StoryNormaliser
from wire.story import RawFile, Source, Story

SHARED = Path(__file__).parents[2].parent / "shared"
ARRIVED = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LONDON = Source(id="desk", timezone="Europe/London")
PARSERS = tuple(plugins.load("wire.parsers", name)() for name in plugins.names("wire.parsers"))


def raw_file(data: bytes | str, name: str = "story", source: Source = LONDON) -> RawFile:
    """A file as the inbox hands it over."""
    data = data.encode() if isinstance(data, str) else data
    return RawFile(data=data, name=name, source=source, arrived_at=ARRIVED, sha256=sha256(data).hexdigest())


def read(
    data: bytes | str, name: str = "story", source: Source = LONDON
) -> tuple[list[Story], list[IntakeError]]:
    """The stories in a file, read and normalised as the pipeline does, and why the others are none."""
    items = Reader(parsers=PARSERS, normaliser=StoryNormaliser()).items(raw_file(data, name, source))
    refused = [item for item in items if isinstance(item, IntakeError)]
    assert not any("our fault" in str(reason) for reason in refused), refused
    return [item.story for item in items if not isinstance(item, IntakeError)], refused


def stories(data: bytes | str, name: str = "story", source: Source = LONDON) -> list[Story]:
    """Every story in a file. Raises IntakeError where there is none."""
    found, refused = read(data, name, source)
    if not found:
        raise refused[0]
    return found


def story(data: bytes | str, name: str = "story", source: Source = LONDON) -> Story:
    """The only story in a file."""
    (only,) = stories(data, name, source)
    return only


def shared(*parts: str) -> Path:
    """A file or folder beside the project; skips the test where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"../shared/{'/'.join(parts)} is not here")
    return path
