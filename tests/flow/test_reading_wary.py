"""After a death another process reads: the same stories, in the same order, whatever happens to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.harness import copydesk
from wire.errors import IntakeError
from wire.flow.reading import ReadFile, ReadStory, build_reader
from wire.flow.reading_apart import ApartReader
from wire.flow.reading_process import ReadingProcess
from wire.flow.reading_wary import WaryReader
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
def wary(apart: ApartReader) -> Iterator[WaryReader]:
    """A reader after a death."""
    reader = WaryReader(build_reader(), apart.read, wary=True)
    yield reader
    reader.stop()


def test_what_is_read_warily_is_what_would_be_read_here(wary: WaryReader) -> None:
    given = batches(5)
    here = build_reader()
    assert list(wary.read(given)) == [[here.read(one) for one in batch] for batch in given]


class Fatal:
    """A reader that must not be asked: what it would read kills."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read_all(self, files: Sequence[RawFile]) -> list[ReadFile]:
        self.asked += [raw.name for raw in files]
        return build_reader().read_all(files)


def test_after_a_death_nothing_is_read_here_until_the_inbox_was_empty(apart: ApartReader) -> None:
    here = Fatal()
    wary = WaryReader(here, apart.read, wary=True)  # type: ignore[arg-type]
    first, second, third = batches(3, 1)
    for batch in (first, second):
        [[file]] = wary.read([batch])
        assert isinstance(file.items[0], ReadStory)
    assert here.asked == []
    assert list(wary.read([])) == []
    list(wary.read([third]))
    assert here.asked == [third[0].name]


def test_without_a_death_no_process_is_started(apart: ApartReader) -> None:
    calm = WaryReader(build_reader(), apart.read)
    [[file]] = calm.read(batches(1, 1))
    assert isinstance(file.items[0], ReadStory)
    assert calm._process is None


def test_files_over_which_the_process_dies_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = IntakeError("it kills whoever reads it")
    asked: list[str] = []
    given = batches(3, 2)
    send = ReadingProcess.send

    def dies_over_the_first(process: ReadingProcess, files: Sequence[RawFile]) -> None:
        if files == given[0]:
            process.kill()
        send(process, files)

    def alone(one: RawFile) -> ReadFile:
        asked.append(one.name)
        return replace(build_reader().read(one), items=(reason,))

    monkeypatch.setattr(ReadingProcess, "send", dies_over_the_first)
    wary = WaryReader(build_reader(), alone, wary=True)
    read = [file for files in wary.read(given) for file in files]
    assert [file.name for file in read] == [one.name for batch in given for one in batch]
    assert asked == [one.name for one in given[0]]
    wary.stop()
