"""One story on every way out at once, and its kill after it; no word of any of them gives a secret away."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.waiting import eventually
from tests.servers import ftp_server, s3_server, sftp_server
from tests.servers import http_receiver as answer
from tests.servers.certificates import authority
from tests.servers.ftp_server import FtpServer
from tests.servers.http_receiver import HttpReceiver
from tests.servers.mail_server import MailServer
from tests.servers.s3_server import S3Server
from tests.servers.sftp_server import SshServer

pytestmark = [pytest.mark.slow(5), pytest.mark.timeout(300)]

TOKEN = "c4nary-t0ken-c4nary"


@dataclass
class World:
    """Every kind of server, and the folders of those that have one."""

    http: HttpReceiver
    parrot: HttpReceiver  #: refuses everything and repeats all that it was sent
    ftp: FtpServer
    sftp: SshServer
    s3: S3Server
    mail: MailServer
    root: Path

    def files(self, name: str) -> list[str]:
        """Files that are whole."""
        return sorted(path.name for path in (self.root / name).iterdir() if path.name[0] != ".")

    def arrived(self, versions: int) -> bool:
        """Whether so many versions of the only story have come out everywhere; the second is its kill."""
        pushed = sum(got.method == "POST" for got in self.http.received)
        named = len(self.files("sftp")), len(self.files("far")), len(self.mail.mails), pushed
        killed = b"stat:canceled" in b"".join(self.s3.objects["wire"].values())
        one = len(self.files("ftp")) == len(self.s3.objects["wire"]) == 1
        return named == (versions,) * 4 and (not self.files("ftp") and killed if versions == 2 else one)

    def endpoints(self) -> list[dict[str, Any]]:
        return [
            {"id": "http", "type": "http", "url": self.http.url, "document": "json", "batch": 10},
            {
                "id": "parrot",
                "type": "http",
                "url": self.parrot.url,
                "bearer": "${env:TOKEN}",
                "breaker_after": 0,
            },
            {
                "id": "ftp",
                "type": "ftp",
                "host": "127.0.0.1",
                "port": self.ftp.port,
                "files": "live",
                "user": ftp_server.USER,
                "password": "${env:PASSWORD}",
                "ca_file": "ca.pem",
            },
            {
                "id": "sftp",
                "type": "sftp",
                "host": "127.0.0.1",
                "port": self.sftp.port,
                "user": sftp_server.USER,
                "password": "${env:PASSWORD}",
                "host_keys": self.sftp.public,
            },
            {
                "id": "s3",
                "type": "s3",
                "url": self.s3.url,
                "bucket": "wire",
                "files": "latest",
                "access_key": "${env:ACCESS}",
                "secret_key": "${env:SECRET}",
                "region": s3_server.REGION,
            },
            {
                "id": "mail",
                "type": "mail",
                "host": "127.0.0.1",
                "port": self.mail.port,
                "tls": "none",
                "sender": "desk@news.example",
                "to": "editor@paper.example",
                "digest": 5,
            },
            {"id": "far", "type": "fsspec", "url": f"file://{self.root}/far", "deadline_s": 60},
        ]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name in ("ftp", "sftp", "far", "desk"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TOKEN", TOKEN)
    monkeypatch.setenv("PASSWORD", ftp_server.PASSWORD)
    monkeypatch.setenv("ACCESS", s3_server.ACCESS_KEY)
    monkeypatch.setenv("SECRET", s3_server.SECRET_KEY)
    vouching = authority(tmp_path / "desk")
    with ExitStack() as servers:
        yield World(
            http=servers.enter_context(HttpReceiver()),
            parrot=servers.enter_context(HttpReceiver()),
            ftp=servers.enter_context(FtpServer(tmp_path / "ftp", pair=vouching.pair())),
            sftp=servers.enter_context(SshServer(tmp_path / "sftp")),
            s3=servers.enter_context(S3Server("wire")),
            mail=servers.enter_context(MailServer()),
            root=tmp_path,
        )


def test_a_story_and_its_kill_take_every_way_out(world: World, daemon_of: Callable[..., Daemon]) -> None:
    def parrot(exchange: answer.Exchange) -> bool:
        sent = " ".join(f"{name}: {value}" for name, value in world.parrot.received[-1].headers.items())
        return answer.status(422, sent[-150:].encode() + TOKEN.encode())(exchange)

    world.parrot.always(parrot)
    daemon = daemon_of(endpoints=world.endpoints(), retry={"delays_s": [0.2, 0.2], "jitter": 0.0})
    checked = daemon.wire("check", "--connect", status=0).stdout
    for endpoint in ("http", "ftp", "sftp", "s3", "mail", "far"):
        assert f"endpoint {endpoint}: answers" in checked
    assert [*world.files("ftp"), *world.files("sftp"), *world.files("far"), *world.s3.objects["wire"]] == []
    assert world.mail.mails == []

    daemon.start()
    daemon.drop_item(copydesk.newsml(1))
    eventually(lambda: world.arrived(1), limit_s=60, what="the story on every way")
    # a kill would overtake what has not been given up yet
    eventually(lambda: [row["state"] for row in daemon.deliveries()].count("dead") == 1, limit_s=60)
    story = daemon.stories()[0]["id"]
    daemon.wire("kill", story, "--note", "wrong", status=0)
    eventually(lambda: world.arrived(2), limit_s=60, what="its kill on every way")

    assert world.files("sftp") == world.files("far") == [f"{story}-v1.xml", f"{story}-v2.xml"]
    assert list(world.s3.objects["wire"]) == [f"{story}.xml"]
    pushed = [json.loads(got.body) for got in world.http.received if got.method == "POST"]
    assert [(one["version"], one["pub_status"]) for one in pushed] == [(1, "usable"), (2, "canceled")]
    subjects = [mail.message["Subject"] for mail in world.mail.mails]
    assert len(subjects) == 2
    assert subjects[1].startswith("KILL: ")
    eventually(lambda: daemon.status()["queued"] == 0, limit_s=60, what="nothing waits")
    states = sorted(row["state"] for row in daemon.deliveries())
    assert states == ["dead"] * 2 + ["done"] * 12
    _no_secret_anywhere(daemon, story)


def _no_secret_anywhere(daemon: Daemon, story: str) -> None:
    said = [daemon.wire(*words).stdout for words in (("deliveries", "--json"), ("show", story), ("status",))]
    assert any("[secret]" in text for text in said)
    kept = [path.read_bytes() for path in daemon.root.rglob("*") if path.is_file() and path.suffix != ".toml"]
    everything = b"".join(kept) + "".join(said).encode()
    for secret in (TOKEN, ftp_server.PASSWORD, s3_server.SECRET_KEY):
        assert secret.encode() not in everything
        assert b64encode(secret.encode()) not in everything
