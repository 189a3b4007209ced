"""Every row of `wire.desk.matrix`, run on a real store."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tests.desk.conftest import OUTLETS
from tests.store.conftest import Newsroom
from wire.desk.by_hand import Release
from wire.desk.matrix import MATRIX, Event, Row, Told, lines
from wire.errors import CommandError
from wire.flow.acceptance import Accepted
from wire.store.audit import audit
from wire.story import PubStatus, Standing

GUID = "urn:newsml:example.org:1"


def bring_to(newsroom: Newsroom, standing: Standing | None) -> dict[str, Any]:
    """Have version 2 in force stand so; returns what every version of the story states."""
    if standing is None:
        return {}
    if standing is Standing.EMBARGOED:
        stated = {"embargoed": newsroom.now + timedelta(days=1)}
        newsroom.drop("2", guid=GUID, version=2, **stated)
        return stated
    if standing is Standing.EXPIRED:
        stated = {"expires": newsroom.now + timedelta(hours=1)}
        newsroom.drop("2", guid=GUID, version=2, **stated)
        newsroom.later(hours=2)
        newsroom.change_due()
        return stated
    # what is taken back was live before
    status = {Standing.KILLED: PubStatus.CANCELED, Standing.WITHHELD: PubStatus.WITHHELD}
    newsroom.drop("1", guid=GUID, version=1 if standing in status else 2, headline="First")
    if standing in status:
        newsroom.drop("2", guid=GUID, version=2, pub_status=status[standing])
    return {}


EVENTS: dict[Event, dict[str, Any]] = {
    Event.NEW: {"version": 1},
    Event.UPDATE: {"version": 3, "signals": ("update",)},
    Event.CORRECTION: {"version": 3, "signals": ("update", "correction")},
    Event.KILL: {"version": 3, "pub_status": PubStatus.CANCELED},
    Event.WITHHOLD: {"version": 3, "pub_status": PubStatus.WITHHELD},
}


def happen(newsroom: Newsroom, event: Event, stated: dict[str, Any]) -> Accepted | None:
    """What the event made; None when it was refused."""
    if event is not Event.RELEASE:
        return newsroom.drop(f"{event}", guid=GUID, headline=f"{event}", **stated, **EVENTS[event])
    try:
        return newsroom.order(GUID, Release())
    except CommandError:
        return None


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row.event}-{row.stood or 'unknown'}")
def test_the_desk_does_as_the_matrix_says(newsroom: Newsroom, row: Row) -> None:
    stated = bring_to(newsroom, row.stood)
    before = newsroom.browse.story(GUID)
    assert (None if before is None else before.story.standing) == row.stood
    held = {delivery.endpoint for delivery in before.deliveries} if before else set()

    made = happen(newsroom, row.event, stated)

    after = newsroom.browse.story(GUID)
    assert (None if made is None else made.revisions[-1].revision.action) == row.action
    assert (None if after is None else after.story.standing) == row.stands
    shown = [made for made in newsroom.shelf.window("all", 10) if made.standing is Standing.LIVE]
    assert bool(shown) is row.shown
    told = {delivery.endpoint for delivery in made.deliveries} if made else set()
    wanted = {
        Told.NOBODY: set(),
        Told.WANTING: set(OUTLETS),
        Told.EARLY: {"early"},
        Told.HOLDERS: held,
    }
    assert told == wanted[row.told]
    _keeps_its_promises(newsroom, row, before.story.version if before else 0)


def _keeps_its_promises(newsroom: Newsroom, row: Row, version_before: int) -> None:
    """What holds in every row: the store is sound, and no older version will be sent after a newer one."""
    assert audit(newsroom.database) == []
    after = newsroom.browse.story(GUID)
    if after is None or row.action is None:
        return
    waiting = [made for made in after.deliveries if made.state == "due"]
    assert len({made.endpoint for made in waiting}) == len(waiting)
    if row.told is not Told.NOBODY:
        assert after.story.version > version_before, "a version of its own"
    shelved = newsroom.shelf.shelved(after.story.id)
    public = shelved is not None and shelved.revision is not None
    assert public is (row.stands in {Standing.LIVE, Standing.EXPIRED} and _was_public(newsroom))


def _was_public(newsroom: Newsroom) -> bool:
    story = newsroom.browse.story(GUID)
    return story is not None and any(made.standing == Standing.LIVE for made in story.revisions)


def test_the_matrix_holds_every_event_in_every_standing_once() -> None:
    standings = [None, *(standing for standing in Standing if standing is not Standing.PURGED)]
    assert sorted((row.event, row.stood or "") for row in MATRIX) == sorted(
        (event, standing or "") for event, standing in product(Event, standings)
    )
    assert len(lines()) == len(MATRIX) + 1
