"""An endpoint that is configured late, or whose rule was widened, can be sent what it missed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.store.conftest import HOUSE, Newsroom, PlainRenderer
from wire.desk.dispatch import Outlet
from wire.flow.backfill import Backfill
from wire.flow.press import Press
from wire.store.audit import audit
from wire.story import DeliveryState, Outcome, PubStatus, Story


class Ninjs(PlainRenderer):
    """Another format."""

    format = "ninjs"


def backfill(newsroom: Newsroom, endpoint: str, since: datetime) -> int:
    press = Press(renderers={"newsml-g2": PlainRenderer(), "ninjs": Ninjs()}, house=HOUSE)

    def wanting(story: Story) -> list[str]:
        return [id for id in newsroom.outlets if newsroom.wants.get(id, bool)(story)]

    made = Backfill(newsroom.database, wanting=wanting, press=press, outlets=newsroom.outlets)
    return made(endpoint, since, newsroom.now)


def add(newsroom: Newsroom, id: str, document: str = "newsml-g2", **more: bool) -> None:
    newsroom.outlets[id] = Outlet(id=id, document=document, **more)
    newsroom.configure()


def test_a_new_endpoint_gets_each_storys_newest_version_once_however_often_it_is_asked_for(
    newsroom: Newsroom,
) -> None:
    began = newsroom.now
    newsroom.drop("a1.txt", guid="a", version=1, headline="First")
    newsroom.drop("a2.txt", guid="a", version=2, headline="Second")
    newsroom.drop("b.txt", guid="b", headline="Other")
    add(newsroom, "late")
    assert newsroom.take("late/0") == []
    assert backfill(newsroom, "late", began) == 2
    hand = newsroom.take("late/0")
    assert [(each.version, each.attempt) for each in hand] == [(2, 1), (1, 1)]
    assert len({each.key for each in hand}) == 2
    assert {each.key for each in hand}.isdisjoint(each.key for each in newsroom.take())
    ended = [
        Outcome(delivery_id=each.id, state=DeliveryState.DONE, started_at=began, ended_at=began)
        for each in hand
    ]
    newsroom.queue.settle("late/0", ended, worker="w")
    assert backfill(newsroom, "late", began) == 0, "each has its delivery, and with it its key"
    assert audit(newsroom.database) == []


def test_it_gets_its_own_format_even_if_nobody_wanted_that_before(newsroom: Newsroom) -> None:
    began = newsroom.now
    newsroom.drop(headline="Flood")
    add(newsroom, "late", document="ninjs")
    assert backfill(newsroom, "late", began) == 1
    [only] = newsroom.take("late/0")
    assert only.document.format == "ninjs" and only.document.body


def test_only_what_meets_its_rule_was_accepted_since_and_is_in_force(newsroom: Newsroom) -> None:
    newsroom.drop("old.txt", headline="Old")
    newsroom.later(hours=1)
    since = newsroom.now
    newsroom.drop("sport.txt", headline="Sport")
    newsroom.drop("news.txt", headline="News")
    newsroom.drop("k1.txt", guid="k", version=1, headline="Killed")
    newsroom.drop("k2.txt", guid="k", version=2, headline="Killed", pub_status=PubStatus.CANCELED)
    newsroom.drop("e.txt", headline="Later", embargoed=newsroom.now + timedelta(hours=1))
    newsroom.wants["late"] = lambda story: story.headline != "Sport"
    add(newsroom, "late")
    assert backfill(newsroom, "late", since) == 1
    [only] = newsroom.take("late/0")
    assert only.story_id in {row.id for row in newsroom.browse.stories() if row.headline == "News"}


def test_whoever_may_have_copy_under_embargo_gets_it(newsroom: Newsroom) -> None:
    began = newsroom.now
    newsroom.drop("e.txt", headline="Later", embargoed=newsroom.now + timedelta(hours=1))
    add(newsroom, "early", accepts_embargoed=True)
    assert backfill(newsroom, "early", began) == 1


@pytest.mark.parametrize("endpoint", ["nobody", "cms"])
def test_who_is_not_configured_or_missed_nothing_gets_nothing(newsroom: Newsroom, endpoint: str) -> None:
    newsroom.drop()
    assert backfill(newsroom, endpoint, newsroom.now) == 0


def test_what_is_backfilled_is_overtaken_and_taken_back_like_anything_else(newsroom: Newsroom) -> None:
    began = newsroom.now
    newsroom.drop("a1.txt", guid="a", version=1)
    add(newsroom, "late")
    backfill(newsroom, "late", began)
    newsroom.drop("a2.txt", guid="a", version=2, pub_status=PubStatus.CANCELED)
    [only] = newsroom.take("late/0")
    assert (only.version, only.action.value) == (2, "kill")


def test_what_was_sent_under_embargo_is_not_missed_when_the_embargo_has_ended(newsroom: Newsroom) -> None:
    """The end of an embargo is no newer version: an order to send all again sends that one delivery again."""
    began = newsroom.now
    add(newsroom, "early", accepts_embargoed=True)
    newsroom.drop("e.txt", headline="Later", embargoed=newsroom.now + timedelta(hours=1))
    [sent] = newsroom.take("early/0")
    done = Outcome(delivery_id=sent.id, state=DeliveryState.DONE, started_at=began, ended_at=began)
    newsroom.queue.settle("early/0", [done], worker="w")
    newsroom.later(hours=2)
    assert len(newsroom.change_due().revisions) == 1
    assert newsroom.orders.replay("early", began, newsroom.now) == 1
    assert backfill(newsroom, "early", began) == 0
    assert [each.key for each in newsroom.take("early/0")] == [sent.key]
    assert audit(newsroom.database) == []
