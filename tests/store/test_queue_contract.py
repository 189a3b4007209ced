"""What every `wire.ports.delivery.Queue` promises, on each; and the store's beside the one in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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

from tests.deliver.memory_queue import MemoryQueue
from tests.store.conftest import Newsroom, newsroom_on
from wire.desk.dispatch import Outlet
from wire.flow.acceptance import Accepted
from wire.ports.delivery import Hand, SharedQueue, Terms
from wire.store.audit import audit
from wire.store.database import Database
from wire.story import Delivery, DeliveryState, Document, Outcome, PubStatus

CMS = "cms/0"
TERMS = Terms(limit=10, lease_s=30.0)


@dataclass
class Bench:
    """A queue, and what makes it have something to give."""

    queue: SharedQueue
    newsroom: Newsroom
    tell: Callable[[Accepted], None]  #: of what was accepted, for a queue that is not the store's

    def arrive(self, story: str, version: int, **said: Any) -> None:
        name = f"{story}{version}"
        self.tell(self.newsroom.drop(name, guid=story, version=version, headline=name, **said))

    def kill(self, story: str, version: int) -> None:
        self.arrive(story, version, pub_status=PubStatus.CANCELED)

    def take(self, worker: str = "w", **terms: Any) -> Hand:
        return self.queue.take(CMS, Terms(**{"limit": 10, "lease_s": 30.0, **terms}), worker=worker)

    def end(self, delivery: Delivery, state: DeliveryState = DeliveryState.DONE, **more: Any) -> Outcome:
        return ended(delivery, self.newsroom.now, state, **more)


def ended(
    delivery: Delivery, now: datetime, state: DeliveryState = DeliveryState.DONE, **more: Any
) -> Outcome:
    return Outcome(delivery_id=delivery.id, state=state, started_at=now, ended_at=now, **more)


def as_deliveries(accepted: Accepted) -> list[Delivery]:
    """What was accepted, as a queue in memory takes it."""
    return [
        Delivery(
            id=new.id,
            endpoint=new.endpoint,
            lane=new.lane,
            story_id=new.story_id,
            version=new.version,
            seq=new.seq,
            action=new.action,
            key=new.key,
            attempt=1,
            created_at=new.created_at,
            document=Document(format=new.format, media_type="text/plain", body=b"", suffix="xml"),
        )
        for new in accepted.deliveries
    ]


@pytest.fixture(params=["memory", "store"])
def bench(request: pytest.FixtureRequest, newsroom: Newsroom) -> Bench:
    if request.param == "store":
        return Bench(newsroom.queue, newsroom, lambda _: None)
    if newsroom.database.shared:
        pytest.skip("the queue in memory is the same beside every database")
    memory = MemoryQueue(lambda: newsroom.now)

    def tell(accepted: Accepted) -> None:
        for each in as_deliveries(accepted):
            memory.add(each)

    return Bench(memory, newsroom, tell)


def stories(hand: Hand) -> list[tuple[str, int]]:
    return [(each.action.value, each.version) for each in hand.deliveries]


def test_nothing_is_given_of_an_empty_lane(bench: Bench) -> None:
    assert bench.take() == Hand()
    assert bench.queue.ripe(limit=9) == []


def test_a_lane_is_held_by_one_worker_until_its_lease_is_over(bench: Bench) -> None:
    bench.arrive("a", 1)
    [first] = bench.take("one").deliveries
    assert bench.take("two") == Hand()
    assert CMS not in bench.queue.ripe(limit=9)
    bench.newsroom.later(seconds=31)
    assert CMS in bench.queue.ripe(limit=9)
    [again] = bench.take("two").deliveries
    assert (again.key, again.attempt, again.failures) == (first.key, 2, 1)
    assert bench.queue.settle(CMS, [bench.end(first)], worker="one") == Hand()


def test_a_settlement_renews_the_lease_and_gives_the_next_hand(bench: Bench) -> None:
    for number in range(3):
        bench.arrive(f"s{number}", 1)
    hand = bench.take(limit=2)
    bench.newsroom.later(seconds=20)
    outcomes = [bench.end(each) for each in hand.deliveries]
    more = bench.queue.settle(CMS, outcomes, worker="w", then=TERMS)
    assert len(more.deliveries) == 1
    bench.newsroom.later(seconds=20)
    assert bench.take("other") == Hand(), "the lease began anew"
    assert bench.queue.settle(CMS, [bench.end(more.deliveries[0])], worker="w", then=TERMS) == Hand()
    assert bench.take("other") == Hand(), "nothing is left"


def test_kills_go_first_and_by_themselves_then_corrections(bench: Bench) -> None:
    bench.arrive("a", 1)
    bench.arrive("b", 1)
    bench.queue.settle(CMS, [bench.end(each) for each in bench.take().deliveries], worker="w")
    bench.arrive("c", 1)
    bench.arrive("b", 2, signals=("correction",))
    bench.kill("a", 2)
    hand = bench.take()
    assert stories(hand) == [("kill", 2)]
    hand = bench.queue.settle(CMS, [bench.end(hand.deliveries[0])], worker="w", then=TERMS)
    assert stories(hand) == [("correction", 2), ("new", 1)]


def test_a_newer_version_takes_the_place_of_unsent_ones(bench: Bench) -> None:
    bench.arrive("a", 1)
    bench.arrive("a", 2)
    hand = bench.take()
    assert stories(hand) == [("update", 2)]
    bench.arrive("a", 3)
    later = bench.end(hand.deliveries[0], DeliveryState.DUE, next_due=bench.newsroom.now)
    hand = bench.queue.settle(CMS, [later], worker="w", then=TERMS)
    assert stories(hand) == [("update", 3)]


def test_what_was_not_tried_comes_again_as_if_it_had_not_been_claimed(bench: Bench) -> None:
    bench.arrive("a", 1)
    bench.arrive("b", 1)
    first, _ = bench.take().deliveries
    assert bench.queue.settle(CMS, [bench.end(first)], worker="w") == Hand(more=True)
    [second] = bench.take().deliveries
    assert (second.attempt, second.failures) == (1, 0)


def test_an_endpoint_that_failed_too_often_is_probed_by_one_delivery(bench: Bench) -> None:
    for number in range(4):
        bench.arrive(f"s{number}", 1)
    rest = timedelta(seconds=60)
    now = bench.newsroom.now
    outcomes = [
        bench.end(
            each, DeliveryState.DUE, next_due=now, blames_endpoint=True, pause_endpoint_until=now + rest
        )
        for each in bench.take(limit=2, patience=2).deliveries
    ]
    assert bench.queue.settle(CMS, outcomes, worker="w") == Hand()
    assert bench.take(patience=2) == Hand()
    bench.newsroom.later(seconds=60)
    probe = bench.take(patience=2)
    assert (len(probe.deliveries), probe.failures) == (1, 2)
    hand = bench.queue.settle(CMS, [bench.end(probe.deliveries[0])], worker="w", then=TERMS)
    assert (len(hand.deliveries), hand.failures) == (3, 0)


def test_an_endpoint_is_not_called_again_before_its_pace_allows(bench: Bench) -> None:
    for number in range(4):
        bench.arrive(f"s{number}", 1)
    hand = bench.take(limit=2, pace_s=0.5)
    paced = Terms(limit=2, lease_s=30.0, pace_s=0.5)
    outcomes = [bench.end(each) for each in hand.deliveries]
    assert bench.queue.settle(CMS, outcomes, worker="w", then=paced) == Hand()
    assert CMS not in bench.queue.ripe(limit=9)
    bench.newsroom.later(seconds=1)
    assert len(bench.take(limit=2, pace_s=0.5).deliveries) == 2


def test_a_disabled_endpoint_is_given_nothing(bench: Bench) -> None:
    bench.arrive("a", 1)
    [each] = bench.take().deliveries
    gone = bench.end(
        each, DeliveryState.DUE, next_due=bench.newsroom.now, disable_endpoint=True, detail="410"
    )
    bench.queue.settle(CMS, [gone], worker="w")
    bench.arrive("b", 1)
    assert bench.take() == Hand()
    assert CMS not in bench.queue.ripe(limit=9)


LANES = ("cms/0", "paper/0", "paper/1")
FATES = ("done", "again", "later", "dead", "rest", "untried")


class Twins(RuleBasedStateMachine):
    """The store's queue and the one in memory live through the same, and give the same hands."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        outlets = {
            "cms": Outlet(id="cms", document="newsml-g2"),
            "paper": Outlet(id="paper", document="newsml-g2", lanes=2),
        }
        self.newsroom = newsroom_on(database, outlets=outlets)
        self.memory = MemoryQueue(lambda: self.newsroom.now)
        self.versions: dict[str, int] = {}
        self.held: dict[tuple[str, str], Hand] = {}  #: by lane and worker, who may have lost it by now

    def teardown(self) -> None:
        assert audit(self.newsroom.database) == []

    @rule(name=st.sampled_from("abcd"), kind=st.sampled_from(["new", "kill", "correction"]))
    def arrive(self, name: str, kind: str) -> None:
        self.versions[name] = version = self.versions.get(name, 0) + 1
        accepted = self.newsroom.drop(
            f"{name}{version}",
            guid=name,
            version=version,
            headline=f"{version}",
            signals=("correction",) if kind == "correction" else (),
            pub_status=PubStatus.CANCELED if kind == "kill" else PubStatus.USABLE,
        )
        for each in as_deliveries(accepted):
            self.memory.add(each)

    @rule(
        lane=st.sampled_from(LANES),
        worker=st.sampled_from(["one", "two"]),
        limit=st.integers(1, 4),
        pace_s=st.sampled_from([0.0, 0.0, 1.0]),
    )
    def take(self, lane: str, worker: str, limit: int, pace_s: float) -> None:
        if (lane, worker) in self.held:
            return
        terms = Terms(limit=limit, lease_s=30.0, pace_s=pace_s, patience=2)
        self.same(
            lane,
            worker,
            self.newsroom.queue.take(lane, terms, worker=worker),
            self.memory.take(lane, terms, worker=worker),
        )

    @precondition(lambda self: self.held)
    @rule(
        which=st.integers(0, 9),
        fates=st.lists(st.sampled_from(FATES), min_size=4, max_size=4),
        go_on=st.booleans(),
    )
    def settle(self, which: int, fates: list[str], go_on: bool) -> None:
        (lane, worker), hand = list(self.held.items())[which % len(self.held)]
        del self.held[lane, worker]
        outcomes = [
            self.outcome(each, fate)
            for each, fate in zip(hand.deliveries, fates, strict=False)
            if fate != "untried"
        ]
        then = Terms(limit=2, lease_s=30.0, patience=2) if go_on else None
        self.same(
            lane,
            worker,
            self.newsroom.queue.settle(lane, outcomes, worker=worker, then=then),
            self.memory.settle(lane, outcomes, worker=worker, then=then),
        )

    def outcome(self, each: Delivery, fate: str) -> Outcome:
        now = self.newsroom.now
        if fate == "done":
            return ended(each, now)
        if fate == "dead":
            return ended(each, now, DeliveryState.DEAD, detail="no")
        waits = {"again": 0, "later": 7, "rest": 3}
        due = now + timedelta(seconds=waits[fate])
        until = now + timedelta(seconds=12) if fate == "rest" else None
        return ended(
            each,
            now,
            DeliveryState.DUE,
            next_due=due,
            blames_endpoint=fate != "later",
            pause_endpoint_until=until,
        )

    @rule(seconds=st.sampled_from([1, 5, 31]))
    def wait(self, seconds: int) -> None:
        self.newsroom.later(seconds=seconds)

    @rule(worker=st.sampled_from(["one", "two"]))
    def die(self, worker: str) -> None:
        self.newsroom.queue.abandon(worker)
        self.memory.abandon(worker)
        for lane, holder in list(self.held):
            if holder == worker:
                del self.held[lane, holder]

    def same(self, lane: str, worker: str, ours: Hand, theirs: Hand) -> None:
        shown = [
            ([(each.key, each.attempt, each.failures) for each in hand.deliveries], hand.failures, hand.more)
            for hand in (ours, theirs)
        ]
        assert shown[0] == shown[1]
        assert len({each.story_id for each in ours.deliveries}) == len(ours.deliveries)
        if ours.deliveries:
            self.held[lane, worker] = ours

    @invariant()
    def both_stand_alike(self) -> None:
        assert sorted(self.newsroom.queue.ripe(limit=9)) == sorted(self.memory.ripe(limit=9))
        rows = {row.id: row.state for row in self.newsroom.browse.deliveries(limit=1000, with_tries=False)}
        assert rows == {id: row.state.value for id, row in self.memory.rows.items()}


@pytest.mark.slow(2)
def test_the_queue_in_memory_is_the_stores_twin(kept_open: Database) -> None:
    run_state_machine_as_test(
        lambda: Twins(kept_open),
        settings=settings(max_examples=12, stateful_step_count=30, deadline=None),
    )
