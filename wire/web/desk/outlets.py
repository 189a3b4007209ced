"""Feeds and endpoints: what each shows or has waiting, how it does, and how to stop and start it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wire.common.deskview import OutletShelf, Settled
from wire.common.people import Role
from wire.web.desk.answers import see
from wire.web.desk.frame import Frame
from wire.web.desk.gate import Gate, Visit

_HEIGHT = 40.0
#: Seconds of lag that fill a chart: its scale is logarithmic from 0.01 s.
_LONGEST_S, _SHORTEST_S = 3600.0, 0.01

_DONE: Mapping[str, str] = {
    "pause": "Nothing is sent to it until it is resumed.",
    "resume": "It is sent to again.",
    "test": "It answers.",
    "replay": "What it was sent since then is due again.",
    "retry": "What was given up is due again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it is configured."""

    id: str
    title: str
    limit: int
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of a chart whose width and height are the drawing's own units."""

    x: float
    height: float
    kind: str
    label: str


class Outlets:
    """The routes. Immutable."""

    def __init__(
        self, *, frame: Frame, shelf: OutletShelf, feeds: Sequence[Feed], operate: Callable[..., Any]
    ) -> None:
        self._frame = frame
        self._shelf = shelf
        self._feeds = tuple(feeds)
        self._operate = operate

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """What is served."""
        at = "/desk/endpoints/{id}/{action}"
        return [
            Route("/desk/outlets", gate.look(self.page), methods=["GET"]),
            Route(at, gate.act(self.act, Role.ADMIN), methods=["POST"]),
        ]

    def page(self, visit: Visit) -> Response:
        """``GET /desk/outlets``."""
        standings = {
            feed.id: feed for feed in self._shelf.feeds({feed.id: feed.limit for feed in self._feeds})
        }
        endpoints = self._shelf.endpoints()
        values = {
            "feeds": [
                (feed, standings[feed.id], hour_bars(standings[feed.id].hours)) for feed in self._feeds
            ],
            "endpoints": [(each, lag_bars(each.settled), median_lag(each.settled)) for each in endpoints],
            "done": _DONE.get(visit.text("done")),
            "about": visit.text("about")[:64],
        }
        return self._frame.page("outlets.html", values, visit=visit)

    def act(self, visit: Visit) -> Response:
        """``POST /desk/endpoints/ID/pause``, ``resume``, ``test``, ``replay``, ``retry``."""
        id, action = visit.request.path_params["id"], visit.request.path_params["action"]
        arguments: dict[str, Any] = {"endpoint": id, "who": visit.user.name}
        if action not in _DONE:
            raise HTTPException(404, "There is no such action.")
        if action == "pause":
            arguments["note"] = visit.text("note") or None
        elif action == "replay":
            arguments["since"] = visit.text("since")
        self._operate(action, **arguments)
        return see(f"/desk/outlets?done={action}&about={id}#endpoints")


def hour_bars(hours: Sequence[int]) -> tuple[Bar, ...]:
    """How many stories there were in each hour, as bars."""
    most = max((*hours, 1))
    return tuple(
        Bar(
            x=place * 10.0,
            height=max(1.5, _HEIGHT * number / most) if number else 0.0,
            kind="hour",
            label=f"{number} stories, {len(hours) - place} hours ago",
        )
        for place, number in enumerate(hours)
    )


def lag_bars(settled: Sequence[Settled]) -> tuple[Bar, ...]:
    """How long each delivery took, as bars on a logarithmic scale; those given up at full height."""
    return tuple(
        Bar(
            x=(60 - len(settled) + place) * 4.0,
            height=_lag_height(each.lag_s) if each.sent else _HEIGHT,
            kind="good" if each.sent else "bad",
            label=f"sent after {each.lag_s:.2f} s" if each.sent else "given up",
        )
        for place, each in enumerate(settled)
    )


def median_lag(settled: Sequence[Settled]) -> float | None:
    """Seconds that half of the deliveries took at most; None when none was made."""
    lags = sorted(each.lag_s for each in settled if each.sent)
    return lags[len(lags) // 2] if lags else None


def _lag_height(lag_s: float) -> float:
    share = log10(max(lag_s, _SHORTEST_S) / _SHORTEST_S) / log10(_LONGEST_S / _SHORTEST_S)
    return max(2.0, min(1.0, share) * _HEIGHT)
