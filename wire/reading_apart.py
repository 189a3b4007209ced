"""Large files are read in a process of their own, with limits on time and memory.

Reading holds the interpreter for as long as it takes, and what is large may be hostile. A file above the
limit is therefore handed to a fresh process: whatever happens there (minutes of work, exhausted memory, a
crash of a library) ends in the quarantine with its reason, and delays no other story. The process takes the
raw bytes on its standard input and answers in JSON; it has no store, no settings and no secrets.

Run as ``python -m wire.reading_apart`` it is that process.
"""

from __future__ import annotations

import json
import logging
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from wire import storyjson
from wire.errors import IntakeError, Malformed, UnsafeInput
from wire.reading import ReadFile, ReadStory, build_reader, read_file, read_story
from wire.story import RawFile

log = logging.getLogger(__name__)

#: Bytes above which a file is read apart; a smaller one takes some tens of milliseconds at worst.
LARGE = 256 * 1024
_COMMAND = (sys.executable, "-P", "-m", "wire.reading_apart")
_TIME_LIMIT_S = 30.0
_MEMORY_LIMIT = 1 << 30  # bytes of address space


class ApartReader:
    """Reads large files one after the other, each in its own process. Thread-safe."""

    def __init__(self, *, large: int = LARGE, time_limit_s: float = _TIME_LIMIT_S) -> None:
        """``large``: bytes above which a file is read apart."""
        self._large = large
        self._time_limit_s = time_limit_s
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wire-apart")
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def takes(self, raw: RawFile) -> bool:
        """Whether this file is large enough to be read apart."""
        return len(raw.data) > self._large

    def submit(self, raw: RawFile, then: Callable[[ReadFile | None], None]) -> None:
        """Read a file and call ``then`` with it, on a thread of ours; with None when we were stopped."""
        self._queue.submit(self._carry, raw, then)

    def wait(self) -> None:
        """Until everything submitted so far has been read and accepted."""
        self._queue.submit(lambda: None).result()

    def stop(self) -> None:
        """Break off the reading under way; what waits is given back unread."""
        self._stopped.set()
        if (running := self._running) is not None:
            running.kill()
        self._queue.shutdown(wait=True)

    def read(self, raw: RawFile) -> ReadFile:
        """The file read now, in a process of its own. Never raises."""
        try:
            items = self._items(raw)
        except IntakeError as exc:
            items = (exc,)
        return read_file(raw, items)

    def _carry(self, raw: RawFile, then: Callable[[ReadFile | None], None]) -> None:
        try:
            file = None if self._stopped.is_set() else self.read(raw)
            then(None if self._stopped.is_set() else file)
        except Exception:  # the thread's edge: the next large file must still be read
            log.exception("a large file could not be carried on", extra={"source": raw.source.id})

    def _items(self, raw: RawFile) -> tuple[ReadStory | IntakeError, ...]:
        pipe = subprocess.PIPE
        with subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe) as process:  # noqa: S603 - our own
            self._running = process
            try:
                answer, _ = process.communicate(pickle.dumps(raw), timeout=self._time_limit_s)
            except subprocess.TimeoutExpired as exc:
                process.kill()
                raise UnsafeInput(
                    f"it could not be read within {self._time_limit_s:.0f} s; split it, or send it plainer"
                ) from exc
            finally:
                self._running = None
        if process.returncode != 0:
            raise UnsafeInput("reading it needed more memory or time than a story may; split it")
        return tuple(_item(item, raw, number) for number, item in enumerate(json.loads(answer), 1))


def _item(answer: Mapping[str, Any], raw: RawFile, number: int) -> ReadStory | IntakeError:
    if "refused" in answer:
        return Malformed(answer["refused"])
    return read_story(storyjson.load(answer["story"]), raw, number)


def main() -> None:
    """Read the file on standard input within limits; answer its stories on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, _MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    raw: RawFile = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the daemon itself
    items = build_reader().items(raw)
    answer = [
        {"story": storyjson.dump(item.story)} if isinstance(item, ReadStory) else {"refused": str(item)}
        for item in items
    ]
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
