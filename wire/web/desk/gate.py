"""What every request has to pass before it is heard: whose it is, where it comes from, what it may do.

A page needs a session, held by a cookie that no script can read; a form besides that the session's own
CSRF token, and an ``Origin`` that is ours. The API takes a token in a header, which no browser sends by
itself, and no cookie.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message, Receive

from wire.common.deskview import SessionRows
from wire.common.people import Role, Session, User, new_token, token_hash
from wire.ports import Clock
from wire.web.desk.frame import guard
from wire.web.desk.people import People

Endpoint = Callable[[Request], Awaitable[Response]]

COOKIE = "wire_desk"
_LASTS = timedelta(days=7)
_MOST_FILES = 200
_MOST_FIELDS = 400
#: Bytes of a form around the files in it, and of one without.
_FORM_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request that has passed."""

    request: Request
    user: User
    csrf: str  #: what its forms have to hold
    form: FormData = field(default_factory=FormData)

    def may(self, role: str) -> bool:
        """Whether the user's role covers this one; for templates."""
        return self.user.role.may(Role(role))

    def text(self, name: str) -> str:
        """A field of the form or the query, without blanks around it; empty when it is not there."""
        value = self.form.get(name) if name in self.form else self.request.query_params.get(name)
        return value.strip() if isinstance(value, str) else ""


Handler = Callable[[Visit], Response]


class Gate:
    """Lets requests pass. Immutable; used by the event loop, with what waits in threads."""

    def __init__(
        self,
        *,
        people: People,
        sessions: SessionRows,
        clock: Clock,
        hosts: frozenset[str],
        secure: bool,
        largest: int,
    ) -> None:
        """``hosts``: names and ports by which we are called, as ``Host`` says them.

        secure   whether browsers reach us by HTTPS alone
        largest  bytes that a form may hold
        """
        self._people = people
        self._sessions = sessions
        self._clock = clock
        self._hosts = hosts
        self._secure = secure
        self._largest = largest

    # --- pages

    def look(self, handler: Handler, role: Role = Role.READER) -> Endpoint:
        """A page that somebody may look at. Without a session it leads to the login."""

        async def answer(request: Request) -> Response:
            self.check_host(request)
            visit = await run_in_threadpool(self.visit, request)
            if visit is None:
                return to_login(request)
            _need(visit.user, role)
            return await run_in_threadpool(handler, visit)

        return answer

    def act(self, handler: Handler, role: Role = Role.EDITOR) -> Endpoint:
        """A form that somebody may send."""

        async def answer(request: Request) -> Response:
            self.check_origin(request)
            visit = await run_in_threadpool(self.visit, request)
            if visit is None:
                return to_login(request)
            _need(visit.user, role)
            async with self.form(request) as form:
                given = form.get("csrf")
                if not isinstance(given, str) or not hmac.compare_digest(given.encode(), visit.csrf.encode()):
                    raise HTTPException(
                        403, "The form is out of date: go back, load the page anew, try again."
                    )
                sent = Visit(request=request, user=visit.user, csrf=visit.csrf, form=form)
                return await run_in_threadpool(handler, sent)

        return answer

    def visit(self, request: Request) -> Visit | None:
        """Who sends a request by the session in its cookie; None when nobody we know. Raises StoreError."""
        token = request.cookies.get(COOKIE, "")
        session = self._sessions.find(token_hash(token), self._clock()) if token else None
        user = self._people.find(session.name) if session is not None else None
        if session is None or user is None or user.stamp != session.stamp:
            return None
        return Visit(request=request, user=user, csrf=_csrf(token))

    # --- coming and going

    def begin(self, user: User, response: Response) -> None:
        """Begin a session and hand the browser its cookie. Raises StoreError."""
        token = new_token()
        until: datetime = self._clock() + _LASTS
        self._sessions.begin(token_hash(token), Session(name=user.name, stamp=user.stamp, until=until))
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(_LASTS.total_seconds()),
            path="/desk",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, request: Request) -> None:
        """End the session of a request, if it has one. Raises StoreError."""
        if token := request.cookies.get(COOKIE):
            self._sessions.end(token_hash(token))

    def end(self, request: Request, response: Response) -> None:
        """End the session of a request, and have the browser drop its cookie. Raises StoreError."""
        self.forget(request)
        response.delete_cookie(COOKIE, path="/desk", secure=self._secure, httponly=True, samesite="lax")

    # --- what holds for all

    def check_host(self, request: Request) -> None:
        """We are called by a name of ours: a page elsewhere whose name was made to lead here is not heard."""
        if request.headers.get("host", "").lower() not in self._hosts:
            raise HTTPException(421, "This is not the address of the desk; [web] base_url says what is.")

    def check_origin(self, request: Request) -> None:
        """As `check_host`; and a form must come from a page of ours, as every browser says of it."""
        self.check_host(request)
        scheme, _, host = request.headers.get("origin", "").partition("://")
        fetched = request.headers.get("sec-fetch-site", "same-origin")
        ours = scheme in {"http", "https"} and host.lower() in self._hosts
        if not ours or fetched != "same-origin":
            raise HTTPException(403, "The form was sent from another site.")

    def form(self, request: Request, *, most: int | None = None) -> _Form:
        """The form of a request, as long as it is open. Raises HTTPException 413 or 400.

        most  bytes that it may have; with files in it when None
        """
        return _Form(request, self._largest + _FORM_BYTES if most is None else most)


class _Form:
    """Reads a form within limits and lets go of its files."""

    def __init__(self, request: Request, most: int) -> None:
        self._request = Request(request.scope, _limited(request.receive, most))

    async def __aenter__(self) -> FormData:
        try:
            return await self._request.form(
                max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_FORM_BYTES
            )
        except MultiPartException as exc:
            raise HTTPException(400, "The form cannot be read.") from exc

    async def __aexit__(self, *_exc: object) -> None:
        await self._request.close()


def _limited(receive: Receive, most: int) -> Receive:
    """A body that ends with 413 once it is larger than this many bytes."""
    come = 0

    async def limited() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > most:
            raise HTTPException(413, f"That is more than {most:,} bytes.")
        return message

    return limited


def to_login(request: Request) -> Response:
    """To the login, and back to where somebody wanted to go; to a part of a page only that there is none."""
    if request.headers.get("hx-request"):
        raise HTTPException(401, "The session is over: load the page anew.")
    path = request.url.path
    if request.method == "GET" and request.url.query:
        path = f"{path}?{request.url.query}"
    wanted = f"?next={quote(path)}" if request.method == "GET" and path != "/desk" else ""
    response = RedirectResponse(f"/desk/login{wanted}", status_code=303)
    guard(response)
    return response


def _need(user: User, role: Role) -> None:
    if not user.role.may(role):
        raise HTTPException(403, f"This is for the role {role.value}; yours is {user.role.value}.")


def _csrf(token: str) -> str:
    return hmac.digest(token.encode("utf-8", "replace"), b"csrf", sha256).hex()
