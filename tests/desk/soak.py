"""Many random schedules: ``python -m tests.desk.soak [SCHEDULES] [SEED]``, 10,000 by default.

Prints how far it has come; the first schedule that does not end as it should is shown, and ends it with 1.
"""

from __future__ import annotations

import sys
import time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.desk.lives import Lives, on_a_desk

_BATCH = 50  #: schedules that share a seed
_STEPS = 16


def soak(schedules: int, first_seed: int) -> None:
    """Live through so many schedules; raises what the first failing one does."""
    began = time.monotonic()
    for machine in on_a_desk():
        for done in range(0, schedules, _BATCH):
            some = min(_BATCH, schedules - done)
            _live(machine, some, first_seed + done)
            print(f"{done + some} schedules, {time.monotonic() - began:.0f} s", flush=True)


def _live(machine: type[Lives], schedules: int, number: int) -> None:
    chosen = settings(
        max_examples=schedules,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(machine), settings=chosen)


if __name__ == "__main__":
    soak(*(int(word) for word in (*sys.argv[1:3], *("10000", "1")[len(sys.argv) - 1 :])))
