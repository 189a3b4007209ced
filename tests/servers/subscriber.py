"""A WebSub subscriber on loopback: answers questions of intent as told, and keeps what it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.servers.http_receiver import Exchange, HttpReceiver, Received, status


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a hub asked, or told, by GET."""

    mode: str
    topic: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)  #: everything in the query


class Subscriber(HttpReceiver):
    """Repeats every challenge unless ``means_it`` is false; answers what it is sent as scripted, else 200."""

    def __init__(self) -> None:
        super().__init__()
        self.means_it = True
        self.always(self._answer)

    def callback(self, path: str = "/callback") -> str:
        """The address under which it subscribes."""
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def questions(self) -> list[Question]:
        """Every question so far."""
        return [_question(seen) for seen in self.received if seen.method == "GET"]

    @property
    def notifications(self) -> list[Received]:
        """Everything it was sent."""
        return [seen for seen in self.received if seen.method == "POST"]

    def _answer(self, exchange: Exchange) -> bool:
        seen = exchange.request
        if seen.method == "GET":
            challenge = _question(seen).fields.get("hub.challenge", "") if self.means_it else "something else"
            return status(200, challenge.encode())(exchange)
        return status(204)(exchange)


def _question(seen: Received) -> Question:
    parts = urlsplit(seen.path)
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Question(
        mode=fields.get("hub.mode", ""), topic=fields.get("hub.topic", ""), path=parts.path, fields=fields
    )
