"""Coming and going: by name and password, or by a one-time link."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from math import ceil

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wire.common.people import Role, User
from wire.web.desk.frame import Frame, guard
from wire.web.desk.gate import Gate, Visit
from wire.web.desk.people import Links, People
from wire.web.desk.throttle import Throttle

log = logging.getLogger(__name__)

_HOME = "/desk"
_FORM_BYTES = 16_384  #: of a form that anybody may send
#: Passwords that are compared or wait for it. Each takes a third of a second, two at a time, in a thread that
#: whoever reads a story would wait for.
_AT_ONCE = 6


class Login:
    """The routes. Immutable but for what the throttle and the links remember."""

    def __init__(
        self, *, gate: Gate, people: People, links: Links, monotonic: Callable[[], float], frame: Frame
    ) -> None:
        self._gate = gate
        self._people = people
        self._links = links
        self._tries = Throttle(monotonic)
        # from many addresses, and by many names; milder, so that nobody can keep a colleague out for long,
        # nor whoever comes by the same proxy
        self._names = Throttle(monotonic, free=50, first_s=1.0, most_s=30.0)
        self._addresses = Throttle(monotonic, free=20, first_s=1.0, most_s=30.0)
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._frame = frame

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        return [
            Route("/desk/login", self.ask, methods=["GET"]),
            Route("/desk/login", self.enter, methods=["POST"]),
            Route("/desk/logout", self._gate.act(self.leave, Role.READER), methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """``GET /desk/login``: the form; with ``once`` that of a one-time link, which only a click uses
        up."""
        self._gate.check_host(request)
        query = request.query_params
        return self._form(next=query.get("next", ""), once=query.get("once", ""))

    async def enter(self, request: Request) -> Response:
        """``POST /desk/login``."""
        self._gate.check_origin(request)
        async with self._gate.form(request, most=_FORM_BYTES) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
        if once := fields.get("once"):
            return await run_in_threadpool(self._by_link, request, once)
        name, password = fields.get("name", "").strip(), fields.get("password", "")
        return await run_in_threadpool(self._by_password, request, name, password, fields.get("next", ""))

    def leave(self, visit: Visit) -> Response:
        """``POST /desk/logout``."""
        response = RedirectResponse("/desk/login", status_code=303)
        self._gate.end(visit.request, response)
        guard(response)
        log.info("%s left the desk", visit.user.name)
        return response

    def _by_link(self, request: Request, once: str) -> Response:
        key = f"link {_address(request)}"
        self._check(request, self._tries.wait_s(key))
        name = self._links.take(once)
        user = self._people.find(name) if name else None
        if user is None:
            self._tries.failed(key)
            message = "This link has been used already, or wire was started anew since."
            return self._form(wrong=message, status=403)
        return self._welcome(request, user, _HOME)

    def _by_password(self, request: Request, name: str, password: str, next: str) -> Response:
        address = _address(request)
        limits = ((self._tries, f"{address} {name}"), (self._names, name), (self._addresses, address))
        self._check(request, max(throttle.wait_s(key) for throttle, key in limits))
        if not self._room.acquire(blocking=False):
            self._check(request, 1.0)
        try:
            user = self._people.by_password(name, password)
        finally:
            self._room.release()
        for throttle, key in limits:
            (throttle.failed if user is None else throttle.succeeded)(key)
        if user is None:
            log.warning("somebody at %s did not get into the desk as %r", address, name[:64])
            return self._form(name=name, next=next, wrong="Name and password do not match.", status=403)
        return self._welcome(request, user, _inside(next))

    @staticmethod
    def _check(request: Request, wait_s: float) -> None:
        if wait_s > 0:
            log.warning("too many tries to get into the desk from %s", _address(request))
            wait = ceil(wait_s)
            raise HTTPException(
                429, f"Too many tries. The next one is heard in {wait} s.", {"retry-after": str(wait)}
            )

    def _welcome(self, request: Request, user: User, next: str) -> Response:
        response = RedirectResponse(next, status_code=303)
        self._gate.forget(request)
        self._gate.begin(user, response)
        guard(response)
        log.info("%s came to the desk", user.name)
        return response

    def _form(
        self,
        *,
        name: str = "",
        next: str = "",
        once: str = "",
        wrong: str = "",
        status: int = 200,
    ) -> Response:
        values = {
            "name": name,
            "next": _inside(next),
            "once": once,
            "wrong": wrong,
            "configured": self._people.configured,
        }
        return self._frame.page("login.html", values, status=status)


def _inside(next: str) -> str:
    """Where to go after the login: somewhere at the desk, and nowhere else."""
    inside = next == _HOME or next.startswith((f"{_HOME}/", f"{_HOME}?"))
    leads_out = ".." in next or "\\" in next or not next.isprintable()
    return next if inside and not leads_out else _HOME


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
