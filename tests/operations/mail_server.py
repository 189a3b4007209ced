"""A mail server of a few lines: plain SMTP (RFC 5321), keeps what it is sent."""

from __future__ import annotations

import re
import socket
import threading
from types import TracebackType


class MailServer:
    """Listens on a loopback port for as long as the ``with`` lasts."""

    def __init__(self) -> None:
        self.received: list[tuple[str, list[str], bytes]] = []  #: sender, recipients, message
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        file = connection.makefile("rb")
        sender, to = "", list[str]()
        connection.sendall(b"220 test\r\n")
        for line in file:
            verb = line[:4].upper()
            address = (re.findall(rb"<(.*?)>", line) or [b""])[0].decode()
            if verb == b"MAIL":
                sender = address
            elif verb == b"RCPT":
                to.append(address)
            elif verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                lines = list(iter(file.readline, b".\r\n"))
                self.received.append((sender, to, b"".join(lines)))
            elif verb == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            connection.sendall(b"250 yes\r\n")
