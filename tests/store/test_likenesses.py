"""Near-duplicates as they are kept: groups, keys, and what feeds show of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.store.conftest import Newsroom, file_of, story
from wire.desk.by_hand import Correct
from wire.store import likenesses
from wire.store.audit import audit
from wire.store.schema import likeness, sketch, sketch_key
from wire.store.shelf import Shelf
from wire.story import Duplicates, PubStatus, Standing, Story

WORDS = [f"word{number}" for number in range(60)]
FLOOD = f"<p>{' '.join(WORDS)}</p>"
FLOOD_EDITED = FLOOD.replace("word30", "edited")
STRIKE = FLOOD.replace("word", "strike")


def arrive(
    newsroom: Newsroom, name: str, body: str = FLOOD, *, source: str = "agency", **said: object
) -> str:
    """A story comes, a minute after the one before; its id."""
    newsroom.later(minutes=1)
    [new] = newsroom.accept(file_of(f"{name}.txt", said_by(source, name, body, **said))).revisions
    return new.revision.story_id


def said_by(source: str, name: str, body: str, **said: object) -> Story:
    made = story(f"{name}.txt", headline=name, body_html=body, **said)
    return replace(made, origin=replace(made.origin, source=source))


def titles(newsroom: Newsroom, duplicates: Duplicates, **ranks: int) -> list[str | None]:
    """The headlines in the feed, newest first."""
    shelf = Shelf(newsroom.database, {"all": duplicates}, ranks)
    live = [made for made in shelf.window("all", 10) if made.standing is Standing.LIVE]
    return [made.story.headline for made in live]


def groups(newsroom: Newsroom) -> dict[str, tuple[str | None, float | None]]:
    """Headline → headline of the group's first story, similarity."""
    rows = newsroom.browse.stories()
    names = {row.id: row.headline for row in rows}
    return {str(row.headline): (names.get(row.first_id or ""), row.similarity) for row in rows}


def test_a_near_duplicate_is_linked_to_the_first(newsroom: Newsroom) -> None:
    first = arrive(newsroom, "first")
    second = arrive(newsroom, "second", FLOOD_EDITED)
    arrive(newsroom, "other", STRIKE)
    [(name, share)] = [groups(newsroom)["second"]]
    assert name == "first"
    assert share == pytest.approx(0.95, abs=0.03)
    assert groups(newsroom)["other"] == (None, None)
    for id, other in ((first, second), (second, first)):
        detail = newsroom.browse.story(id)
        assert detail is not None
        assert [row.id for row in detail.alike] == [other]
    assert audit(newsroom.database) == []


def test_near_duplicates_in_one_batch_are_linked_as_well(newsroom: Newsroom) -> None:
    newsroom.accept(*(file_of(f"{n}.txt", said_by("agency", n, FLOOD)) for n in ("first", "second", "third")))
    assert groups(newsroom) == {"first": ("first", None), "second": ("first", 1), "third": ("first", 1)}


def test_the_index_does_not_grow_with_what_comes_again_and_again(newsroom: Newsroom) -> None:
    for number in range(5):
        arrive(newsroom, f"copy {number}")
    with newsroom.database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(sketch)).scalar_one() == 1
        assert tx.execute(select(func.count()).select_from(sketch_key)).scalar_one() <= 8


def test_a_new_version_of_its_own_text_leaves_the_group(newsroom: Newsroom) -> None:
    arrive(newsroom, "first")
    arrive(newsroom, "second", guid="urn:x:2", version=1)
    arrive(newsroom, "second", STRIKE, guid="urn:x:2", version=2)
    assert groups(newsroom)["second"] == (None, None)
    arrive(newsroom, "third", STRIKE)
    assert groups(newsroom)["third"] == ("second", 1)


def test_a_new_version_of_the_first_draws_in_who_said_the_same_before_it(newsroom: Newsroom) -> None:
    arrive(newsroom, "first", guid="urn:x:1", version=1)
    arrive(newsroom, "second", STRIKE)
    arrive(newsroom, "third", STRIKE)
    arrive(newsroom, "first", STRIKE, guid="urn:x:1", version=2)
    assert groups(newsroom) == {"first": ("first", None), "second": ("first", 1), "third": ("first", 1)}
    with newsroom.database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(sketch)).scalar_one() == 1, "of the first alone"
    arrive(newsroom, "fourth", FLOOD)
    assert groups(newsroom)["fourth"] == (None, None), "nobody says any more what the first said once"


def test_a_kill_leaves_the_link(newsroom: Newsroom) -> None:
    arrive(newsroom, "first", guid="urn:x:1", version=1)
    arrive(newsroom, "first", "", guid="urn:x:1", version=2, pub_status=PubStatus.CANCELED)
    arrive(newsroom, "second")
    assert groups(newsroom)["second"] == ("first", 1)


def test_a_story_that_is_no_longer_kept_is_met_by_nobody(newsroom: Newsroom) -> None:
    id = arrive(newsroom, "first")
    newsroom.database.write(lambda tx: likenesses.forget(tx, id))
    arrive(newsroom, "second")
    assert groups(newsroom)["second"] == (None, None)
    with newsroom.database.reading() as tx:
        assert tx.execute(select(likeness)).all() == []


def test_a_correction_by_hand_is_compared_anew(newsroom: Newsroom) -> None:
    arrive(newsroom, "first")
    id = arrive(newsroom, "second", STRIKE)
    newsroom.order(id, Correct(copy=story(headline="second", body_html=FLOOD)))
    assert groups(newsroom)["second"] == ("first", 1)


class TestFeeds:
    """What a feed shows of near-duplicates, by its policy."""

    def test_all_shows_every_copy(self, newsroom: Newsroom) -> None:
        for name in ("first", "second"):
            arrive(newsroom, name)
        assert titles(newsroom, Duplicates.ALL) == ["second", "first"]

    def test_first_shows_the_first(self, newsroom: Newsroom) -> None:
        for name in ("first", "second", "third"):
            arrive(newsroom, name)
        arrive(newsroom, "other", STRIKE)
        assert titles(newsroom, Duplicates.FIRST) == ["other", "first"]

    def test_best_shows_the_source_of_the_lowest_rank(self, newsroom: Newsroom) -> None:
        for name, source in (("a", "minor"), ("b", "major"), ("c", "unranked"), ("d", "major")):
            arrive(newsroom, name, source=source)
        assert titles(newsroom, Duplicates.BEST, major=1, minor=9) == ["b"]
        assert titles(newsroom, Duplicates.BEST, minor=4) == ["a"]
        assert titles(newsroom, Duplicates.BEST) == ["a"]

    def test_the_next_one_shows_when_the_first_is_killed(self, newsroom: Newsroom) -> None:
        arrive(newsroom, "first", guid="urn:x:1", version=1)
        for name in ("second", "third"):
            arrive(newsroom, name)
        arrive(newsroom, "first", "", guid="urn:x:1", version=2, pub_status=PubStatus.CANCELED)
        assert titles(newsroom, Duplicates.FIRST) == ["second"]

    def test_a_first_that_does_not_stand_in_the_feed_hides_nothing(self, newsroom: Newsroom) -> None:
        newsroom.later(minutes=1)
        newsroom.accept(file_of("x.txt", said_by("agency", "nowhere", FLOOD)))
        arrive(newsroom, "second")
        assert titles(newsroom, Duplicates.FIRST) == ["second"]


def test_a_commit_names_the_stories_that_have_near_duplicates(newsroom: Newsroom) -> None:
    arrive(newsroom, "first", guid="urn:x:1", version=1)
    second = newsroom.accept(file_of("b.txt", said_by("agency", "second", FLOOD)))
    assert second.grouped == {second.revisions[0].revision.story_id}
    third = newsroom.accept(file_of("c.txt", said_by("agency", "third", FLOOD, guid="urn:x:1", version=2)))
    assert third.grouped == {third.revisions[0].revision.story_id}
    assert newsroom.accept(file_of("d.txt", said_by("agency", "other", STRIKE))).grouped == frozenset()
