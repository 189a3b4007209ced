"""A connection to a mail server: the standard library's client, dialled and bounded."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Sequence
from typing import IO, Any

from wire.deliver.dialling import Dialler, is_silent
from wire.deliver.reply import quoted

_ANSWER_BYTES = 64 << 10


class SmtpLine(smtplib.SMTP):
    """The library's client with checked addresses and bounded answers."""

    def __init__(self, dialler: Dialler, context: ssl.SSLContext | None, name: str) -> None:
        super().__init__(local_hostname=name)
        self._dialler = dialler
        self._context = context

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:  # noqa: ARG002
        self._host = host
        sock = self._dialler.dial(host, port)
        sock.settimeout(None)
        return self._context.wrap_socket(sock, server_hostname=host) if self._context else sock

    def getreply(self) -> tuple[int, bytes]:
        """One answer, of whatever number of lines."""
        if self.file is None and self.sock is not None:
            self.file = _Bounded(self.sock.makefile("rb"))
        if isinstance(self.file, _Bounded):
            self.file.heard = 0
        return super().getreply()

    def alive(self) -> bool:
        """See `wire.deliver.session.Connection`."""
        return self.sock is not None and is_silent(self.sock)

    def hang_up(self) -> None:
        """See `wire.deliver.session.Connection`."""
        self.close()

    def address(self, sender: str, to: Sequence[str]) -> None:
        """Say from whom to whom. Raises SMTPResponseException when anybody is turned down."""
        self._expect(self.mail(sender))
        for each in to:
            self._expect(self.rcpt(each))

    def hand_over(self, mail: bytes) -> str:
        """The mail itself; what the server says to it. Raises SMTPResponseException."""
        code, said = self.data(mail)
        if code != 250:
            raise smtplib.SMTPDataError(code, said)
        return quoted(said).removeprefix(": ")

    @staticmethod
    def _expect(answer: tuple[int, bytes]) -> None:
        code, said = answer
        if not 200 <= code < 300:
            raise smtplib.SMTPResponseException(code, said)


class _Bounded:
    """A stream whose answers end, if need be by an error."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.heard = 0

    def readline(self, limit: int) -> bytes:
        """A line, no longer than that. Raises OSError when there have been too many."""
        line = self._stream.readline(limit)
        self.heard += len(line)
        if self.heard > _ANSWER_BYTES:
            raise OSError("an answer without end")
        return line

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
