"""What people order of the queue, and what they see of it: pause, resume, retry, replay, health, attempts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.store.conftest import Newsroom
from wire.common.lists import EndpointRow
from wire.errors import CommandError
from wire.ports.delivery import Hand
from wire.store.audit import audit
from wire.story import Delivery, DeliveryState, Outcome, PubStatus

LANE = "cms/0"


def settle(
    newsroom: Newsroom, deliveries: Sequence[Delivery], state: DeliveryState = DeliveryState.DONE, **more: Any
) -> Hand:
    outcomes = [
        Outcome(
            delivery_id=each.id, state=state, started_at=newsroom.now, ended_at=newsroom.now, bytes=7, **more
        )
        for each in deliveries
    ]
    return newsroom.queue.settle(LANE, outcomes, worker="w")


def cms(newsroom: Newsroom) -> EndpointRow:
    return next(row for row in newsroom.browse.endpoints() if row.id == "cms")


def test_a_paused_endpoint_is_sent_nothing_and_everything_once_it_is_resumed(newsroom: Newsroom) -> None:
    newsroom.drop("a.txt")
    newsroom.orders.pause("cms", "by kim: moving house")
    newsroom.drop("b.txt", headline="Other")
    assert newsroom.take() == []
    assert LANE not in newsroom.queue.ripe(limit=9)
    rows = newsroom.browse.deliveries(endpoint_id="cms")
    assert [(row.state, row.reason) for row in rows] == [
        ("held", "the endpoint is paused by kim: moving house")
    ] * 2
    assert newsroom.browse.deliveries(endpoint_id="cms", state="held") == rows
    assert newsroom.browse.deliveries(endpoint_id="cms", state="due") == ()
    newsroom.configure()  # a restart changes nothing
    assert newsroom.take() == []
    newsroom.orders.resume("cms")
    assert len(newsroom.take()) == 2


def test_what_is_under_way_when_an_endpoint_is_paused_ends_as_it_ends(newsroom: Newsroom) -> None:
    newsroom.drop()
    taken = newsroom.take()
    newsroom.orders.pause("cms", "by kim")
    assert settle(newsroom, taken) == Hand()
    assert [row.state for row in newsroom.browse.deliveries(endpoint_id="cms")] == ["done"]


@pytest.mark.parametrize("order", ["pause", "resume", "enable"])
def test_an_endpoint_that_is_none_cannot_be_ordered_about(newsroom: Newsroom, order: str) -> None:
    arguments = ("nobody", "by kim") if order == "pause" else ("nobody",)
    with pytest.raises(CommandError, match="there is no endpoint nobody"):
        getattr(newsroom.orders, order)(*arguments)


def test_an_endpoint_that_said_410_is_resumed_but_not_enabled_while_it_is_paused(newsroom: Newsroom) -> None:
    newsroom.drop()
    settle(
        newsroom,
        newsroom.take(),
        DeliveryState.DUE,
        next_due=newsroom.now,
        disable_endpoint=True,
        detail="410",
    )
    assert (cms(newsroom).state, cms(newsroom).why) == ("disabled", "the endpoint is disabled: 410")
    newsroom.orders.pause("cms", "by kim")
    newsroom.orders.enable("cms")
    assert cms(newsroom).state == "paused"
    newsroom.orders.resume("cms")
    assert cms(newsroom).state == "working"
    assert len(newsroom.take()) == 1


def test_a_retry_begins_to_count_failures_anew_under_the_same_key(newsroom: Newsroom) -> None:
    newsroom.drop()
    [first] = newsroom.take()
    settle(newsroom, [first], DeliveryState.DUE, next_due=newsroom.now)
    [second] = newsroom.take()
    assert (second.attempt, second.failures) == (2, 1)
    settle(newsroom, [second], DeliveryState.DEAD, detail="no")
    assert newsroom.take() == []
    assert newsroom.orders.retry(delivery_ids=[first.id], now=newsroom.now) == 1
    [third] = newsroom.take()
    assert (third.key, third.attempt, third.failures) == (first.key, 3, 0)
    assert audit(newsroom.database) == []


def test_of_named_deliveries_what_waits_for_its_next_attempt_is_due_at_once(newsroom: Newsroom) -> None:
    newsroom.drop()
    [first] = newsroom.take()
    settle(newsroom, [first], DeliveryState.DUE, next_due=newsroom.now + timedelta(hours=4))
    assert newsroom.orders.retry(endpoint_id="cms", now=newsroom.now) == 0
    assert newsroom.orders.retry(delivery_ids=[first.id], now=newsroom.now) == 1
    assert [each.key for each in newsroom.take()] == [first.key]


def test_a_replay_sends_the_newest_versions_since_then_under_their_own_keys(newsroom: Newsroom) -> None:
    newsroom.drop("old.txt", headline="Old")
    settle(newsroom, newsroom.take())
    newsroom.later(hours=1)
    since = newsroom.now
    newsroom.drop("a1.txt", guid="a", version=1)
    newsroom.drop("b1.txt", guid="b", version=1, headline="B")
    first = newsroom.take()
    settle(newsroom, first)
    newsroom.drop("a2.txt", guid="a", version=2, headline="A, corrected")
    newsroom.drop("b2.txt", guid="b", version=2, pub_status=PubStatus.CANCELED)
    while taken := newsroom.take():
        settle(newsroom, taken)
        first = [*first, *taken]
    keys = {(each.story_id, each.version): each.key for each in first}
    assert newsroom.orders.replay("cms", since, newsroom.now) == 2
    assert newsroom.orders.replay("cms", since, newsroom.now) == 0, "they are due already"
    again: list[Delivery] = []
    while taken := newsroom.take():
        settle(newsroom, taken)
        again += taken
    assert [(each.action.value, each.version, each.attempt) for each in again] == [
        ("kill", 2, 2),
        ("update", 2, 2),
    ]
    assert all(keys[each.story_id, each.version] == each.key for each in again)
    assert cms(newsroom).states == {"done": 5}
    assert audit(newsroom.database) == []


def test_health_tells_what_waits_since_when_and_how_it_went(newsroom: Newsroom) -> None:
    newsroom.drop("a.txt", headline="A")
    newsroom.drop("b.txt", headline="B")
    [first] = newsroom.take(limit=1)
    begun = newsroom.now
    newsroom.later(seconds=90)
    row = cms(newsroom)
    assert (row.waiting, row.due, row.sending, row.oldest_at, row.lag_s) == (2, 1, 1, begun, 90.0)
    assert row.success_rate is None
    settle(
        newsroom,
        [first],
        DeliveryState.DUE,
        next_due=newsroom.now + timedelta(minutes=5),
        detail="HTTP 500: oops",
        status=500,
        blames_endpoint=True,
    )
    row = cms(newsroom)
    assert (row.failures, row.success_rate, row.last_failure_reason) == (1, 0.0, "HTTP 500: oops")
    assert (row.waiting, row.due, row.last_failure) == (2, 1, newsroom.now)
    assert row.failing_since == (failing := newsroom.now)
    newsroom.later(seconds=10)
    [second] = newsroom.take(limit=1)
    settle(newsroom, [second], DeliveryState.DUE, next_due=newsroom.now, blames_endpoint=True)
    row = cms(newsroom)
    assert (row.failing_since, row.last_failure) == (failing, newsroom.now)
    settle(newsroom, newsroom.take())
    row = cms(newsroom)
    assert (row.failures, row.success_rate, row.delivered, row.last_success) == (0, 1 / 3, 1, newsroom.now)
    assert row.failing_since is None
    assert row.states == {"due": 1, "done": 1}


def test_health_tells_of_kills_that_were_not_taken(newsroom: Newsroom) -> None:
    newsroom.drop("a1.txt", guid="a", version=1)
    settle(newsroom, newsroom.take())
    newsroom.drop("a2.txt", guid="a", version=2, pub_status=PubStatus.CANCELED)
    killed = newsroom.now
    newsroom.later(minutes=6)
    assert (cms(newsroom).recalls, cms(newsroom).oldest_recall_at) == (1, killed)
    settle(newsroom, newsroom.take(), DeliveryState.DEAD, detail="no")
    assert (cms(newsroom).recalls, cms(newsroom).dead, cms(newsroom).dead_recalls) == (0, 1, 1)


def test_a_resting_endpoint_says_until_when_and_a_probed_one_that_it_is(newsroom: Newsroom) -> None:
    newsroom.drop()
    until = newsroom.now + timedelta(seconds=60)
    settle(
        newsroom,
        newsroom.take(patience=1),
        DeliveryState.DUE,
        next_due=newsroom.now,
        blames_endpoint=True,
        pause_endpoint_until=until,
    )
    assert (cms(newsroom).state, cms(newsroom).paused_until, cms(newsroom).due) == ("resting", until, 0)
    newsroom.later(seconds=60)
    assert newsroom.take(patience=1) != []
    assert cms(newsroom).state == "probing"


def test_every_attempt_leaves_a_row(newsroom: Newsroom) -> None:
    newsroom.drop()
    began = newsroom.now
    next_due = began + timedelta(seconds=5)
    settle(newsroom, newsroom.take(), DeliveryState.DUE, next_due=next_due, status=503, detail="busy")
    newsroom.later(seconds=5)
    newsroom.take()
    newsroom.queue.abandon("w")
    settle(newsroom, newsroom.take(), status=200)
    [row] = newsroom.browse.deliveries(endpoint_id="cms")
    told = [
        (each.number, each.state, each.status, each.bytes, each.detail, each.next_at) for each in row.tries
    ]
    lost = "the worker died; whether it was sent is not known"
    assert told == [
        (1, "due", 503, 7, "busy", next_due),
        (2, "lost", None, None, lost, None),
        (3, "done", 200, 7, "", None),
    ]
    assert all(each.ended_at is not None and each.started_at <= each.ended_at for each in row.tries)


def test_deliveries_are_found_by_story_and_time(newsroom: Newsroom) -> None:
    newsroom.drop("a.txt", headline="A")
    newsroom.later(hours=1)
    newsroom.drop("b.txt", headline="B")
    [late] = newsroom.browse.deliveries(endpoint_id="cms", since=newsroom.now)
    [early] = newsroom.browse.deliveries(endpoint_id="cms")[1:]
    assert newsroom.browse.deliveries(story_id=early.story_id, endpoint_id="cms") == (early,)
    assert late.story_id != early.story_id
