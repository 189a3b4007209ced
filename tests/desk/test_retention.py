"""What has been kept long enough leaves everything that shows it, on a real app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.desk.lives import Newsdesk, words
from wire.store.audit import audit
from wire.store.browse import Browse

WORDS = (
    "gull",
    "ferry",
    "barge",
    "crane",
    "anchor",
    "pilot",
    "tug",
    "whale",
    "seal",
    "mast",
    "buoy",
    "trawler",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    made = Newsdesk(tmp_path, store={"keep_days": 7})
    yield made
    made.close()


def test_a_story_leaves_feeds_pages_and_files_once_it_was_kept_long_enough(desk: Newsdesk) -> None:
    desk.drop("a.txt", b"Id: urn:x:a\nHeadline: Old tok1x\n\nThe text of tok1x.\n")
    desk.deliver()
    desk.now += timedelta(days=5)
    desk.drop("b.txt", b"Id: urn:x:b\nHeadline: Young tok2x\n\nThe text of tok2x.\n")
    [old] = Browse(desk.app.database, desk.app.clock).stories(text="urn:x:a")
    desk.now += timedelta(days=3)

    assert desk.app.purge() == 1
    assert desk.app.purge() == 0
    assert words(*desk.outbox().values()) == {"tok2x"}
    shown = desk.app.board.rendition("all", "atom")
    assert shown is not None and words(shown.body) == {"tok2x"}
    assert desk.get(f"/stories/{old.id}")[0] == 410
    desk.crash()
    assert words(*desk.outbox().values()) == {"tok2x"}
    assert audit(desk.app.database) == []


def test_a_file_is_kept_as_long_as_anything_needs_it(desk: Newsdesk) -> None:
    old, younger, broken = (
        b'{"uri": "urn:x:a", "headline": "Old tok1x"}',
        b'{"uri": "urn:x:b", "headline": "Old tok2x"}',
        b'{"uri": "urn:x:c", "head',
    )
    desk.drop("two.json", old + b"\n" + younger)
    desk.drop("half.json", old.replace(b":a", b":d") + b"\n" + broken)
    desk.deliver()
    desk.now += timedelta(days=5)
    desk.drop("b.json", b'{"uri": "urn:x:b", "version": 2, "headline": "Young tok3x"}')
    desk.deliver()

    def kept_after(days: int) -> list[bool]:
        desk.now += timedelta(days=days)
        desk.app.purge()
        return [desk.app.upkeep.raw(number) is not None for number in (1, 2, 3)]

    assert kept_after(3) == [True, True, True], "for a younger story, and for what is in quarantine"
    assert kept_after(5) == [False, True, False]


def test_a_story_is_alike_to_none_that_is_gone(desk: Newsdesk) -> None:
    text = " ".join(f"The {word} was seen at the harbour of {word}town." for word in WORDS)
    desk.drop("a.txt", f"Id: urn:x:a\nHeadline: Harbour\n\n{text}\n".encode())
    desk.deliver()
    desk.drop("b.txt", f"Id: urn:x:b\nHeadline: Harbour again\n\n{text}\n".encode())
    desk.deliver()
    browse = Browse(desk.app.database, desk.app.clock)
    assert browse.stories(text="urn:x:b")[0].similarity is not None
    desk.now += timedelta(days=8)
    assert desk.app.purge() == 2
    desk.drop("c.txt", f"Id: urn:x:c\nHeadline: Harbour once more\n\n{text}\n".encode())
    assert browse.stories(text="urn:x:c")[0].similarity is None
