"""Ends what a bench started once the bench has died: a daemon and a database server outlive a ``kill -9``.

``python -m bench.keeper PID`` is told by the end of its input that the process of that number is gone. What
that had started is known by a word in its environment; PostgreSQL, which writes over that, by its folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.harness.receiver import PROJECT

#: Stands in the environment of all that a bench starts, with the bench's own number.
MARK = "WIRE_STARTED_BY"


def keep() -> subprocess.Popen[bytes]:
    """From now on, whatever this process starts ends when it dies, however it dies.

    What is returned is to be held until then: with it goes the line by which the keeper knows that we live.
    """
    os.environ[MARK] = str(os.getpid())
    command = [sys.executable, "-m", "bench.keeper", str(os.getpid())]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, start_new_session=True)


def started_by(pid: int) -> Iterator[int]:
    """The processes that bear the mark of another, which has died; this one left out."""
    mark = f"{MARK}={pid}".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)


def servers_of(pid: int) -> Iterator[tuple[int, Path]]:
    """The database servers that a process started (`tests.servers.postgres`), with their folders."""
    for file in Path(tempfile.gettempdir()).glob(f"wire-test-postgres-{pid}*/postmaster.pid"):
        yield int(file.read_text(encoding="ascii").split()[0]), file.parent


def main() -> None:
    """Wait for the end of the process, then end what is left of it."""
    pid = int(sys.argv[1])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    for child in list(started_by(pid)):
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    for server, folder in list(servers_of(pid)):
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGQUIT)  # at once, without writing down what nobody wants any more
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
