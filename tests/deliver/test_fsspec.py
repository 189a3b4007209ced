"""Documents put wherever fsspec reaches, by a process that keeps to our deadlines and addresses."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deliver.conftest import TransportOf, delivery, names
from tests.servers.ftp_server import PASSWORD, USER, FtpServer
from tests.servers.nuisance import Nuisance
from wire.deliver.discretion import Discreet
from wire.deliver.fsspec_files import FsspecTransport
from wire.errors import Refused, Unreachable
from wire.story import Action

pytestmark = pytest.mark.slow(8)

Endpoint = Callable[..., Discreet]


@pytest.fixture
def ftp(transport_of: TransportOf, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """The transport to an FTP server by fsspec's own client, which knows neither deadlines nor addresses."""
    monkeypatch.setenv("FTP_PASSWORD", PASSWORD)

    def build(port: int, host: str = "127.0.0.1") -> Discreet:
        options = f'port = {port}, username = "{USER}", password = "${{env:FTP_PASSWORD}}"'
        return transport_of(f'type = "fsspec"\nurl = "ftp://{host}/in"\noptions = {{ {options} }}\n')

    return build


@pytest.mark.parametrize(
    ("files", "left"),
    [("versions", ["flood1-v1.xml", "flood1-v2.xml"]), ("latest", ["flood1.xml"]), ("live", [])],
)
@pytest.mark.parametrize("rename", ["true", "false"])
def test_each_version_is_a_file_or_takes_its_place(
    transport_of: TransportOf, folder: Path, files: str, left: list[str], rename: str
) -> None:
    transport = transport_of(
        f'type = "fsspec"\nurl = "file://{folder}/in"\nfiles = "{files}"\nrename = {rename}\n'
    )
    transport.probe()
    assert names(folder) == []
    transport.send(delivery(1), deadline_s=60)
    for _ in range(2):
        transport.send(delivery(2, version=2, action=Action.KILL, body=b"killed"), deadline_s=60)
    assert names(folder) == left
    assert not left or (folder / "in" / left[-1]).read_bytes() == b"killed"


def test_a_server_is_reached_through_somebody_elses_client(ftp: Endpoint, folder: Path) -> None:
    with FtpServer(folder) as server:
        transport = ftp(server.port)
        for version in (1, 2):
            transport.send(delivery(version=version, body=b"x" * 100_000), deadline_s=60)
        assert server.commands.count("CONNECTED") == 1
    assert names(folder) == ["flood1-v1.xml", "flood1-v2.xml"]


def test_what_is_not_allowed_is_refused_and_gives_no_secret_away(
    ftp: Endpoint, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FTP_PASSWORD", "wr0ng-p4ssword")
    with FtpServer(folder) as server, pytest.raises(Unreachable, match="530") as caught:
        ftp(server.port).send(delivery(), deadline_s=60)
    assert "wr0ng" not in str(caught.value)


def test_the_deadline_ends_the_process_and_its_connections(ftp: Endpoint) -> None:
    with Nuisance() as silent:
        with pytest.raises(Unreachable, match="not done within 4 s"):
            ftp(silent.port).send(delivery(), deadline_s=4)
        assert silent.is_let_go()


def test_after_its_end_another_process_does_the_next(transport_of: TransportOf, folder: Path) -> None:
    transport = FsspecTransport(url=f"file://{folder}/in")
    transport.send(delivery(), deadline_s=60)
    assert transport._child is not None
    os.kill(transport._child.process.pid, 9)
    transport._child.process.wait()
    transport.send(delivery(version=2), deadline_s=60)
    transport.close()
    with pytest.raises(Unreachable, match="stopping"):
        transport.send(delivery(), deadline_s=60)
    assert names(folder) == ["flood1-v1.xml", "flood1-v2.xml"]


class Undying:
    """A process that waits for a disk which does not answer: no signal ends it before that does."""

    def __init__(self) -> None:
        self.status: int | None = None

    def kill(self) -> None:
        pass

    def wait(self, timeout: float | None = None) -> int:
        assert timeout is not None, "for ever"
        raise subprocess.TimeoutExpired("child", timeout)

    def poll(self) -> int | None:
        return self.status


def test_a_process_that_no_signal_ends_holds_up_nobody_and_has_none_beside_it(folder: Path) -> None:
    transport = FsspecTransport(url=f"file://{folder}/in")
    transport.send(delivery(), deadline_s=60)
    assert transport._child is not None
    real, undying = transport._child.process, Undying()
    transport._child.process = undying  # type: ignore[assignment]
    real.kill()  # as seen from here: it hangs up, but does not end
    with pytest.raises(Unreachable, match="its process ended"):
        transport.send(delivery(version=2), deadline_s=60)
    with pytest.raises(Unreachable, match="its disk is silent"):
        transport.send(delivery(version=2), deadline_s=60)
    undying.status = -9
    transport.send(delivery(version=2), deadline_s=60)
    transport.close()
    real.wait()
    assert names(folder) == ["flood1-v1.xml", "flood1-v2.xml"]


@pytest.mark.parametrize("host", ["169.254.169.254", "10.1.2.3"])
def test_whatever_library_connects_the_address_is_checked(ftp: Endpoint, host: str) -> None:
    with pytest.raises(Unreachable, match=f"{host} is not connected to"):
        ftp(21, host).probe()


def test_closing_ends_a_send_that_is_under_way(ftp: Endpoint) -> None:
    with Nuisance() as silent:
        transport = ftp(silent.port)
        ended = threading.Event()

        def send() -> None:
            with pytest.raises(Unreachable):
                transport.send(delivery(), deadline_s=600)
            ended.set()

        threading.Thread(target=send, daemon=True).start()
        assert silent.connected.wait(60)
        transport.close()
        assert ended.wait(10)


def test_a_folder_that_may_not_be_written_to_is_a_refusal(transport_of: TransportOf) -> None:
    with pytest.raises((Refused, Unreachable)):
        transport_of('type = "fsspec"\nurl = "file:///proc/no-such-folder"\n').probe()
