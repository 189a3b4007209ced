"""Total deadlines that hold."""

from __future__ import annotations

import threading

from wire.deliver.deadline import Watchdog

GENEROUS_S = 20.0


def test_an_overdue_exchange_is_broken_off() -> None:
    broken = threading.Event()
    with Watchdog().watching(0.05, broken.set) as deadline:
        assert broken.wait(GENEROUS_S)
        assert deadline.over


def test_an_exchange_that_ends_in_time_is_left_alone() -> None:
    watchdog, first, second = Watchdog(), threading.Event(), threading.Event()
    with watchdog.watching(0.2, first.set) as deadline:
        pass
    with watchdog.watching(0.4, second.set):
        assert second.wait(GENEROUS_S)
    assert not first.is_set()
    assert not deadline.over


def test_a_shorter_deadline_does_not_wait_for_a_longer_one() -> None:
    watchdog, long, short = Watchdog(), threading.Event(), threading.Event()
    with watchdog.watching(600, long.set), watchdog.watching(0.05, short.set):
        assert short.wait(GENEROUS_S)
    assert not long.is_set()


def test_one_thread_serves_all() -> None:
    watchdog = Watchdog()
    for _ in range(50):
        with watchdog.watching(60, lambda: None):
            pass
    own = [thread for thread in threading.enumerate() if thread is watchdog._thread]
    assert len(own) == 1
