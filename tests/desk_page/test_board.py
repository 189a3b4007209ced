"""What the board's page offers to choose from."""

from __future__ import annotations

import pytest

from tests.desk_page.conftest import Newsdesk
from tests.desk_page.test_story import dropped
from wire.store.indexer import Indexer

NATURAL, DISASTER = "medtop:20000151", "medtop:03000000"


@pytest.fixture
def indexed(newsdesk: Newsdesk) -> Newsdesk:
    """A desk with a story of a topic of the third level, and one of an agency's own."""
    subjects = [{"qcode": NATURAL}, {"qcode": "dpacat:vm"}]
    dropped(newsdesk, guid="urn:x:quake", headline="Quake", subjects=subjects)
    while Indexer(newsdesk.app.database).index(100):
        pass
    return newsdesk


def test_topics_of_the_upper_levels_are_offered_and_deeper_ones_are_not(indexed: Newsdesk) -> None:
    page = indexed.guest("rik").get("/desk").text
    assert f'<option value="{DISASTER}">disaster, accident and emergency incident</option>' in page
    assert '<option value="dpacat:vm">' in page
    assert NATURAL not in page


def test_a_deeper_topic_that_is_asked_for_stands_there_by_its_name(indexed: Newsdesk) -> None:
    page = indexed.guest("rik").get(f"/desk?topic={NATURAL}").text
    assert f'<option value="{NATURAL}" selected>natural disaster</option>' in page
    assert ">Quake</a>" in page


def test_of_an_endless_headline_the_beginning_is_shown(newsdesk: Newsdesk) -> None:
    dropped(newsdesk, guid="urn:x:long", headline="Long " * 190)
    while Indexer(newsdesk.app.database).index(100):
        pass
    page = newsdesk.guest("rik").get("/desk").text
    assert f">{'Long ' * 46}Long…</a>" in page
