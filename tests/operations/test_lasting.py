"""Loops of the daemon outlast a fault of ours."""

from __future__ import annotations

import threading

import pytest

from wire.operate.lasting import lasting


def test_a_loop_that_fails_is_begun_again_and_told_of_meanwhile(caplog: pytest.LogCaptureFixture) -> None:
    stop, told = threading.Event(), list[tuple[str, str | None]]()
    runs = iter((ValueError("first"), ValueError("second"), None))

    def loop(stopped: threading.Event) -> None:
        if (failure := next(runs)) is not None:
            raise failure
        stopped.set()

    lasting("outbox", loop, stop, lambda *said: told.append(said), pauses_s=(0.0, 0.0))
    assert told == [
        ("outbox", "failed by our own fault: ValueError('first')"),
        ("outbox", None),
        ("outbox", "failed by our own fault: ValueError('second')"),
        ("outbox", None),
    ]
    assert caplog.text.count("Traceback") == 2


def test_the_pause_doubles_unless_it_lasted() -> None:
    now, lasted = [0.0], iter((0.0, 1.0, 90.0, 0.0))
    pauses: list[str] = []

    def loop(_: threading.Event) -> None:
        now[0] += next(lasted)
        raise ValueError

    class Waited(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(f"{timeout:g}")
            if len(pauses) == 4:
                self.set()
            return True

    lasting("hub", loop, Waited(), lambda *_: None, monotonic=lambda: now[0])
    assert pauses == ["1", "2", "1", "2"]


def test_a_loop_is_not_begun_again_once_all_is_to_end() -> None:
    began = 0

    def loop(stopped: threading.Event) -> None:
        nonlocal began
        began += 1
        stopped.set()
        raise ValueError

    lasting("hub", loop, threading.Event(), lambda *_: None)
    assert began == 1
