"""``wire init`` begins, ``wire check`` says what is wrong."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Wire
from wire.config import load


def test_init_writes_a_configuration_that_check_accepts(
    wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = wire("init", "desk")
    desk = tmp_path / "desk"
    assert (done.status, done.stdout) == (0, "")
    assert load(desk / "config" / "wire.toml").root == desk
    assert (desk / "inbox").is_dir()
    assert (desk / "outbox").is_dir()
    config = desk / "config" / "wire.toml"
    config.write_text(config.read_text().replace("127.0.0.1:8080", "127.0.0.1:0"))
    monkeypatch.chdir(desk)
    assert wire("check").status == 0


def test_init_never_overwrites(wire: Wire, tmp_path: Path) -> None:
    config = tmp_path / "config" / "wire.toml"
    config.parent.mkdir()
    config.write_text("# mine\n")
    done = wire("init")
    assert done.status == 1
    assert done.stderr == "config/wire.toml exists already and was left as it is\n"
    assert config.read_text() == "# mine\n"


def test_check_lists_every_fault_with_its_line(wire: Wire, tmp_path: Path) -> None:
    file = tmp_path / "wire.toml"
    file.write_text("[desk]\nname = 1\n[web]\nlisten = 'x'\n")
    done = wire("check", "--config", "wire.toml")
    assert done.status == 1
    assert done.stdout.splitlines() == [
        "fault    wire.toml:2: desk.name: must be a text in quotes",
        "fault    wire.toml:4: web.listen: 'x' must read HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080",
    ]


def test_check_finds_a_secret_that_is_not_there(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "wire.toml").write_text(
        '[[endpoints]]\nid = "cms"\ntype = "http"\nurl = "http://x.example/"\n'
        'secret = "${env:WIRE_TEST_NOT_SET}"\n'
    )
    done = wire("check", "--config", "wire.toml")
    assert (done.status, done.stdout) == (
        1,
        "fault    wire.toml:5: endpoints[1].secret: the environment variable WIRE_TEST_NOT_SET is not set\n",
    )


def test_check_finds_an_address_that_is_taken(wire: Wire, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        (tmp_path / "wire.toml").write_text(f'[web]\nlisten = "{address}"\n')
        done = wire("check", "--config", "wire.toml")
    assert done.status == 1
    assert f"fault    web: cannot listen on {address}: Address already in use" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_check_finds_a_folder_that_may_not_be_written_to(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir(mode=0o500)
    done = wire("check")
    assert done.status == 1
    assert f"fault    inbox: {tmp_path / 'inbox'} may not be written to by this user" in done.stdout


def test_check_finds_a_file_in_the_place_of_a_folder(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    done = wire("check")
    assert done.status == 1
    assert f"fault    outbox: {tmp_path / 'outbox'} is no folder" in done.stdout


def test_a_folder_that_cannot_be_made_is_named_at_the_start(process: Wire, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    done = process("run")
    assert done.status == 1
    assert done.stderr == f"wire: the folder {tmp_path / 'outbox'} cannot be made: File exists\n"


def test_check_warns_of_sources_that_are_nowhere(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "wire.toml").write_text(
        '[web]\nlisten = "127.0.0.1:0"\n[[sources]]\nid = "agency"\n'
        '[[feeds]]\nid = "a"\ntitle = "A"\n'
        'where = { any = [{ source = "agenzy" }, { source = ["agency", "inbox"] }] }\n'
    )
    done = wire("check", "--config", "wire.toml")
    assert done.status == 0
    assert [line for line in done.stdout.splitlines() if line.startswith("warning")] == [
        f"warning  source agency: {tmp_path / 'inbox' / 'agency'} is not there yet",
        "warning  feed a: asks for stories of source 'agenzy', which is no folder of the inbox yet",
    ]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("sqlite:///wire.toml", "cannot read from the store: file is not a database"),
        ("postgresql://nobody@127.0.0.1:1/wire", "cannot read from the store: connection failed"),
    ],
)
def test_check_looks_into_the_store(wire: Wire, tmp_path: Path, url: str, fault: str) -> None:
    (tmp_path / "wire.toml").write_text(f'[web]\nlisten = "127.0.0.1:0"\n[store]\nurl = "{url}"\n')
    done = wire("check", "--config", "wire.toml", "--connect")
    assert done.status == 1
    assert f"fault    store: {fault}" in done.stdout


def test_check_connect_reaches_every_endpoint(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "wire.toml").write_text(
        '[web]\nlisten = "127.0.0.1:0"\n[[endpoints]]\nid = "archive"\ntype = "folder"\npath = "archive"\n'
        '[[endpoints]]\nid = "gone"\ntype = "http"\nurl = "http://127.0.0.1:1/"\n'
    )
    done = wire("check", "--config", "wire.toml", "--connect")
    assert done.status == 1
    assert "ok       endpoint archive: " in done.stdout
    assert "fault    endpoint gone: " in done.stdout


@pytest.mark.parametrize("command", ["run", "status", "audit"])
def test_a_faulty_configuration_stops_every_command_that_goes_by_it(
    wire: Wire, tmp_path: Path, command: str
) -> None:
    (tmp_path / "wire.toml").write_text("[desk]\nname = 1\nid = 2\n")
    done = wire(command, "--config", "wire.toml")
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "wire: the configuration has 2 faults; nothing was done",
        "wire.toml:2: desk.name: must be a text in quotes",
        "wire.toml:3: desk.id: must be a text in quotes",
    ]
