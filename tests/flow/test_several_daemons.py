"""Two daemons on one PostgreSQL: what one accepts, both show, and one of them sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.harness import copydesk
from tests.harness.copydesk import Item
from tests.harness.daemon import Daemon
from tests.harness.receiver import Receiver
from tests.harness.waiting import eventually
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.slow(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two daemons with folders of their own, and what they send to."""

    one: Daemon
    other: Daemon
    receiver: Receiver
    server: Postgres
    root: Path
    tables: dict[str, object]

    def both(self) -> tuple[Daemon, Daemon]:
        return self.one, self.other


@pytest.fixture(scope="module")
def pair(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    root = tmp_path_factory.mktemp("pair")
    with Receiver(root / "receiver") as receiver:
        tables: dict[str, object] = {
            "store": {"url": postgres.make("wire-pair")},
            "web": {"base_url": "https://news.example"},
            "endpoints": [{"id": "cms", "type": "http", "url": receiver.url("cms"), "lanes": 4}],
        }
        daemons = [Daemon(root / name, warm_start=True, **tables) for name in ("one", "other")]
        try:
            for daemon in daemons:
                daemon.start()
            yield Pair(
                one=daemons[0], other=daemons[1], receiver=receiver, server=postgres, root=root, tables=tables
            )
        finally:
            for daemon in daemons:
                daemon.end()
                print(daemon.tail())


def shown(daemon: Daemon, headlines: set[str]) -> None:
    """Returns once a daemon's feed shows all of these."""
    eventually(lambda: headlines <= set(daemon.titles()), limit_s=30, what="in the feed")


def files(daemon: Daemon) -> set[str]:
    """Names of the story files in a daemon's outbox."""
    return {file.name for file in daemon.outbox.glob("newsml/*/*/*/*")}


def drop(pair: Pair, first: int, number: int) -> list[Item]:
    """Stories, dropped with the two in turn; returns once both show them."""
    items = [copydesk.newsml(n) for n in range(first, first + number)]
    for position, item in enumerate(items):
        pair.both()[position % 2].drop_item(item)
    for daemon in pair.both():
        shown(daemon, {item.headline for item in items})
    return items


def story_id(daemon: Daemon, item: Item) -> str:
    [link] = [entry.link for entry in daemon.feed().entries if entry.title == item.headline]
    return str(link).rpartition("/")[2]


def sent(pair: Pair, id: str) -> list[int]:
    """The versions of a story that arrived, in their order."""
    return [arrival.version for arrival in pair.receiver.arrivals() if arrival.story == id]


def test_what_either_accepts_both_show_and_one_sends_once(pair: Pair) -> None:
    ids = {story_id(pair.one, item) for item in drop(pair, 100, 20)}
    eventually(lambda: ids <= {arrival.story for arrival in pair.receiver.arrivals()}, what="sent")
    for format in ("rss", "atom", "json"):
        assert len({daemon.get(f"/feeds/all.{format}").body for daemon in pair.both()}) == 1
    for daemon in pair.both():
        names = {f"{id}-v1.xml" for id in ids}
        eventually(partial(_all_written, daemon, names), what="files in the outbox")
        assert daemon.audit().returncode == 0
    assert pair.one.status()["daemon"]["sharing"] == 2
    assert [sent(pair, id) for id in ids] == [[1]] * len(ids)


def _all_written(daemon: Daemon, names: set[str]) -> bool:
    return names <= files(daemon)


@pytest.mark.parametrize("where", ["other", "elsewhere"])
def test_a_kill_by_hand_reaches_every_daemon_from_any_host(pair: Pair, where: str) -> None:
    [item] = drop(pair, 200 + len(where), 1)
    id = story_id(pair.one, item)
    eventually(lambda: sent(pair, id) == [1], what="sent")
    host = pair.other if where == "other" else Daemon(pair.root / where, warm_start=True, **pair.tables)
    host.wire("kill", id, "--note", "wrong", status=0)
    for daemon in pair.both():
        eventually(partial(_is_gone, daemon, item, id), what="taken back")
        assert daemon.get(f"/stories/{id}").status == 410
    eventually(lambda: sent(pair, id) == [1, 2], what="kill sent")


def _is_gone(daemon: Daemon, item: Item, id: str) -> bool:
    return item.headline not in daemon.titles() and not any(name.startswith(id) for name in files(daemon))


def test_versions_that_come_to_different_daemons_end_in_the_newest_everywhere(pair: Pair) -> None:
    versions = [copydesk.newsml(300, n, kind="update" if n > 1 else "new") for n in range(1, 11)]
    for position, item in enumerate(versions):
        pair.both()[position % 2].drop_item(item)
    for daemon in pair.both():
        shown(daemon, {versions[-1].headline})
    id = story_id(pair.one, versions[-1])
    eventually(lambda: sent(pair, id)[-1:] == [10], what="sent")
    assert sent(pair, id) == sorted(sent(pair, id))
    assert len({daemon.get("/feeds/all.atom").body for daemon in pair.both()}) == 1


def test_both_go_on_when_the_server_has_dropped_every_connection(pair: Pair) -> None:
    drop(pair, 500, 2)
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'wire-pair'"
    pair.server.run("postgres", ended)
    ids = {story_id(pair.one, item) for item in drop(pair, 510, 6)}
    eventually(lambda: all(sent(pair, id) for id in ids), limit_s=60, what="sent")
    assert pair.other.audit().returncode == 0
