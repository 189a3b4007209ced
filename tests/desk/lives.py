"""The lives of stories on the real thing, beside a model of them simple enough to be believed.

`Newsdesk` is an `App` on its own folder, with a clock that is set by hand and transports that write down what
they carry. `Lives` lives through random schedules and compares after each step what is kept, served, written,
sent and logged with what `Model` says. Every version holds a word of its own, by which its text is known
wherever it shows.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from tests.harness.daemon import toml
from wire import storyjson
from wire.app import App
from wire.config import load
from wire.deliver.folder import FolderTransport
from wire.deliver.turn import Route, Turn
from wire.errors import CommandError, Unreachable
from wire.from_settings import routes
from wire.publish.outbox import agreement
from wire.store import audit as conservation
from wire.store.browse import Browse
from wire.store.schema import counter, metadata
from wire.story import OPEN_ENDED, Delivery, Origin, PubStatus, Receipt, Standing, Story

START = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)  #: clocks are set forward in Europe two hours later
_WORD = re.compile(rb"tok\d+x")
_KEPT_TABLES = ("meta", "counter", "endpoint", "lane")


def words(*texts: bytes) -> set[str]:
    """The words of versions that show in these bytes."""
    return {found.decode() for text in texts for found in _WORD.findall(text)}


# --- the real thing ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A document that an endpoint saw."""

    endpoint: str
    story_id: str
    seq: int
    action: str
    words: frozenset[str]


class Carrier:
    """A folder transport that writes down what it carried; its endpoint may be down, or lose its answers."""

    def __init__(self, route: Route, desk: Newsdesk) -> None:
        self._folder = FolderTransport(**route.options, clock=lambda: desk.now)
        self._desk = desk

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        state = self._desk.endpoints[delivery.endpoint]
        if state == "down":
            raise Unreachable("down")
        receipt = self._folder.send(delivery, deadline_s=deadline_s)
        self._desk.sent.append(
            Sent(
                endpoint=delivery.endpoint,
                story_id=delivery.story_id,
                seq=delivery.seq,
                action=delivery.action.value,
                words=frozenset(words(delivery.document.body)),
            )
        )
        if state == "deaf":
            raise Unreachable("the answer was lost")
        return receipt

    def probe(self) -> None:
        self._folder.probe()

    def close(self) -> None:
        self._folder.close()


class Newsdesk:
    """An app on its own folder. `restart` and `crash` build it anew from what is kept."""

    def __init__(self, root: Path, **further: Any) -> None:
        """``further`` tables of the configuration."""
        self.root = root
        self.now = START
        self.sent: list[Sent] = []
        self.endpoints = {"cms": "up", "early": "up"}  #: ``up``, ``down``, or ``deaf``: answers are lost
        tables = {
            "web": {"listen": "127.0.0.1:0", "base_url": "https://news.example"},
            "sources": [{"id": "agency", "folder": ".", "enrich": []}],
            "feeds": [{"id": "all", "title": "All", "limit": 1000}],
            "endpoints": [
                {"id": "cms", "type": "folder", "path": "cms", "breaker_after": 0},
                {
                    "id": "early",
                    "type": "folder",
                    "path": "early",
                    "accepts_embargoed": True,
                    "breaker_after": 0,
                },
            ],
            "retry": {"delays_s": [0, 0], "jitter": 0.0},
            **further,
        }
        (root / "config").mkdir()
        (root / "config" / "wire.toml").write_text(toml(tables), encoding="utf-8")
        self._settings = load(root / "config" / "wire.toml")
        self._loop = asyncio.new_event_loop()
        self._open()

    def _open(self) -> None:
        self.app = App(self._settings, clock=lambda: self.now)
        self.app.exporter.open(["all"])
        self._surface = self.app.surface()
        self.app.pipeline.take_in()  # from here on it knows what is renamed in
        self._turn = Turn(
            self.app.queue,
            routes(self._settings),
            worker=f"turn-{id(self.app)}",
            clock=lambda: self.now,
            build=lambda route: Carrier(route, self),
            chance=lambda: 0.5,
        )

    def restart(self) -> None:
        """Stop as asked, and start."""
        self._turn.close()
        self.app.stop()
        self._open()

    def crash(self) -> None:
        """Lose all that is not in the store, and start."""
        self._turn.close()
        self.app.apart.stop()
        self.app.web.stop()
        self.app.inbox.close()
        self.app.held.close()
        self._open()

    def forget(self) -> None:
        """Empty the store and the outbox for the next schedule."""
        tables = [table for table in metadata.sorted_tables if table.name not in _KEPT_TABLES]
        self.app.database.write(lambda tx: [tx.execute(table.delete()) for table in tables])
        for folder in ("outbox", "cms", "early"):
            shutil.rmtree(self.root / folder, ignore_errors=True)
        (self.root / "outbox").mkdir()
        self.app.board.doubt()
        self.app.exporter.open(["all"])
        self.now = START
        self.sent.clear()
        self.endpoints = dict.fromkeys(self.endpoints, "up")

    def close(self) -> None:
        self._turn.close()
        self.app.stop()
        self._loop.close()

    def drop(self, name: str, data: bytes) -> None:
        """Rename a file into the inbox and take it in."""
        staged = self.root / name
        staged.write_bytes(data)
        staged.rename(self.root / "inbox" / name)
        assert len(self.app.pipeline.take_in().taken) == 1

    def tick(self) -> None:
        """What the schedule does every second, and at the instant that it looked up."""
        due = self.app.upkeep.next_change()
        if due is not None and due <= self.now:
            self.app.pipeline.change_due()

    def deliver(self) -> None:
        """Turns until nothing is due, as the engine makes them."""
        while lanes := self.app.queue.ripe(limit=10):
            for lane in lanes:
                while self._turn(lane):
                    pass

    def last_version(self) -> int:
        """The number of the last version of any story."""
        query = select(counter.c.value).where(counter.c.name == "revision")
        with self.app.database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page, straight from the application."""
        return self._loop.run_until_complete(_request(self._surface, path))

    def outbox(self) -> dict[Path, bytes]:
        """Every file there, once what was handed over is written."""
        self.app.exporter.drain()
        return {file: file.read_bytes() for file in (self.root / "outbox").rglob("*") if file.is_file()}


async def _request(app: Callable[..., Any], path: str) -> tuple[int, bytes]:
    told: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: Mapping[str, Any]) -> None:
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "headers": []}
    await app({**scope, "query_string": b"", "root_path": "", "scheme": "http"}, receive, send)
    return told[0]["status"], b"".join(message.get("body", b"") for message in told[1:])


class LogBook(logging.Handler):
    """Keeps what is logged at info and above."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__}")


# --- the model --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version as its source sends it; ``created`` is another one for each."""

    version: int
    created: datetime
    word: str
    status: PubStatus = PubStatus.USABLE
    embargo: datetime | None = None
    expires: datetime | None = None
    correction: bool = False

    @property
    def place(self) -> tuple[Any, ...]:
        return self.version, self.status is PubStatus.CANCELED, self.created


@dataclass
class Life:
    """A story as the model sees it."""

    force: Version | None = None
    standing: Standing | None = None
    word: str = ""
    status: PubStatus = PubStatus.USABLE
    killed: bool = False  #: by hand
    ruled: bool = False
    until: datetime | None = None
    over: datetime | None = None
    shown: set[str] = field(default_factory=set)  #: words that ever were public
    spoken: set[str] = field(default_factory=set)  #: words of what was taken back by name

    def embargo(self) -> datetime | None:
        """The end of the embargo in force."""
        assert self.force is not None
        stated = self.force.embargo
        if not self.ruled:
            return stated
        if stated is not None and (self.over is None or stated > self.over):
            return max(stated, self.until or stated)
        return self.until

    def stand(self, now: datetime) -> None:
        """Find the standing anew."""
        assert self.force is not None
        until, expires = self.embargo(), self.force.expires
        if self.killed or self.status is PubStatus.CANCELED:
            self.standing = Standing.KILLED
        elif self.status is PubStatus.WITHHELD:
            self.standing = Standing.WITHHELD
        elif until is not None and until > now:
            self.standing = Standing.EMBARGOED
        elif expires is not None and expires <= now:
            self.standing = Standing.EXPIRED
        else:
            self.standing = Standing.LIVE
        if self.standing is Standing.LIVE:
            self.shown.add(self.word)

    def arrive(self, new: Version, now: datetime) -> None:
        if self.force is not None and new.place <= self.force.place:
            return
        was_held = self.standing is Standing.EMBARGOED
        self.force, self.word, self.status = new, new.word, new.status
        self.stand(now)
        self._take_back(was_held, now)

    def _take_back(self, was_held: bool, now: datetime) -> None:
        """Whether a kill or the like may name its story by the headline in force."""
        taken_back = self.standing in {Standing.KILLED, Standing.WITHHELD}
        if taken_back and not was_held and (self.embargo() or now) <= now:
            self.spoken.add(self.word)

    def tick(self, now: datetime) -> None:
        due = None
        if self.force is not None and self.standing is Standing.EMBARGOED:
            due = self.embargo()
        elif self.force is not None and self.standing is Standing.LIVE:
            due = self.force.expires
        if due is not None and due <= now:
            self.stand(now)

    def kill(self, now: datetime) -> bool:
        if self.standing in (None, Standing.KILLED):
            return False
        was_held = self.standing is Standing.EMBARGOED
        self.killed = True
        self.stand(now)
        self._take_back(was_held, now)
        return True

    def release(self, now: datetime) -> bool:
        assert self.force is None or self.standing is not None
        if self.standing is Standing.KILLED and self.killed and self.status is not PubStatus.CANCELED:
            self.killed = False
        elif self.standing is Standing.EMBARGOED and self.force is not None:
            self.ruled, self.until, self.over = True, None, self.force.embargo
        elif self.standing is Standing.WITHHELD:
            self.status = PubStatus.USABLE
        else:
            return False
        self.stand(now)
        return True

    def hold(self, until: datetime, now: datetime) -> bool:
        may = self.standing in {Standing.LIVE, Standing.EMBARGOED, Standing.WITHHELD}
        if not may or self.force is None or until <= now:
            return False
        self.ruled, self.until, self.over = True, until, self.force.embargo
        self.stand(now)
        return True

    def correct(self, word: str, now: datetime) -> bool:
        if self.standing in (None, Standing.KILLED):
            return False
        self.word = word
        self.stand(now)
        return True


# --- schedules --------------------------------------------------------------------------------------

_AUDITED = 4  #: one schedule in so many ends with an audit, which takes as long as the rest of it
STORIES = st.integers(0, 1)
HOURS = st.integers(-3, 6)


def _maybe(hours: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), st.none(), hours)


class Lives(RuleBasedStateMachine):
    """One schedule: two stories, and whatever may happen to them."""

    desk: Newsdesk  #: set by `on`; the same for every schedule, emptied between them
    _numbers = count(1)
    _words = count(1)
    _endings = cycle(("", ".xml"))

    def __init__(self) -> None:
        super().__init__()
        self.number = next(self._numbers)
        self.lives = [Life(), Life()]
        self.ids: dict[int, str] = {}
        self.files: list[tuple[str, bytes]] = []
        self.latest = START
        self.checked: tuple[int, int] | None = None  # the state in which all was looked at last
        self.book = LogBook()
        logging.getLogger("wire").addHandler(self.book)

    def guid(self, story: int) -> str:
        return f"urn:x-lives:{self.number}:{story}"

    def _word(self) -> str:
        return f"tok{next(self._words)}x"

    # what happens

    @initialize()
    def begin(self) -> None:
        """A first version, without which little can happen."""
        self._arrive(0, version=2, created=START - timedelta(days=1))

    @rule(
        story=STORIES,
        version=st.integers(1, 4),
        status=st.sampled_from([PubStatus.USABLE] * 4 + [PubStatus.CANCELED, PubStatus.WITHHELD]),
        embargo=_maybe(HOURS),
        expires=_maybe(HOURS),
        age=st.integers(1, 60),
        correction=st.booleans(),
    )
    def a_version_comes(
        self,
        story: int,
        version: int,
        status: PubStatus,
        embargo: int | None,
        expires: int | None,
        age: int,
        correction: bool,
    ) -> None:
        self._arrive(
            story,
            version=version,
            created=START - timedelta(hours=age, seconds=len(self.files)),
            status=status,
            embargo=None if embargo is None else START + timedelta(hours=embargo),
            expires=None if expires is None else START + timedelta(hours=expires),
            correction=correction,
        )

    def _arrive(self, story: int, **said: Any) -> None:
        new = Version(word=self._word(), **said)
        self._drop(f"{new.word}.json", self._written(self.guid(story), new))
        self.lives[story].arrive(new, self.desk.now)

    def _written(self, guid: str, new: Version) -> bytes:
        made = Story(
            guid=guid,
            version=new.version,
            pub_status=new.status,
            signals=("correction",) if new.correction else (),
            language="en",
            headline=f"Headline {new.word}",
            slugline=new.word,
            version_created=new.created,
            embargoed=new.embargo,
            expires=new.expires,
            body_html=f"<p>The text of {new.word} is short.</p>",
            ed_notes=(f"Note of {new.word}",),
            origin=Origin(format="json", source="agency", file="x", sha256="0" * 64),
        )
        return json.dumps(storyjson.dump(made)).encode()

    def _drop(self, name: str, data: bytes) -> None:
        self.files.append((name, data))
        self.desk.drop(name, data)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def send_the_same_file_again(self, data: st.DataObject) -> None:
        name, sent = data.draw(st.sampled_from(self.files))
        self.desk.drop(name, sent)

    @rule(hours=st.sampled_from([-5, -2, -1, 1, 1, 2, 3, 5]))
    def set_the_clock(self, hours: int) -> None:
        self.desk.now += timedelta(hours=hours)
        self.latest = max(self.latest, self.desk.now)

    @rule()
    def tick(self) -> None:
        self.desk.tick()
        for life in self.lives:
            life.tick(self.desk.now)

    @rule(story=STORIES)
    def kill(self, story: int) -> None:
        done = self._order(self.desk.app.hand_work.kill, story=self.guid(story), note="Wrong.")
        assert done == self.lives[story].kill(self.desk.now)

    @rule(story=STORIES)
    def release(self, story: int) -> None:
        done = self._order(self.desk.app.hand_work.release, story=self.guid(story))
        assert done == self.lives[story].release(self.desk.now)

    @rule(story=STORIES, hours=st.one_of(st.none(), HOURS))
    def hold(self, story: int, hours: int | None) -> None:
        until = OPEN_ENDED if hours is None else START + timedelta(hours=hours)
        text = None if hours is None else until.isoformat()
        done = self._order(self.desk.app.hand_work.embargo, story=self.guid(story), until=text)
        assert done == self.lives[story].hold(until, self.desk.now)

    @rule(story=STORIES)
    def correct(self, story: int) -> None:
        word = self._word()
        file = self.desk.root / "correction.txt"
        file.write_text(f"Id: {self.guid(story)}\nHeadline: Headline {word}\n\nThe text of {word}.\n")
        done = self._order(self.desk.app.hand_work.correct, file=str(file))
        assert done == self.lives[story].correct(word, self.desk.now)

    def _order(self, order: Callable[..., Any], **arguments: Any) -> bool:
        try:
            order(who="editor", **arguments)
        except CommandError:
            return False
        return True

    @rule(endpoint=st.sampled_from(["cms", "early"]), state=st.sampled_from(["up", "up", "down", "deaf"]))
    def change_an_endpoint(self, endpoint: str, state: str) -> None:
        self.desk.endpoints[endpoint] = state

    @rule()
    def deliver(self) -> None:
        before = len(self.desk.sent)
        self.desk.deliver()
        self._check_sent(self.desk.sent[before:])

    @rule()
    def send_again_what_was_given_up(self) -> None:
        self.desk.app.queue_work.retry(who="editor")

    @rule(gently=st.booleans())
    def restart(self, gently: bool) -> None:
        self.desk.restart() if gently else self.desk.crash()

    @rule()
    def flush_the_outbox(self) -> None:
        self.desk.app.exporter.checkpoint()

    # what holds

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        """Looked at whenever anything may have changed: all of it follows from the store's last version."""
        self.the_log_tells_nothing_of_what_stories_say()
        state = (self.desk.last_version(), id(self.desk.app))
        if state != self.checked:
            self.stories_stand_as_the_model_says()
            self.feeds_show_what_is_live_and_nothing_else()
            # a page costs more than all the rest: one kind at a time, both in the end
            self.pages_show_what_is_live_or_in_the_archive([next(self._endings)])
            self.files_show_what_was_public_and_still_is()
        self.checked = state

    def stories_stand_as_the_model_says(self) -> None:
        rows = {row.guid: row for row in Browse(self.desk.app.database, self.desk.app.clock).stories()}
        for number, life in enumerate(self.lives):
            found = rows.get(self.guid(number))
            assert (None if found is None else Standing(found.standing)) == life.standing
            if found is not None:
                self.ids[number] = found.id
                assert life.word in (found.headline or "")
                assert found.release_at == (life.embargo() if life.standing is Standing.EMBARGOED else None)

    def feeds_show_what_is_live_and_nothing_else(self) -> None:
        live = {life.word for life in self.lives if life.standing is Standing.LIVE}
        for format in ("rss", "atom"):
            shown = self.desk.app.board.rendition("all", format)
            assert shown is not None and words(shown.body) == live

    def pages_show_what_is_live_or_in_the_archive(self, endings: Sequence[str] = ("", ".xml")) -> None:
        for number, story_id in self.ids.items():
            life = self.lives[number]
            public = life.standing in {Standing.LIVE, Standing.EXPIRED} and bool(life.shown)
            gone = life.standing in {Standing.KILLED, Standing.WITHHELD} and bool(life.shown)
            for ending in endings:
                status, body = self.desk.get(f"/stories/{story_id}{ending}")
                assert status == (200 if public else 410 if gone else 404)
                assert words(body) == ({life.word} if public else set())

    def files_show_what_was_public_and_still_is(self) -> None:
        files = self.desk.outbox()
        for number, story_id in self.ids.items():
            life = self.lives[number]
            found = words(*(text for file, text in files.items() if file.name.startswith(story_id)))
            public = life.standing in {Standing.LIVE, Standing.EXPIRED}
            assert found <= (life.shown if public else set())
            assert life.standing is not Standing.LIVE or life.word in found
        live = {life.word for life in self.lives if life.standing is Standing.LIVE}
        feeds = (text for file, text in files.items() if file.parent.name == "feeds" and file.suffix != ".gz")
        assert all(words(text) == live for text in feeds)

    def the_log_tells_nothing_of_what_stories_say(self) -> None:
        assert not words(*(line.encode() for line in self.book.lines)), self.book.lines
        self.book.lines.clear()

    def _check_sent(self, sent: list[Sent]) -> None:
        """What went out just now may be told to whom it went."""
        numbers = {story_id: number for number, story_id in self.ids.items()}
        for one in sent:
            life = self.lives[numbers[one.story_id]]
            if life.standing in {Standing.LIVE, Standing.EXPIRED}:
                assert one.words <= {life.word} or one.action in {"kill", "withhold"}
            elif life.standing is Standing.EMBARGOED and one.endpoint == "early":
                assert one.words <= {life.word}
            else:
                assert one.words <= life.shown | life.spoken, "what is under embargo is not told"
                assert one.action in {"kill", "withhold"}
        for endpoint in self.desk.endpoints:
            for story_id in numbers:
                seen = [s.seq for s in self.desk.sent if (s.endpoint, s.story_id) == (endpoint, story_id)]
                assert seen == sorted(seen), "an older version came after a newer one"

    def teardown(self) -> None:
        """In the end every endpoint holds what it should, and the books balance."""
        try:
            self._settle()
        finally:
            logging.getLogger("wire").removeHandler(self.book)
            self.desk.forget()

    def _settle(self) -> None:
        self.desk.endpoints = dict.fromkeys(self.desk.endpoints, "up")
        self.desk.now = max(self.desk.now, self.latest)  # what is queued waits for its instant
        self.send_again_what_was_given_up()
        self.tick()
        self.deliver()
        self.stories_stand_as_the_model_says()
        self.pages_show_what_is_live_or_in_the_archive()
        self.files_show_what_was_public_and_still_is()
        for number, story_id in self.ids.items():
            for endpoint in self.desk.endpoints:
                self._check_last(endpoint, story_id, self.lives[number])
        database, outbox = self.desk.app.database, self.desk.root / "outbox"
        if self.number % _AUDITED == 0:
            assert conservation.audit(database) == []
        assert list(agreement.feed_files(outbox, self.desk.app.board)) == []
        assert list(agreement.story_files(outbox, self.desk.app.upkeep.versions_in_force())) == []
        ever = datetime.max.replace(tzinfo=UTC)
        found = list(agreement.archive_files(outbox, self.desk.app.archives, ever))
        assert found == [], found

    def _check_last(self, endpoint: str, story_id: str, life: Life) -> None:
        seen = [one for one in self.desk.sent if (one.endpoint, one.story_id) == (endpoint, story_id)]
        may = {Standing.LIVE, Standing.EXPIRED} | ({Standing.EMBARGOED} if endpoint == "early" else set())
        if life.standing in may:
            assert seen and seen[-1].words == {life.word}
        elif seen:
            assert seen[-1].action in {"kill", "withhold"}


def on_a_desk(folder: str | None = None) -> Iterator[type[Lives]]:
    """The machine on a desk of its own, below ``folder``; the desk ends with the iteration."""
    root = Path(tempfile.mkdtemp(prefix="lives-", dir=folder))
    desk = Newsdesk(root)
    try:
        yield type("LivesOnADesk", (Lives,), {"desk": desk})
    finally:
        desk.close()
        shutil.rmtree(root)
