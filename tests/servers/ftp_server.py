"""A real FTP server on loopback, with faults: pyftpdlib in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer

USER, PASSWORD = "desk", "c4nary-p4ssword"


class _Loses(DTPHandler):
    """Half of what arrives is lost on the way."""

    def recv(self, size: int) -> Any:
        data = super().recv(size)
        return data[: len(data) // 2]


class _NeverOver(AbstractedFS):
    """A rename never replaces a file."""

    def rename(self, src: str, dst: str) -> None:
        if Path(dst).exists():
            raise OSError(17, "File exists")
        super().rename(src, dst)


class _Full(AbstractedFS):
    """There is no room."""

    def open(self, filename: str, mode: str) -> Any:
        raise OSError(28, "No space left on device")


class FtpServer:
    """Serves a folder from construction to `close`.

    faults  of ``loses``, ``never over``, ``full``, ``no size``, ``short`` (closes after each upload)
    pair    certificate and key: then TLS is required
    """

    def __init__(self, folder: Path, *faults: str, pair: Sequence[Path] = ()) -> None:
        authorizer = DummyAuthorizer()
        authorizer.add_user(USER, PASSWORD, str(folder), perm="elradfmwMT")
        members: dict[str, Any] = {"authorizer": authorizer, "log_prefix": "", "auth_failed_timeout": 0}
        if "loses" in faults:
            members["dtp_handler"] = _Loses
        if "never over" in faults or "full" in faults:
            members["abstracted_fs"] = _NeverOver if "never over" in faults else _Full
        if "no size" in faults:
            members["proto_cmds"] = {k: v for k, v in FTPHandler.proto_cmds.items() if k != "SIZE"}
        base: type = FTPHandler
        if pair:
            base = TLS_FTPHandler
            certificate, key = map(str, pair)
            members |= {"certfile": certificate, "keyfile": key, "ssl_context": None}
            members |= {"tls_control_required": True, "tls_data_required": True}
        self.commands: list[str] = []
        self.left = threading.Event()  #: set when a connection was closed
        commands, left = self.commands, self.left

        class Handler(base):  # type: ignore[misc, valid-type]
            def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
                commands.append(line)
                super().pre_process_command(line, cmd, arg)

            def on_connect(self) -> None:
                commands.append("CONNECTED")

            def on_disconnect(self) -> None:
                left.set()

            def ftp_RNTO(self, path: str) -> Any:
                done = super().ftp_RNTO(path)
                if "short" in faults:
                    self.close_when_done()
                return done

        for name, value in members.items():
            setattr(Handler, name, value)
        self._server = FTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.address[1]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ended.is_set():
            self._server.serve_forever(timeout=0.02, blocking=False)
        self._server.close_all()

    def close(self) -> None:
        self._ended.set()
        self._thread.join(10)

    def __enter__(self) -> FtpServer:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
