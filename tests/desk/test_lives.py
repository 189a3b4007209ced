"""Random schedules of arrivals, orders, restarts and clocks set: see `tests.desk.lives`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.desk.lives import Lives, on_a_desk


@pytest.fixture(scope="module")
def machine() -> Iterator[type[Lives]]:
    """The machine on a desk that all its schedules share, one after the other."""
    yield from on_a_desk()


@pytest.mark.slow(12)
def test_every_schedule_ends_as_the_model_says_and_nothing_leaks(machine: type[Lives]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=16))
