"""One turn of a lane: what is sent, in which order, and what is written back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deliver.conftest import NOW, delivery
from tests.deliver.memory_queue import MemoryQueue, ScriptedTransport
from wire.deliver.retry import RetryPolicy
from wire.deliver.turn import Route, Turn
from wire.errors import DeliveryError, Refused, StoreError, Unreachable
from wire.story import Action, Delivery, DeliveryState, Receipt

Behave = Callable[[Delivery], DeliveryError | None]


class World:
    """A queue, a turn and a clock that stands until it is moved."""

    def __init__(self, behave: Behave, *, pace_s: float = 0.0, **policy: object) -> None:
        self.now = NOW
        self.sent: list[Delivery] = []
        self.queue = MemoryQueue(self.clock)
        self.stopping = threading.Event()
        self.transports: list[ScriptedTransport] = []
        self._behave = behave
        patient = RetryPolicy(**{"patience": 0, **policy})  # type: ignore[arg-type]
        route = Route(transport="scripted", deadline_s=20.0, pace_s=pace_s, policy=patient)
        self.turn = Turn(
            self.queue,
            {"cms": route},
            worker="w",
            clock=self.clock,
            stopping=self.stopping,
            build=self._build,
            chance=lambda: 0.0,
            monotonic=lambda: self.clock().timestamp(),
        )

    def clock(self) -> datetime:
        return self.now

    def _build(self, _: Route) -> ScriptedTransport:
        self.transports.append(ScriptedTransport(self.clock, self._send))
        return self.transports[-1]

    def _send(self, sent: Delivery) -> DeliveryError | None:
        self.sent.append(sent)
        return self._behave(sent)

    def ids(self) -> list[int]:
        return [sent.id for sent in self.sent]


def works(_: Delivery) -> None:
    """Every send succeeds."""


def fails(error: DeliveryError) -> Behave:
    return lambda _: error


def test_a_turn_sends_what_is_due_and_settles_it() -> None:
    world = World(works)
    for number in (1, 2, 3):
        world.queue.add(delivery(number, story=f"s{number}"))
    assert world.turn("cms/0") is False
    assert world.ids() == [1, 2, 3]
    assert set(world.queue.states()) == {DeliveryState.DONE}


def test_a_turn_says_when_more_is_due() -> None:
    world = World(works)
    for number in range(1, 201):
        world.queue.add(delivery(number, story=f"s{number}"))
    assert world.turn("cms/0") is False
    assert world.ids() == list(range(1, 201))
    assert len(world.queue.settled) > 1, "no hand holds so many"


def test_a_turn_that_had_its_time_says_that_more_is_due() -> None:
    world = World(works)

    def slow(_: Delivery) -> None:
        world.now += timedelta(seconds=0.1)

    world._behave = slow
    for number in range(1, 11):
        world.queue.add(delivery(number, story=f"s{number}"))
    assert world.turn("cms/0") is True
    assert world.ids() == [1, 2, 3, 4, 5]


def test_a_kill_ends_the_turn_so_that_the_same_kill_comes_to_its_turn_elsewhere() -> None:
    world = World(works)
    for number in (1, 2):
        world.queue.add(delivery(number, story=f"s{number}"))
    world.queue.add(delivery(3, story="s3", action=Action.KILL))
    assert world.turn("cms/0") is True
    assert world.ids() == [3]


def test_a_turn_is_ended_for_a_kill_that_comes_while_it_runs() -> None:
    world = World(works)

    def kill_comes(sent: Delivery) -> None:
        if sent.id == 2:
            world.queue.add(delivery(9, story="s9", action=Action.KILL))
            world.turn.hasten("cms/0")

    world._behave = kill_comes
    for number in (1, 2, 3, 4):
        world.queue.add(delivery(number, story=f"s{number}"))
    assert world.turn("cms/0") is True
    assert world.turn("cms/0") is True
    assert world.ids() == [1, 2, 9]
    assert world.turn("cms/0") is False
    assert world.ids() == [1, 2, 9, 3, 4]


def test_an_endpoint_gets_no_more_than_its_rate() -> None:
    world = World(works, pace_s=0.1)
    for number in range(1, 101):
        world.queue.add(delivery(number, story=f"s{number}"))
    begun = world.now
    sent_at: list[float] = []
    while len(sent_at) < 100:
        before = len(world.sent)
        world.turn("cms/0")
        sent_at += [(world.now - begun).total_seconds()] * (len(world.sent) - before)
        world.now += timedelta(seconds=0.05)
    assert sent_at[-1] >= 9.4
    for start in sent_at:
        assert sum(start <= at < start + 1.0 for at in sent_at) <= 10 + 5, "a second's worth and one hand"


def test_the_breaker_opens_after_failures_in_a_row_and_a_probe_closes_it() -> None:
    down = True

    def behave(_: Delivery) -> DeliveryError | None:
        return Unreachable("HTTP 500", status=500) if down else None

    world = World(behave, patience=3, rest_s=60.0, delays_s=(5.0,) * 9)
    for number in range(1, 9):
        world.queue.add(delivery(number, story=f"s{number}"))
    world.turn("cms/0")
    assert world.ids() == [1, 2, 3]
    assert world.queue.paused == {"cms": NOW + timedelta(seconds=60)}
    world.now += timedelta(seconds=60)
    world.turn("cms/0")
    assert world.ids() == [1, 2, 3, 4]
    assert world.queue.paused == {"cms": NOW + timedelta(seconds=60 + 120)}
    down = False
    world.now += timedelta(seconds=120)
    while world.turn("cms/0"):
        pass
    assert world.ids()[4:5] == [5], "one probe"
    assert set(world.queue.states()) == {DeliveryState.DONE}
    assert world.queue.settled[2] == 1


def test_a_refused_document_opens_no_breaker_but_a_shut_door_does() -> None:
    refusing = World(fails(Refused("HTTP 422", status=422)), patience=2)
    shut = World(fails(Refused("HTTP 401", status=401)), patience=2)
    for world in (refusing, shut):
        for number in range(1, 5):
            world.queue.add(delivery(number, story=f"s{number}"))
        world.turn("cms/0")
    assert refusing.ids() == [1, 2, 3, 4]
    assert shut.ids() == [1, 2]


def test_a_kill_is_tried_longer_than_other_copy() -> None:
    world = World(fails(Refused("HTTP 422", status=422)), delays_s=(1.0, 1.0, 1.0), refusals=2)
    world.queue.add(delivery(1, story="a"))
    world.queue.add(delivery(2, story="b", action=Action.KILL))
    for _ in range(20):
        world.turn("cms/0")
        world.now += timedelta(seconds=1)
    assert world.ids().count(1) == 2
    assert world.ids().count(2) == 7
    assert world.queue.states() == [DeliveryState.DEAD, DeliveryState.DEAD]


def test_what_a_slow_endpoint_cannot_take_in_time_is_given_back_so_that_a_kill_goes_first() -> None:
    world = World(works)

    def slow(_: Delivery) -> None:
        world.now += timedelta(seconds=1)

    world._behave = slow
    for number in (1, 2, 3):
        world.queue.add(delivery(number, story=f"s{number}"))
    assert world.turn("cms/0") is True
    world.queue.add(delivery(4, story="s4", action=Action.KILL))
    while world.turn("cms/0"):
        pass
    assert world.ids() == [1, 4, 2, 3]
    assert [row.attempts for row in world.queue.rows.values()] == [1, 1, 1, 1]


def test_a_turn_that_lost_its_lease_asks_for_no_other() -> None:
    world = World(works)
    world.queue.add(delivery(1))
    world.queue.steal_lease = True
    assert world.turn("cms/0") is False


def test_an_unreachable_endpoint_is_tried_once_a_turn_and_rests() -> None:
    world = World(fails(Unreachable("refused")), delays_s=(5.0, 60.0))
    for number in (1, 2, 3):
        world.queue.add(delivery(number, story=f"s{number}"))
    while world.turn("cms/0"):
        pass
    assert world.ids() == [1]
    assert world.queue.paused == {"cms": NOW + timedelta(seconds=5)}
    assert [row.attempts for row in world.queue.rows.values()] == [1, 0, 0]


def test_a_document_that_breaks_the_endpoint_does_not_hold_up_the_others() -> None:
    world = World(lambda sent: Unreachable("HTTP 500", status=500) if sent.id == 1 else None)
    for number in (1, 2, 3):
        world.queue.add(delivery(number, story=f"s{number}"))
    world.turn("cms/0")
    assert world.ids() == [1, 2, 3]
    assert world.queue.states() == [DeliveryState.DUE, DeliveryState.DONE, DeliveryState.DONE]


def test_retry_after_pauses_the_whole_endpoint() -> None:
    world = World(fails(Unreachable("HTTP 429", status=429, retry_after_s=600)))
    world.queue.add(delivery(1))
    world.queue.add(delivery(2, story="other"))
    while world.turn("cms/0"):
        pass
    assert world.ids() == [1]
    assert world.queue.paused == {"cms": NOW + timedelta(seconds=600)}


def test_an_endpoint_that_answers_410_is_disabled_and_keeps_its_deliveries() -> None:
    world = World(fails(Refused("HTTP 410", status=410, disable=True)))
    world.queue.add(delivery(1))
    world.queue.add(delivery(2, story="other"))
    while world.turn("cms/0"):
        pass
    assert world.ids() == [1]
    assert world.queue.disabled == {"cms"}
    assert world.queue.states() == [DeliveryState.DUE, DeliveryState.DUE]


def test_a_refused_document_becomes_a_dead_letter_with_its_reason() -> None:
    world = World(fails(Refused("HTTP 422: no", status=422)), delays_s=(5.0, 5.0, 5.0), refusals=3)
    world.queue.add(delivery(1))
    for _ in range(5):
        world.turn("cms/0")
        world.now += timedelta(seconds=5)
    assert [sent.attempt for sent in world.sent] == [1, 2, 3]
    (row,) = world.queue.rows.values()
    assert (row.state, row.detail) == (DeliveryState.DEAD, "HTTP 422: no")


def test_every_attempt_has_the_same_key() -> None:
    world = World(fails(Unreachable("HTTP 500", status=500)), delays_s=(5.0,) * 5)
    world.queue.add(delivery(1))
    for _ in range(8):
        world.turn("cms/0")
        world.now += timedelta(seconds=5)
    assert len(world.sent) == 6
    assert {sent.key for sent in world.sent} == {"msg_1"}


def test_a_transport_that_breaks_its_promise_harms_only_its_endpoint() -> None:
    def broken(_: Delivery) -> DeliveryError | None:
        raise ZeroDivisionError("oops")

    world = World(broken)
    world.queue.add(delivery(1))
    world.turn("cms/0")
    (row,) = world.queue.rows.values()
    assert row.state is DeliveryState.DUE
    assert "our fault" in row.detail


def test_a_store_that_fails_ends_the_turn() -> None:
    world = World(works)
    world.queue.add(delivery(1))

    def fail(*_: object, **__: object) -> bool:
        raise StoreError("disk full")

    world.queue.settle = fail  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        world.turn("cms/0")


def test_a_stopping_turn_ends_after_the_delivery_in_hand() -> None:
    world = World(works)

    def stop(_: Delivery) -> None:
        world.stopping.set()

    world._behave = stop
    world.queue.add(delivery(1))
    world.queue.add(delivery(2, story="other"))
    world.turn("cms/0")
    assert world.ids() == [1]
    assert world.queue.states() == [DeliveryState.DONE, DeliveryState.DUE]
    assert world.turn("cms/0") is False


def test_each_lane_has_a_transport_of_its_own_and_closing_closes_all() -> None:
    world = World(works)
    world.queue.add(delivery(1, lane="cms/0"))
    world.queue.add(delivery(2, lane="cms/1", story="other"))
    world.turn("cms/0")
    world.turn("cms/1")
    assert len(world.transports) == 2
    world.turn.close()
    assert all(transport.closed for transport in world.transports)


def test_a_lane_of_an_unknown_endpoint_is_left_alone() -> None:
    world = World(works)
    world.queue.add(delivery(1, lane="gone/0"))
    assert world.turn("gone/0") is False
    assert world.queue.states() == [DeliveryState.DUE]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    arrivals=st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=25),
    faults=st.lists(st.sampled_from([None, None, 500, 503, 0]), max_size=40),
    turns_between=st.lists(st.integers(0, 2), min_size=25, max_size=25),
)
def test_no_endpoint_sees_an_older_version_after_a_newer(
    arrivals: list[tuple[str, bool]], faults: list[int | None], turns_between: list[int]
) -> None:
    script = iter(faults)

    def behave(_: Delivery) -> DeliveryError | None:
        status = next(script, None)
        return None if status is None else Unreachable("scripted", status=status or None)

    world = World(behave, delays_s=(5.0,) * 60)
    for number, ((story, kill), turns) in enumerate(zip(arrivals, turns_between, strict=False), start=1):
        action = Action.KILL if kill else Action.UPDATE
        world.queue.add(delivery(number, story=story, version=number, action=action))
        for _ in range(turns):
            world.turn("cms/0")
            world.now += timedelta(seconds=1)
    for _ in range(400):
        world.turn("cms/0")
        world.now += timedelta(seconds=5)
    for story in {story for story, _ in arrivals}:
        versions = [sent.version for sent in world.sent if sent.story_id == story]
        assert versions == sorted(versions)
        newest = max(n for n, (name, _) in enumerate(arrivals, start=1) if name == story)
        assert world.queue.rows[newest].state is DeliveryState.DONE
    assert not {DeliveryState.DUE, DeliveryState.SENDING} & set(world.queue.states())


class Coach:
    """Takes what comes in one exchange; `behave` says how each of them fares."""

    def __init__(self, behave: Behave, clock: Callable[[], datetime]) -> None:
        self._behave = behave
        self._clock = clock
        self.rides: list[list[int]] = []

    def send_all(self, deliveries: Sequence[Delivery], *, deadline_s: float) -> list[Receipt | DeliveryError]:
        self.rides.append([sent.id for sent in deliveries])
        return [self._behave(sent) or Receipt(accepted_at=self._clock(), took_ms=1) for sent in deliveries]

    def close(self) -> None:
        pass


def coach_of(world: World, behave: Behave, at_once: int) -> tuple[Coach, Turn]:
    coach = Coach(behave, world.clock)
    turn = Turn(
        world.queue,
        {"cms": Route(transport="scripted", at_once=at_once)},
        worker="w",
        clock=world.clock,
        build=lambda _: coach,
        chance=lambda: 0.0,
        monotonic=lambda: world.clock().timestamp(),
    )
    return coach, turn


def test_an_endpoint_that_takes_several_at_once_gets_them_in_their_order() -> None:
    world = World(works)
    coach, turn = coach_of(world, works, at_once=3)
    for number in range(1, 6):
        world.queue.add(delivery(number, story=f"s{number}"))
    world.queue.add(delivery(6, story="s6", action=Action.KILL))
    assert turn("cms/0") is True
    assert turn("cms/0") is False
    assert coach.rides == [[6], [1, 2, 3], [4, 5]]
    assert set(world.queue.states()) == {DeliveryState.DONE}


def test_each_of_several_at_once_fares_by_itself() -> None:
    world = World(works)
    refused = Refused("HTTP 422", status=422)
    _, turn = coach_of(world, lambda sent: refused if sent.id == 2 else None, at_once=3)
    for number in (1, 2, 3):
        world.queue.add(delivery(number, story=f"s{number}"))
    turn("cms/0")
    assert world.queue.states() == [DeliveryState.DONE, DeliveryState.DUE, DeliveryState.DONE]
    assert [row.attempts for row in world.queue.rows.values()] == [1, 1, 1]


def test_a_transport_that_does_not_say_how_each_fared_fails_them_all() -> None:
    """A plug-in's fault: nothing of it is taken for done, and the lane goes on under its retries."""
    world = World(works)
    coach, turn = coach_of(world, works, at_once=3)
    said = coach.send_all
    coach.send_all = lambda deliveries, **limits: said(deliveries, **limits)[:-1]  # type: ignore[method-assign]
    for number in (1, 2, 3):
        world.queue.add(delivery(number, story=f"s{number}"))
    turn("cms/0")
    assert world.queue.states() == [DeliveryState.DUE] * 3
    assert [row.attempts for row in world.queue.rows.values()] == [1, 1, 1]


def test_what_fails_for_all_at_once_ends_the_turn() -> None:
    world = World(works)
    coach, turn = coach_of(world, lambda _: Unreachable("refused"), at_once=2)
    for number in range(1, 6):
        world.queue.add(delivery(number, story=f"s{number}"))
    turn("cms/0")
    assert coach.rides == [[1, 2]]
    assert [row.attempts for row in world.queue.rows.values()] == [1, 1, 0, 0, 0]


def test_a_slow_endpoint_that_takes_several_at_once_still_gets_full_loads() -> None:
    world = World(works)

    def slow(_: Delivery) -> None:
        world.now += timedelta(seconds=1)

    coach, turn = coach_of(world, slow, at_once=80)
    for number in range(1, 241):
        world.queue.add(delivery(number, story=f"s{number}"))
    while turn("cms/0"):
        pass
    assert [len(ride) for ride in coach.rides] == [80, 80, 80]
