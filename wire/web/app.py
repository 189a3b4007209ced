"""The routes of the HTTP surface (docs/web.md) as a Starlette application.

Feeds are answered on the event loop straight from memory; stories and health, which read the store, by
Starlette's worker threads. Nothing of a URL ever becomes a path: names are looked up among what we know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from wire.common.metrics import MEDIA_TYPE
from wire.common.renditions import Renditions, rendition
from wire.errors import StoreError
from wire.ports.feeds import ArchiveShelf, FeedInfo, FeedShelf, Rendition
from wire.ports.web import Pages, Shelved, StoryShelf
from wire.story import Revision, Standing
from wire.web.answers import (
    ASK_FIRST,
    CORS,
    PREFLIGHT_PATHS,
    Answer,
    Headers,
    delta,
    feed_headers,
    kept,
    plain,
    preflight,
    respond,
)
from wire.web.changes import ChangeFeed
from wire.web.conditional import Asked, known_tags
from wire.web.hub import HubDoor
from wire.web.private import CHALLENGE, SECRET, Readers

RawHeaders = Iterable[tuple[bytes, bytes]]
Health = Callable[[], Mapping[str, object]]

#: Formats in which a story's document is served, by the ending of the address.
DOCUMENTS: Mapping[str, str] = {"xml": "newsml-g2", "nitf": "nitf", "json": "ninjs"}

_NEWEST = 20  #: stories on a feed's page
_COPIES_BYTES = 4 * 1024 * 1024  #: of pages and documents of stories that are kept for the next reader

_HTML = "text/html; charset=utf-8"
_STORY = re.compile(r"([a-z0-9]+)(?:\.([a-z]+))?")
_READING = frozenset(("GET", "HEAD"))
_ALLOW = (b"allow", b"GET, HEAD")
_ONLY_READING = (b"Only GET and HEAD are possible here.\n", "text/plain")
_ONLY_POST = (b"Only POST is possible here.\n", "text/plain", ((b"allow", b"POST"),))
_GONE = frozenset((Standing.KILLED, Standing.WITHHELD, Standing.PURGED))


def create_app(
    *,
    feeds: FeedShelf,
    stories: StoryShelf,
    pages: Pages,
    health: Health,
    metrics: Callable[[], bytes] | None = None,
    base_url: str = "",
    archives: ArchiveShelf | None = None,
    changes: ChangeFeed | None = None,
    readers: Readers | None = None,
    desk: ASGIApp | None = None,
    hub: HubDoor | None = None,
    hubs: Sequence[str] = (),
) -> ASGIApp:
    """The application. ``health()`` must hold ``healthy`` (bool): false makes ``/health`` answer 503.

    base_url  what the addresses of feeds begin with; without it they name none of themselves
    desk      answers whatever is below ``/desk`` and ``/api``
    hubs      addresses of the WebSub hubs that are told of public feeds
    """
    surface = _Surface(
        feeds=feeds,
        stories=stories,
        pages=pages,
        health=health,
        base_url=base_url,
        archives=archives,
        readers=readers or Readers(),
        hubs=tuple(hubs),
    )
    more = [] if changes is None else [Route("/changes", changes.answer, methods=["GET"])]
    more += [] if hub is None else [Route("/hub", hub.answer, methods=["POST"])]
    if metrics is not None:
        more.append(Route("/metrics", partial(_measured, metrics), methods=["GET"]))
    app = Starlette(
        routes=[
            *more,
            Route("/stories/{name}", surface.story, methods=["GET"]),
            Route("/health", surface.healthy, methods=["GET"]),
            Route("/health/live", surface.live, methods=["GET"]),
            Route("/health/ready", surface.healthy, methods=["GET"]),
            Route("/feeds/{feed}/archive/{day}.atom", surface.archive, methods=["GET"]),
            Route("/private/{token}/{name}", surface.private, methods=["GET"]),
            Route("/feeds.opml", surface.listing, methods=["GET"]),
            Route("/sitemap-news.xml", surface.listing, methods=["GET"]),
            Route("/favicon.ico", _icon, methods=["GET"]),
            Route("/", surface.start, methods=["GET"]),
        ],
        exception_handlers={HTTPException: surface.refused, StoreError: surface.unavailable},
    )
    app.router.redirect_slashes = False  # a redirect would repeat whatever host the request names
    return _Front(surface, app, desk or app)


def _measured(metrics: Callable[[], bytes], _request: Request) -> Response:
    """``/metrics``: figures for Prometheus."""
    return respond(plain(200, metrics(), MEDIA_TYPE, ((b"cache-control", b"no-store"),)))


def _icon(request: Request) -> Response:
    """``/favicon.ico``: the desk's, loaded when a browser first asks for it."""
    from wire.web.desk.static import icon

    return icon(request)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surface:
    """What the routes read from, and one method a route."""

    feeds: FeedShelf
    stories: StoryShelf
    pages: Pages
    health: Health
    base_url: str
    archives: ArchiveShelf | None
    readers: Readers
    hubs: tuple[str, ...]
    fronts: dict[str, tuple[str, Rendition]] = field(default_factory=dict)  #: pages of feeds, by feed
    copies: Renditions = field(default_factory=lambda: Renditions(_COPIES_BYTES))  #: by story and ending

    def feed(self, name: str, asked: Asked) -> Answer:
        """``/feeds/ID.rss``, ``.atom``, ``.json``, and ``/feeds/ID`` for people."""
        feed, _, format = name.rpartition(".")
        if shown := self.feeds.rendition(feed, format, patient=True):
            return self._feed(feed, format, shown, asked)
        if self.feeds.is_private(feed):
            if not self.readers.admits_header(asked.authorization, feed):
                return plain(401, b"Please say who you are.\n", "text/plain", (*CHALLENGE, *SECRET))
            return self._private(feed, format, asked)
        for info in self.feeds.infos():
            if info.id == name:
                return self._front(info, asked)
        return self._page(404, self.pages.missing(), CORS)

    def _front(self, info: FeedInfo, asked: Asked) -> Answer:
        """A feed's page, made once for each state of the feed."""
        state = self.feeds.rendition(info.id, "json", patient=True)
        assert state is not None  # of a feed that is listed
        made = self.fronts.get(info.id)
        if made is None or made[0] != state.etag:
            page = self.pages.feed(info, self.feeds.headlines(info.id, _NEWEST))
            made = self.fronts[info.id] = (state.etag, rendition(page, _HTML, state.modified))
        return kept(asked, made[1], (ASK_FIRST, *self._guards))

    def _feed(self, feed: str, format: str, shown: Rendition, asked: Asked) -> Answer:
        headers = feed_headers(shown.max_age_s, self._link(f"{feed}.{format}"))
        answer = kept(asked, shown, headers)
        if answer.status == 200 and asked.a_im and asked.wants_delta:
            new = self.feeds.delta(feed, format, known_tags(asked.if_none_match))
            return delta(asked, new, shown, headers) if new else answer
        return answer

    def private(self, request: Request) -> Response:
        """``/private/TOKEN/ID.rss``; any other token leads nowhere, like one that was revoked."""
        feed, _, format = request.path_params["name"].rpartition(".")
        if self.feeds.is_private(feed) and self.readers.admits_token(request.path_params["token"], feed):
            asked = Asked.of(request.scope["headers"])
            return respond(self._private(feed, format, asked, own=request.url.path))
        return respond(plain(404, self.pages.missing(), _HTML, (*self._guards, *SECRET[:2])))

    def _private(self, feed: str, format: str, asked: Asked, own: str | None = None) -> Answer:
        shown = self.feeds.rendition(feed, format, private=True, patient=True)
        if shown is not None and own is not None:
            shown = self._under(own, shown, f"{self.base_url}/feeds/{feed}.{format}")
        if shown is None:
            return plain(404, self.pages.missing(), _HTML, (*self._guards, *SECRET[:2]))
        return kept(asked, shown, SECRET)

    def _under(self, path: str, shown: Rendition, usual: str) -> Rendition:
        """The feed with the address it was read at for its own: readers move to the one that it names."""
        if made := self.copies.get(path, shown.etag):
            return made
        body = shown.body.replace(usual.encode(), f"{self.base_url}{path}".encode(), 1)
        made = rendition(body, shown.media_type, shown.modified, max_age_s=shown.max_age_s)
        return self.copies.keep(path, shown.etag, made)

    def _link(self, name: str) -> str:
        if not self.base_url:
            return ""
        links = [(f"{self.base_url}/feeds/{name}", "self"), *((hub, "hub") for hub in self.hubs)]
        return ", ".join(f'<{address}>; rel="{relation}"' for address, relation in links)

    def start(self, _request: Request) -> Response:
        """``/``: every feed."""
        return respond(self._page(200, self.pages.start(self.feeds.infos())))

    def listing(self, request: Request) -> Response:
        """``/feeds.opml`` and ``/sitemap-news.xml``."""
        listed = self.feeds.listing(request.url.path.removeprefix("/"))
        if listed is None:
            return respond(self._page(404, self.pages.missing()))
        return respond(kept(Asked.of(request.scope["headers"]), listed, feed_headers(listed.max_age_s, "")))

    def archive(self, request: Request) -> Response:
        """``/feeds/ID/archive/YYYY-MM-DD.atom``."""
        path = request.path_params
        page = self.archives.page(path["feed"], path["day"]) if self.archives else None
        if page is None:
            return respond(self._page(404, self.pages.missing(), CORS))
        return respond(kept(Asked.of(request.scope["headers"]), page, feed_headers(page.max_age_s, "")))

    def story(self, request: Request) -> Response:
        """``/stories/ID`` for people, with an ending of `DOCUMENTS` for machines; 410 after a kill."""
        named = _STORY.fullmatch(request.path_params["name"])
        shelved = self.stories.shelved(named[1]) if named else None
        if named is None or shelved is None:
            return respond(self._page(404, self.pages.missing()))
        return respond(self._shelved(shelved, named[2], Asked.of(request.scope["headers"])))

    def _shelved(self, shelved: Shelved, ending: str | None, asked: Asked) -> Answer:
        if ending is not None and ending not in DOCUMENTS:
            return self._page(404, self.pages.missing())
        if shelved.standing in _GONE:
            return self._page(410, self.pages.withdrawn())
        revision = shelved.revision
        if revision is None or (shelved.feeds and all(map(self.feeds.is_private, shelved.feeds))):
            return self._page(404, self.pages.missing())
        copy = self._copy(revision, ending)
        if copy is None:
            return self._page(404, self.pages.missing())
        return kept(asked, copy, (ASK_FIRST, *(CORS if ending else self._guards)))

    def _copy(self, revision: Revision, ending: str | None) -> Rendition | None:
        """A story's page, or its document by the ending of its address; made once a version."""
        key = (revision.story_id, ending)
        if made := self.copies.get(key, revision.seq):
            return made
        if ending is None:
            body, media_type = self.pages.story(revision), _HTML
        elif document := self.stories.document(revision, DOCUMENTS[ending]):
            body, media_type = document.body, document.media_type
        else:
            return None
        return self.copies.keep(key, revision.seq, rendition(body, media_type, revision.updated))

    def healthy(self, _request: Request) -> Response:
        """``/health`` and ``/health/ready``: what the daemon says of itself; 200 or 503."""
        return self._state("healthy")

    def live(self, _request: Request) -> Response:
        """``/health/live``: 503 when nothing but a restart helps."""
        return self._state("live")

    def _state(self, wanted: str) -> Response:
        state = self.health()
        body = json.dumps(state, indent=2, default=str).encode() + b"\n"
        status = 200 if state.get(wanted, state.get("healthy")) else 503
        return respond(plain(status, body, "application/json", ((b"cache-control", b"no-store"),)))

    def refused(self, request: Request, exc: Exception) -> Response:
        """No such route, or not by this method."""
        cors = CORS if request.url.path.startswith("/feeds/") else ()
        if isinstance(exc, HTTPException) and exc.status_code == 405:
            if (exc.headers or {}).get("Allow") == "POST":
                return respond(plain(405, *_ONLY_POST))
            return respond(plain(405, *_ONLY_READING, (_ALLOW, *cors)))
        return respond(self._page(404, self.pages.missing(), cors))

    def unavailable(self, _request: Request, _exc: Exception) -> Response:
        """The store cannot be read: say so rather than show what may have been killed."""
        return respond(self.unreadable())

    def unreadable(self) -> Answer:
        """As `unavailable`, in our own form."""
        wait = (b"retry-after", b"5")
        body = b"The news cannot be read at the moment. Please try again shortly.\n"
        return plain(503, body, "text/plain", (wait, (b"cache-control", b"no-store"), *CORS))

    def _page(self, status: int, body: bytes, extra: Headers = ()) -> Answer:
        return plain(status, body, _HTML, (ASK_FIRST, *self._guards, *extra))

    @property
    def _guards(self) -> Headers:
        policy = f"{self.pages.policy}; frame-ancestors 'none'"
        return ((b"content-security-policy", policy.encode()), (b"referrer-policy", b"no-referrer"))


def _is_preflight(scope: Scope) -> bool:
    return (
        scope["method"] == "OPTIONS"
        and scope["path"].startswith(PREFLIGHT_PATHS)
        and any(name == b"access-control-request-method" for name, _ in scope["headers"])
    )


class _Front:
    """What stands before the routes: polls are by far the most requests, so feeds need no routing."""

    def __init__(self, surface: _Surface, routes: ASGIApp, desk: ASGIApp) -> None:
        self._surface = surface
        self._routes = routes
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        folder, _, name = scope["path"].rpartition("/")
        if scope["path"] == "/desk" or scope["path"].startswith(("/desk/", "/api/")):
            await self._desk(scope, receive, send)
        elif _is_preflight(scope):
            await preflight()(scope, receive, send)
        elif folder != "/feeds":
            await self._routes(scope, receive, send)
        elif scope["method"] not in _READING:
            await plain(405, *_ONLY_READING, (_ALLOW, *CORS))(scope, receive, send)
        else:
            await self._feed(name, scope["headers"])(scope, receive, send)

    def at_once(self, method: str, path: str, headers: RawHeaders) -> Answer | None:
        """See `wire.web.protocol.Prompt`."""
        folder, _, name = path.rpartition("/")
        return self._feed(name, headers) if folder == "/feeds" and method in _READING else None

    def _feed(self, name: str, headers: RawHeaders) -> Answer:
        try:
            return self._surface.feed(name, Asked.of(headers))
        except StoreError:
            return self._surface.unreadable()
