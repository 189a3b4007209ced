"""A process that reads files for the daemon, with limits on time and memory.

Reading holds the interpreter for as long as it takes, and what is read may be hostile. Whatever happens in
this process (minutes of work, exhausted memory, a crash of a library) ends that process and nothing else. It
has no store, no settings and no secrets, and ends when the daemon hangs up.

Run as ``python -m wire.flow.reading_process FD`` it is that process.
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import resource
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe

from wire.errors import UnsafeInput
from wire.flow.reading import Items, build_reader
from wire.story import RawFile

_COMMAND = (sys.executable, "-P", "-m", "wire.flow.reading_process")
_MEMORY_LIMIT = 1 << 30  # bytes of address space
_READY = b"ready"


class ReadingProcess:
    """One such process, started at once. Used by one thread; `kill` by any."""

    def __init__(self) -> None:
        ours, theirs = Pipe()
        with theirs:
            fd = theirs.fileno()
            self._process = subprocess.Popen((*_COMMAND, str(fd)), pass_fds=(fd,), stdin=subprocess.DEVNULL)  # noqa: S603 - our own
        self._talk = ours
        self._ready = False

    def _begun(self, timeout_s: float) -> bool:
        """Whether it can read by now, or within ``timeout_s`` seconds."""
        if not self._ready:
            self._ready = self._talk.poll(timeout_s) and self._talk.recv_bytes() == _READY
        return self._ready

    def send(self, files: Sequence[RawFile]) -> None:
        """Give it files to read; their items are to be received before the next ones are sent."""
        with contextlib.suppress(OSError):  # receiving tells what became of it
            self._talk.send_bytes(pickle.dumps(files))

    def receive(self, timeout_s: float) -> list[Items]:
        """What came of each file. Raises UnsafeInput when it did not get there; then it has ended."""
        try:
            if self._begun(timeout_s) and self._talk.poll(timeout_s):
                items: list[Items] = pickle.loads(self._talk.recv_bytes())  # noqa: S301 - our own process
                return items
        except (EOFError, OSError) as exc:
            self.end()
            raise UnsafeInput("reading it needed more memory than a story may, or broke the reader") from exc
        self.end()
        raise UnsafeInput(f"it could not be read within {timeout_s:.0f} s; split it, or send it plainer")

    def kill(self) -> None:
        """Break off whatever it does."""
        self._process.kill()

    def end(self) -> None:
        """Break off whatever it does, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._talk.close()


def main() -> None:
    """Read what is sent, within limits, until the daemon hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, _MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reader = build_reader()
    gc.freeze()
    with Connection(int(sys.argv[1])) as talk, contextlib.suppress(EOFError, OSError):
        talk.send_bytes(_READY)
        while True:
            files: Sequence[RawFile] = pickle.loads(talk.recv_bytes())  # noqa: S301 - from the daemon itself
            talk.send_bytes(pickle.dumps(reader.items_of(files)))


if __name__ == "__main__":
    main()
