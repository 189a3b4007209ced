"""Documents put on a server by SFTP: who proves what to whom, and every fault on the way."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import paramiko
import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.deliver.conftest import TransportOf, delivery, names
from tests.servers.nuisance import Nuisance
from tests.servers.sftp_server import PASSWORD, USER, SshServer
from wire.deliver.discretion import Discreet
from wire.errors import DeliveryError, Refused, Unreachable
from wire.story import Action

pytestmark = pytest.mark.slow(4)

Endpoint = Callable[..., Discreet]


@pytest.fixture
def endpoint(transport_of: TransportOf, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """The transport to an endpoint that expects such a host key."""
    monkeypatch.setenv("SFTP_PASSWORD", PASSWORD)

    def build(
        server: SshServer | Nuisance, settings: str = 'password = "${env:SFTP_PASSWORD}"', host_key: str = ""
    ) -> Discreet:
        public = host_key or (server.public if isinstance(server, SshServer) else other_host())
        return transport_of(
            f'type = "sftp"\nhost = "127.0.0.1"\nport = {server.port}\nuser = "{USER}"\n'
            f'host_keys = "{public}"\npath = "in"\n{settings}\n'
        )

    return build


def other_host() -> str:
    key = paramiko.ECDSAKey.generate()
    return f"{key.get_name()} {key.get_base64()}"


def test_a_document_becomes_whole_before_it_has_its_name(endpoint: Endpoint, folder: Path) -> None:
    with SshServer(folder) as server:
        receipt = endpoint(server).send(delivery(body=b"x" * 300_000), deadline_s=20)
    assert receipt.detail == "flood1-v1.xml"
    assert (folder / "in" / "flood1-v1.xml").read_bytes() == b"x" * 300_000
    assert names(folder) == ["flood1-v1.xml"]
    assert server.log[-3:] == [
        "open /in/.flood1-v1.xml.part",
        "stat /in/.flood1-v1.xml.part",
        "posix-rename /in/.flood1-v1.xml.part /in/flood1-v1.xml",
    ]


def test_one_login_serves_many_deliveries_and_one_that_was_cut_is_made_anew(
    endpoint: Endpoint, folder: Path
) -> None:
    with SshServer(folder) as server:
        transport = endpoint(server)
        for version in (1, 2):
            transport.send(delivery(version=version), deadline_s=20)
        assert server.connections == 1
        server.hang_up()
        for _ in range(2):  # the client may learn of it while it sends
            try:
                transport.send(delivery(version=3), deadline_s=20)
            except Unreachable:
                continue
        assert server.connections == 2
    assert names(folder) == ["flood1-v1.xml", "flood1-v2.xml", "flood1-v3.xml"]


@pytest.mark.parametrize(
    ("files", "left"),
    [("versions", ["flood1-v1.xml", "flood1-v2.xml"]), ("latest", ["flood1.xml"]), ("live", [])],
)
@pytest.mark.parametrize("fault", ["", "no posix"])
def test_a_kill_becomes_a_file_or_replaces_or_removes_the_storys(
    endpoint: Endpoint, folder: Path, files: str, left: list[str], fault: str
) -> None:
    with SshServer(folder, fault) as server:
        transport = endpoint(server, f'password = "${{env:SFTP_PASSWORD}}"\nfiles = "{files}"')
        transport.send(delivery(1), deadline_s=20)
        for _ in range(2):
            transport.send(delivery(2, version=2, action=Action.KILL, body=b"killed"), deadline_s=20)
    assert names(folder) == left
    assert not left or (folder / "in" / left[-1]).read_bytes() == b"killed"


def written(key: object, password: bytes | None = None) -> str:
    lock = form.BestAvailableEncryption(password) if password else form.NoEncryption()
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, lock).decode()  # type: ignore[attr-defined]


KEYS = {
    "ed25519": (ed25519.Ed25519PrivateKey.generate, paramiko.Ed25519Key),
    "ecdsa": (lambda: ec.generate_private_key(ec.SECP256R1()), paramiko.ECDSAKey),
    "rsa": (lambda: rsa.generate_private_key(65537, 2048), paramiko.RSAKey),
}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("password", [None, b"k3y-p4ssword"])
def test_a_private_key_opens_the_door(
    endpoint: Endpoint,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    password: bytes | None,
) -> None:
    generate, reads = KEYS[kind]
    text = written(generate(), password)
    (tmp_path / "id").write_text(text)
    settings = 'key = "${file:id}"'
    if password:
        monkeypatch.setenv("KEY_PASSWORD", password.decode())
        settings += '\nkey_password = "${env:KEY_PASSWORD}"'
    known = reads.from_private_key(io.StringIO(text), password and password.decode())
    with SshServer(folder, keys=[known]) as server:
        endpoint(server, settings).send(delivery(), deadline_s=20)
    assert names(folder) == ["flood1-v1.xml"]


def test_a_key_that_cannot_be_read_is_not_quoted(endpoint: Endpoint, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "id").write_text(written(ed25519.Ed25519PrivateKey.generate(), b"locked"))
    with SshServer(folder) as server:
        with pytest.raises(Unreachable, match="encrypted, and no key_password"):
            endpoint(server, 'key = "${file:id}"').probe()
        (tmp_path / "id").write_text("c4nary no key at all")
        with pytest.raises(Unreachable, match="cannot be read") as caught:
            endpoint(server, 'key = "${file:id}"').probe()
    assert "c4nary" not in str(caught.value)


def test_a_server_that_is_not_the_one_that_is_meant_hears_no_password(
    endpoint: Endpoint, folder: Path
) -> None:
    with SshServer(folder) as server:
        with pytest.raises(Unreachable, match=r"[Hh]ost key"):
            endpoint(server, host_key=other_host()).send(delivery(), deadline_s=20)
        assert names(folder) == []


def test_a_known_hosts_file_tells_who_is_meant(
    transport_of: TransportOf, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFTP_PASSWORD", PASSWORD)
    settings = 'user = "desk"\npassword = "${env:SFTP_PASSWORD}"\nknown_hosts = "known"\n'
    with SshServer(folder) as server:
        address = f'type = "sftp"\nhost = "127.0.0.1"\nport = {server.port}\n{settings}'
        (tmp_path / "known").write_text(f"[127.0.0.1]:{server.port} {server.public}\n")
        transport_of(address).probe()
        (tmp_path / "known").write_text(f"elsewhere.example {server.public}\n")
        with pytest.raises(Unreachable, match="not found in known_hosts"):
            transport_of(address).probe()


def test_what_does_not_arrive_whole_gets_no_name(endpoint: Endpoint, folder: Path) -> None:
    with SshServer(folder, "loses") as server, pytest.raises(Unreachable, match="of 1000 bytes arrived"):
        endpoint(server).send(delivery(body=b"x" * 1000), deadline_s=20)
    assert names(folder) == [".flood1-v1.xml.part"]


@pytest.mark.parametrize(("fault", "kind"), [("full", Unreachable), ("forbids", Refused)])
def test_a_refusal_says_whether_it_passes(
    endpoint: Endpoint, folder: Path, fault: str, kind: type[DeliveryError]
) -> None:
    with SshServer(folder, fault) as server, pytest.raises(kind):
        endpoint(server).send(delivery(), deadline_s=20)


def test_a_login_that_fails_is_mended_by_people_and_gives_no_password_away(
    endpoint: Endpoint, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFTP_PASSWORD", "wr0ng-p4ssword")
    with SshServer(folder) as server, pytest.raises(Unreachable, match="Authentication failed") as caught:
        endpoint(server).send(delivery(), deadline_s=20)
    assert "wr0ng" not in str(caught.value)


def test_a_probe_leaves_nothing_behind(endpoint: Endpoint, folder: Path) -> None:
    with SshServer(folder) as server:
        endpoint(server).probe()
        assert names(folder) == []
        (folder / "in").rmdir()
        with pytest.raises(Unreachable, match="No such file"):
            endpoint(server).probe()
