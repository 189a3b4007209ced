"""The crash tests go red when a single flush, rename or transaction is taken out of `wire`."""

from __future__ import annotations

import pytest

from tests.crash.onepath import OnePath
from tests.crash.test_every_call import MOST, meet
from tests.crash.test_powercut import power_cuts
from tests.crash.weakened import WEAKNESSES

pytestmark = [pytest.mark.slow(5), pytest.mark.timeout(600)]

#: By which call's kills a weakness is found.
KILLED_AT = {
    "no_transaction": "fdatasync",
    "no_rename_in_the_outbox": "write",
}
BY_POWER_CUT = ("no_flush_of_the_store", "no_flush_of_the_outbox", "removal_before_the_commit")


def test_every_weakness_is_tried() -> None:
    assert set(WEAKNESSES) == {*KILLED_AT, *BY_POWER_CUT}


@pytest.mark.parametrize("weakness", KILLED_AT)
def test_kills_find_it(path: OnePath, weakness: str) -> None:
    for number in range(1, MOST):
        troubles = meet(path, KILLED_AT[weakness], "signal=SIGKILL", number, weakness=weakness)
        assert troubles is not None, "no kill found it"
        if troubles:
            return


@pytest.mark.parametrize("weakness", BY_POWER_CUT)
def test_power_cuts_find_it(path: OnePath, weakness: str) -> None:
    assert any(troubles for _, troubles in power_cuts(path, names_kept=True, weakness=weakness))
