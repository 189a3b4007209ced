"""What a bench started ends with it, however that ends."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from bench.keeper import started_by
from tests.harness.receiver import PROJECT
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

_BENCH = """
import subprocess, sys
from bench.keeper import keep
keeper = keep()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print(child.pid, flush=True)
if sys.argv[1] == "dies":
    child.wait()
child.kill()
"""


@pytest.mark.parametrize("ends", ["by itself", "dies"])
def test_nothing_outlives_it(ends: str) -> None:
    bench = subprocess.Popen(
        [sys.executable, "-c", _BENCH, ends], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert bench.stdout is not None
    child = int(bench.stdout.readline())
    if ends == "dies":
        assert child in started_by(bench.pid)
        bench.send_signal(signal.SIGKILL)
    bench.wait(30)
    bench.stdout.close()
    eventually(lambda: not list(started_by(bench.pid)), limit_s=30, what="the keeper too has ended")
