"""Messages over a stream socket: four bytes of length, then so many bytes."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

_LENGTH = struct.Struct("!I")
_BUFFER_BYTES = 64 << 10


class BadFrame(ValueError):
    """What came is no message of the other side's: too long, or cut off."""


class Frames:
    """Both directions of one connection. Safe from any thread.

    limit  longest message that is received, in bytes
    """

    def __init__(self, sock: socket.socket, *, limit: int) -> None:
        self._sock = sock
        self._stream = sock.makefile("rb", _BUFFER_BYTES)
        self._limit = limit
        self._sending = threading.Lock()
        self._receiving = threading.Lock()

    def send(self, message: bytes) -> None:
        """Send one message whole. Raises OSError when the other side is gone, or takes too long."""
        with self._sending:
            self._sock.sendall(_LENGTH.pack(len(message)) + message)

    def receive(self) -> bytes | None:
        """The next message; None once the other side is gone. Raises BadFrame."""
        with self._receiving:
            try:
                head = self._stream.read(_LENGTH.size)
                if len(head) < _LENGTH.size:
                    return None
                (length,) = _LENGTH.unpack(head)
                if length > self._limit:
                    raise BadFrame(f"a message of {length} bytes; {self._limit} are allowed")
                message: bytes = self._stream.read(length)
            except ConnectionError:
                return None
        return message if len(message) == length else None

    def hang_up(self) -> None:
        """End the connection for both sides: whoever waits in `receive` learns it."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of our end; called once nobody waits in `receive` any more."""
        self._stream.close()
        self._sock.close()
