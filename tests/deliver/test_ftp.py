"""Documents put on an FTP server, plain and by TLS, beside every fault that it may have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deliver.conftest import TransportOf, delivery, names
from tests.servers.certificates import Authority
from tests.servers.ftp_server import PASSWORD, USER, FtpServer
from tests.servers.nuisance import Nuisance
from wire.deliver.discretion import Discreet
from wire.errors import Refused, Unreachable
from wire.story import Action

Endpoint = Callable[..., Discreet]


@pytest.fixture
def endpoint(transport_of: TransportOf, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """The transport to an endpoint on such a port."""
    monkeypatch.setenv("FTP_PASSWORD", PASSWORD)

    def build(port: int, settings: str = 'tls = "none"') -> Discreet:
        return transport_of(
            f'type = "ftp"\nhost = "127.0.0.1"\nport = {port}\nuser = "{USER}"\n'
            f'password = "${{env:FTP_PASSWORD}}"\npath = "in"\n{settings}\n'
        )

    return build


def test_a_document_becomes_whole_before_it_has_its_name(endpoint: Endpoint, folder: Path) -> None:
    with FtpServer(folder) as server:
        receipt = endpoint(server.port).send(delivery(body=b"x" * 300_000), deadline_s=10)
        told = [line.split()[0] for line in server.commands]
    assert receipt.detail == "flood1-v1.xml"
    assert (folder / "in" / "flood1-v1.xml").read_bytes() == b"x" * 300_000
    assert told[-4:] == ["STOR", "SIZE", "RNFR", "RNTO"]
    assert names(folder) == ["flood1-v1.xml"]


def test_one_login_serves_many_deliveries_and_a_repeat_changes_nothing(
    endpoint: Endpoint, folder: Path
) -> None:
    with FtpServer(folder) as server:
        transport = endpoint(server.port)
        for version in (1, 2, 2):
            transport.send(delivery(version=version), deadline_s=10)
        assert server.commands.count("CONNECTED") == 1
    assert names(folder) == ["flood1-v1.xml", "flood1-v2.xml"]


def test_a_server_that_hung_up_meanwhile_is_called_again(endpoint: Endpoint, folder: Path) -> None:
    with FtpServer(folder, "short") as server:
        transport = endpoint(server.port)
        for version in (1, 2):
            transport.send(delivery(version=version), deadline_s=10)
            assert server.left.wait(10)
            server.left.clear()
        assert server.commands.count("CONNECTED") == 2


@pytest.mark.parametrize(
    ("files", "left"),
    [("versions", ["flood1-v1.xml", "flood1-v2.xml"]), ("latest", ["flood1.xml"]), ("live", [])],
)
def test_a_kill_becomes_a_file_or_replaces_or_removes_the_storys(
    endpoint: Endpoint, folder: Path, files: str, left: list[str]
) -> None:
    with FtpServer(folder) as server:
        transport = endpoint(server.port, f'tls = "none"\nfiles = "{files}"')
        transport.send(delivery(1), deadline_s=10)
        kill = delivery(2, version=2, action=Action.KILL, body=b"killed")
        for _ in range(2):
            transport.send(kill, deadline_s=10)
    assert names(folder) == left
    assert not left or (folder / "in" / left[-1]).read_bytes() == b"killed"


@pytest.mark.parametrize("faults", [("never over",), ("no size",), ("never over", "no size")])
def test_servers_that_know_less_are_content(
    endpoint: Endpoint, folder: Path, faults: tuple[str, ...]
) -> None:
    with FtpServer(folder, *faults) as server:
        transport = endpoint(server.port, 'tls = "none"\nfiles = "latest"')
        transport.send(delivery(1, body=b"one"), deadline_s=10)
        transport.send(delivery(2, version=2, body=b"two"), deadline_s=10)
    assert (folder / "in" / "flood1.xml").read_bytes() == b"two"


def test_what_does_not_arrive_whole_gets_no_name(endpoint: Endpoint, folder: Path) -> None:
    with FtpServer(folder, "loses") as server, pytest.raises(Unreachable, match="of 1000 bytes arrived"):
        endpoint(server.port).send(delivery(body=b"x" * 1000), deadline_s=10)
    assert names(folder) == [".flood1-v1.xml.part"]


def test_a_refusal_of_the_document_is_one(endpoint: Endpoint, folder: Path) -> None:
    with FtpServer(folder, "full") as server, pytest.raises(Refused, match="550 No space left") as caught:
        endpoint(server.port).send(delivery(), deadline_s=10)
    assert caught.value.status == 550


def test_a_login_that_fails_is_mended_by_people_and_gives_no_password_away(
    endpoint: Endpoint, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FtpServer(folder) as server:
        transport = endpoint(server.port)
        monkeypatch.setenv("FTP_PASSWORD", "wr0ng-p4ssword")
        wrong = endpoint(server.port)
        with pytest.raises(Unreachable, match="530 Authentication failed") as caught:
            wrong.send(delivery(), deadline_s=10)
        assert "wr0ng" not in str(caught.value)
        transport.probe()


def test_a_folder_that_is_not_there_is_found_by_a_probe(endpoint: Endpoint, folder: Path) -> None:
    (folder / "in").rmdir()
    with FtpServer(folder) as server, pytest.raises(Unreachable, match="550"):
        endpoint(server.port).probe()


def test_a_probe_leaves_nothing_behind(endpoint: Endpoint, folder: Path) -> None:
    with FtpServer(folder) as server:
        endpoint(server.port).probe()
    assert names(folder) == []


@pytest.mark.parametrize("files", ["versions", "live"])
def test_tls_is_asked_for_before_the_password_and_for_the_data(
    endpoint: Endpoint, folder: Path, vouching: Authority, files: str
) -> None:
    settings = f'ca_file = "{vouching.ca_file}"\nfiles = "{files}"'
    with FtpServer(folder, pair=vouching.pair()) as server:
        transport = endpoint(server.port, settings)
        for version in (1, 2):
            transport.send(delivery(version=version, body=b"x" * 100_000), deadline_s=10)
        told = [line.split()[0] for line in server.commands]
    assert told[:3] == ["CONNECTED", "AUTH", "USER"]
    assert "PROT" in told
    assert (folder / "in" / names(folder)[-1]).read_bytes() == b"x" * 100_000


def test_a_server_that_nobody_vouches_for_hears_no_password(
    endpoint: Endpoint, folder: Path, vouching: Authority
) -> None:
    with FtpServer(folder, pair=vouching.pair()) as server:
        with pytest.raises(Unreachable, match="certificate is not trusted"):
            endpoint(server.port, "").send(delivery(), deadline_s=10)
        assert not [line for line in server.commands if line.startswith(("USER", "PASS"))]


def test_a_server_without_tls_hears_no_password_either(endpoint: Endpoint, folder: Path) -> None:
    with FtpServer(folder) as server:
        with pytest.raises(Unreachable, match="AUTH"):
            endpoint(server.port, "").send(delivery(), deadline_s=10)
        assert not [line for line in server.commands if line.startswith(("USER", "PASS"))]


def test_another_port_of_another_machine_is_never_connected_to(endpoint: Endpoint) -> None:
    """A server that names somebody else's address for the data gets its own address called."""
    script = (
        b"220 hello\r\n331 who\r\n230 in\r\n250 there\r\n200 binary\r\n"
        b"227 Entering Passive Mode (169,254,169,254,0,80)\r\n"
    )
    with Nuisance(says=script) as server, pytest.raises(Unreachable, match="refused"):
        endpoint(server.port).send(delivery(), deadline_s=10)
