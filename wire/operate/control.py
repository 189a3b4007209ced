"""How a command reaches the running daemon: one JSON line each way over a Unix socket.

Only the daemon writes to the store while it runs, so a command that changes something asks it to. The
socket lies beside the database and may be used by the daemon's own user alone.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wire.errors import CommandError, WireError

log = logging.getLogger(__name__)

_MAX_REQUEST = 1024 * 1024
#: An answer names every file of a quarantine that stays in it.
_MAX_REPLY = 64 * 1024 * 1024
_TIMEOUT_S = 60.0
#: Callers that are answered at the same time; who else calls waits for one of them.
_AT_ONCE = 8
#: Seconds in which a caller has to have asked, and as many to take the answer.
_PATIENCE_S = 5.0

Operation = Callable[..., Any]


class ControlServer:
    """Answers commands, each in a thread of its own: no slow caller and no long order holds up others."""

    def __init__(self, path: Path, operations: Mapping[str, Operation]) -> None:
        """``operations``: what may be asked; each takes keyword arguments and returns JSON values."""
        self._path = path
        self._operations = operations
        self._stop = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="wire-control", daemon=True)
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._answering: set[threading.Thread] = set()

    def start(self) -> None:
        """Listen. The caller holds the data lock, so a socket left behind is nobody's."""
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with _short(self._path) as address:
            self._socket.bind(address)
        self._path.chmod(0o600)
        self._socket.listen(_AT_ONCE)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; commands being carried out are finished first, if they are within five seconds."""
        self._stop.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            ends_s = time.monotonic() + _PATIENCE_S
            for thread in (self._thread, *self._answering):
                thread.join(max(0.0, ends_s - time.monotonic()))
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()  # type: ignore[union-attr]
            except OSError:
                return
            self._places.acquire()
            thread = threading.Thread(
                target=self._answer, args=(connection,), name="wire-control-caller", daemon=True
            )
            self._answering.add(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            with connection:
                self._converse(connection)
        finally:
            self._answering.discard(threading.current_thread())
            self._places.release()

    def _converse(self, connection: socket.socket) -> None:
        try:
            request = json.loads(_read_line(connection, _MAX_REQUEST, _PATIENCE_S))
            reply = self._carry_out(request["operation"], request["arguments"])
        except (OSError, ValueError, KeyError, TypeError) as exc:
            reply = {"error": f"not understood: {exc}"}
        connection.settimeout(_PATIENCE_S)
        with contextlib.suppress(OSError):
            connection.sendall(json.dumps(reply).encode() + b"\n")

    def _carry_out(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        operation = self._operations.get(name)
        if operation is None:
            return {"error": f"the running daemon does not know {name!r}: is it of another version?"}
        try:
            return {"result": operation(**arguments)}
        except WireError as exc:
            return {"error": str(exc)}
        except Exception as exc:  # the command's edge: the daemon goes on, the person is told
            log.exception("command failed: %s", name)
            return {"error": f"failed inside the daemon: {exc!r}"}


def ask(path: Path, operation: str, **arguments: Any) -> Any:
    """Have the daemon that listens at ``path`` carry out an operation; returns its result.

    Raises CommandError with the daemon's words when it refuses, FileNotFoundError or
    ConnectionRefusedError when no daemon listens.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_TIMEOUT_S)
        with _short(path) as address:
            connection.connect(address)
        try:
            connection.sendall(json.dumps({"operation": operation, "arguments": arguments}).encode() + b"\n")
            reply = json.loads(_read_line(connection, _MAX_REPLY, _TIMEOUT_S))
        except TimeoutError as exc:
            raise CommandError(
                f"the daemon did not answer within {_TIMEOUT_S:.0f} seconds; it may be at it still"
            ) from exc
        except (OSError, ValueError) as exc:
            raise CommandError(f"the daemon did not answer: {exc}") from exc
    if "error" in reply:
        raise CommandError(reply["error"])
    return reply["result"]


def _read_line(connection: socket.socket, limit: int, seconds: float) -> bytes:
    """What comes up to the line's end, or until the other side hangs up. Raises TimeoutError, OSError."""
    ends_s = time.monotonic() + seconds
    line = bytearray()
    while not line.endswith(b"\n"):
        connection.settimeout(max(0.001, ends_s - time.monotonic()))
        part = connection.recv(65536)
        if not part or len(line) > limit:
            break
        line += part
    return bytes(line)


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """The same socket by a path under the 107 bytes that an address holds."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
