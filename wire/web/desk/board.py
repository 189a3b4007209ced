"""The board: stories as they arrive, filtered, searched, and live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from wire.common.alarms import Alarm
from wire.common.deskview import DUPLICATE, BoardRow, BoardShelf, Filter
from wire.iptc import media_topics
from wire.story import Standing
from wire.web.desk.answers import number
from wire.web.desk.frame import Frame, guard
from wire.web.desk.gate import Gate, Visit, to_login
from wire.web.waiting import changes

_ROWS = 50
_MOST_STREAMS = 200
_LOOK_S = 0.2  #: between two looks whether anything was committed
_REST_S = 0.8  #: between two changes of one page, so that a rush costs little and can be read
_ANYWAY_S = 10.0  #: after which the page is made anew though we heard of no commit
_MOST_MEMORY = 64  #: pages that are remembered
_MOST_ROWS = 2000  #: and rows
_LEVELS = 2  #: of Media Topics that are offered
_MOST_OWN = 50  #: topics of agencies' own schemes that are offered

#: What a live page shows: commits so far, and the alarms that stand.
State = tuple[int, tuple[Alarm, ...]]

STATUSES = (
    *(standing.value for standing in Standing if standing is not Standing.PURGED),
    "corrected",
    DUPLICATE,
)


class Board:
    """The routes. Streams share the event loop; a page is made once for everybody who looks at the same."""

    def __init__(
        self,
        *,
        gate: Gate,
        frame: Frame,
        shelf: BoardShelf,
        language: str,
        commits: Callable[[], int],
        alarms: Callable[[], Sequence[Alarm]],
    ) -> None:
        """``language``: of topics' names.

        commits  a number that grows with every commit to the store; asked for often
        alarms   those that stand; asked for as often
        """
        self._gate = gate
        self._frame = frame
        self._shelf = shelf
        self._language = language
        self._commits = commits
        self._alarms = alarms
        self._streams = 0
        self._made: dict[Filter, tuple[State, str]] = {}
        # most rows of a page are those of the page before
        self._drawn = lru_cache(_MOST_ROWS)(self._row)

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        return [
            Route("/desk", self._gate.look(self.page), methods=["GET"]),
            Route("/desk/live", self.live, methods=["GET"]),
        ]

    def page(self, visit: Visit) -> Response:
        """``GET /desk``."""
        seen = self._commits()
        wanted = filter_of(visit.request.query_params)
        before = cursor_of(visit.text("before"))
        values = self._rows(wanted, before) | {
            "choices": self._choices(wanted),
            "wanted": wanted,
            "first": before is None,
            "live": None if before is not None else f"/desk/live?{self._query(wanted, seen=str(seen))}",
        }
        return self._frame.page("board.html", values, visit=visit)

    async def live(self, request: Request) -> Response:
        """``GET /desk/live``: the rows of the first page again whenever they have changed, as events."""
        self._gate.check_host(request)
        if await run_in_threadpool(self._gate.visit, request) is None:
            return to_login(request)
        if self._streams >= _MOST_STREAMS:
            raise HTTPException(503, "Too many people look at the board.", {"retry-after": "30"})
        wanted, seen = filter_of(request.query_params), cursor_of(request.query_params.get("seen", ""))
        response = StreamingResponse(self._events(request, wanted, seen), media_type="text/event-stream")
        response.headers["x-accel-buffering"] = "no"  # nginx would keep events back
        guard(response)
        return response

    def _state(self) -> State:
        return self._commits(), tuple(self._alarms())

    async def _events(self, request: Request, wanted: Filter, shown: int | None) -> AsyncIterator[bytes]:
        self._streams += 1
        last = ""
        seen = None if shown is None else (shown, self._state()[1])
        try:
            yield b"retry: 2000\n\n"
            while True:
                now = self._state()
                if now != seen:
                    seen = now
                    text = await run_in_threadpool(self._text, wanted, now)
                    if text != last:
                        last = text
                        yield _event(text)
                        await asyncio.sleep(_REST_S)
                if not await changes(self._state, seen, look_s=_LOOK_S, longest_s=_ANYWAY_S):
                    # nobody was told that the session is over, and another daemon may have committed
                    if await run_in_threadpool(self._gate.visit, request) is None:
                        return
                    seen = None
                    yield b":\n\n"
        finally:
            self._streams -= 1

    def _text(self, wanted: Filter, now: State) -> str:
        """The rows of a filter's first page as things stand; made by whoever asks first."""
        made = self._made.get(wanted)
        if made is None or made[0] != now:
            made = (now, self._frame.text("rows.html", self._rows(wanted, None)))
            while len(self._made) >= _MOST_MEMORY:
                self._made.pop(next(iter(self._made)), None)
            self._made[wanted] = made
        return made[1]

    def _rows(self, wanted: Filter, before: int | None) -> dict[str, Any]:
        page = self._shelf.page(wanted, before, _ROWS)
        older = None if page.older is None else f"/desk?{self._query(wanted, before=str(page.older))}"
        return {"page": page, "older": older, "drawn": self._drawn}

    def _row(self, row: BoardRow) -> Markup:
        return Markup(self._frame.text("row.html", {"row": row}))  # noqa: S704  # of our own template

    def _choices(self, wanted: Filter) -> dict[str, Sequence[tuple[str, str]]]:
        """For each filter the values it can take, each with what people call it."""
        found = self._shelf.choices()
        topics = _offered(found["topic"], self._language)
        if wanted.topic and wanted.topic not in dict(topics):
            topics = (
                *topics,
                (wanted.topic, media_topics.label(wanted.topic, self._language) or wanted.topic),
            )
        return {
            "source": [(value, value) for value in found["source"]],
            "language": [(value, value) for value in found["language"]],
            "topic": topics,
            "status": [(value, value) for value in STATUSES],
        }

    @staticmethod
    def _query(wanted: Filter, **more: str) -> str:
        return urlencode({**wanted.given(), **more})


@lru_cache(4)
def _offered(qcodes: tuple[str, ...], language: str) -> tuple[tuple[str, str], ...]:
    """Of the topics that stories have those of the two upper levels, which take what is below them.

    All of them would be half of the page. Others are found by the links of stories that have them.
    """
    known = [qcode for qcode in qcodes if media_topics.is_known(qcode)]
    upper = [qcode for qcode in known if len(media_topics.ancestors(qcode)) < _LEVELS]
    own = [qcode for qcode in qcodes if not media_topics.is_known(qcode)][:_MOST_OWN]
    named = [(qcode, media_topics.label(qcode, language) or qcode) for qcode in (*upper, *own)]
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))


def filter_of(query: Mapping[str, str]) -> Filter:
    """The filter that an address names; what it does not know is passed over."""
    return Filter(**{each.name: query.get(each.name, "").strip()[:200] for each in fields(Filter)})


def cursor_of(text: str) -> int | None:
    """A cursor that we once gave; None when there is none. Raises HTTPException 400."""
    if not text:
        return None
    if (place := number(text)) is None:
        raise HTTPException(400, "That is no place in the list.")
    return place


def _event(text: str) -> bytes:
    return b"".join(b"data: " + line + b"\n" for line in text.encode().splitlines()) + b"\n"
