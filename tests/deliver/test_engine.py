"""Which lane gets a turn, when, and on how many threads."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.deliver.conftest import GENEROUS_S, delivery, running
from tests.deliver.memory_queue import MemoryQueue, ScriptedTransport
from tests.harness.waiting import eventually
from wire.deliver.engine import EmbeddedEngine
from wire.deliver.retry import RetryPolicy
from wire.deliver.turn import Route, Turn
from wire.errors import StoreError, Unreachable
from wire.story import Delivery, DeliveryState


def now() -> datetime:
    return datetime.now(UTC)


def delivery_threads() -> int:
    return sum(thread.name == "wire-deliver" for thread in threading.enumerate())


@pytest.fixture
def queue() -> MemoryQueue:
    return MemoryQueue(now)


def test_a_woken_lane_gets_its_turn(queue: MemoryQueue) -> None:
    turns: list[str] = []
    engine = EmbeddedEngine(queue, lambda lane: bool(turns.append(lane)), clock=now)
    with running(engine):
        engine.wake(["a/0", "b/0"])
        eventually(lambda: sorted(turns) == ["a/0", "b/0"])


def test_lanes_woken_before_the_start_are_not_forgotten(queue: MemoryQueue) -> None:
    turns: list[str] = []
    engine = EmbeddedEngine(queue, lambda lane: bool(turns.append(lane)), clock=now)
    engine.wake(["a/0"])
    with running(engine):
        eventually(lambda: turns == ["a/0"])


def test_what_was_due_before_the_start_is_found_without_being_woken(queue: MemoryQueue) -> None:
    queue.add(delivery(1, lane="a/0"))
    turns: list[str] = []

    def turn(lane: str) -> bool:
        turns.append(lane)
        queue.rows[1].state = DeliveryState.DONE
        return False

    engine = EmbeddedEngine(queue, turn, clock=now)
    with running(engine):
        eventually(lambda: turns == ["a/0"])


def test_what_falls_due_later_is_found_without_being_woken(queue: MemoryQueue) -> None:
    queue.add(delivery(1, lane="a/0"))
    queue.rows[1].due = now() + timedelta(seconds=0.5)
    began: list[datetime] = []

    def turn(lane: str) -> bool:
        began.append(now())
        queue.rows[1].state = DeliveryState.DONE
        return False

    engine = EmbeddedEngine(queue, turn, clock=now)
    with running(engine):
        eventually(lambda: bool(began))
    assert began[0] >= queue.rows[1].due


def test_no_lane_has_two_turns_at_once_and_no_wake_is_lost(queue: MemoryQueue) -> None:
    lanes = [f"e{number}/0" for number in range(6)]
    working: Counter[str] = Counter()
    pending: Counter[str] = Counter()
    overlaps: list[str] = []
    guard = threading.Lock()

    def turn(lane: str) -> bool:
        with guard:
            working[lane] += 1
            if working[lane] > 1:
                overlaps.append(lane)
            pending[lane] = 0
        time.sleep(0.0005)
        with guard:
            working[lane] -= 1
        return False

    engine = EmbeddedEngine(queue, turn, clock=now, workers=8)
    with running(engine):
        for number in range(1500):
            lane = lanes[number % len(lanes)]
            with guard:
                pending[lane] += 1
            engine.wake([lane], urgent=number % 7 == 0)
        eventually(lambda: not any(pending.values()))
    assert overlaps == []


def test_a_lane_with_more_to_do_comes_again_after_the_others(queue: MemoryQueue) -> None:
    turns: list[str] = []

    def turn(lane: str) -> bool:
        turns.append(lane)
        return len(turns) < 6

    engine = EmbeddedEngine(queue, turn, clock=now, workers=1)
    engine.wake(["a/0", "b/0"])
    with running(engine):
        eventually(lambda: len(turns) >= 6)
    assert turns[:6] == ["a/0", "b/0"] * 3


def test_urgent_lanes_go_first(queue: MemoryQueue) -> None:
    turns: list[str] = []
    engine = EmbeddedEngine(queue, lambda lane: bool(turns.append(lane)), clock=now, workers=1)
    engine.wake(["a/0", "b/0", "c/0"])
    engine.wake(["c/0", "d/0"], urgent=True)
    with running(engine):
        eventually(lambda: len(turns) == 4)
    assert turns == ["c/0", "d/0", "a/0", "b/0"]


def test_a_hanging_lane_holds_one_thread_and_nobody_else(queue: MemoryQueue) -> None:
    release = threading.Event()
    turns: Counter[str] = Counter()

    def turn(lane: str) -> bool:
        if lane == "hung/0":
            release.wait(GENEROUS_S)
        turns[lane] += 1
        return False

    engine = EmbeddedEngine(queue, turn, clock=now, workers=2)
    with running(engine):
        engine.wake(["hung/0"])
        eventually(lambda: engine.health().working == ("hung/0",))
        for number in range(50):
            engine.wake(["hung/0", f"e{number}/0"])
        eventually(lambda: sum(turns.values()) == 50)
        assert engine.health().working == ("hung/0",)
        release.set()
        eventually(lambda: turns["hung/0"] == 2)  # woken while it hung


def test_an_idle_engine_has_no_threads(queue: MemoryQueue) -> None:
    before = delivery_threads()
    engine = EmbeddedEngine(queue, lambda lane: False, clock=now)
    with running(engine):
        assert delivery_threads() <= before  # of earlier tests, whose may just end


def test_a_turn_that_fails_ends_neither_its_thread_nor_the_engine(queue: MemoryQueue) -> None:
    faults: dict[str, Exception] = {"a/0": ZeroDivisionError(), "b/0": StoreError("disk full")}
    turns: list[str] = []

    def turn(lane: str) -> bool:
        turns.append(lane)
        if lane in faults:
            raise faults[lane]
        return False

    engine = EmbeddedEngine(queue, turn, clock=now, workers=1)
    with running(engine):
        engine.wake(["a/0", "b/0", "c/0"])
        eventually(lambda: turns == ["a/0", "b/0", "c/0"])


def test_a_queue_that_cannot_be_read_is_tried_again(queue: MemoryQueue) -> None:
    queue.add(delivery(1, lane="a/0"))
    ripe, broken = queue.ripe, [StoreError("busy")]

    def flaky(*, limit: int) -> list[str]:
        if broken:
            raise broken.pop()
        return ripe(limit=limit)

    queue.ripe = flaky  # type: ignore[method-assign]
    turns: list[str] = []

    def turn(lane: str) -> bool:
        turns.append(lane)
        queue.rows[1].state = DeliveryState.DONE
        return False

    engine = EmbeddedEngine(queue, turn, clock=now)
    with running(engine):
        eventually(lambda: turns == ["a/0"])


def test_a_stop_waits_for_running_turns_but_not_for_ever(queue: MemoryQueue) -> None:
    release = threading.Event()
    engine = EmbeddedEngine(queue, lambda lane: bool(release.wait(GENEROUS_S)), clock=now, drain_s=0.2)
    with running(engine) as stop:
        engine.wake(["hung/0"])
        eventually(lambda: engine.health().working == ("hung/0",))
        stop.set()
    release.set()


def test_with_turns_every_story_arrives_in_order_through_faults(queue: MemoryQueue) -> None:
    sent: list[Delivery] = []
    guard = threading.Lock()

    def behave(one: Delivery) -> Unreachable | None:
        with guard:
            sent.append(one)
        return Unreachable("HTTP 500", status=500) if (one.id * 7 + one.attempt) % 5 == 0 else None

    policy = RetryPolicy(delays_s=(0.02,) * 20, breather_s=0.02, patience=0)
    routes = {f"e{n}": Route(transport="scripted", policy=policy) for n in range(5)}
    turn = Turn(queue, routes, worker="w", clock=now, build=lambda _: ScriptedTransport(now, behave))
    engine = EmbeddedEngine(queue, turn, clock=now, workers=4)
    with running(engine):
        for number in range(1, 301):
            lane = f"e{number % 5}/0"
            queue.add(delivery(number, lane=lane, story=f"s{number % 15}", version=number))
            engine.wake([lane])
        over = {DeliveryState.DONE, DeliveryState.SUPERSEDED}
        eventually(lambda: set(queue.states()) <= over)
    for story in {one.story_id for one in sent}:
        versions = [one.version for one in sent if one.story_id == story]
        assert versions == sorted(versions)
        newest = max(row.delivery.id for row in queue.rows.values() if row.delivery.story_id == story)
        assert queue.rows[newest].state is DeliveryState.DONE
