"""Rules of the log of changes: what the public is told, and what never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.store.conftest import Newsroom
from wire.desk.by_hand import Command, Embargo, Kill
from wire.store.changes import Changes
from wire.story import Action


@pytest.fixture
def log(newsroom: Newsroom) -> Changes:
    return Changes(newsroom.database, ["all"])


def told(log: Changes, since: int = 0) -> list[tuple[str, str | None]]:
    """Action and headline of every change; no headline where there is no copy."""
    return [
        (change.action.value, change.revision and change.revision.story.headline)
        for change in log.since(since, 100).changes
    ]


def test_every_story_is_told_of_in_the_order_of_the_commits(newsroom: Newsroom, log: Changes) -> None:
    newsroom.drop("a.txt", headline="First")
    newsroom.drop("b.txt", headline="Second")
    assert told(log) == [("new", "First"), ("new", "Second")]


def test_a_changed_story_is_told_of_once_at_its_latest(newsroom: Newsroom, log: Changes) -> None:
    newsroom.drop("a.txt", headline="First")
    cursor = log.since(0, 100).cursor
    newsroom.drop("b.txt", headline="Second")
    newsroom.drop("a.txt", headline="First, changed")
    assert told(log) == [("new", "Second"), ("update", "First, changed")]
    assert told(log, cursor) == told(log)


@pytest.mark.parametrize("command", [Kill(note="wrong"), Embargo(until=datetime(2030, 1, 1, tzinfo=UTC))])
def test_a_story_taken_back_is_told_of_without_its_copy(
    newsroom: Newsroom, log: Changes, command: Command
) -> None:
    newsroom.drop("a.txt", headline="First")
    story_id = log.since(0, 1).changes[0].story_id
    newsroom.order(story_id, command)
    (change,) = log.since(0, 100).changes
    assert (change.story_id, change.revision) == (story_id, None)


def test_what_is_under_embargo_is_told_of_when_it_ends(newsroom: Newsroom, log: Changes) -> None:
    newsroom.drop("a.txt", headline="Later", embargoed=newsroom.now + timedelta(hours=1))
    page = log.since(0, 100)
    assert page.changes == ()
    newsroom.later(hours=2)
    newsroom.change_due()
    assert told(log, page.cursor) == [(Action.RELEASE.value, "Later")]


def test_what_no_public_feed_ever_showed_is_never_told_of(newsroom: Newsroom) -> None:
    newsroom.drop("a.txt", headline="nowhere")
    newsroom.drop("b.txt", headline="First")
    assert told(Changes(newsroom.database, ["all"])) == [("new", "First")]
    assert told(Changes(newsroom.database, ["another"])) == []


def test_a_story_that_left_the_public_feeds_is_told_of_as_gone(newsroom: Newsroom, log: Changes) -> None:
    newsroom.drop("a.txt", headline="First")
    newsroom.drop("a.txt", headline="nowhere")
    assert told(log) == [("update", None)]


def test_pages_are_bounded_and_go_on_where_the_last_one_ended(newsroom: Newsroom, log: Changes) -> None:
    for number in range(5):
        newsroom.drop(f"{number}.txt", headline=f"{number}" if number % 2 == 0 else "nowhere")
    seen, cursor, more = [], 0, True
    while more:
        page = log.since(cursor, 2)
        assert len(page.changes) <= 2
        seen += [change.revision.story.headline for change in page.changes if change.revision]
        cursor, more = page.cursor, page.more
    assert seen == ["0", "2", "4"]
    assert log.since(cursor, 2).cursor == cursor


def test_a_cursor_of_a_later_state_than_ours_is_known_as_such(newsroom: Newsroom, log: Changes) -> None:
    newsroom.drop("a.txt", headline="nowhere")
    last = log.since(0, 100).cursor
    assert [log.since(cursor, 100).unknown for cursor in (0, last, last + 1)] == [False, False, True]


def test_a_private_feed_is_not_even_named(newsroom: Newsroom, log: Changes) -> None:
    newsroom.acceptor._desk._feeds = lambda story: ("all", "customer")
    newsroom.drop("a.txt", headline="First")
    (change,) = log.since(0, 100).changes
    assert change.revision is not None
    assert change.revision.feeds == ("all",)
