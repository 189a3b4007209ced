"""Large files are read in a process of their own: whatever happens there is one file's reason."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from queue import SimpleQueue

import pytest

from tests.harness.waiting import eventually
from wire.errors import IntakeError, StoreError
from wire.flow.reading import ReadFile, ReadStory, build_reader
from wire.flow.reading_apart import ApartReader
from wire.story import RawFile, Source

pytestmark = pytest.mark.slow


def raw(data: bytes, name: str = "flood.txt") -> RawFile:
    return RawFile(
        data=data,
        name=name,
        source=Source(id="agency", timezone="Europe/Oslo"),
        arrived_at=datetime(2026, 3, 2, tzinfo=UTC),
        sha256=hashlib.sha256(data).hexdigest(),
    )


LONG = b"Headline: The long report\n\n" + b"The water rose again on Monday, officials said.\n\n" * 8000


@pytest.fixture
def apart() -> Iterator[ApartReader]:
    reader = ApartReader()
    yield reader
    reader.stop()


def test_a_large_file_is_read_as_a_small_one_would_be(apart: ApartReader) -> None:
    assert apart.takes(raw(LONG))
    assert apart.read(raw(LONG)) == build_reader().read(raw(LONG))


def test_a_small_file_is_not_worth_a_process(apart: ApartReader) -> None:
    assert not apart.takes(raw(LONG[:10_000]))


def test_what_takes_too_long_is_set_aside_with_its_reason() -> None:
    reader = ApartReader(time_limit_s=0.05)
    [item] = reader.read(raw(LONG)).items
    assert isinstance(item, IntakeError)
    assert "could not be read within" in str(item)
    reader.stop()


def test_a_refusal_keeps_its_reason(apart: ApartReader) -> None:
    [item] = apart.read(raw(b"\x7fELF" + bytes(400_000), "tool.bin")).items
    assert isinstance(item, IntakeError)
    assert len(str(item)) > 10


def test_large_files_come_one_after_the_other(apart: ApartReader) -> None:
    came: list[ReadFile | None] = []
    for number in range(2):
        apart.submit(raw(LONG + b"%d" % number), came.append)
    apart.wait()
    assert [isinstance(file.items[0], ReadStory) for file in came if file] == [True, True]


def test_what_is_broken_off_by_a_stop_is_no_fault_of_the_file() -> None:
    """Several may be read at once: each pushed file by the thread that its sender waits for."""
    reader = ApartReader()
    told: SimpleQueue[object] = SimpleQueue()

    def push() -> None:
        try:
            told.put(reader.read(raw(LONG * 20)))
        except StoreError as exc:
            told.put(exc)

    threads = [threading.Thread(target=push) for _ in range(2)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(reader._running) == 2)
    reader.stop()
    assert [type(told.get(timeout=20)) for _ in threads] == [StoreError] * 2
    with pytest.raises(StoreError):
        reader.read(raw(LONG))
    for thread in threads:
        thread.join()


def test_no_more_are_read_at_once_than_there_is_room_for() -> None:
    """Whoever pushes large stories could have as many processes started as the desk answers requests."""
    reader = ApartReader(at_once=1, patience_s=0.05)
    came: list[ReadFile | None] = []
    reader.submit(raw(LONG * 20), came.append)
    eventually(lambda: len(reader._running) == 1)
    with pytest.raises(StoreError, match=r"as many large files as may be \(1\)"):
        reader.read(raw(LONG))
    reader.stop()
    assert came == [None]


def test_what_waits_for_room_is_read_once_there_is() -> None:
    reader = ApartReader(at_once=1)
    came: list[ReadFile | None] = []
    reader.submit(raw(LONG), came.append)
    eventually(lambda: len(reader._running) == 1)
    [item] = reader.read(raw(LONG + b"more")).items
    assert isinstance(item, ReadStory)
    reader.wait()
    assert len(came) == 1
    reader.stop()


def test_stopping_gives_back_what_was_not_read() -> None:
    reader = ApartReader()
    came: list[ReadFile | None] = []
    began = threading.Event()
    reader.submit(raw(b""), lambda _: began.set())
    reader.submit(raw(LONG), came.append)
    began.wait(20)
    reader.stop()
    assert came == [None]
