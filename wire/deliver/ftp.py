"""Files put on an FTP server, plain or over TLS (RFC 959, 3659, 4217)."""

from __future__ import annotations

import ftplib
import ssl
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from wire.common.clock import utc_now
from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog
from wire.deliver.dialling import Dialler
from wire.deliver.filing import Files, FileTransport
from wire.deliver.ftp_line import FtpLine
from wire.deliver.reply import quoted
from wire.errors import DeliveryError, Refused, Unreachable
from wire.ports import Clock

#: ``explicit`` begins in the clear and asks for TLS before it says who we are; ``implicit`` begins with TLS.
Tls = Literal["none", "explicit", "implicit"]

_PORTS = {"none": 21, "explicit": 21, "implicit": 990}
#: Refusals that pass by themselves: no room, or too much of it in use.
_PASSING = frozenset({552})


class FtpTransport(FileTransport):
    """Writes each document under a temporary name, checks its size, and renames it; passive mode alone.

    path     folder to be in after the login; the login's own when empty
    ca_file  certificates trusted instead of the public ones
    """

    def __init__(
        self,
        *,
        host: str,
        port: int | None = None,
        user: str = "anonymous",
        password: str = "",
        tls: Tls = "none",
        path: str = "",
        files: Files = "versions",
        ca_file: Path | None = None,
        networks: Sequence[Network] = (),
        watchdog: Watchdog | None = None,
        clock: Clock = utc_now,
    ) -> None:
        login = partial(
            _log_in,
            address=(host, port or _PORTS[tls]),
            account=(user, password),
            tls=tls,
            path=path,
            ca_file=ca_file,
        )
        super().__init__(login, _meaning, files=files, networks=networks, watchdog=watchdog, clock=clock)


def _log_in(
    dialler: Dialler,
    *,
    address: tuple[str, int],
    account: tuple[str, str],
    tls: Tls,
    path: str,
    ca_file: Path | None,
) -> FtpLine:
    context = None if tls == "none" else ssl.create_default_context(cafile=ca_file)
    server = FtpLine(dialler, context)
    server.begin(*address, secured=tls == "implicit")
    server.login(*account, secure=tls != "none")
    if tls != "none":
        server.prot_p()
    if path:
        server.cwd(path)
    server.voidcmd("TYPE I")
    return server


def _meaning(exc: Exception) -> DeliveryError | None:
    """5xx is about the document or where it should go; everything else passes."""
    if not isinstance(exc, ftplib.error_perm):
        return None
    said = quoted(str(exc).encode()).removeprefix(": ")
    status = int(said[:3]) if said[:3].isdigit() else None
    return (Unreachable if status in _PASSING else Refused)(f"the FTP server says {said}", status=status)
