"""A whole app whose hub, files and deliveries are worked by hand, on a clock that is moved by hand."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.harness.daemon import free_port, toml
from tests.harness.empty_store import lay_down
from tests.servers.subscriber import Subscriber
from wire.app import App
from wire.config import load
from wire.ports.feeds import Rendition
from wire.store import audit as conservation
from wire.store.browse import Browse


class Site:
    """A desk with the public feeds ``all`` and ``sport``, and the private feed ``secret``."""

    def __init__(self, root: Path, **websub: Any) -> None:
        self.root = root
        self.now = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        tables = {
            "web": {"listen": f"127.0.0.1:{port}"},
            "websub": {
                name: value for name, value in ({"networks": ["127.0.0.0/8"]} | websub).items() if value
            },
            "feeds": [
                {"id": "all", "title": "All"},
                {"id": "sport", "title": "Sport", "where": {"keyword": ["sport"]}},
                {"id": "secret", "title": "Secret", "private": True},
            ],
            "retry": {"delays_s": [10, 10], "jitter": 0.0},
        }
        (root / "config").mkdir()
        (root / "config" / "wire.toml").write_text(toml(tables), encoding="utf-8")
        lay_down(root / "var" / "wire.db")
        self._open()

    def _open(self) -> None:
        self.app = App(load(self.root / "config" / "wire.toml"), clock=lambda: self.now)
        self.app.start()
        self.app.exporter.drain()
        self.app.pipeline.take_in()  # from here on it knows what is renamed in

    def close(self) -> None:
        """Stop it, and look whether the store agrees with itself."""
        found = conservation.audit(self.app.database)
        self.app.stop()
        assert found == []

    def restart(self) -> None:
        """Stop it and start it again."""
        self.close()
        self._open()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def publish(self, headline: str, *, name: str | None = None, text: str = "", more: str = "") -> None:
        """A story comes and stands in the feeds and their files."""
        body = text or f"The text of {headline}, which is long enough to be one."
        front = f"---\nheadline: {headline}\n{more}---\n\n{body}\n"
        self.drop(f"{name or headline.replace(' ', '-')}.md", front.encode())

    def drop(self, name: str, data: bytes) -> None:
        """A file comes and is taken in."""
        staged = self.root / "story"
        staged.write_bytes(data)
        staged.rename(self.root / "inbox" / name)
        self.wait(1)
        assert len(self.app.pipeline.take_in().taken) == 1
        self.app.exporter.drain()

    def change_due(self) -> None:
        """What changes by itself does."""
        self.app.pipeline.change_due()
        self.app.exporter.drain()

    def topic(self, file: str = "all.atom") -> str:
        """The address of a feed."""
        return f"{self.base}/feeds/{file}"

    def ask(self, body: bytes | None = None, **fields: Any) -> tuple[int, str]:
        """POST to the hub: ``mode=…, topic=…``; status and text."""
        form = urlencode({f"hub.{name}": value for name, value in fields.items()}).encode()
        answer = self.get("/hub", "POST", form if body is None else body)
        return answer[0], answer[2].decode()

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, **more: str
    ) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers, body. ``more`` headers, such as ``if_none_match``."""
        connection = HTTPConnection(self.base.removeprefix("http://"), timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        found = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        connection.close()
        return found

    def verify(self) -> None:
        """The hub asks everybody whom it has to ask by now."""
        self.app.hub.verify(threading.Event())

    def subscribe(self, subscriber: Subscriber, file: str = "all.atom", **fields: Any) -> None:
        """Subscribe as usual, and be asked."""
        asked = {"mode": "subscribe", "topic": self.topic(file), "callback": subscriber.callback(), **fields}
        status, text = self.ask(**asked)
        assert status == 202, text
        self.verify()

    def deliver(self) -> None:
        """Turns until nothing is due, as the engine makes them."""
        turn = self.app.build_turn()
        while lanes := self.app.queue.ripe(limit=100):
            for lane in lanes:
                while turn(lane):
                    pass
        turn.close()

    def served(self, file: str = "all.atom") -> bytes:
        """What stands in the outbox now."""
        return (self.root / "outbox" / "feeds" / file).read_bytes()

    def announce(self, file: str, rendition: Rendition) -> None:
        """Another content for a topic, as its file would be told of."""
        self.app.hub.announce(file, rendition)

    def rows(self) -> list[tuple[str, str]]:
        """Endpoint and state of every delivery."""
        return [(row.endpoint, row.state) for row in Browse(self.app.database, self.app.clock).deliveries()]
