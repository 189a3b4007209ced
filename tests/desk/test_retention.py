"""What has been kept long enough leaves everything that shows it, on a real app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.desk.lives import Newsdesk, words
from wire.store.audit import audit
from wire.store.browse import Browse


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
