"""Pages of the desk: templates, and the policy under which nothing of a story can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from wire.common.alarms import Alarm
from wire.common.languages import direction
from wire.ports import House
from wire.story import OPEN_ENDED
from wire.web.answers import Headers
from wire.web.desk.static import address_of

#: Scripts and styles are our own files; a story brings neither, nor pictures, frames or forms.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
GUARDS: Headers = (
    (b"content-security-policy", POLICY.encode()),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

_TEMPLATES = Path(__file__).with_name("templates")


class Frame:
    """Renders the desk's pages. Immutable; used by any thread."""

    def __init__(self, house: House, alarms: Callable[[], Sequence[Alarm]]) -> None:
        """``alarms``: those that stand, the oldest first; every page shows them."""
        self._house = house
        self._alarms = alarms
        self._zone: tzinfo = ZoneInfo(house.timezone)
        self._templates = _environment()

    def page(
        self, template: str, values: Mapping[str, Any], *, status: int = 200, visit: Any = None
    ) -> Response:
        """A page as an answer.

        visit  who sees it (`wire.web.desk.gate.Visit`); None before somebody has come in
        """
        return html(self.text(template, values, visit=visit), status)

    def text(self, template: str, values: Mapping[str, Any], *, visit: Any = None) -> str:
        """A page or a part of one."""
        made = self._templates.get_template(template)
        return made.render(
            house=self._house,
            visit=visit,
            alarms=self._alarms(),
            shown=self.shown,
            clock=self.clock,
            day=self.day,
            **values,
        )

    def shown(self, moment: datetime | None) -> str:
        """A time as people at this desk read it: ``29 Nov 2026, 14:05``."""
        if moment is None:
            return ""
        if moment >= OPEN_ENDED:
            return "until released"
        local = moment.astimezone(self._zone)
        return f"{local.day} {local:%b %Y, %H:%M}"

    def clock(self, moment: datetime) -> str:
        """The time of day, to the second."""
        return f"{moment.astimezone(self._zone):%H:%M:%S}"

    def day(self, moment: datetime) -> str:
        """The day alone: ``Sunday 29 November``."""
        local = moment.astimezone(self._zone)
        return f"{local:%A} {local.day} {local:%B}"


def html(text: str, status: int = 200) -> Response:
    """Finished HTML under the desk's policy."""
    response = Response(text, status_code=status, media_type="text/html")
    guard(response)
    return response


def guard(response: Response) -> None:
    """Add what every answer of the desk says, the policy included."""
    response.raw_headers.extend(header for header in GUARDS if header[0] not in dict(response.raw_headers))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    made.globals |= {"file": address_of, "direction": direction, "iso": _iso}
    return made
