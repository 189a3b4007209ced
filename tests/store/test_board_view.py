"""What the desk's board shows, and how stories are found in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.conftest import Newsroom, story
from tests.store.test_likenesses import STRIKE, arrive
from wire.common.deskview import Filter
from wire.common.searching import facets_of, query, words_of
from wire.store import full_text
from wire.store.board_view import BoardView
from wire.store.indexer import Indexer
from wire.story import Action, Concept, PubStatus, Standing

BREMEN = {
    "headline": "Überflutung in Bremen",
    "language": "de-DE",
    "body_html": "<p>Der Deich <em>brach</em>.</p>",
}


@pytest.fixture
def view(newsroom: Newsroom) -> BoardView:
    return BoardView(newsroom.database)


def shown(view: BoardView, before: int | None = None, limit: int = 50, **wanted: str) -> list[str | None]:
    page = view.page(Filter(**wanted), before, limit)
    return [row.story.headline for row in page.rows]


def told(newsroom: Newsroom, **said: Any) -> None:
    number = len(newsroom.browse.stories()) + 1
    newsroom.drop(f"{number}.txt", **{"sha256": f"{number:064}", **said})


def test_the_newest_change_stands_first_with_all_that_a_row_needs(
    newsroom: Newsroom, view: BoardView
) -> None:
    told(newsroom, headline="First", slugline="SLUG", urgency=2, language="en")
    told(newsroom, headline="Second")
    newsroom.drop(
        "1.txt", headline="First, again", sha256="a" * 64, slugline="SLUG", urgency=2, language="en"
    )
    page = view.page(Filter())
    assert [row.story.headline for row in page.rows] == ["First, again", "Second"]
    row = page.rows[0]
    assert (row.slugline, row.urgency, row.language, row.story.version) == ("SLUG", 2, "en", 2)
    assert row.feeds == ("all",)
    assert [(each.endpoint, each.state) for each in row.sent] == [("cms", "due"), ("paper", "due")]


def test_pages_follow_each_other_without_gap_or_repetition(newsroom: Newsroom, view: BoardView) -> None:
    for number in range(7):
        told(newsroom, headline=f"{number}", body_html="<p>flood</p>")
    Indexer(newsroom.database).index(3)  # some found by the index, some not yet
    for wanted in (Filter(), Filter(text="flood")):
        seen, before = [], None
        while True:
            page = view.page(wanted, before, 2)
            seen += [row.story.headline for row in page.rows]
            before = page.older
            if before is None:
                break
        assert seen == ["6", "5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "not yet"])
def test_filters_and_words_find_stories_before_and_after_they_are_indexed(
    newsroom: Newsroom, view: BoardView, indexed: bool
) -> None:
    told(newsroom, **BREMEN)
    told(newsroom, headline="Quake", language="en", subjects=(Concept(qcode="medtop:20000151"),))
    told(newsroom, headline="Gone", pub_status=PubStatus.WITHHELD)
    told(newsroom, headline="東京で会議", language="ja")
    indexer = Indexer(newsroom.database)
    while indexed and indexer.index(100):
        pass
    assert shown(view, text="bremen uberflutung") == shown(view, text="BREMEN DEICH") == [BREMEN["headline"]]
    assert shown(view, text="brem*") == [BREMEN["headline"]]
    assert shown(view, text="brem") == shown(view, text="bremen quake") == []
    assert shown(view, text="東京") == ["東京で会議"]
    assert shown(view, language="de") == shown(view, language="de-de") == [BREMEN["headline"]]
    assert shown(view, language="de-AT") == []
    assert shown(view, topic="medtop:03000000") == ["Quake"], "a topic takes what is below it"
    assert shown(view, status="withheld") == ["Gone"]
    assert shown(view, source="agency", language="en", text="quake") == ["Quake"]
    assert shown(view, source="other") == []
    assert shown(view, text="?!") == [], "what holds no word finds nothing"


def test_only_the_version_in_force_is_found(newsroom: Newsroom, view: BoardView) -> None:
    indexer = Indexer(newsroom.database)
    newsroom.drop("a.txt", headline="Before")
    indexer.index(10)
    newsroom.drop("a.txt", headline="After", sha256="a" * 64)
    assert shown(view, text="before") == []
    assert shown(view, text="after") == ["After"]
    indexer.index(10)
    assert shown(view, text="before") == []
    assert shown(view, text="after") == ["After"]
    assert indexer.lag() == 0 and indexer.index(10) == 0


def test_a_beginning_has_three_letters_and_is_a_word_else() -> None:
    assert query("bre*").matches(frozenset({"bremen"}))
    assert not query("br*").matches(frozenset({"bremen"}))
    assert query("br*").matches(frozenset({"br"}))


def test_a_page_is_filled_past_versions_that_are_in_force_no_more(
    newsroom: Newsroom, view: BoardView
) -> None:
    told(newsroom, headline="Flood at first")
    for number in range(20):
        newsroom.drop("a.txt", headline=f"Flood {number}", sha256=f"{number:064}")
    while Indexer(newsroom.database).index(100):
        pass
    assert shown(view, text="flood", limit=2) == ["Flood 19", "Flood at first"]


@pytest.mark.parametrize("few", [2000, 1], ids=["few", "many"])
def test_near_duplicates_are_a_status(
    newsroom: Newsroom, view: BoardView, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wire.store.board_view._FEW", few)
    for name in ("first", "second", "third"):
        arrive(newsroom, name)
    arrive(newsroom, "other", STRIKE)
    Indexer(newsroom.database).index(3)
    assert shown(view, status="duplicate") == ["third", "second"]
    assert shown(view, status="duplicate", limit=1) == ["third"]
    assert shown(view, status="duplicate", before=view.page(Filter(status="duplicate"), None, 1).older) == [
        "second"
    ]
    assert shown(view, status="duplicate", text="first") == []
    assert shown(view, status="duplicate", source="agency", text="word1") == ["third", "second"]
    assert shown(view, status="duplicate", text="?!") == []


def test_choices_are_what_stories_have(newsroom: Newsroom, view: BoardView) -> None:
    told(newsroom, **BREMEN, subjects=(Concept(qcode="medtop:20000151"),))
    Indexer(newsroom.database).index(10)
    choices = view.choices()
    assert choices["source"] == ("agency",)
    assert choices["language"] == ("de", "de-de")
    assert "medtop:03000000" in choices["topic"]
    told(newsroom, headline="Later", language="fr")
    Indexer(newsroom.database).index(10)
    assert view.choices()["language"] == ("de", "de-de", "fr")


def test_what_is_purged_is_found_no_more(newsroom: Newsroom, view: BoardView) -> None:
    newsroom.outlets.clear()  # what is queued stays
    told(newsroom, headline="Secret name")
    indexer = Indexer(newsroom.database)
    indexer.index(10)
    newsroom.later(days=10)
    [row] = newsroom.browse.stories()
    before = {"": newsroom.now}
    newsroom.change(lambda ledger, now: newsroom.acceptor.purge(ledger, now, before, [row.id]))
    while indexer.index(10):
        pass
    assert newsroom.browse.stories()[0].standing == Standing.PURGED
    assert shown(view, text="secret") == []
    with newsroom.database.reading() as connection:
        assert not full_text.newest(connection, query("secret"), 1000, 10), "not even its words are kept"


_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@settings(max_examples=60)
@given(_TEXTS)
def test_a_story_is_found_by_every_part_of_its_headline(headline: str) -> None:
    made = story(headline=headline)
    words = words_of(made, facets_of(made, Action.NEW, Standing.LIVE))
    for part in (headline, headline.upper(), *headline.split()):
        assert query(part.replace("*", " ")).matches(words)
