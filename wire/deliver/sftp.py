"""Files put on a server by SFTP. The server must prove that it is the one that is meant."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from wire.common.clock import utc_now
from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog
from wire.deliver.dialling import Dialler
from wire.deliver.filing import Files, FileTransport
from wire.errors import DeliveryError, Refused, Unreachable
from wire.ports import Clock

_PORT = 22
_PATIENCE_S = 600.0  #: the library's own limits; the deadline of the exchange stands below them


class SftpTransport(FileTransport):
    """Writes each document under a temporary name, checks its size, and renames it.

    Neither an agent nor keys in the home folder are asked.

    host_keys         public keys, one of which the server must prove to hold: ``ssh-ed25519 AAAA…``
    known_hosts_file  a file of such keys by host, as OpenSSH writes it
    key               our private key in PEM or OpenSSH's form, and its password if it has one
    path              folder to be in after the login; the login's own when empty
    """

    def __init__(
        self,
        *,
        host: str,
        port: int | None = None,
        user: str,
        password: str | None = None,
        key: str | None = None,
        key_password: str | None = None,
        host_keys: Sequence[str] = (),
        known_hosts_file: Path | None = None,
        path: str = "",
        files: Files = "versions",
        networks: Sequence[Network] = (),
        watchdog: Watchdog | None = None,
        clock: Clock = utc_now,
    ) -> None:
        login = partial(
            _log_in,
            address=(host, port or _PORT),
            account=(user, password),
            key=(key, key_password),
            host_keys=host_keys,
            known_hosts_file=known_hosts_file,
            path=path,
        )
        super().__init__(login, _meaning, files=files, networks=networks, watchdog=watchdog, clock=clock)


def _log_in(
    dialler: Dialler,
    *,
    address: tuple[str, int],
    account: tuple[str, str | None],
    key: tuple[str | None, str | None],
    host_keys: Sequence[str],
    known_hosts_file: Path | None,
    path: str,
) -> _Server:
    import paramiko

    (host, port), (user, password) = address, account
    client = paramiko.SSHClient()  # refuses hosts whose key is not known
    known = client.get_host_keys()
    if known_hosts_file is not None:
        known.load(str(known_hosts_file))
    name = host if port == _PORT else f"[{host}]:{port}"
    for line in host_keys:
        entry = paramiko.hostkeys.HostKeyEntry.from_line(f"{name} {line}")
        if entry is not None:
            known.add(name, entry.key.get_name(), entry.key)
    client.connect(
        host,
        port,
        user,
        password=password,
        pkey=None if key[0] is None else private_key(key[0], key[1]),
        sock=dialler.dial(host, port),
        allow_agent=False,
        look_for_keys=False,
        banner_timeout=_PATIENCE_S,
        auth_timeout=_PATIENCE_S,
        channel_timeout=_PATIENCE_S,
    )
    files = client.open_sftp()
    if path:
        files.chdir(path)
    return _Server(client, files)


def private_key(text: str, password: str | None) -> Any:
    """A private key of any kind that is still thought safe. Raises Unreachable, without the key in it."""
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text + "\n"), password)
        except paramiko.PasswordRequiredException:
            raise Unreachable("the private key is encrypted, and no key_password is given") from None
        except (paramiko.SSHException, ValueError):
            continue
    raise Unreachable("the private key cannot be read: wrong password, or neither Ed25519, ECDSA nor RSA")


def _meaning(exc: Exception) -> DeliveryError | None:
    """What the server says of the document; the library turns its refusals into errors of files."""
    if isinstance(exc, PermissionError):
        return Refused(f"the SFTP server does not allow it: {exc.strerror or exc}")
    return None


class _Server:
    """An SSH connection with an SFTP channel in its folder."""

    def __init__(self, client: Any, files: Any) -> None:
        self._client = client
        self._files = files

    def alive(self) -> bool:
        """See `wire.deliver.session.Connection`."""
        transport = self._client.get_transport()
        return transport is not None and transport.is_active()

    def hang_up(self) -> None:
        """See `wire.deliver.session.Connection`."""
        self._client.close()

    def write(self, name: str, body: bytes) -> None:
        """See `wire.deliver.filing.Server`."""
        with self._files.open(name, "wb") as file:
            file.set_pipelined(True)
            file.write(body)

    def size_of(self, name: str) -> int | None:
        """See `wire.deliver.filing.Server`."""
        size: int | None = self._files.stat(name).st_size
        return size

    def move(self, name: str, to: str) -> None:
        """See `wire.deliver.filing.Server`."""
        try:
            self._files.posix_rename(name, to)
        except (PermissionError, FileNotFoundError):
            raise
        except OSError:
            # Without OpenSSH's extension a rename never replaces anything.
            self.erase(to)
            self._files.rename(name, to)

    def erase(self, name: str) -> None:
        """See `wire.deliver.filing.Server`."""
        with suppress(FileNotFoundError):
            self._files.remove(name)
