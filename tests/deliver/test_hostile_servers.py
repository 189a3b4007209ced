"""What a transport owes whatever its server does: a deadline, an end, addresses it keeps to."""

from __future__ import annotations

import paramiko
import pytest

from tests.deliver.conftest import TransportOf, delivery
from tests.servers.nuisance import Nuisance
from wire.deliver.discretion import Discreet
from wire.errors import Unreachable

pytestmark = pytest.mark.slow(4)

_HOST_KEY = paramiko.ECDSAKey.generate()
SETTINGS = {
    "ftp": 'type = "ftp"\ntls = "none"\n',
    "mail": 'type = "mail"\ntls = "none"\nsender = "a@news.example"\nto = "c@d.example"\n',
    "sftp": (
        'type = "sftp"\nuser = "desk"\npassword = "${env:SFTP_PASSWORD}"\n'
        f'host_keys = "{_HOST_KEY.get_name()} {_HOST_KEY.get_base64()}"\n'
    ),
}
WELCOMES = {"ftp": b"220 hello\r\n", "mail": b"220 hello\r\n", "sftp": b"SSH-2.0-x\r\n"}
DRIPS = {"ftp": b"220-and on\r\n", "mail": b"220-and on\r\n", "sftp": b"not yet\r\n"}


@pytest.fixture(params=SETTINGS)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each kind of transport that speaks a protocol of its own."""
    monkeypatch.setenv("SFTP_PASSWORD", "p4ssword")
    return str(request.param)


def transport(transport_of: TransportOf, kind: str, host: str, port: int) -> Discreet:
    return transport_of(f'{SETTINGS[kind]}host = "{host}"\nport = {port}\n')


def assert_let_go_in_time(transport_of: TransportOf, kind: str, server: Nuisance) -> None:
    with pytest.raises(Unreachable, match=r"not done within 0\.5 s"):
        transport(transport_of, kind, "127.0.0.1", server.port).send(delivery(), deadline_s=0.5)
    assert server.is_let_go()


def test_a_silent_server_is_let_go_at_the_deadline(transport_of: TransportOf, kind: str) -> None:
    with Nuisance() as server:
        assert_let_go_in_time(transport_of, kind, server)


def test_so_is_one_that_falls_silent_after_its_welcome(transport_of: TransportOf, kind: str) -> None:
    with Nuisance(says=WELCOMES[kind]) as server:
        assert_let_go_in_time(transport_of, kind, server)


@pytest.mark.parametrize("whole_lines", [False, True])
def test_so_is_one_that_drips(transport_of: TransportOf, kind: str, whole_lines: bool) -> None:
    with Nuisance(on=DRIPS[kind] if whole_lines else DRIPS[kind][:1], pace_s=0.05) as server:
        assert_let_go_in_time(transport_of, kind, server)


@pytest.mark.parametrize("kind", ["ftp", "mail"], indirect=True)
def test_an_answer_without_end_is_not_read_to_it(transport_of: TransportOf, kind: str) -> None:
    with Nuisance(on=b"220-" + b"x" * 1000 + b"\r\n") as server:
        with pytest.raises(Unreachable, match="an answer without end"):
            transport(transport_of, kind, "127.0.0.1", server.port).send(delivery(), deadline_s=60)
        assert server.hung_up.wait(10)


@pytest.mark.parametrize("host", ["169.254.169.254", "10.1.2.3"])
def test_only_addresses_that_are_allowed_are_connected_to(
    transport_of: TransportOf, kind: str, host: str
) -> None:
    with pytest.raises(Unreachable, match=f"{host} is not connected to"):
        transport(transport_of, kind, host, 9).probe()
