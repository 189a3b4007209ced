"""A process that writes files by fsspec: ``python -m wire.deliver.fsspec_child FD``, from `fsspec_files`.

The libraries behind fsspec know nothing of our deadlines and addresses. A process can be ended whatever they
do, and within it every address is checked when one of them connects.

It is told, pickled: a `Setup`, then one `Job` after the other. It answers each in JSON: ``{"failed": null}``,
or what went wrong and whether that passes.
"""

from __future__ import annotations

import json
import os
import pickle
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from queue import SimpleQueue
from typing import Any, NamedTuple

from wire.deliver.addresses import Network, refusal
from wire.deliver.filing import part_of
from wire.deliver.frames import BadFrame, Frames

#: A document, however large.
TOLD_BYTES = 1 << 30
#: What is said of a failure, with room.
SAID_BYTES = 64 << 10

_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_SAID = 2000
#: Nothing that time mends: what is asked for is not allowed, not there to be asked, or not installed.
_LASTING = (PermissionError, NotImplementedError, ImportError, TypeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Where to write; holds secrets."""

    url: str
    options: Mapping[str, Any]
    rename: bool
    networks: Sequence[Network]


class Job(NamedTuple):
    """A file that is to be there, or, without a body, not to be."""

    name: str
    body: bytes | None


class _Mismatch(Exception):
    """The file is not as long as what was written."""


class _Shelf:
    """The folder that the address names; `wire.deliver.filing.Shelf`."""

    def __init__(self, setup: Setup) -> None:
        import fsspec

        self._files, root = fsspec.core.url_to_fs(setup.url, **setup.options)
        self._root = root.rstrip("/")
        self._rename = setup.rename

    def put(self, name: str, body: bytes) -> None:
        """See `wire.deliver.filing.Shelf`."""
        final = f"{self._root}/{name}"
        written = f"{self._root}/{part_of(name)}" if self._rename else final
        self._files.pipe_file(written, body)
        self._files.invalidate_cache()
        size = self._files.info(written).get("size")
        if size is not None and size != len(body):
            raise _Mismatch(f"{size} of {len(body)} bytes arrived")
        if written != final:
            self._files.mv(written, final)

    def remove(self, name: str) -> None:
        """See `wire.deliver.filing.Shelf`."""
        self._files.invalidate_cache()
        if self._files.exists(f"{self._root}/{name}"):
            self._files.rm_file(f"{self._root}/{name}")


def guard(networks: Sequence[Network]) -> None:
    """From now on, no socket of this process connects to an address that `refusal` objects to."""

    def check(event: str, arguments: Sequence[Any]) -> None:
        if event in _CONNECTING and len(arguments) > 1 and isinstance(arguments[1], tuple):
            _check_address(str(arguments[1][0]), networks)

    sys.addaudithook(check)


def _check_address(host: str, networks: Sequence[Network]) -> None:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        raise ConnectionRefusedError(f"{host} is not connected to by its name") from None
    if reason := refusal(address, networks):
        raise ConnectionRefusedError(f"{host} is not connected to: {reason}")


def run(frames: Frames) -> None:
    """Be told where to write, and write."""
    jobs: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(frames, jobs), daemon=True).start()
    setup: Setup = pickle.loads(jobs.get())  # noqa: S301 - whoever started us could do anything anyway
    guard(setup.networks)
    shelf: _Shelf | None = None
    while True:
        job: Job = pickle.loads(jobs.get())  # noqa: S301
        try:
            shelf = shelf or _Shelf(setup)
            if job.body is None:
                shelf.remove(job.name)
            else:
                shelf.put(job.name, job.body)
            answer: dict[str, Any] = {"failed": None}
        except Exception as exc:  # noqa: BLE001 - the libraries' edge: whatever they raise is told
            answer = {"failed": f"{type(exc).__name__}: {exc}"[:_SAID], "lasting": isinstance(exc, _LASTING)}
        frames.send(json.dumps(answer).encode("ascii"))


def _listen(frames: Frames, jobs: SimpleQueue[bytes]) -> None:
    """Take what comes; once whoever started us is gone, so are we, whatever is under way."""
    try:
        while (message := frames.receive()) is not None:
            jobs.put(message)
    except (BadFrame, OSError):
        pass
    finally:
        os._exit(1)


def main() -> None:
    """Begin: told nothing but which descriptor to listen at."""
    run(Frames(socket.socket(fileno=int(sys.argv[1])), limit=TOLD_BYTES))


if __name__ == "__main__":
    main()
