"""When a failed delivery is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deliver.conftest import NOW
from wire.deliver.retry import RetryPolicy, exponential, next_attempt, pause, speaks_for_endpoint
from wire.errors import Refused, Unreachable

POLICY = RetryPolicy(delays_s=(5.0, 300.0, 1800.0), jitter=0.2, refusals=3, breather_s=30.0)


def wait_s(failures: int, error: Refused | Unreachable, chance: float = 0.0) -> float | None:
    due = next_attempt(failures, error, POLICY, NOW, chance)
    return None if due is None else (due - NOW).total_seconds()


def test_waits_grow_and_end() -> None:
    assert [wait_s(n, Unreachable("down")) for n in (1, 2, 3, 4)] == [5.0, 300.0, 1800.0, None]


@given(failures=st.integers(1, 3), chance=st.floats(0, 1))
def test_chance_shortens_a_wait_by_its_share_at_most(failures: int, chance: float) -> None:
    full = POLICY.delays_s[failures - 1]
    waited = wait_s(failures, Unreachable("down"), chance)
    assert waited is not None
    assert full * 0.8 - 0.001 <= waited <= full


def test_without_a_list_waits_grow_exponentially_up_to_a_cap() -> None:
    assert exponential(5.0, 2.0, 60.0, 7) == (5.0, 10.0, 20.0, 40.0, 60.0, 60.0)
    assert exponential(5.0, 2.0, 60.0, 1) == ()
    assert exponential(90.0, 2.0, 60.0, 2) == (60.0,)


@given(chance=st.floats(0, 1))
def test_by_default_chance_may_take_off_all_of_a_wait(chance: float) -> None:
    due = next_attempt(4, Unreachable("down"), RetryPolicy(), NOW, chance)
    assert due == NOW + timedelta(seconds=40.0 * (1.0 - chance))


@given(failures=st.integers(1, 200), chance=st.floats(0, 1))
def test_the_breaker_rests_longer_after_each_failed_probe_within_bounds(failures: int, chance: float) -> None:
    policy = RetryPolicy(patience=5, rest_s=30.0, longest_rest_s=900.0)
    error = Unreachable("HTTP 500", status=500)
    until = pause(error, policy, NOW, NOW, failures=failures, chance=chance)
    if failures < 5:
        assert until is None
    else:
        assert until is not None
        longest = min(30.0 * 2 ** (failures - 5), 900.0)
        assert longest / 2 - 0.001 <= (until - NOW).total_seconds() <= longest


@pytest.mark.parametrize(("asked", "waited"), [(0.0, 1.0), (7.0, 7.0), (1e12, 86_400.0)])
def test_retry_after_wins_within_bounds(asked: float, waited: float) -> None:
    assert wait_s(3, Unreachable("busy", status=429, retry_after_s=asked), 1.0) == waited


def test_retry_after_does_not_prolong_for_ever() -> None:
    assert wait_s(4, Unreachable("busy", status=429, retry_after_s=7)) is None


def test_a_refusal_is_given_up_after_few_tries() -> None:
    assert [wait_s(n, Refused("no", status=422)) for n in (1, 2, 3)] == [5.0, 300.0, None]


@pytest.mark.parametrize("error", [Unreachable("down"), Refused("no", status=422)])
def test_a_kill_is_tried_twice_as_often_however_it_is_refused(error: Refused | Unreachable) -> None:
    tried = [next_attempt(n, error, POLICY, NOW, 0.0, recall=True) is not None for n in range(1, 8)]
    assert tried == [True] * 6 + [False]


def test_an_endpoint_that_wants_no_more_calls_gets_none() -> None:
    assert wait_s(1, Refused("gone", status=410, disable=True)) is None


def test_failures_count_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        next_attempt(0, Unreachable("down"), POLICY, NOW, 0.5)


@pytest.mark.parametrize(
    ("error", "speaks"),
    [
        (Unreachable("refused"), True),
        (Unreachable("busy", status=503), True),
        (Unreachable("busy", status=500, retry_after_s=5), True),
        (Refused("gone", status=410, disable=True), True),
        (Unreachable("broken", status=500), False),
        (Refused("no", status=422), False),
    ],
)
def test_some_failures_speak_for_the_whole_endpoint(error: Refused | Unreachable, speaks: bool) -> None:
    assert speaks_for_endpoint(error) is speaks


def test_the_endpoint_rests_as_long_as_it_asked() -> None:
    asked = Unreachable("busy", status=429, retry_after_s=600)
    assert pause(asked, POLICY, NOW, NOW + timedelta(seconds=600)) == NOW + timedelta(seconds=600)


@pytest.mark.parametrize(("due_s", "rest_s"), [(4.0, 4.0), (1800.0, 30.0), (None, 30.0)])
def test_an_unreachable_endpoint_rests_until_the_next_attempt_or_a_breather(
    due_s: float | None, rest_s: float
) -> None:
    due = None if due_s is None else NOW + timedelta(seconds=due_s)
    assert pause(Unreachable("down"), POLICY, NOW, due) == NOW + timedelta(seconds=rest_s)


def test_a_refused_document_lets_the_others_go_on() -> None:
    assert pause(Refused("no", status=422), POLICY, NOW, NOW) is None
