"""`wire` in processes forked off one that has imported everything, so that a process costs no start.

``python -m tests.harness.warm FD`` reads orders from a socket, a JSON object each, and answers each with one.
A forked process waits until strace holds it, so what strace counts is the command alone.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parents[2]
_MOST_BYTES = 1 << 18  #: of an order, the environment in it


class Forked:
    """A process that was forked off, as far as tests need one: a small `subprocess.Popen`."""

    def __init__(self, warm: Warm, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None  #: negative for a signal
        self._warm = warm
        self._ended = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """The exit status, None while the process lives."""
        return self._status_within(0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit status. Raises subprocess.TimeoutExpired after so many seconds."""
        status = self._status_within(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing to a process that has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def _status_within(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], timeout)[0]:
            os.close(self._ended)
            self.returncode = self._warm.order(do="reap", pid=self.pid)["status"]
        return self.returncode


class Warm:
    """The process that forks, seen from a test. It ends when this is closed, or its owner ends."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.harness.warm", str(theirs.fileno())],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._one_at_a_time = threading.Lock()

    def close(self) -> None:
        """End the process; those forked off it live on."""
        self._orders.close()
        self._process.wait(10)

    def start(
        self,
        words: Sequence[str],
        *,
        cwd: Path,
        stdout: IO[Any],
        stderr: IO[Any],
        env: Mapping[str, str] | None = None,
        strace: Sequence[str] = (),
        weakness: str | None = None,
    ) -> Forked:
        """Start ``wire WORDS``, leader of a session of its own.

        strace    options to run it under; empty for none
        weakness  a promise to be broken by it (`tests.crash.weakened`)
        """
        answer = self.order(
            stdout.fileno(),
            stderr.fileno(),
            do="start",
            words=list(words),
            cwd=str(cwd),
            env=dict(os.environ if env is None else env),
            strace=list(strace),
            weakness=weakness,
        )
        return Forked(self, answer["pid"])

    def order(self, *descriptors: int, **order: Any) -> dict[str, Any]:
        """The process's answer to an order."""
        with self._one_at_a_time:
            socket.send_fds(self._orders, [json.dumps(order).encode()], descriptors)
            answer: dict[str, Any] = json.loads(self._orders.recv(_MOST_BYTES))
        return answer


@cache
def warm() -> Warm:
    """The one of this test process, made when it is needed first."""
    return Warm()


def main() -> None:
    """Serve until the other side closes."""
    _import_all()
    tracers: dict[int, subprocess.Popen[str]] = {}
    with socket.socket(fileno=int(sys.argv[1])) as orders:
        while True:
            data, descriptors, _, _ = socket.recv_fds(orders, _MOST_BYTES, 2)
            if not data:
                return
            order = json.loads(data)
            answer = (
                _forked(order, descriptors, tracers) if order["do"] == "start" else _reaped(order, tracers)
            )
            orders.send(json.dumps(answer).encode())


def _import_all() -> None:
    import wire

    for module in pkgutil.walk_packages(wire.__path__, "wire."):
        if module.name.endswith("__main__") or ".migrations" in module.name:
            continue
        try:
            importlib.import_module(module.name)
        except ImportError:
            continue  # an extra that is not installed


def _forked(
    order: dict[str, Any], descriptors: list[int], tracers: dict[int, subprocess.Popen[str]]
) -> dict[str, int]:
    hold, release = os.pipe()
    led, leads = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(release)
        os.close(led)
        _live(order, descriptors, hold, leads)
    for descriptor in (hold, leads, *descriptors):
        os.close(descriptor)
    os.read(led, 1)  # until it leads a session, which a test may kill at once
    os.close(led)
    if order["strace"]:
        tracers[pid] = _traced(pid, order["strace"])
    os.close(release)
    return {"pid": pid}


def _reaped(order: dict[str, Any], tracers: dict[int, subprocess.Popen[str]]) -> dict[str, int]:
    _, status = os.waitpid(order["pid"], 0)
    if tracer := tracers.pop(order["pid"], None):
        tracer.communicate()
    return {"status": os.waitstatus_to_exitcode(status)}


def _traced(pid: int, options: Sequence[str]) -> subprocess.Popen[str]:
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(pid), *options], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    assert "attached" in said, said
    return tracer


def _live(order: dict[str, Any], descriptors: list[int], hold: int, leads: int) -> None:
    """The forked process: run the command and end, whatever happens."""
    try:
        os.setsid()
        os.close(leads)
        os.read(hold, 1)  # until strace holds us
        os.close(hold)
        for standard, descriptor in zip((1, 2), descriptors, strict=True):
            os.dup2(descriptor, standard)
        os.closerange(3, max(descriptors) + 1)  # what the process that forks listens at, too
        os.environ.clear()
        os.environ.update(order["env"])
        os.chdir(order["cwd"])
        if order["weakness"]:
            from tests.crash.weakened import WEAKNESSES

            WEAKNESSES[order["weakness"]]()
        os._exit(_run(order["words"]))
    finally:
        import traceback

        traceback.print_exc()
        os._exit(70)


def _run(words: Sequence[str]) -> int:
    from wire.cli.main import main as wire

    sys.argv = ["wire", *words]
    sys.orig_argv = [sys.executable, "-m", "wire", *words]  # for a daemon that takes the place of itself
    status = 0
    try:
        wire()
    except SystemExit as exc:
        status = exc.code if isinstance(exc.code, int) else int(exc.code is not None)
    sys.stdout.flush()
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    main()
