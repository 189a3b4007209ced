"""Files are read stage by stage, many at once; what is wrong with one of them is its own affair."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from wire.errors import IntakeError, NotAStory
from wire.flow.reading import Reader, ReadStory
from wire.normalise.normaliser import StoryNormaliser
from wire.story import Draft, RawFile, Source, Story


def raw(text: str) -> RawFile:
    data = text.encode()
    return RawFile(
        data=data,
        name=f"{text}.txt",
        source=Source(id="agency"),
        arrived_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        sha256=hashlib.sha256(data).hexdigest(),
    )


class WordParser:
    """A story a word; refuses ``refused``, and breaks over ``broken``."""

    name = "words"

    def evidence(self, raw: RawFile) -> int:
        return 100

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        text = raw.data.decode()
        if text == "refused":
            raise NotAStory("it is no story")
        if text == "broken":
            raise ZeroDivisionError
        return [Draft(format="words", headline=word) for word in text.split()]


class PickyNormaliser:
    """The usual one, which refuses a headline and breaks over another."""

    def __call__(self, draft: Draft, raw: RawFile) -> Story:
        if draft.headline == "unfit":
            raise NotAStory("it has no text")
        if draft.headline == "odd":
            raise ZeroDivisionError
        return StoryNormaliser()(draft, raw)


def told(item: ReadStory | IntakeError) -> str | None:
    return str(item) if isinstance(item, IntakeError) else item.story.headline


READER = Reader(parsers=[WordParser()], normaliser=PickyNormaliser())
OUR_FAULT = "the parser failed on it, which is our fault: ZeroDivisionError()"


def test_what_is_wrong_with_one_file_or_story_harms_no_other() -> None:
    files = [raw(text) for text in ("one", "refused", "two unfit three", "broken", "four odd", "five")]
    read = READER.read_all(files)
    assert [[told(item) for item in file.items] for file in read] == [
        ["one"],
        ["it is no story"],
        ["two", "it has no text", "three"],
        [OUR_FAULT],
        ["four", OUR_FAULT],
        ["five"],
    ]


def test_files_read_together_are_read_as_each_by_itself() -> None:
    files = [raw(text) for text in ("one two", "three", "refused")]
    together = READER.read_all(files)
    alone = [READER.read(file) for file in files]
    assert [(file.name, file.once_key, list(map(told, file.items))) for file in together] == [
        (file.name, file.once_key, list(map(told, file.items))) for file in alone
    ]
    assert [file.items for file in together[:2]] == [file.items for file in alone[:2]]
