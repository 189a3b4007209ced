"""Polls of one feed, answered in process: requests per second of the server's own processor time."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench import measure
from tests.feeds.stories import HOUSE, MemoryRows, make_revision, make_story
from wire.ports.web import Shelved
from wire.publish.feeds.board import FeedBoard, FeedSpec
from wire.publish.page import HousePages
from wire.story import Document, Revision
from wire.web.app import create_app
from wire.web.server import WebServer

_CLIENTS = 16
_ENTRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A request that is made again and again."""

    name: str
    accept: str
    known: bool  #: whether it names the entity tag
    target: float | None


POLLS = (
    Poll(name="304", accept="gzip, br, zstd", known=True, target=10_000),
    Poll(name="200, precompressed", accept="gzip, br, zstd", known=False, target=8_000),
    Poll(name="200, identity", accept="identity", known=False, target=None),
)


@dataclass(slots=True)
class Server:
    """A server in a process of its own, at rest between the rounds."""

    pid: int
    port: int

    def per_core_s(self, poll: Poll, count: int) -> float:
        """Make a request ``count`` times over 16 connections; how many a core's second holds."""
        request = f"GET /feeds/world.rss HTTP/1.1\r\nhost: localhost\r\naccept-encoding: {poll.accept}\r\n"
        if poll.known:
            request += f'if-none-match: "{self._tag(poll.accept)}"\r\n'
        begun = measure.cpu_s(self.pid)
        asyncio.run(self._rounds(request.encode() + b"\r\n", count))
        return count / (measure.cpu_s(self.pid) - begun)

    def _tag(self, accept: str) -> str:
        request = f"GET /feeds/world.rss HTTP/1.1\r\nhost: localhost\r\naccept-encoding: {accept}\r\n\r\n"
        head, _ = asyncio.run(self._once(request.encode()))
        return head.partition(b'etag: "')[2].partition(b'"')[0].decode()

    async def _once(self, request: bytes) -> tuple[bytes, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        answer = await _answer(reader)
        writer.close()
        return answer

    async def _rounds(self, request: bytes, count: int) -> None:
        async def client() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1024 * 1024)
            for _ in range(count // _CLIENTS):
                writer.write(request)
                await _answer(reader)
            writer.close()

        await asyncio.gather(*(client() for _ in range(_CLIENTS)))


@contextmanager
def serving() -> Iterator[Server]:
    """A running server with one feed of 100 entries, about 200 kB."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,))
    process.start()
    assert process.pid is not None
    try:
        yield Server(pid=process.pid, port=ours.recv())
    finally:
        ours.send(None)
        process.join()


class _NoStories:
    def shelved(self, story_id: str) -> Shelved | None:  # noqa: ARG002
        return None

    def document(self, revision: Revision, format: str) -> Document | None:  # noqa: ARG002
        return None


def _serve(pipe: Connection) -> None:
    rows = MemoryRows()
    chance = random.Random(1)
    for number in range(1, _ENTRIES + 1):
        words = " ".join(f"word{chance.randrange(5000)}" for _ in range(200))
        rows.put("world", make_revision(number, story=make_story(body_html=f"<p>{words}</p>")))
    board = FeedBoard([FeedSpec(id="world", title="World")], HOUSE, rows)
    server = WebServer("127.0.0.1", 0)
    pages = HousePages(HOUSE)
    server.start(create_app(feeds=board, stories=_NoStories(), pages=pages, health=dict, base_url="http://a"))
    pipe.send(int(server.url.rpartition(":")[2]))
    pipe.recv()
    server.stop()


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    _, _, rest = head.partition(b"content-length: ")
    size = int(rest.partition(b"\r\n")[0] or 0)
    return head, await reader.readexactly(size) if size else b""
