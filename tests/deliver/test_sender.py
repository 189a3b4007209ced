"""Delivering in a process of its own: real processes, real receivers, and every way to die."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.deliver.conftest import GENEROUS_S, NOW, delivery, running
from tests.deliver.memory_queue import MemoryQueue
from tests.deliver.test_engine import now
from tests.harness.waiting import eventually
from tests.servers.http_receiver import HttpReceiver, hang, status
from wire.deliver import talk
from wire.deliver.retry import RetryPolicy
from wire.deliver.sender import SenderProcess
from wire.deliver.turn import Route
from wire.errors import ConfigError, Fault, StoreError
from wire.ports.delivery import Hand, Settling, Terms
from wire.story import DeliveryState, Outcome

pytestmark = pytest.mark.slow

QUICK = RetryPolicy(delays_s=(0.05,) * 20, breather_s=0.05, patience=0)
PROJECT = Path(__file__).parents[2]


def routes_to(receiver: HttpReceiver, *endpoints: str, deadline_s: float = 20.0) -> dict[str, Route]:
    options = {"url": receiver.url}
    return {
        id: Route(transport="http", options=options, deadline_s=deadline_s, policy=QUICK) for id in endpoints
    }


def children() -> set[int]:
    """The process ids of this process's children that live."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found |= {int(pid) for pid in (task / "children").read_text().split()}
    return {pid for pid in found if lives(pid)}


def lives(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def queue() -> MemoryQueue:
    return MemoryQueue(now)


@pytest.fixture
def before() -> set[int]:
    return children()


def engine_of(queue: MemoryQueue, routes: dict[str, Route], **more: object) -> SenderProcess:
    more.setdefault("pauses_s", (0.05, 0.1))
    return SenderProcess(queue, lambda: routes, worker="w", clock=now, **more)  # type: ignore[arg-type]


def all_done(queue: MemoryQueue) -> bool:
    return set(queue.states()) <= {DeliveryState.DONE, DeliveryState.SUPERSEDED}


def test_a_woken_lane_is_delivered_as_it_is(queue: MemoryQueue, receiver: HttpReceiver) -> None:
    engine = engine_of(queue, routes_to(receiver, "cms"))
    with running(engine):
        queue.add(delivery(1, body="<newsItem>Überflutung</newsItem>".encode()))
        engine.wake(["cms/0"])
        (seen,) = receiver.wait_for(1)
        eventually(lambda: all_done(queue))
    assert (seen.key, seen.version, seen.body.decode()) == ("msg_1", 1, "<newsItem>Überflutung</newsItem>")


def test_what_is_due_before_the_start_or_falls_due_later_needs_no_wake(
    queue: MemoryQueue, receiver: HttpReceiver
) -> None:
    queue.add(delivery(1))
    queue.rows[1].due = now() + timedelta(seconds=0.5)
    with running(engine_of(queue, routes_to(receiver, "cms"))):
        receiver.wait_for(1)
    assert now() >= queue.rows[1].due


def test_no_process_is_started_while_there_is_nothing_to_deliver(
    queue: MemoryQueue, before: set[int]
) -> None:
    engine = engine_of(queue, {})
    with running(engine) as stop:
        engine.wake(())
        assert not stop.wait(0.5)
        assert children() == before


def test_an_early_process_runs_before_there_is_anything_to_deliver(
    queue: MemoryQueue, receiver: HttpReceiver, before: set[int]
) -> None:
    engine = engine_of(queue, routes_to(receiver, "cms"), early=True)
    with running(engine):
        eventually(lambda: children() > before)
        [early] = children() - before
        queue.add(delivery(1))
        engine.wake(["cms/0"])
        receiver.wait_for(1)
        assert children() - before == {early}


def test_stories_arrive_in_order_through_faults(queue: MemoryQueue, receiver: HttpReceiver) -> None:
    receiver.script(*(status(500 if number % 5 == 0 else 200) for number in range(200)))
    engine = engine_of(queue, routes_to(receiver, *(f"e{n}" for n in range(5))))
    with running(engine):
        for number in range(1, 151):
            lane = f"e{number % 5}/0"
            queue.add(delivery(number, lane=lane, story=f"s{number % 15}", version=number))
            engine.wake([lane], urgent=number % 7 == 0)
        eventually(lambda: all_done(queue))
    for story in {seen.story for seen in receiver.received}:
        versions = [seen.version for seen in receiver.received if seen.story == story]
        assert versions == sorted(versions)
        newest = max(row.delivery.id for row in queue.rows.values() if row.delivery.story_id == story)
        assert queue.rows[newest].state is DeliveryState.DONE


def test_a_hanging_endpoint_holds_up_nobody_else(queue: MemoryQueue, receiver: HttpReceiver) -> None:
    with HttpReceiver() as hanging:
        hanging.always(hang())
        engine = engine_of(queue, routes_to(receiver, "cms") | routes_to(hanging, "hung"), drain_s=1.0)
        with running(engine):
            queue.add(delivery(1, lane="hung/0", story="other"))
            engine.wake(["hung/0"])
            hanging.wait_for(1)
            for number in range(2, 42):
                queue.add(delivery(number, story=f"s{number}"))
                engine.wake(["cms/0"])
            receiver.wait_for(40)
            eventually(lambda: engine.health().working == ("hung/0",))


def test_what_several_turns_ask_for_is_asked_together(queue: MemoryQueue, receiver: HttpReceiver) -> None:
    endpoints = [f"e{number}" for number in range(40)]
    for number, endpoint in enumerate(endpoints):
        queue.add(delivery(number, lane=f"{endpoint}/0"))
    engine = engine_of(queue, routes_to(receiver, *endpoints))
    with running(engine):
        receiver.wait_for(40)
        eventually(lambda: all_done(queue))
    assert max(queue.begun) > 1


def test_a_process_killed_in_mid_send_is_replaced_and_sends_again_under_the_same_key(
    queue: MemoryQueue, receiver: HttpReceiver, before: set[int]
) -> None:
    receiver.script(hang())
    engine = engine_of(queue, routes_to(receiver, "cms"))
    with running(engine):
        queue.add(delivery(1))
        engine.wake(["cms/0"])
        receiver.wait_for(1)
        (child,) = children() - before
        os.kill(child, signal.SIGKILL)
        first, second = receiver.wait_for(2)
        eventually(lambda: all_done(queue))
    assert first.key == second.key
    assert not lives(child)


def test_signals_to_the_whole_group_are_the_daemons_to_answer(
    queue: MemoryQueue, receiver: HttpReceiver, before: set[int]
) -> None:
    engine = engine_of(queue, routes_to(receiver, "cms"))
    with running(engine):
        for number, name in enumerate((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), start=1):
            queue.add(delivery(number, story=f"s{number}"))
            engine.wake(["cms/0"])
            receiver.wait_for(number)
            (child,) = children() - before
            os.kill(child, name)
        queue.add(delivery(9, story="last"))
        engine.wake(["cms/0"])
        receiver.wait_for(4)
        assert children() - before == {child}


def test_a_stop_lets_a_send_end_and_breaks_off_what_hangs(
    queue: MemoryQueue, receiver: HttpReceiver, before: set[int]
) -> None:
    with HttpReceiver() as hanging:
        hanging.always(hang())
        ending = threading.Event()

        def slow(exchange: object) -> bool:
            ending.wait(GENEROUS_S)
            return status(200)(exchange)  # type: ignore[arg-type]

        receiver.always(slow)
        engine = engine_of(queue, routes_to(receiver, "cms") | routes_to(hanging, "hung"), drain_s=2.0)
        with running(engine) as stop:
            queue.add(delivery(1))
            queue.add(delivery(2, lane="hung/0", story="other"))
            engine.wake(["cms/0", "hung/0"])
            receiver.wait_for(1)
            hanging.wait_for(1)
            stop.set()
            engine.wake(())
            ending.set()
    assert queue.states() == [DeliveryState.DONE, DeliveryState.DUE]
    assert children() == before


def test_what_a_dead_process_held_is_given_up_at_once(
    queue: MemoryQueue, receiver: HttpReceiver, before: set[int]
) -> None:
    receiver.always(hang())
    engine = engine_of(queue, routes_to(receiver, "cms"), pauses_s=(GENEROUS_S, GENEROUS_S))
    with running(engine):
        queue.add(delivery(1))
        engine.wake(["cms/0"])
        receiver.wait_for(1)
        os.kill(*(children() - before), signal.SIGKILL)
        eventually(lambda: queue.ripe(limit=9) == ["cms/0"])
        assert engine.health().working == ()


def test_a_process_that_not_even_a_kill_ends_is_left_with_its_leases(
    queue: MemoryQueue, receiver: HttpReceiver, before: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one is that waits for a folder on a server that does not answer."""
    monkeypatch.setattr("wire.deliver.sender._DIES_S", 0.2)
    monkeypatch.setattr(subprocess.Popen, "kill", lambda _process: None)
    receiver.always(hang())
    queue.add(delivery(1))
    with running(engine_of(queue, routes_to(receiver, "cms"), drain_s=0.2)) as stop:
        receiver.wait_for(1)
        (child,) = children() - before
        os.kill(child, signal.SIGSTOP)
        stop.set()
    # the kernel ends it with the thread that started it, which says nothing of one that waits for a disk
    eventually(lambda: not lives(child))
    assert queue.ripe(limit=9) == [], "nobody else sends what it may still be sending"


def test_routes_that_cannot_be_had_are_asked_for_again(queue: MemoryQueue, receiver: HttpReceiver) -> None:
    faults = [ConfigError((Fault(where="wire.toml:1", key="secret", message="is not set"),))]

    def routes() -> dict[str, Route]:
        if faults:
            raise faults.pop()
        return routes_to(receiver, "cms")

    queue.add(delivery(1))
    with running(SenderProcess(queue, routes, worker="w", clock=now, pauses_s=(0.05, 0.1))):
        receiver.wait_for(1)


def test_a_store_that_fails_is_tried_again(queue: MemoryQueue, receiver: HttpReceiver) -> None:
    take, faults = queue.take, [StoreError("disk full"), ZeroDivisionError("oops")]

    def flaky(*args: object, **named: object) -> Hand:
        if faults:
            raise faults.pop()
        return take(*args, **named)  # type: ignore[arg-type]

    queue.take = flaky  # type: ignore[method-assign, assignment]
    queue.add(delivery(1))
    with running(engine_of(queue, routes_to(receiver, "cms"))):
        receiver.wait_for(1)


def framed(message: object) -> bytes:
    """A message as it goes over the line."""
    said = json.dumps(message).encode()
    return struct.pack("!I", len(said)) + said


NONSENSE = {
    "a length without end": b"\xff\xff\xff\xff",
    "no JSON": b"\0\0\0\3\x80\4.",
    "no call": b"\0\0\0\2{}",
    "a call that is none": b"\0\0\0\3[7]",
    "an unknown call": b'\0\0\0\12[[1,"rm"]]',
    "more calls than there are turns": framed([[number, "next_due"] for number in range(65)]),
    "one turn in two calls": framed([[number, "take", "cms/0", [1, 20.0, 0.0, 0]] for number in (1, 2)]),
    "brackets without end": b"\0\1\0\0" + b"[" * 65536,
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_from_the_process_costs_the_process(
    queue: MemoryQueue, receiver: HttpReceiver, before: set[int], tmp_path: Path, nonsense: bytes
) -> None:
    """The first life talks nonsense, the second is a real one."""
    script = tmp_path / "worker.py"
    script.write_text(
        "import os, pathlib, runpy, sys, time\n"
        f"once = pathlib.Path({str(tmp_path / 'once')!r})\n"
        "if not once.exists():\n"
        "    once.touch()\n"
        f"    os.write(int(sys.argv[1]), {nonsense!r})\n"
        "    time.sleep(60)\n"
        "runpy.run_module('wire.deliver.worker', run_name='__main__')\n"
    )
    queue.add(delivery(1))
    with running(engine_of(queue, routes_to(receiver, "cms"), command=(sys.executable, str(script)))):
        receiver.wait_for(1)
    assert children() == before


PARENT = """
import sys, threading
sys.path.insert(0, {project!r})
from tests.deliver.conftest import delivery
from tests.deliver.memory_queue import MemoryQueue
from tests.deliver.test_engine import now
from wire.deliver.sender import SenderProcess
from wire.deliver.turn import Route
queue = MemoryQueue(now)
queue.add(delivery(1))
routes = {{"cms": Route(transport="http", options={{"url": {url!r}}})}}
SenderProcess(queue, lambda: routes, worker="w", clock=now).run(threading.Event())
"""


def test_the_process_dies_with_the_daemon(receiver: HttpReceiver, tmp_path: Path) -> None:
    receiver.always(hang())
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(project=str(PROJECT), url=receiver.url))
    parent = subprocess.Popen([sys.executable, str(script)])
    try:
        receiver.wait_for(1)
        (child,) = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    finally:
        parent.kill()
        parent.wait()
    until = time.monotonic() + 1.0
    while lives(int(child)):
        assert time.monotonic() < until, "it outlived the daemon"
        time.sleep(0.005)


def test_the_process_loads_no_more_than_sending_takes() -> None:
    code = (
        "import sys, wire.deliver.worker, wire.deliver.http_push, wire.observe\n"
        "wire.observe.configure(level='info', stream=sys.stderr)\n"
        "with wire.observe.about(endpoint='cms'): print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    tops = {name.partition(".")[0] for name in loaded.split()}
    assert not tops & {"sqlalchemy", "pydantic", "lxml", "feedgen", "apscheduler", "starlette", "uvicorn"}
    assert not tops & {"structlog", "asyncio", "rich"}


TIME = NOW.isoformat()


def settled(
    id: int = 1,
    state: str = "done",
    began: str = TIME,
    status: object = None,
    size: int = 0,
    blames: object = False,
) -> list[object]:
    """A call that settles one delivery, in plain values."""
    outcome = [id, state, began, TIME, status, "", size, None, None, blames, False]
    return ["settle", "a/0", [outcome], None]


def outcome(**more: object) -> Outcome:
    fixed = {"delivery_id": 7, "state": DeliveryState.DUE, "started_at": NOW, "ended_at": NOW}
    return Outcome(**fixed | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sent",
    [
        outcome(state=DeliveryState.DONE, status=204),
        outcome(next_due=NOW + timedelta(seconds=5), detail="HTTP 503: “busy”", status=503),
        outcome(pause_endpoint_until=NOW, next_due=NOW, disable_endpoint=True),
        outcome(next_due=NOW, blames_endpoint=True, bytes=4440),
    ],
)
@pytest.mark.parametrize("then", [None, Terms(limit=3, lease_s=20.0, pace_s=0.5, patience=5)])
def test_outcomes_arrive_as_they_were_sent(sent: Outcome, then: Terms | None) -> None:
    plain = then and talk.plain_terms(then)
    settle = talk.Call(3, ["settle", "cms/0", [talk.plain_outcome(sent)], plain])
    (call, other) = talk.calls_from(talk.called([settle, talk.Call(4, ["next_due"])]))
    assert (call.number, other.number) == (3, 4)
    assert talk.wish_from(call.wish) == Settling("cms/0", [sent], then)


def test_what_an_endpoint_said_is_cut_and_cleaned() -> None:
    settle = talk.Call(1, ["settle", "a/0", [talk.plain_outcome(outcome(detail="\udc80" * 9000))], None])
    (call,) = talk.calls_from(talk.called([settle]))
    wish = talk.wish_from(call.wish)
    assert isinstance(wish, Settling)
    assert wish.outcomes[0].detail == "?" * 2000


@pytest.mark.parametrize(
    "wish",
    [
        *(["take"], ["take", "a/0"], ["take", "a/0", 1.0], ["take", "a/0", [1, 1.0]]),
        *(["take", "a/0", [0, 1.0, 0.0, 0]], ["take", "a/0", [10**9, 1.0, 0.0, 0]]),
        *(["take", "a/0", [1, float("nan"), 0.0, 0]], ["take", "a/0", [1, 1.0, -1.0, 0]]),
        *(["take", "a/0", [1, 1.0, 0.0, -1]], ["settle", "a/0", [], [1, 1.0, 0.0, "5"]]),
        *(["settle", "a/0", [[]], None], ["settle", "a/0", [], 1.0], ["settle", "a/0", {}, None]),
        *(settled(state="held"), settled(began="2026-01-01T00:00:00"), settled(began="soon")),
        *(settled(id=2**70), settled(status="200"), settled(size=-1), settled(blames="yes")),
        *(["ripe"], ["ripe", -1], ["abandon", "w"]),
    ],
)
def test_every_value_of_a_call_is_checked(wish: list[object]) -> None:
    (call,) = talk.calls_from(json.dumps([[1, *wish]]).encode())
    with pytest.raises(talk.NotUnderstood):
        talk.wish_from(call.wish)


def test_deliveries_arrive_as_they_were_sent() -> None:
    sent = Hand(deliveries=(delivery(1), delivery(2, story="other", attempt=3)), failures=4)
    answer = talk.heard(talk.told(talk.Answer(1, talk.plain_hand(sent))))
    assert talk.hand_from(answer.value) == sent
