"""Files put wherever a library of the fsspec family reaches, from a process that can be ended at any time."""

from __future__ import annotations

import json
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from wire.common.clock import ms_since, utc_now
from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog, common_watchdog
from wire.deliver.filing import PROBE, PROBE_BODY, Files, errand, said
from wire.deliver.frames import BadFrame, Frames
from wire.deliver.fsspec_child import SAID_BYTES, Job, Setup
from wire.errors import Refused, Unreachable
from wire.ports import Clock
from wire.story import Delivery, Receipt

_COMMAND = (sys.executable, "-P", "-m", "wire.deliver.fsspec_child")
_PROBE_S = 30.0
_ENDS_S = 2.0  #: a process that was killed and lives so much longer waits for a disk that does not answer


class _Child:
    """The process, and the line to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*_COMMAND, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=_environment(),
            )
        self.frames = Frames(ours, limit=SAID_BYTES)

    def end(self) -> bool:
        """End it at once, with every connection it has; whether it has ended."""
        self.process.kill()
        try:
            self.process.wait(_ENDS_S)
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.frames.close()
        return True


def _environment() -> dict[str, str]:
    """Ours, without what would send its libraries elsewhere or have them log in as somebody else."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "NETRC": os.devnull}


class FsspecTransport:
    """Writes each document by fsspec; `wire.ports.Transport`.

    url       a folder, as fsspec has it: ``gs://bucket/wire``, ``abfs://…``, ``smb://…``
    options   handed to the library that knows such addresses
    rename    write under a temporary name first; where a file is whole or not there, that is needless
    networks  private networks in which it may connect
    """

    def __init__(
        self,
        *,
        url: str,
        options: Mapping[str, Any] | None = None,
        rename: bool = True,
        files: Files = "versions",
        networks: Sequence[Network] = (),
        watchdog: Watchdog | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._setup = Setup(url=url, options=dict(options or {}), rename=rename, networks=tuple(networks))
        self._files = files
        self._watchdog = watchdog or common_watchdog()
        self._clock = clock
        self._child: _Child | None = None
        self._left_behind: subprocess.Popen[bytes] | None = None  # killed, and not ended yet
        self._closed = threading.Event()

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """See `wire.ports.Transport.send`."""
        started_s = time.monotonic()
        wanted = errand(delivery, self._files)
        self._have_done([Job(wanted.name, wanted.body)], deadline_s)
        return Receipt(accepted_at=self._clock(), took_ms=ms_since(started_s), detail=said(wanted))

    def probe(self) -> None:
        """Prove that files can be written and removed, with one that readers leave alone."""
        self._have_done([Job(PROBE, PROBE_BODY), Job(PROBE, None)], _PROBE_S)

    def close(self) -> None:
        """See `wire.ports.Transport.close`."""
        self._closed.set()
        child = self._child
        if child is not None:
            child.process.kill()

    def _have_done(self, jobs: Sequence[Job], deadline_s: float) -> None:
        """Have the process do what is to be done. Raises DeliveryError."""
        if self._closed.is_set():
            raise Unreachable("the daemon is stopping")
        child = self._begun()
        with self._watchdog.watching(deadline_s, child.process.kill) as deadline:
            try:
                for job in jobs:
                    self._ask(child, job)
            except (OSError, BadFrame) as exc:
                self._end()
                why = f"not done within {deadline_s:.3g} s" if deadline.over else f"its process ended: {exc}"
                raise Unreachable(why) from exc

    def _begun(self) -> _Child:
        """The process, started when there is none that lives.

        None is beside one that is left behind: what that had begun could take a newer file's place.
        """
        if self._left_behind is not None and self._left_behind.poll() is None:
            raise Unreachable("the process of an attempt before this one does not end: its disk is silent")
        if self._child is not None and self._child.process.poll() is not None:
            self._end()
        if self._child is None:
            try:
                self._child = _Child()
                self._child.frames.send(pickle.dumps(self._setup))
            except OSError as exc:
                self._end()
                raise Unreachable(f"no process could be started for it: {exc}") from exc
        return self._child

    @staticmethod
    def _ask(child: _Child, job: Job) -> None:
        child.frames.send(pickle.dumps(job))
        message = child.frames.receive()
        if message is None:
            raise ConnectionResetError("it hung up")
        answer = _answer(message)
        if answer["failed"] is not None:
            raise (Refused if answer.get("lasting") is True else Unreachable)(str(answer["failed"]))

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None and not child.end():
            self._left_behind = child.process


def _answer(message: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(message)
    except (ValueError, RecursionError) as exc:
        raise BadFrame("an answer that is no JSON") from exc
    if not isinstance(answer, dict) or "failed" not in answer:
        raise BadFrame("an answer that is none")
    return answer
