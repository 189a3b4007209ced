"""A real SSH server on loopback that offers SFTP on a folder, with faults: paramiko's server side."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface

USER, PASSWORD = "desk", "c4nary-p4ssword"


class _Door(paramiko.ServerInterface):
    """Who may come in."""

    def __init__(self, keys: list[paramiko.PKey]) -> None:
        self._keys = keys

    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL if (username, password) == (USER, PASSWORD) else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL if key in self._keys else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Files(SFTPServerInterface):
    """The folder. Faults: ``full``, ``forbids``, ``loses`` (half of it), ``no posix`` (never replaces)."""

    def __init__(
        self, server: Any, *args: Any, folder: Path, faults: tuple[str, ...], log: list[str]
    ) -> None:
        super().__init__(server, *args)
        self._folder, self._faults, self._log = folder, faults, log

    def _path(self, path: str) -> Path:
        return self._folder / path.lstrip("/")

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> Any:
        self._log.append(f"open {path}")
        if "full" in self._faults:
            return paramiko.SFTP_FAILURE
        if "forbids" in self._faults:
            return paramiko.SFTP_PERMISSION_DENIED
        try:
            file = os.fdopen(os.open(self._path(path), flags, 0o600), "wb")
        except OSError as exc:
            return SFTPServer.convert_errno(exc.errno or 0)
        handle = _Losing(flags) if "loses" in self._faults else SFTPHandle(flags)
        handle.writefile = handle.readfile = file
        return handle

    def stat(self, path: str) -> Any:
        self._log.append(f"stat {path}")
        try:
            return SFTPAttributes.from_stat(self._path(path).stat())
        except OSError as exc:
            return SFTPServer.convert_errno(exc.errno or 0)

    lstat = stat

    def remove(self, path: str) -> int:
        self._log.append(f"remove {path}")
        return self._done(lambda: self._path(path).unlink())

    def rename(self, oldpath: str, newpath: str) -> int:
        self._log.append(f"rename {oldpath} {newpath}")
        if self._path(newpath).exists():
            return paramiko.SFTP_FAILURE
        return self._done(lambda: self._path(oldpath).rename(self._path(newpath)))

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        if "no posix" in self._faults:
            return paramiko.SFTP_OP_UNSUPPORTED
        self._log.append(f"posix-rename {oldpath} {newpath}")
        return self._done(lambda: self._path(oldpath).replace(self._path(newpath)))

    @staticmethod
    def _done(act: Any) -> int:
        try:
            act()
        except OSError as exc:
            return SFTPServer.convert_errno(exc.errno or 0)
        return paramiko.SFTP_OK


class _Losing(SFTPHandle):
    def write(self, offset: int, data: bytes) -> int:
        return super().write(offset, data[: len(data) // 2])


class SshServer:
    """Serves a folder by SFTP from construction to `close`."""

    def __init__(self, folder: Path, *faults: str, keys: list[paramiko.PKey] | None = None) -> None:
        self.host_key = paramiko.ECDSAKey.generate()
        self.log: list[str] = []
        self._folder, self._faults, self._keys = folder, faults, keys or []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._transports: list[paramiko.Transport] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def public(self) -> str:
        """The host's public key, as the configuration has it."""
        return f"{self.host_key.get_name()} {self.host_key.get_base64()}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                transport = paramiko.Transport(sock)
                transport.add_server_key(self.host_key)
                options = {"folder": self._folder, "faults": self._faults, "log": self.log}
                transport.set_subsystem_handler("sftp", SFTPServer, _Files, **options)
                self._transports.append(transport)
                with suppress(paramiko.SSHException, EOFError):
                    transport.start_server(event=threading.Event(), server=_Door(self._keys))

    def hang_up(self) -> None:
        """Close every connection."""
        for transport in self._transports:
            transport.close()

    @property
    def connections(self) -> int:
        return len(self._transports)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def __enter__(self) -> SshServer:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
