"""A real HTTP receiver in its own process: logs every request that it read whole, and fails as scripted.

``python -m tests.harness.receiver --log FILE [--bodies DIR]`` prints its port and serves until its standard
input closes. ``POST /NAME`` is endpoint NAME's; ``POST /_control`` (JSON ``{"endpoint": NAME, …}``) sets its
secret and script. `Receiver` starts and controls it from a test.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import http.client
import json
import os
import socket
import struct
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

PROJECT = Path(__file__).resolve().parents[2]

#: Faults an answer may be: a status (``500``, ``429`` comes with Retry-After: 1), or one of these.
HANG = "hang"  #: no answer at all
RESET = "reset"  #: the body was read and counts as delivered, then the connection is reset
CUT = "cut"  #: status 200 arrives, the rest of the answer does not
FAULTS = ("500", "429", HANG, RESET, CUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request whose body was read whole."""

    at: float  #: seconds since the epoch
    endpoint: str
    key: str  #: header webhook-id
    story: str  #: header wire-story
    version: int  #: header wire-version
    action: str  #: header wire-action, or empty
    sha256: str  #: hex, of the body
    size: int
    media_type: str
    signed: bool | None  #: None when no secret is known
    answer: str  #: what was answered: a status or a fault

    @property
    def taken(self) -> bool:
        """Whether the receiver has it for good: answered with success, or the answer was lost."""
        return self.answer in {"200", RESET, CUT}


@dataclass(slots=True)
class _Endpoint:
    secret: bytes | None = None
    script: deque[str] = field(default_factory=deque)  #: answers to come, before chance decides
    random: Random = field(default_factory=Random)
    rate: float = 0.0  #: share of requests that fail by chance
    faults: Sequence[str] = FAULTS
    always: str | None = None  #: answer to everything, once the script is used up

    def next(self) -> str:
        if self.script:
            return self.script.popleft()
        if self.always is not None:
            return self.always
        if self.rate and self.random.random() < self.rate:
            return self.random.choice(self.faults)
        return "200"

    def control(self, orders: dict[str, object]) -> None:
        if "secret" in orders:
            self.secret = b64decode(str(orders["secret"]).removeprefix("whsec_"))
        if "script" in orders:
            self.script = deque(orders["script"])  # type: ignore[call-overload]
        if "seed" in orders:
            self.random = Random(str(orders["seed"]))
        if "rate" in orders:
            self.rate = float(orders["rate"])  # type: ignore[arg-type]
        if "faults" in orders:
            self.faults = tuple(orders["faults"])  # type: ignore[arg-type]
        if "always" in orders:
            self.always = orders["always"]  # type: ignore[assignment]


class _Desk:
    """What all connections share."""

    def __init__(self, log: Path, bodies: Path | None) -> None:
        self._log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._bodies = bodies
        self._endpoints: dict[str, _Endpoint] = {}

    def endpoint(self, name: str) -> _Endpoint:
        return self._endpoints.setdefault(name, _Endpoint())

    def take(self, name: str, headers: dict[str, str], body: bytes) -> str:
        endpoint = self.endpoint(name)
        answer = endpoint.next()
        arrival = Arrival(
            at=time.time(),
            endpoint=name,
            key=headers.get("webhook-id", ""),
            story=headers.get("wire-story", ""),
            version=int(headers.get("wire-version", "0")),
            action=headers.get("wire-action", ""),
            sha256=sha256(body).hexdigest(),
            size=len(body),
            media_type=headers.get("content-type", ""),
            signed=_signed(endpoint.secret, headers, body),
            answer=answer,
        )
        if self._bodies is not None:
            (self._bodies / arrival.sha256).write_bytes(body)
        os.write(self._log, json.dumps(asdict(arrival)).encode() + b"\n")
        return answer


def _signed(secret: bytes | None, headers: dict[str, str], body: bytes) -> bool | None:
    """Whether a signature of Standard Webhooks (``v1``: HMAC-SHA256) stands in the headers and is fresh."""
    if secret is None:
        return None
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300:
        return False
    signed = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    expected = "v1," + b64encode(hmac.digest(secret, signed, "sha256")).decode()
    return any(hmac.compare_digest(expected, given) for given in headers.get("webhook-signature", "").split())


class _Connection(asyncio.Protocol):
    """Just enough HTTP/1.1: keep-alive, bodies with Content-Length."""

    def __init__(self, desk: _Desk) -> None:
        self._desk = desk
        self._buffer = bytearray()
        self._head: tuple[str, dict[str, str]] | None = None
        self._wanted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while not self._transport.is_closing():
            if self._head is None and not self._read_head():
                return
            if len(self._buffer) < self._wanted:
                return
            body = bytes(self._buffer[: self._wanted])
            del self._buffer[: self._wanted]
            assert self._head is not None
            path, headers = self._head
            self._head = None
            self._answer(path, headers, body)

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        request, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self._head = (request.split(" ")[1].strip("/"), headers)
        self._wanted = int(headers.get("content-length", "0"))
        return True

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> None:
        if path == "_control":
            orders = json.loads(body)
            self._desk.endpoint(orders.pop("endpoint")).control(orders)
            answer = "200"
        else:
            answer = self._desk.take(path, headers, body)
        if answer == HANG:
            return
        if answer == RESET:
            self._reset()
        elif answer == CUT:
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nthe rest is")
            self._transport.close()
        else:
            wait = "Retry-After: 1\r\n" if answer == "429" else ""
            self._transport.write(f"HTTP/1.1 {answer} -\r\n{wait}Content-Length: 0\r\n\r\n".encode())

    def _reset(self) -> None:
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


async def _serve(desk: _Desk) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(desk), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # the starter's end of the pipe: closes with it
    server.close()


class Receiver:
    """The receiver's process, seen from a test. A context manager: it ends with the block."""

    def __init__(self, folder: Path, *, keep_bodies: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "arrivals.jsonl"
        self._log.touch()
        self._bodies = folder / "bodies"
        command = [sys.executable, "-m", "tests.harness.receiver", "--log", str(self._log)]
        if keep_bodies:
            self._bodies.mkdir(exist_ok=True)
            command += ["--bodies", str(self._bodies)]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self._read = 0
        self._arrivals: list[Arrival] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Of the receiver's process."""
        return self._process.pid

    def url(self, endpoint: str) -> str:
        """Where an endpoint of this name is posted to."""
        return f"http://127.0.0.1:{self.port}/{endpoint}"

    def control(self, endpoint: str, **orders: object) -> None:
        """Set ``secret``, ``script``, ``rate`` with ``seed`` and ``faults``, or ``always``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/_control", json.dumps({"endpoint": endpoint, **orders}))
            assert connection.getresponse().status == 200
        finally:
            connection.close()

    def arrivals(self, endpoint: str | None = None) -> list[Arrival]:
        """Everything read so far, in order of arrival."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            for line in log:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                self._arrivals.append(Arrival(**json.loads(line)))
        return [seen for seen in self._arrivals if endpoint in (None, seen.endpoint)]

    def lines(self) -> int:
        """How many requests were read so far, without parsing them."""
        return self._log.read_bytes().count(b"\n")

    def body(self, arrival: Arrival) -> bytes:
        """The bytes that arrived."""
        return (self._bodies / arrival.sha256).read_bytes()

    def all_bytes(self) -> bytes:
        """Every byte that ever arrived, joined."""
        return b"".join(path.read_bytes() for path in sorted(self._bodies.iterdir()))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--bodies", type=Path)
    options = parser.parse_args()
    asyncio.run(_serve(_Desk(options.log, options.bodies)))


if __name__ == "__main__":
    main()
