"""Deliveries to send, and a real receiver."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.servers.certificates import Authority, authority
from tests.servers.http_receiver import HttpReceiver
from wire.config import load
from wire.deliver.discretion import Discreet
from wire.deliver.turn import build_transport
from wire.from_settings import route
from wire.ports.delivery import Engine
from wire.story import Action, Delivery, Document

GENEROUS_S = 20.0  #: for what takes a moment
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def delivery(
    number: int = 1,
    *,
    lane: str = "cms/0",
    story: str = "flood1",
    version: int = 1,
    action: Action = Action.NEW,
    body: bytes = "<newsItem>Überflutung</newsItem>".encode(),
    attempt: int = 1,
    media_type: str = "application/vnd.iptc.g2.newsitem+xml",
) -> Delivery:
    """One delivery, as claimed."""
    return Delivery(
        id=number,
        endpoint=lane.rpartition("/")[0],
        lane=lane,
        story_id=story,
        version=version,
        seq=number,
        action=action,
        key=f"msg_{number}",
        attempt=attempt,
        created_at=NOW,
        document=Document(format="newsml-g2", media_type=media_type, body=body, suffix="xml"),
    )


@contextmanager
def running(engine: Engine) -> Iterator[threading.Event]:
    """The engine in a thread; yields the event that stops it."""
    stop = threading.Event()
    thread = threading.Thread(target=engine.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        engine.wake(())
        thread.join(GENEROUS_S)
        assert not thread.is_alive()


TransportOf = Callable[[str], Discreet]


@pytest.fixture
def transport_of(tmp_path: Path) -> Iterator[TransportOf]:
    """The transport to an endpoint of such settings, built as the daemon builds it; closed afterwards."""
    made: list[Discreet] = []

    def build(settings: str) -> Discreet:
        file = tmp_path / "wire.toml"
        file.write_text(f'[[endpoints]]\nid = "cms"\n{settings}\n', encoding="utf-8")
        found = load(file, with_secrets=True)
        made.append(build_transport(route(found.endpoints[0], found)))
        return made[-1]

    yield build
    for transport in made:
        transport.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a server of files serves; documents go into its folder ``in``."""
    (tmp_path / "far" / "in").mkdir(parents=True)
    return tmp_path / "far"


def names(folder: Path) -> list[str]:
    """What lies where documents go."""
    return sorted(path.name for path in (folder / "in").iterdir())


@pytest.fixture(scope="session")
def vouching(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whose certificates the servers have."""
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    """An HTTP receiver on loopback."""
    with HttpReceiver() as running:
        yield running
