"""Every byte that a whole run logs: objects a line, with story and endpoint, and neither secrets nor copy."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.daemon import SECRET, SECRET_NAME, Daemon
from tests.harness.waiting import eventually
from tests.servers.http_receiver import Exchange, HttpReceiver

pytestmark = pytest.mark.slow

_EMBARGOED = """\
Headline: Zanzibar headline kept until tomorrow
Id: urn:example:embargoed
Byline: Quillon Featherstonehaugh
Embargo: 2099-01-01T00:00:00Z
Note: Xylophone note for editors

Ouagadougou body text that nobody may see before its time. It goes on for another sentence or two.
"""
#: Words of the embargoed copy that stand nowhere else.
_WORDS = ("Zanzibar", "Featherstonehaugh", "Xylophone", "Ouagadougou")


def _echo(exchange: Exchange) -> bool:
    """An endpoint that fails and repeats what it was sent, as debugging servers do."""
    body = b"rejected: Zanzibar headline kept until tomorrow, Ouagadougou body"
    exchange.write(b"HTTP/1.1 500 No\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    return True


def test_a_whole_run_logs_neither_secrets_nor_embargoed_copy(
    daemon_of: Callable[..., Daemon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIRE_TEST_TOKEN", "hush-token-1234")
    with HttpReceiver() as receiver:
        receiver.always(_echo)
        daemon = daemon_of(
            log={"level": "debug"},
            endpoints=[
                {
                    "id": "cms",
                    "type": "http",
                    "url": receiver.url,
                    "secret": SECRET_NAME,
                    "headers": {"Authorization": "Bearer ${env:WIRE_TEST_TOKEN}"},
                    "accepts_embargoed": True,
                    "breaker_after": 0,
                },
                {
                    "id": "gone",
                    "type": "http",
                    "url": "http://127.0.0.1:9/",
                    "secret": SECRET_NAME,
                    "breaker_after": 0,
                },
            ],
            retry={"delays_s": [0.2, 0.2], "jitter": 0},
        )
        daemon.start()
        daemon.drop("embargoed.txt", _EMBARGOED.encode())
        daemon.drop("again.txt", _EMBARGOED.encode())
        daemon.drop("page.html", f"<html><body><pre>{_EMBARGOED}</pre>".encode())
        daemon.drop("cut.xml", f"<newsItem><p>{_EMBARGOED}".encode())
        daemon.drop("open.txt", b"Headline: Open to all\n\nA story that anybody may read at any time.\n")
        eventually(
            lambda: (
                {row["endpoint"] for row in daemon.deliveries() if row["attempts"]} == {"cms", "gone"}
                and "the endpoint answered 500" in daemon.tail(2000)
            ),
            limit_s=60,
            what="both endpoints failed",
        )
        story = next(row for row in daemon.stories() if row["standing"] == "embargoed")
        daemon.wire("kill", story["id"], "--note", "Zanzibar must not run")
        os.kill(daemon.pid, signal.SIGHUP)
        eventually(lambda: daemon.tail(2000).count("wire is ready") == 2, limit_s=60, what="reloaded")
        assert daemon.terminate().status == 0
    logged = daemon.log.read_bytes()
    for word in (*_WORDS, SECRET, SECRET.removeprefix("whsec_"), "hush-token-1234"):
        assert word.encode() not in logged, word
    lines = [json.loads(line) for line in logged.decode().splitlines()]
    assert all({"time", "level", "logger", "event"} <= set(line) for line in lines)
    failed = [line for line in lines if line["event"].startswith("not delivered")]
    assert {line["endpoint"] for line in failed} == {"cms", "gone"}
    assert all(line["story"] for line in failed)
    assert any(line["event"] == "not delivered: the endpoint answered 500" for line in failed)
    made = [line for line in lines if line["event"].startswith("new version 1")]
    assert all(line["story"] and line["source"] == "inbox" for line in made)
    assert len(made) >= 2


def test_the_service_manager_hears_of_the_whole_life(
    daemon_of: Callable[..., Daemon], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
        monkeypatch.setenv("WATCHDOG_USEC", "1000000")
        daemon = daemon_of()
        daemon.start()

        def heard(name: str) -> str:
            while True:
                told = manager.recv(4096).decode()
                if told.startswith(f"{name}="):
                    return told

        assert str(daemon.port) in heard("READY")
        heard("WATCHDOG")
        os.kill(daemon.pid, signal.SIGHUP)
        heard("RELOADING")
        heard("READY")
        daemon.terminate()
        heard("STOPPING")
