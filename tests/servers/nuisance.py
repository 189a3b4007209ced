"""Servers that speak no protocol to its end: silent ones, and ones that never stop."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Nuisance:
    """Accepts connections on loopback and treats each of them alike, until `close`.

    says   sent at once
    on     then this again and again, without end
    pace_s how long it waits before each of them
    """

    def __init__(self, says: bytes = b"", on: bytes = b"", pace_s: float = 0.0) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.hung_up = threading.Event()  #: set when a client was gone
        self.connected = threading.Event()
        self._ended = threading.Event()
        self._says, self._on, self._pace_s = says, on, pace_s
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                threading.Thread(target=self._annoy, args=(sock,), daemon=True).start()

    def _annoy(self, sock: socket.socket) -> None:
        self.connected.set()
        with sock, suppress(OSError):
            sock.sendall(self._says)
            while self._on and not self._ended.wait(self._pace_s):
                sock.sendall(self._on)
            while sock.recv(65536):
                pass
        self.hung_up.set()

    def is_let_go(self) -> bool:
        """Whether whoever connected has hung up. A busy machine may meet its deadline before it connects."""
        return not self.connected.is_set() or self.hung_up.wait(20)

    def close(self) -> None:
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def __enter__(self) -> Nuisance:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
