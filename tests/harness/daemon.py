"""The daemon as a process: configured, started, fed, asked, killed and stopped by its contract alone."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryFile
from typing import IO, Any, Literal

import feedparser

from tests.harness.copydesk import Item
from tests.harness.waiting import eventually
from tests.harness.warm import Forked, warm

#: How a producer hands a file over: renamed in, written slowly in place, or copied in place at once.
Style = Literal["rename", "slow", "copy"]

_WIRE = (sys.executable, "-m", "wire")

_PORTS = SystemRandom()

#: What endpoints are signed with, and how a configuration names it: every process gets it in its environment.
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SECRET_NAME = "${env:WIRE_TEST_SECRET}"


def free_port() -> int:
    """A loopback port that nobody uses at this moment, nor is given to who connects somewhere.

    Otherwise a daemon that is killed may find its port taken when it comes back.
    """
    while True:
        port = _PORTS.randrange(10_000, 32_000)  # Linux gives out ports from 32768 on
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the daemon's HTTP surface answered."""

    status: int
    headers: Mapping[str, str]  #: names in lower case
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """How the process ended."""

    status: int  #: exit status; negative for a signal
    took_s: float


def toml(tables: Mapping[str, Any]) -> str:
    """A configuration as TOML: tables of plain values, and lists of tables."""
    lines: list[str] = []
    for name, table in tables.items():
        rows = table if isinstance(table, list) else [table]
        head = f"[[{name}]]" if isinstance(table, list) else f"[{name}]"
        for row in rows:
            lines.append(head)
            lines += [f"{key} = {_value(value)}" for key, value in row.items()]
            lines.append("")
    return "\n".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value)


class Daemon:
    """One daemon on its own folder and port. Its process group never outlives `end`."""

    def __init__(self, root: Path, *, settle_s: float = 0.3, warm_start: bool = False, **tables: Any) -> None:
        """Write the configuration.

        warm_start  fork its processes off one that has imported everything (`tests.harness.warm`)
        tables  further tables of the configuration, or values that replace ours: ``feeds=[{…}]``,
                ``endpoints=[{…}]``, ``retry={…}``
        """
        self.root = root
        self.port = free_port()
        self.inbox = root / "inbox"
        self.outbox = root / "outbox"
        self.log = root / "daemon.log"
        self.config = root / "config" / "wire.toml"
        self.staging = root / "staging"
        self.warm_start = warm_start
        self.ready_s = 0.0  #: seconds the last start took
        self._process: subprocess.Popen[bytes] | Forked | None = None
        for folder in (self.inbox, self.staging, self.config.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.configure(
            {
                "desk": {"name": "Example News Desk", "id": "news.example"},
                "inbox": {"settle_s": settle_s},
                "feeds": [{"id": "all", "title": "Everything", "limit": 1000}],
                **tables,
                "web": {"listen": f"127.0.0.1:{self.port}", **tables.get("web", {})},
            }
        )

    def configure(self, tables: Mapping[str, Any]) -> None:
        """Write the configuration file anew."""
        self.config.write_text(toml(tables), encoding="utf-8")

    # --- the process

    @property
    def pid(self) -> int:
        """Of the running daemon."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def spawn(self) -> None:
        """Start the process and return at once."""
        assert not self.running
        words = ["run", "--config", str(self.config)]
        with self.log.open("ab") as log:
            if self.warm_start:
                self._process = warm().start(words, cwd=self.root, stdout=log, stderr=log, env=_environment())
                return
            self._process = subprocess.Popen(
                [*_WIRE, *words],
                cwd=self.root,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self, *, limit_s: float = 20.0) -> float:
        """Start the process; returns the seconds it took until /health answered 200."""
        begun = time.monotonic()
        self.spawn()
        eventually(self._ready, limit_s=limit_s, every_s=0.005, what=f"daemon ready; see {self.log}")
        self.ready_s = time.monotonic() - begun
        return self.ready_s

    def _ready(self) -> bool:
        assert self.running, (
            f"the daemon ended with {self._process and self._process.returncode}:\n{self.tail()}"
        )
        try:
            return self.get("/health").status == 200
        except OSError:
            return False

    def kill9(self) -> None:
        """End the whole process group at once, as a power cut would."""
        assert self._process is not None
        _signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def terminate(self, *, limit_s: float = 15.0) -> Stopped:
        """Send SIGTERM and wait."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(limit_s)
        return Stopped(status=status, took_s=time.monotonic() - begun)

    def wait(self, limit_s: float) -> int:
        """The exit status of a process that is expected to end by itself."""
        assert self._process is not None
        return self._process.wait(limit_s)

    def end(self) -> None:
        """Make sure that nothing of the daemon runs any more."""
        if self._process is not None:
            _signal_group(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def tail(self, lines: int = 40) -> str:
        """The last lines of the daemon's log."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    # --- the inbox

    def drop(self, name: str, data: bytes, *, style: Style = "rename", source: str = "") -> Path:
        """Put a file into the inbox; returns its path there."""
        folder = self.inbox / source
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / name
        if style == "rename":
            staged = self.staging / name
            staged.write_bytes(data)
            staged.rename(target)
        elif style == "copy":
            target.write_bytes(data)
        else:
            self._write_slowly(target, data)
        return target

    def drop_item(self, item: Item, *, style: Style = "rename", source: str = "") -> Path:
        """Put an item into the inbox under its own name."""
        return self.drop(item.name, item.data, style=style, source=source)

    def _write_slowly(self, target: Path, data: bytes) -> None:
        part = max(1, len(data) // 6)
        with target.open("wb") as file:
            for start in range(0, len(data), part):
                file.write(data[start : start + part])
                file.flush()
                time.sleep(0.1)

    def inbox_files(self) -> list[Path]:
        """Regular files that lie in the inbox, but for the mark by which daemons tell that they share it."""
        return [path for path in self.inbox.rglob("*") if path.is_file() and path.name != ".wire-inbox"]

    # --- HTTP

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Answer:
        """One request on a connection of its own. Raises OSError."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers=dict(headers or {}))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(status=response.status, headers=names, body=response.read())
        except http.client.HTTPException as exc:
            raise ConnectionError(str(exc)) from exc
        finally:
            connection.close()

    def feed(self, id: str = "all", format: str = "atom") -> Any:
        """A feed as feedparser reads it, well-formed."""
        answer = self.get(f"/feeds/{id}.{format}")
        assert answer.status == 200, answer
        parsed = feedparser.parse(answer.body)
        assert not parsed.bozo, parsed.bozo_exception
        return parsed

    def titles(self, id: str = "all", format: str = "atom") -> list[str]:
        """Headlines in a feed, as they stand there."""
        return [entry.title for entry in self.feed(id, format).entries]

    # --- the command line

    def wire(
        self, *words: str, status: int | None = None, limit_s: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a command on this daemon's configuration; asserts its exit status where one is given.

        Its process is forked off one that has imported everything; `tests.cli` starts commands from nothing.
        """
        words = (*words, "--config", str(self.config))
        with TemporaryFile() as out, TemporaryFile() as err:
            process = warm().start(words, cwd=self.root, stdout=out, stderr=err, env=_environment())
            try:
                code = process.wait(limit_s)
            except subprocess.TimeoutExpired:
                _signal_group(process.pid, signal.SIGKILL)
                process.wait()
                raise
            done = subprocess.CompletedProcess(words, code, _text(out), _text(err))
        if status is not None:
            assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def stories(self, *words: str) -> list[dict[str, Any]]:
        """``wire stories --json``."""
        return list(_rows(self.wire("stories", "--json", *words, status=0).stdout))

    def deliveries(self, *words: str) -> list[dict[str, Any]]:
        """``wire deliveries --json``."""
        return list(_rows(self.wire("deliveries", "--json", *words, status=0).stdout))

    def quarantined(self) -> list[dict[str, Any]]:
        """``wire quarantine list --json``."""
        return list(_rows(self.wire("quarantine", "list", "--json", status=0).stdout))

    def status(self) -> dict[str, Any]:
        """``wire status --json``, whatever the exit status."""
        done = self.wire("status", "--json")
        assert done.stdout, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def audit(self) -> subprocess.CompletedProcess[str]:
        """``wire audit``."""
        return self.wire("audit")


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _environment() -> dict[str, str]:
    return {**os.environ, "WIRE_TEST_SECRET": SECRET}


def _rows(text: str) -> Iterator[dict[str, Any]]:
    """A JSON array, or one object a line."""
    if text.lstrip().startswith("["):
        yield from json.loads(text)
        return
    for line in text.splitlines():
        if line.strip():
            yield json.loads(line)


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
