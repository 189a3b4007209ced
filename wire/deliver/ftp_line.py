"""A connection to an FTP server: the standard library's client, dialled, bounded and secured."""

from __future__ import annotations

import ftplib
import socket
import ssl
from contextlib import suppress
from typing import Any

from wire.deliver.dialling import Dialler, is_silent

_ANSWER_CHARACTERS = 64 << 10


class FtpLine(ftplib.FTP_TLS):
    """The library's client with checked addresses, bounded answers and TLS as the context says, or none."""

    def __init__(self, dialler: Dialler, context: ssl.SSLContext | None) -> None:
        super().__init__(context=context or ssl.create_default_context(), timeout=None, encoding="utf-8")
        self._dialler = dialler
        self._heard = 0

    def begin(self, host: str, port: int, *, secured: bool) -> None:
        """Connect, and hear the welcome."""
        self.host, self.port = host, port
        sock = self._dialler.dial(host, port)
        sock.settimeout(None)
        self.sock = self.context.wrap_socket(sock, server_hostname=host) if secured else sock
        self.af = sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()

    def ntransfercmd(self, cmd: str, rest: Any = None) -> tuple[socket.socket, int | None]:  # noqa: ARG002
        """A connection for data; it goes to the server's own address, whatever the server names."""
        data = self._dialler.dial(*self.makepasv(), role="data")
        try:
            data.settimeout(None)
            self._begin_transfer(cmd)
            if self._prot_p:  # type: ignore[attr-defined]
                # Many servers want to see the same TLS session again: it proves that both are one client's.
                session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
                data = self.context.wrap_socket(data, server_hostname=self.host, session=session)
        except BaseException:
            data.close()
            raise
        return data, None

    def _begin_transfer(self, cmd: str) -> None:
        answer = self.sendcmd(cmd)
        if not answer.startswith("1"):
            raise ftplib.error_reply(answer)  # noqa: S321 - FTP is what the endpoint speaks

    def getmultiline(self) -> str:
        """One answer, of whatever number of lines."""
        self._heard = 0
        return super().getmultiline()

    def getline(self) -> str:
        """One line of an answer that is too long to be one when its lines go on and on."""
        line = super().getline()
        self._heard += len(line) + 2
        if self._heard > _ANSWER_CHARACTERS:
            raise ftplib.error_proto("an answer without end")  # noqa: S321 - an error, no call
        return line

    def alive(self) -> bool:
        """See `wire.deliver.session.Connection`."""
        return self.sock is not None and is_silent(self.sock)

    def hang_up(self) -> None:
        """See `wire.deliver.session.Connection`."""
        self.close()

    def write(self, name: str, body: bytes) -> None:
        """See `wire.deliver.filing.Server`."""
        broken: OSError | None = None
        with self.transfercmd(f"STOR {name}") as data:
            try:
                data.sendall(body)
            except OSError as exc:
                broken = exc
            # Not every server ends TLS in form; whether all arrived is asked below.
            with suppress(OSError):
                if isinstance(data, ssl.SSLSocket):
                    data.unwrap()
            # Closing alone would not tell the server: the dialler holds a handle as well.
            with suppress(OSError):
                data.shutdown(socket.SHUT_RDWR)
        # A server that hangs up amid the data says here why.
        self.voidresp()
        if broken is not None:
            raise broken

    def erase(self, name: str) -> None:
        """See `wire.deliver.filing.Server`."""
        try:
            self.delete(name)
        except ftplib.error_perm:
            if self._has(name):
                raise

    def size_of(self, name: str) -> int | None:
        """See `wire.deliver.filing.Server`."""
        try:
            return self.size(name)
        except ftplib.error_perm as exc:
            if str(exc)[:3] in {"500", "502", "504"}:  # it does not know the command
                return None
            raise

    def move(self, name: str, to: str) -> None:
        """See `wire.deliver.filing.Server`. RFC 959 leaves open whether a file may be in the way."""
        try:
            self.rename(name, to)
        except ftplib.error_perm as exc:
            try:
                self.delete(to)
            except ftplib.error_perm:  # nothing was in the way
                raise exc from None
            self.rename(name, to)

    def _has(self, name: str) -> bool:
        with suppress(ftplib.error_perm):
            return self.size(name) is not None
        return False
