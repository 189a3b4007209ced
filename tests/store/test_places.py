"""Feeds as they stand in the store: sets of them, shared by the stories that stand in the same ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.store.conftest import Newsroom
from wire.desk.by_hand import Kill
from wire.store.audit import audit
from wire.store.schema import feed_member, feed_set
from wire.story import Standing


@pytest.fixture
def placed(newsroom: Newsroom) -> Newsroom:
    """A newsroom whose stories stand in the feeds that their keywords name."""
    newsroom.acceptor._desk._feeds = lambda story: story.keywords
    return newsroom


def drop(newsroom: Newsroom, name: str, *feeds: str) -> None:
    newsroom.later(minutes=1)
    newsroom.drop(f"{name}.txt", guid=name, headline=name, keywords=feeds)


def shown(newsroom: Newsroom, feed: str, limit: int = 10) -> list[str | None]:
    window = newsroom.shelf.window(feed, limit)
    return [made.story.headline for made in window if made.standing is Standing.LIVE]


def test_a_feed_shows_the_newest_of_all_the_sets_that_it_is_in(placed: Newsroom) -> None:
    drop(placed, "one", "world")
    drop(placed, "two", "world", "sport")
    drop(placed, "three", "sport")
    drop(placed, "four", "world")
    drop(placed, "five", "world", "sport")
    assert shown(placed, "world") == ["five", "four", "two", "one"]
    assert shown(placed, "sport") == ["five", "three", "two"]
    assert shown(placed, "world", 2) == ["five", "four"]
    assert placed.browse.overview().feeds == {"sport": 3, "world": 4}
    assert shown(placed, "nobody's") == []


def test_stories_that_stand_in_the_same_feeds_share_one_set(placed: Newsroom) -> None:
    feeds = [f"f{number}" for number in range(50)]
    for number in range(5):
        drop(placed, f"s{number}", *feeds)
    with placed.database.reading() as connection:
        sets = connection.execute(select(feed_set.c.feeds)).scalars().all()
        members = connection.execute(select(feed_member.c.feed)).scalars().all()
    assert sets == [" ".join(feeds)]
    assert sorted(members) == sorted(feeds)
    assert all(len(shown(placed, feed)) == 5 for feed in feeds)


def test_a_new_version_may_stand_elsewhere(placed: Newsroom) -> None:
    drop(placed, "one", "world")
    placed.drop("again.txt", guid="one", version=2, headline="one", keywords=("sport",))
    assert (shown(placed, "world"), shown(placed, "sport")) == ([], ["one"])
    assert audit(placed.database) == []


def test_what_is_taken_back_is_told_of_in_every_feed_in_which_it_stood(placed: Newsroom) -> None:
    drop(placed, "one", "world", "sport")
    placed.order("one", Kill(note="wrong"))
    for feed in ("world", "sport"):
        assert [made.standing for made in placed.shelf.window(feed, 10)] == [Standing.KILLED]
    assert placed.browse.overview().feeds == {}
    assert audit(placed.database) == []


def test_the_past_of_a_feed_is_found_in_all_of_its_sets(placed: Newsroom) -> None:
    first_day = placed.now.replace(hour=0, minute=0)
    drop(placed, "monday", "world")
    placed.later(days=2)
    drop(placed, "wednesday", "world", "sport")
    placed.later(days=2)
    drop(placed, "friday", "world", "science")
    wednesday = first_day + timedelta(days=2)
    found = placed.shelf.day("world", wednesday, wednesday + timedelta(days=1))
    assert [made.story.headline for made in placed.shelf.revisions(found)] == ["wednesday"]
    before, after = placed.shelf.around("world", wednesday, wednesday + timedelta(days=1))
    assert before is not None
    assert after is not None
    assert (before.day, after.day) == (first_day.day, first_day.day + 4)
    assert placed.shelf.around("sport", wednesday, wednesday + timedelta(days=1)) == (None, None)
