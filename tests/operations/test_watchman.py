"""Alarms on a real store, told by real mail and HTTP servers: once, and again when over."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.harness.waiting import eventually
from tests.operations.mail_server import MailServer
from tests.servers.http_receiver import HttpReceiver
from tests.servers.nuisance import Nuisance
from wire.common.alarms import Alarm, Kind, Limits
from wire.deliver.notices import HookRoute, MailRoute, News, post_hook, send_mail
from wire.errors import Unreachable
from wire.flow.tally import Tally
from wire.observe import Counters
from wire.operate.outlook import Outlook
from wire.operate.watchman import Channel, Watchman
from wire.store.database import Database
from wire.store.figures import Figures
from wire.store.watch import WatchBook

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Scene:
    """A watch whose clock the test moves, over a store that outlives it."""

    folder: Path
    database: Database
    now: datetime = START
    told: list[News] = field(default_factory=list)
    refusing: bool = False

    def tell(self, news: News) -> None:
        if self.refusing:
            raise Unreachable("down")
        self.told.append(news)

    def watchman(self, channels: dict[str, Channel] | None = None, **how: Any) -> Watchman:
        """A new one, as after a start; ``how``: what else it is built with."""
        limits = Limits(quiet={"agency": timedelta(minutes=30)}, free_bytes=0)
        self.tally = Tally(lambda: self.now, Counters())
        outlook = Outlook(
            tally=self.tally,
            figures=Figures(self.database),
            folders={"inbox": self.folder},
            limits=limits,
            started=self.now,
            clock=lambda: self.now,
        )
        made = Watchman(
            outlook=outlook,
            tally=self.tally,
            book=WatchBook(self.database),
            limits=limits,
            channels={"mail": self.tell} if channels is None else channels,
            desk="Example News Desk",
            **how,
        )
        made.resume()
        return made

    def arrive(self) -> None:
        """Something comes from the agency."""
        self.tally.arrived("agency", self.now)

    def said(self) -> list[tuple[Sequence[str], Sequence[str]]]:
        """What was told: about whom, begun and over."""
        return [([a.about for a in news.begun], [a.about for a in news.over]) for news in self.told]


@pytest.fixture
def scene(tmp_path: Path, migrated: Path) -> Iterator[Scene]:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "wire.db").write_bytes(migrated.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'wire.db'}")
    yield Scene(folder=tmp_path / "inbox", database=database)
    database.close()


def test_silence_is_told_once_and_again_when_it_is_over(scene: Scene) -> None:
    watchman = scene.watchman()
    watchman.look()
    assert scene.said() == []
    scene.now += timedelta(minutes=31)
    for _ in range(3):
        watchman.look()
    assert scene.said() == [(["agency"], [])]
    assert [alarm.about for alarm in watchman.alarms] == ["agency"]
    scene.arrive()
    watchman.look()
    watchman.look()
    assert scene.said() == [(["agency"], []), ([], ["agency"])]
    assert watchman.alarms == ()


def test_a_daemon_that_is_not_on_watch_tells_what_the_one_on_watch_has_found(scene: Scene) -> None:
    other = scene.watchman(on_watch=lambda: False, look_s=0.01)
    on_watch = scene.watchman()
    scene.now += timedelta(minutes=31)
    stop = threading.Event()
    looking = threading.Thread(target=other.run, args=(stop,))
    looking.start()
    try:
        on_watch.look()
        eventually(lambda: [alarm.about for alarm in other.told] == ["agency"])
        assert other.alarms == (), "they are counted once"
        scene.arrive()
        on_watch.look()
        assert on_watch.told == ()
        eventually(lambda: other.told == ())
    finally:
        stop.set()
        looking.join()


def test_a_restart_neither_repeats_an_alarm_nor_forgets_that_it_ends(scene: Scene) -> None:
    watchman = scene.watchman()
    scene.arrive()
    scene.now += timedelta(minutes=31)
    watchman.look()
    again = scene.watchman()
    assert [alarm.about for alarm in again.alarms] == ["agency"]
    again.look()
    assert scene.said() == [(["agency"], [])]
    scene.arrive()
    again.look()
    assert scene.said() == [(["agency"], []), ([], ["agency"])]


def test_what_could_not_be_told_is_told_later_even_by_the_next_run(scene: Scene) -> None:
    watchman = scene.watchman()
    scene.arrive()
    scene.refusing = True
    scene.now += timedelta(minutes=31)
    watchman.look()
    scene.refusing = False
    watchman.look()
    assert scene.said() == [], "a channel that failed rests for a while"
    scene.now += timedelta(minutes=2)
    scene.watchman().look()
    assert scene.said() == [(["agency"], [])]


def test_a_channel_that_goes_on_failing_rests_ever_longer(scene: Scene) -> None:
    tried: list[datetime] = []

    def down(_news: News) -> None:
        tried.append(scene.now)
        raise Unreachable("down")

    watchman = scene.watchman({"mail": down})
    scene.arrive()
    scene.now += timedelta(minutes=31)
    for _ in range(60):
        watchman.look()
        scene.now += timedelta(minutes=1)
    rests = [(after - before) / timedelta(minutes=1) for before, after in pairwise(tried)]
    assert rests == [1, 2, 4, 8, 15, 15]


def test_a_channel_that_fails_by_our_fault_keeps_no_other_one_silent(scene: Scene) -> None:
    def broken(_news: News) -> None:
        raise KeyError("a fault of ours")

    watchman = scene.watchman({"mail": broken, "webhook": scene.tell})
    scene.now += timedelta(minutes=31)
    watchman.look()
    watchman.look()
    assert scene.said() == [(["agency"], [])]


def test_what_is_over_before_it_was_told_is_never_told(scene: Scene) -> None:
    watchman = scene.watchman()
    scene.refusing = True
    scene.now += timedelta(minutes=31)
    watchman.look()
    scene.arrive()
    watchman.look()
    scene.refusing = False
    scene.now += timedelta(minutes=20)
    watchman.look()
    assert scene.said() == []


def test_a_file_in_the_inbox_that_nobody_reads_is_told(scene: Scene) -> None:
    (scene.folder / "story.txt").write_text("x")
    (scene.folder / ".hidden").write_text("x")
    watchman = scene.watchman()
    scene.now = datetime.now(UTC) + timedelta(minutes=6)
    watchman.look()
    assert [alarm.message for alarm in watchman.alarms if alarm.about == "inbox"] == [
        "1 files wait in the inbox, the oldest for 6 min"
    ]


def news(*, over: bool = False) -> News:
    alarm = Alarm(
        kind=Kind.QUIET_SOURCE, about="agency", message="nothing came from agency for 31 min", since=START
    )
    return News(
        desk="Example News Desk", begun=() if over else (alarm,), over=(alarm,) if over else (), at=START
    )


def test_mail_arrives_as_a_person_reads_it() -> None:
    with MailServer() as server:
        route = MailRoute(
            host="127.0.0.1",
            port=server.port,
            encryption="none",
            sender="wire@news.example",
            to=["desk@news.example", "night@news.example"],
        )
        send_mail(route, news())
    [(sender, to, data)] = server.received
    message = message_from_bytes(data, policy=policy.default)
    assert (sender, to) == ("wire@news.example", ["desk@news.example", "night@news.example"])
    assert message["Subject"] == "[Example News Desk] nothing came from agency for 31 min"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().strip() == "nothing came from agency for 31 min (since 2026-03-02 12:00 UTC)"


def test_a_mail_server_that_is_not_there_is_a_passing_failure(unused_port: int) -> None:
    route = MailRoute(
        host="127.0.0.1", port=unused_port, encryption="none", sender="a@news.example", to=["b@news.example"]
    )
    with pytest.raises(Unreachable, match="did not take it"):
        send_mail(route, news())


def test_a_mail_server_that_answers_without_end_holds_the_watch_up_for_so_long_and_no_longer() -> None:
    with Nuisance(says=b"220-", on=b"x", pace_s=0.02) as server:
        route = MailRoute(
            host="127.0.0.1", port=server.port, encryption="none", sender="a@news.example", to=["b@x.example"]
        )
        with pytest.raises(Unreachable, match=r"not done within 0\.3 s"):
            send_mail(route, news(), deadline_s=0.3)
        assert server.is_let_go()


def test_a_webhook_gets_json_that_chat_systems_show() -> None:
    with HttpReceiver() as receiver:
        post_hook(HookRoute(url=receiver.url), news(over=True))
        [arrival] = receiver.received
    told = json.loads(arrival.body)
    assert told["text"] == "Example News Desk:\nover: nothing came from agency for 31 min"
    assert told["alarms"] == [
        {
            "kind": "quiet-source",
            "about": "agency",
            "message": "nothing came from agency for 31 min",
            "since": "2026-03-02T12:00:00+00:00",
            "over": True,
        }
    ]


@pytest.fixture
def unused_port() -> int:
    from tests.harness.daemon import free_port

    return free_port()


def test_the_address_of_a_webhook_is_shown_nowhere() -> None:
    assert "hooks.example" not in repr(HookRoute(url="https://hooks.example/secret"))
