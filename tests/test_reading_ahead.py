"""In a rush a second process reads ahead: the same stories, in the same order, whatever happens to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.harness import copydesk
from wire.errors import IntakeError
from wire.reading import Reader, ReadFile, ReadStory, build_reader
from wire.reading_ahead import AheadReader
from wire.reading_apart import ApartReader
from wire.story import RawFile, Source

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def raw(data: bytes, name: str) -> RawFile:
    return RawFile(
        data=data,
        name=name,
        source=Source(id="agency"),
        arrived_at=NOON,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def batches(number: int, size: int = 4) -> list[list[RawFile]]:
    items = [copydesk.newsml(n, seed=4) for n in range(number * size)]
    return [
        [raw(item.data, item.name) for item in items[start : start + size]]
        for start in range(0, len(items), size)
    ]


@pytest.fixture
def apart() -> Iterator[ApartReader]:
    reader = ApartReader()
    yield reader
    reader.stop()


@pytest.fixture
def ahead(apart: ApartReader) -> Iterator[AheadReader]:
    """A reader that waits for its second process, as after a death."""
    reader = AheadReader(build_reader(), apart.read, wary=True)
    yield reader
    reader.stop()


def test_what_is_read_ahead_is_what_would_be_read_here(ahead: AheadReader) -> None:
    given = batches(5)
    here = build_reader()
    read = list(ahead.read(given))
    assert read == [[here.read(one) for one in batch] for batch in given]


class Fatal:
    """A reader that must not be asked: what it would read kills."""

    def read(self, raw: RawFile) -> ReadFile:
        raise AssertionError(f"{raw.name} was read in this process")


def test_after_a_death_the_first_files_are_not_read_here(apart: ApartReader) -> None:
    wary = AheadReader(Fatal(), apart.read, wary=True)  # type: ignore[arg-type]
    [[file]] = wary.read([batches(1, 1)[0]])
    assert isinstance(file.items[0], ReadStory)
    wary.stop()


def test_files_over_which_the_process_dies_are_read_one_by_one() -> None:
    reason = IntakeError("it kills whoever reads it")
    asked: list[str] = []

    def alone(one: RawFile) -> ReadFile:
        asked.append(one.name)
        ahead.stop()
        return replace(build_reader().read(one), items=(reason,))

    class Dying(AheadReader):
        def _prepare(self, batches: int) -> None:
            super()._prepare(batches)
            if self._process is not None:
                self._process.ready(20)
                self._process.kill()

    here: Reader = build_reader()
    ahead = Dying(here, alone, wary=True)
    given = batches(3, 2)
    read = [file for files in ahead.read(given) for file in files]
    assert [file.name for file in read] == [one.name for batch in given for one in batch]
    assert asked == [one.name for one in given[0]]
    ahead.stop()
