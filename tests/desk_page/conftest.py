"""A desk page on a real store and a real server in this process; browser tests have a daemon of their own."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import scrypt
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.harness.empty_store import lay_down
from tests.harness.waiting import eventually
from wire.app import App
from wire.config import load
from wire.store.browse import Browse

PASSWORDS = {"ann": "ann-at-the-desk", "rik": "rik-only-looks", "eve": "eve-runs-it-all"}
TOKEN = "token-of-a-test"
TOKEN_SHA256 = "e7f719b0dd5de87ce815d4725adb846ebf14cded907f8e423244f9f107f9aead"


@dataclass
class Reply:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Guest:
    """A browser's share of HTTP: keeps its cookie, sends its origin, follows nothing."""

    url: str
    cookie: str = ""

    def ask(
        self, method: str, path: str, body: str | bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        sent = {"Cookie": self.cookie} if self.cookie else {}
        connection.request(method, path, body, sent | (headers or {}))
        response = connection.getresponse()
        reply = Reply(response.status, response.headers, response.read())
        connection.close()
        return reply

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, *, origin: str | None = "", **fields: str) -> Reply:
        """A form, sent from a page of the desk unless another origin (None: none) is given."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if origin is not None:
            headers["Origin"] = origin or self.url
        return self.ask("POST", path, urlencode(fields), headers)

    def log_in(self, name: str, password: str | None = None) -> Reply:
        reply = self.post(
            "/desk/login", name=name, password=PASSWORDS[name] if password is None else password
        )
        if cookie := reply.headers.get("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        return reply

    @property
    def csrf(self) -> str:
        """What a form of this session has to hold."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/desk").text)
        assert found, "a page with a form"
        return found[1]

    def send(self, path: str, **fields: str) -> Reply:
        """A form as a page of the desk sends it."""
        return self.post(path, csrf=self.csrf, **fields)


@dataclass
class StoppedClock:
    now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Newsdesk:
    """An app with its web server, its inbox swept by hand, and a clock that stands until it is moved."""

    app: App
    clock: StoppedClock

    @property
    def now(self) -> datetime:
        return self.clock.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self.clock.now = moment

    @property
    def url(self) -> str:
        return self.app.web.url

    def guest(self, name: str | None = None) -> Guest:
        """Somebody with a browser; with a name, logged in."""
        guest = Guest(self.url)
        if name is not None:
            assert guest.log_in(name).status == 303
        return guest

    def drop(self, name: str, data: bytes | str, source: str = "") -> None:
        """Hand over a file and take it in."""
        folder = self.app.settings.inbox.path / source
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f".{name}"
        made.write_bytes(data.encode() if isinstance(data, str) else data)
        made.rename(folder / name)
        self.take_in()

    def take_in(self) -> None:
        """Sweep the inbox until nothing waits in it any more."""
        eventually(lambda: self.app.pipeline.take_in().next_look_s is None)

    def stories(self) -> list[Any]:
        return self.browse.stories()

    @property
    def browse(self) -> Browse:
        return Browse(self.app.database, self.clock)


ARRIVED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

CONFIG = """
[desk]
name = "Example News Desk"
id = "news.example"
[inbox]
settle_s = 0.05
max_bytes = 1_000_000
[web]
listen = "127.0.0.1:0"
[[sources]]
id = "agency"
[[sources]]
id = "stringers"
revises = []
[[feeds]]
id = "all"
title = "Everything"
[[endpoints]]
id = "archive"
type = "folder"
path = "archive"
"""


@cache
def hashed(name: str) -> str:
    """Somebody's password as the configuration has it, at the least cost that it takes."""
    salt = b"salt of the test"
    made = scrypt(PASSWORDS[name].encode(), salt=salt, n=2**14, r=1, p=1, dklen=32)
    return f"scrypt$14$1$1${b64encode(salt).decode()}${b64encode(made).decode()}"


def configured(root: Path, config: str = CONFIG, *, users: bool = True) -> Newsdesk:
    """A newsdesk in a folder, started."""
    roles = {"ann": "editor", "rik": "reader", "eve": "admin"}
    if users:
        for name, role in roles.items():
            config += f'[[users]]\nname = "{name}"\nrole = "{role}"\npassword = "{hashed(name)}"\n'
        config += f'[[users]]\nname = "system"\nrole = "admin"\ntoken_sha256 = "{TOKEN_SHA256}"\n'
    file = root / "config" / "wire.toml"
    file.parent.mkdir()
    file.write_text(config)
    lay_down(root / "var" / "wire.db")
    clock = StoppedClock()
    desk = Newsdesk(App(load(file), clock=clock), clock)
    desk.app.start()
    return desk


@pytest.fixture
def newsdesk(tmp_path: Path) -> Iterator[Newsdesk]:
    desk = configured(tmp_path)
    yield desk
    desk.app.stop()


@pytest.fixture
def unlocked(tmp_path: Path) -> Iterator[Newsdesk]:
    """A newsdesk without users."""
    desk = configured(tmp_path, users=False)
    yield desk
    desk.app.stop()
