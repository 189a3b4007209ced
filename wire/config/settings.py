"""The tables of ``config/wire.toml``, with what holds where nothing is said."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainValidator, PrivateAttr, Strict, model_validator

from wire.config.alarms import AlarmSettings
from wire.config.endpoints import EndpointSettings
from wire.config.feed_templates import Each, made_of
from wire.config.people import UserSettings
from wire.config.retry import RetrySettings, Seconds
from wire.config.traces import TraceSettings
from wire.config.transform import Transform
from wire.config.values import (
    ID_MEANT,
    ID_PATTERN,
    BaseUrl,
    Charset,
    DatabaseUrl,
    Domain,
    Expression,
    FolderBelowInbox,
    Id,
    IdTemplate,
    ImageAddress,
    Language,
    Listen,
    RootedPath,
    SameStory,
    Several,
    Table,
    Text,
    Timezone,
    Urgency,
    WebAddress,
    guesses,
    host_and_port,
    listen_address,
)
from wire.config.websub import WebSubSettings
from wire.config.where import Where
from wire.ports import House
from wire.story import USUAL_RANK, Duplicates, Guess, Source

#: Files that lie in the inbox itself come from this source.
TOP_SOURCE = "inbox"

_Days = Annotated[int, Field(ge=1, le=36_500)]


class DeskSettings(Table):
    """``[desk]``: who we are."""

    name: Text = "News Desk"
    id: Domain = "wire.localhost"  #: used in guids, never to be changed
    language: Language = "en"
    timezone: Timezone = "UTC"
    home_page: WebAddress | None = None  #: our own HTTP surface when None


class InboxSettings(Table):
    """``[inbox]``: where raw stories are dropped, and when a file counts as whole."""

    path: RootedPath = Path("inbox")
    settle_s: Annotated[Seconds, Field(ge=0.05)] = 1.0  #: size and mtime must have stood still this long
    max_wait_s: Seconds = 30.0  #: how long a file that looks cut off may still grow
    max_bytes: Annotated[int, Field(ge=1, le=2**31)] = 50_000_000
    poll_s: Annotated[Seconds, Field(ge=0.1)] = 1.0  #: seconds between sweeps


class OutboxSettings(Table):
    """``[outbox]``: where feeds and documents are written."""

    path: RootedPath = Path("outbox")


class StoreSettings(Table):
    """``[store]``: the database."""

    url: DatabaseUrl = "sqlite:///var/wire.db"
    keep_days: _Days | None = None  #: how long stories are kept after their last change; for ever when None


class WebSettings(Table):
    """``[web]``: our HTTP surface."""

    listen: Listen = "127.0.0.1:8080"
    base_url: BaseUrl = "http://127.0.0.1:8080"  #: what links are built from; without a trailing slash
    desk: bool = True  #: whether there is a desk page, and the HTTP API

    @model_validator(mode="before")
    @classmethod
    def _base_url_from_listen(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "base_url" in data or not isinstance(data.get("listen"), str):
            return data
        with suppress(ValueError):  # which is said of listen itself
            return {**data, "base_url": f"http://{listen_address(data['listen'])}"}
        return data

    @model_validator(mode="after")
    def _reachable_links(self) -> Self:
        if self.host in {"0.0.0.0", "::"} and self.base_url == f"http://{self.listen}":  # noqa: S104
            raise ValueError(
                f"listen = {self.listen!r} is every address at once; say in base_url what links begin with"
            )
        return self

    @property
    def host(self) -> str:
        """The host name or address to listen on, without brackets."""
        return host_and_port(self.listen)[0]

    @property
    def port(self) -> int:
        """The port to listen on; 0 lets the system choose."""
        return host_and_port(self.listen)[1]


class SourceSettings(Table):
    """``[[sources]]``: a folder below the inbox, and what its stories do not say themselves."""

    id: Id
    folder: FolderBelowInbox | None = None  #: named like the source when None
    provider: Text | None = None
    charset: Charset | None = None
    language: Language | None = None
    timezone: Timezone | None = None  #: the desk's when None
    trusted: bool = False
    profile: Id | None = None  #: dialect of its line formats
    urgency: Urgency | None = None
    enrich: Annotated[frozenset[Guess], PlainValidator(guesses)] = frozenset(Guess)  #: what may be guessed
    rank: Annotated[int, Field(ge=1, le=9)] = USUAL_RANK  #: 1 is the best source of near-duplicates
    same_story: SameStory = "file-name"  #: what tells the story of a document without a guid
    story_in_name: Expression | None = None  #: the part of a file's name that names the story
    keep_days: _Days | None = None  #: the store's when None
    #: ids of sources whose stories it may revise besides its own; everybody's when None
    revises: Annotated[tuple[Text, ...], Strict(False)] | None = None
    #: silence after which it counts as quiet, 0 for never; learnt from its usual gap when None
    quiet_after_s: Annotated[float, Field(ge=0, le=366 * 86_400)] | None = None

    @property
    def place(self) -> str:
        """Its folder below the inbox, with ``/``; ``.`` is the inbox itself."""
        return self.folder or self.id


class FeedSettings(Table):
    """``[[feeds]]``: a feed and what stands in it."""

    id: IdTemplate
    title: Text
    description: str = ""
    language: Language | None = None  #: the desk's when None
    where: Where = Where()
    limit: Annotated[int, Field(ge=1, le=1000)] = 100  #: newest entries kept in the feed
    duplicates: Annotated[Duplicates, Strict(False)] = Duplicates.ALL  #: which near-duplicates stand in it
    each: Each | None = None  #: makes a feed for each of several topics, languages, sources or places
    transform: Transform = Transform()  #: what stands in it other than it came
    authors: Annotated[tuple[Text, ...], Several] = ()  #: ``Name``, ``mail@host (Name)``; else the desk
    rights: Text | None = None
    image: ImageAddress | None = None
    kill_notice: bool = False  #: a story that was taken back stays as a notice; else it only vanishes
    ttl_minutes: Annotated[int, Field(ge=1, le=1440)] = 1  #: for how long readers need not ask again
    private: bool = False  #: for ``[[readers]]`` alone: neither listed nor written to the outbox

    @model_validator(mode="after")
    def _makes_feeds(self) -> Self:
        """Faults of a template are told where it stands."""
        if self.each is None and "{" in self.id:
            raise ValueError(f"id = {self.id!r} needs each, which says what stands for {{…}}")
        if self.each is None and not re.fullmatch(ID_PATTERN, self.id):
            raise ValueError(f"id = {self.id!r} {ID_MEANT}")
        tuple(self.feeds())
        return self

    def feeds(self) -> Iterator[FeedSettings]:
        """The feeds that the table stands for: itself, or those made of it. Raises ValueError."""
        if self.each is None:
            yield self
            return
        texts = {"id": self.id, "title": self.title, "description": self.description}
        for filled, where in made_of(self.each, texts, self.where):
            language = {"language": where.all[1].language[0]} if self.each.language else {}
            yield self.model_copy(update={**filled, **language, "where": where, "each": None})


def _every_feed(tables: tuple[FeedSettings, ...]) -> tuple[FeedSettings, ...]:
    """All feeds that the tables stand for. Raises ValueError when two of them have one id."""
    feeds = tuple(feed for table in tables for feed in table.feeds())
    twice = [id for id, number in Counter(feed.id for feed in feeds).items() if number > 1]
    if twice and any(table.each for table in tables):
        raise ValueError(f"{twice[0]!r} is the id of two feeds, one of them made by each")
    return feeds


class ReaderSettings(Table):
    """``[[readers]]``: somebody who may read private feeds, by ``/private/TOKEN/FEED.rss`` or by password."""

    id: Id
    token_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]  #: of the token, which stands nowhere
    feeds: Annotated[tuple[Id, ...], Several]


class LogSettings(Table):
    """``[log]``: what the daemon says."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"  #: ``auto``: console on a terminal, else json


class Settings(Table):
    """Everything that can be configured. Immutable; shared by all threads."""

    desk: DeskSettings = DeskSettings()
    inbox: InboxSettings
    outbox: OutboxSettings
    store: StoreSettings
    web: WebSettings = WebSettings()
    websub: WebSubSettings = WebSubSettings()
    sources: Annotated[tuple[SourceSettings, ...], Strict(False)] = ()
    feeds: Annotated[tuple[FeedSettings, ...], Strict(False), AfterValidator(_every_feed)] = ()
    readers: Annotated[tuple[ReaderSettings, ...], Strict(False)] = ()
    users: Annotated[tuple[UserSettings, ...], Strict(False)] = ()
    endpoints: Annotated[tuple[EndpointSettings, ...], Strict(False)] = ()
    retry: RetrySettings = RetrySettings()
    log: LogSettings = LogSettings()
    alarms: AlarmSettings = AlarmSettings()
    traces: TraceSettings = TraceSettings()

    _root: Path = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        """Keeps the folder that paths were made relative to."""
        self._root = context["root"]

    @property
    def root(self) -> Path:
        """The folder that holds ``config/``: what relative paths start from. Absolute."""
        return self._root

    def house(self) -> House:
        """Who we are, as documents, feeds and pages say it."""
        return House(
            name=self.desk.name,
            id=self.desk.id,
            language=self.desk.language,
            timezone=self.desk.timezone,
            home_page=self.desk.home_page or f"{self.web.base_url}/",
            base_url=self.web.base_url,
        )

    def source(self, folder: str) -> Source:
        """What is known of the files of a folder.

        folder  relative to the inbox, with ``/``; empty for the inbox itself. A folder that nobody configured
                is a source of the top folder's name, of which nothing is known.
        """
        path = PurePosixPath(folder)
        for place in (path, *path.parents[:-1]):  # the last of the parents is the inbox itself
            if found := self._sources.get(str(place)):
                return found
        name = os.fsencode(path.parts[0]).decode("utf-8", "replace") if path.parts else TOP_SOURCE
        return Source(id=name, timezone=self.desk.timezone)

    def kept_since(self, now: datetime) -> dict[str, datetime]:
        """When a story must have changed last to be kept: by source; ``""`` is every other source."""
        days = {source.id: source.keep_days or self.store.keep_days for source in self.sources}
        days[""] = self.store.keep_days
        return {source: now - timedelta(days=kept) for source, kept in days.items() if kept is not None}

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {
            source.place: Source(
                id=source.id,
                provider=source.provider,
                charset=source.charset,
                language=source.language,
                timezone=source.timezone or self.desk.timezone,
                own_timezone=source.timezone is not None,
                trusted=source.trusted,
                profile=source.profile,
                urgency=source.urgency,
                enrich=source.enrich,
                same_story=source.same_story,
                story_in_name=source.story_in_name,
            )
            for source in self.sources
        }
