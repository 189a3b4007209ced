"""Lanes, leases and claims: the order that every endpoint is promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.store.conftest import Newsroom, newsroom_on
from wire.desk.dispatch import Outlet, lane_of, lanes_of
from wire.ports.delivery import Hand
from wire.store.audit import audit
from wire.store.database import Database
from wire.story import Action, Delivery, DeliveryState, Outcome, PubStatus

LANE = "cms/0"


def outcome(newsroom: Newsroom, delivery: Delivery, state: DeliveryState, **more: object) -> Outcome:
    return Outcome(
        delivery_id=delivery.id,
        state=state,
        started_at=newsroom.now,
        ended_at=newsroom.now,
        **more,  # type: ignore[arg-type]
    )


def test_a_lane_is_worked_by_one_at_a_time(newsroom: Newsroom) -> None:
    newsroom.drop()
    assert len(newsroom.take(worker="one")) == 1
    assert newsroom.take(worker="two") == []


def test_a_dead_workers_lane_is_taken_over_after_its_lease_with_the_same_keys(newsroom: Newsroom) -> None:
    newsroom.drop()
    [claimed] = newsroom.take(worker="one")
    assert newsroom.queue.ripe(limit=9) == ["paper/0"]
    newsroom.later(seconds=31)
    assert LANE in newsroom.queue.ripe(limit=9)
    [again] = newsroom.take(worker="two")
    assert (again.key, again.attempt) == (claimed.key, 2)


def test_what_a_worker_held_that_is_known_to_be_dead_is_due_again_at_once(newsroom: Newsroom) -> None:
    newsroom.drop()
    [claimed] = newsroom.take(worker="one")
    newsroom.queue.abandon("one")
    assert LANE in newsroom.queue.ripe(limit=9)
    assert audit(newsroom.database) == []
    done = outcome(newsroom, claimed, DeliveryState.DONE)
    assert newsroom.queue.settle(LANE, [done], worker="one") == Hand()
    [again] = newsroom.take(worker="two")
    assert (again.key, again.attempt) == (claimed.key, 2)


def test_giving_up_a_dead_workers_lanes_touches_no_other_workers(newsroom: Newsroom) -> None:
    newsroom.drop()
    newsroom.take(worker="one")
    newsroom.queue.abandon("two")
    assert newsroom.take(worker="three") == []


def test_a_worker_that_froze_past_its_lease_settles_nothing(newsroom: Newsroom) -> None:
    newsroom.drop()
    [claimed] = newsroom.take(worker="one")
    newsroom.later(seconds=31)
    newsroom.take(worker="two")
    done = outcome(newsroom, claimed, DeliveryState.DONE)
    assert newsroom.queue.settle(LANE, [done], worker="one") == Hand()
    assert [row.state for row in newsroom.browse.deliveries(endpoint_id="cms")] == ["sending"]


def test_an_attempt_is_recorded_before_the_work(newsroom: Newsroom) -> None:
    newsroom.drop()
    newsroom.take()
    [row] = newsroom.browse.deliveries(endpoint_id="cms")
    assert [(attempt.number, attempt.ended_at) for attempt in row.tries] == [(1, None)]


def test_what_was_claimed_but_not_tried_is_due_again_as_if_never_claimed(newsroom: Newsroom) -> None:
    newsroom.drop("a.txt")
    newsroom.drop("b.txt", headline="Other")
    first, _second = newsroom.take()
    left = newsroom.queue.settle(LANE, [outcome(newsroom, first, DeliveryState.DONE)], worker="w")
    assert left == Hand(more=True)
    [again] = newsroom.take()
    assert again.attempt == 1


def test_large_documents_are_taken_a_few_at_a_time(newsroom: Newsroom) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        newsroom.drop(name, headline=name + "x" * (7 << 20))
    assert len(newsroom.take()) == 2


def test_a_document_of_any_size_is_taken(newsroom: Newsroom) -> None:
    newsroom.drop(headline="x" * (17 << 20))
    assert len(newsroom.take()) == 1


def test_a_retry_waits_for_its_time(newsroom: Newsroom) -> None:
    newsroom.drop()
    [claimed] = newsroom.take()
    due = newsroom.now + timedelta(minutes=5)
    retried = outcome(newsroom, claimed, DeliveryState.DUE, next_due=due, status=503, detail="busy")
    assert newsroom.queue.settle(LANE, [retried], worker="w") == Hand()
    assert newsroom.take() == []
    newsroom.later(minutes=5)
    assert [delivery.key for delivery in newsroom.take()] == [claimed.key]


def test_what_failed_while_a_newer_version_was_queued_is_not_tried_again(newsroom: Newsroom) -> None:
    newsroom.drop(guid="urn:x:1", version=1)
    [claimed] = newsroom.take()
    newsroom.drop(guid="urn:x:1", version=2, headline="Flood rises")
    retried = outcome(newsroom, claimed, DeliveryState.DUE, next_due=newsroom.now)
    newsroom.queue.settle(LANE, [retried], worker="w")
    assert [delivery.version for delivery in newsroom.take()] == [2]


def test_a_paused_endpoint_rests_with_all_its_lanes(newsroom: Newsroom) -> None:
    newsroom.drop("a.txt")
    newsroom.drop("b.txt", headline="Other")
    first, _ = newsroom.take()
    until = newsroom.now + timedelta(seconds=60)
    later = outcome(newsroom, first, DeliveryState.DUE, next_due=newsroom.now, pause_endpoint_until=until)
    newsroom.queue.settle(LANE, [later], worker="w")
    assert newsroom.take() == []
    newsroom.later(seconds=60)
    assert len(newsroom.take()) == 2


def test_a_disabled_endpoint_keeps_its_queue_until_a_retry_by_hand(newsroom: Newsroom) -> None:
    newsroom.drop()
    [claimed] = newsroom.take()
    gone = outcome(newsroom, claimed, DeliveryState.DEAD, detail="410", disable_endpoint=True)
    newsroom.queue.settle(LANE, [gone], worker="w")
    newsroom.drop("b.txt", headline="Other")
    assert newsroom.take() == []
    assert newsroom.orders.retry(endpoint_id="cms", now=newsroom.now) == 1
    assert next(delivery.key for delivery in newsroom.take()) == claimed.key


def test_a_removed_endpoints_rows_are_held_and_go_on_when_it_returns(newsroom: Newsroom) -> None:
    newsroom.drop()
    cms = newsroom.outlets.pop("cms")
    newsroom.configure()
    assert [row.state for row in newsroom.browse.deliveries(endpoint_id="cms")] == ["held"]
    newsroom.outlets["cms"] = cms
    newsroom.configure()
    assert len(newsroom.take()) == 1


def test_what_waits_moves_along_when_an_endpoint_gets_other_lanes(newsroom: Newsroom) -> None:
    for number in range(8):
        newsroom.drop(f"{number}.txt", headline=f"{number}")
    newsroom.outlets["cms"] = Outlet(id="cms", document="newsml-g2", lanes=3)
    newsroom.configure()
    claimed = [delivery for lane in lanes_of(newsroom.outlets["cms"]) for delivery in newsroom.take(lane)]
    assert len(claimed) == 8
    assert all(each.lane == lane_of(newsroom.outlets["cms"], each.story_id) for each in claimed)
    assert audit(newsroom.database) == []


def test_the_next_due_time_is_known_without_looking_at_every_row(newsroom: Newsroom) -> None:
    assert newsroom.queue.next_due() is None
    newsroom.drop()
    assert newsroom.queue.next_due() == newsroom.now


class Traffic(RuleBasedStateMachine):
    """Random arrivals, turns, failures and deaths: the order per story holds all the same."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.newsroom = newsroom_on(database)
        self.versions: dict[str, int] = {}
        self.claimed: Sequence[Delivery] = ()
        self.worker = 0
        self.sent: dict[str, list[int]] = {}
        self.keys: dict[int, str] = {}

    @rule(name=st.sampled_from("abc"), kill=st.booleans())
    def arrive(self, name: str, kill: bool) -> None:
        self.versions[name] = version = self.versions.get(name, 0) + 1
        status = PubStatus.CANCELED if kill else PubStatus.USABLE
        self.newsroom.drop(
            f"{name}{version}", guid=name, version=version, headline=f"{version}", pub_status=status
        )

    @precondition(lambda self: not self.claimed)
    @rule(limit=st.integers(1, 4))
    def claim(self, limit: int) -> None:
        self.claimed = self.newsroom.take(worker=str(self.worker), limit=limit)
        kills = [delivery.action is Action.KILL for delivery in self.claimed]
        assert kills == sorted(kills, reverse=True)
        assert len({delivery.story_id for delivery in self.claimed}) == len(self.claimed)
        for delivery in self.claimed:
            assert self.keys.setdefault(delivery.seq, delivery.key) == delivery.key

    @precondition(lambda self: self.claimed)
    @rule(
        fates=st.lists(st.sampled_from(["ok", "retry", "lost"]), min_size=4, max_size=4),
        tried=st.integers(0, 4),
    )
    def work(self, fates: list[str], tried: int) -> None:
        outcomes = []
        for delivery, fate in list(zip(self.claimed, fates, strict=False))[:tried]:
            if fate != "lost":
                self.arrived(delivery)
            done = DeliveryState.DONE if fate == "ok" else DeliveryState.DUE
            outcomes.append(outcome(self.newsroom, delivery, done, next_due=self.newsroom.now))
        self.newsroom.queue.settle(LANE, outcomes, worker=str(self.worker))
        self.claimed = ()

    @precondition(lambda self: self.claimed)
    @rule(tried=st.integers(0, 4))
    def die(self, tried: int) -> None:
        for delivery in self.claimed[:tried]:
            self.arrived(delivery)
        self.claimed = ()
        self.worker += 1
        self.newsroom.later(seconds=31)

    def arrived(self, delivery: Delivery) -> None:
        seen = self.sent.setdefault(delivery.story_id, [])
        assert not seen or seen[-1] <= delivery.seq, "an older version after a newer one"
        seen.append(delivery.seq)

    @invariant()
    def the_store_is_whole(self) -> None:
        assert audit(self.newsroom.database) == []


@pytest.mark.slow(15)
def test_whatever_happens_no_older_version_comes_after_a_newer_one(database: Database) -> None:
    run_state_machine_as_test(
        lambda: Traffic(database),
        settings=settings(max_examples=12, stateful_step_count=25, deadline=None),
    )
