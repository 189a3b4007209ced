"""`wire` commands in processes forked off one that has imported everything, so that a run costs no start.

``python -m tests.crash.warm`` reads orders from standard input, a JSON object a line, and answers each with
the exit status. A forked process waits until strace holds it, so what strace counts is the command alone.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROJECT = Path(__file__).resolve().parents[2]


class Warm:
    """The process that forks, seen from a test. A context manager: it ends with the block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.warm"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def run(self, root: Path, *words: str, strace: Sequence[str] = (), weakness: str | None = None) -> int:
        """Run ``wire WORDS`` in a folder; its output goes to ``root/log``. Returns the exit status.

        strace    options to run it under; empty for none
        weakness  a promise to be broken by it (`tests.crash.weakened`)

        The status is negative for a signal.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        order = {"root": str(root), "words": words, "strace": list(strace), "weakness": weakness}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def main() -> None:
    """Serve until standard input closes."""
    _import_all()
    for line in sys.stdin:
        print(_forked(json.loads(line)), flush=True)


def _import_all() -> None:
    import wire

    for module in pkgutil.walk_packages(wire.__path__, "wire."):
        if module.name.endswith("__main__") or ".migrations" in module.name:
            continue
        try:
            importlib.import_module(module.name)
        except ImportError:
            continue  # an extra that is not installed


def _forked(order: dict[str, Any]) -> int:
    hold, release = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(release)
        _live(order, hold)
    os.close(hold)
    tracer = _traced(pid, order["strace"]) if order["strace"] else None
    os.close(release)
    _, status = os.waitpid(pid, 0)
    if tracer is not None:
        tracer.wait()
    return os.waitstatus_to_exitcode(status)


def _traced(pid: int, options: Sequence[str]) -> subprocess.Popen[str]:
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(pid), *options], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    assert "attached" in said, said
    return tracer


def _live(order: dict[str, Any], hold: int) -> None:
    """The forked process: run the command and end, whatever happens."""
    os.setsid()
    os.read(hold, 1)  # until strace holds us
    os.close(hold)
    log = os.open(f"{order['root']}/log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for standard in (1, 2):
        os.dup2(log, standard)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.chdir(order["root"])
    try:
        if order["weakness"]:
            from tests.crash.weakened import WEAKNESSES

            WEAKNESSES[order["weakness"]]()
        from wire.cli.main import main as wire

        sys.argv = ["wire", *order["words"]]
        status = 0
        try:
            wire()
        except SystemExit as exc:
            status = exc.code if isinstance(exc.code, int) else int(exc.code is not None)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    finally:
        import traceback

        traceback.print_exc()
        os._exit(70)


if __name__ == "__main__":
    main()
