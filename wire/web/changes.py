"""``/changes``: every change since a cursor, for machines that must miss nothing.

JSON Lines a page at a time, or the same as server-sent events, a line an event, for as long as the client
stays. A cursor is a line's ``seq``; readers who go on from their last one miss nothing, however long they
were away: each story comes at its latest version, and those that were taken back as ``deleted``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from wire import storyjson
from wire.ports.web import Change, ChangeLog
from wire.web.answers import CORS, plain, respond
from wire.web.waiting import changes

_MOST_LINES = 200
_MOST_BYTES = 4 * 1024 * 1024  #: a page ends with the line that passes it
_MOST_LOOKS = 50  #: at pages of the store that hold nothing public, before an empty one is sent
_MOST_STREAMS = 100
_LOOK_S = 0.25  #: between two looks whether anything was committed
_HEARTBEAT_S = 15.0  #: keeps proxies from taking silence for death
_CURSOR_DIGITS = 18
_UNKNOWN = b"""This is no cursor of this store: it lies after the last change.
An older state was put back, or the store was made anew. Begin again at since=0.
"""

#: What a story says to editors, or of its way to us.
_INTERNAL = ("ed_notes", "origin", "embargoed")

_FRESH = (b"cache-control", b"no-store")

_JSON_LINES = "application/x-ndjson"
_EVENTS = "text/event-stream"


class ChangeFeed:
    """The route. Streams share the event loop; only reading the store takes a thread, for a page's time."""

    def __init__(self, log: ChangeLog, commits: Callable[[], int]) -> None:
        """commits: a number that grows with every commit; asked for often."""
        self._log = log
        self._commits = commits
        self._streams = 0

    async def answer(self, request: Request) -> Response:
        """A page of lines, or a stream of events to who accepts one.

        400 for what is no cursor, 410 for one of a state that is no more.
        """
        events = _EVENTS in request.headers.get("accept", "") and request.method != "HEAD"
        last = request.headers.get("last-event-id") if events else None
        cursor = last or request.query_params.get("since", "0")
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _CURSOR_DIGITS):
            return respond(plain(400, b"since must be the seq of a line, or 0.\n", "text/plain", CORS))
        if (await run_in_threadpool(self._log.since, int(cursor), 1)).unknown:
            return respond(plain(410, _UNKNOWN, "text/plain", (_FRESH, *CORS)))
        if not events:
            return await self._lines(int(cursor))
        if self._streams >= _MOST_STREAMS:
            busy = ((b"retry-after", b"30"), *CORS)
            return respond(plain(503, b"Too many streams; read pages instead.\n", "text/plain", busy))
        return self._stream(int(cursor))

    async def _lines(self, since: int) -> Response:
        pairs, cursor, _ = await run_in_threadpool(self._page, since)
        link = f'</changes?since={cursor}>; rel="next"'.encode()
        body = b"".join(line + b"\n" for _, line in pairs)
        headers = ((b"link", link), _FRESH, *CORS)
        return respond(plain(200, body, _JSON_LINES, headers))

    def _stream(self, since: int) -> Response:
        response = StreamingResponse(self._events(since), media_type=_EVENTS)
        response.headers["cache-control"] = "no-store"
        response.headers["x-accel-buffering"] = "no"  # nginx would keep events back
        response.raw_headers.extend(CORS)
        return response

    async def _events(self, cursor: int) -> AsyncIterator[bytes]:
        self._streams += 1
        try:
            yield b"retry: 3000\n\n"
            while True:
                seen = self._commits()
                pairs, cursor, more = await run_in_threadpool(self._page, cursor)
                for change, line in pairs:
                    yield b"id: %d\nevent: %s\ndata: %s\n\n" % (change.seq, _event(change).encode(), line)
                if more:
                    continue
                # not so long that a proxy takes us for dead
                if not await changes(self._commits, seen, look_s=_LOOK_S, longest_s=_HEARTBEAT_S):
                    yield b":\n\n"
        finally:
            self._streams -= 1

    def _page(self, since: int) -> tuple[list[tuple[Change, bytes]], int, bool]:
        """Changes with their lines, the cursor behind them, and whether there may be more.

        What is not public is passed over: readers who got nothing would think that they have everything.
        """
        page = self._log.since(since, _MOST_LINES)
        for _ in range(_MOST_LOOKS):
            if page.changes or not page.more:
                break
            page = self._log.since(page.cursor, _MOST_LINES)
        pairs: list[tuple[Change, bytes]] = []
        size = 0
        for change in page.changes:
            line = _line(change)
            pairs.append((change, line))
            size += len(line)
            if size > _MOST_BYTES:
                return pairs, change.seq, True
        return pairs, page.cursor, page.more


def _event(change: Change) -> str:
    return "deleted" if change.revision is None else "changed"


def _line(change: Change) -> bytes:
    fields: dict[str, object] = {
        "seq": change.seq,
        "event": _event(change),
        "id": change.story_id,
        "guid": change.guid,
        "action": change.action.value,
        "at": storyjson.rfc3339(change.at),
    }
    if revision := change.revision:
        story = storyjson.dump(revision.story)
        fields |= {
            "version": revision.version,
            "published": storyjson.rfc3339(revision.published),
            "feeds": revision.feeds,
            "story": {name: value for name, value in story.items() if name not in _INTERNAL},
        }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
