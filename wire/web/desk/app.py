"""The routes of the desk as one ASGI application, and how it says what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from wire.errors import CommandError, StoreError
from wire.web.desk import static
from wire.web.desk.frame import Frame

_NOWHERE = "There is no page at this address."
_UNREADABLE = "The store cannot be read at the moment. Please try again shortly."


def desk_app(frame: Frame, routes: Sequence[BaseRoute]) -> ASGIApp:
    """Everything below ``/desk`` and ``/api``."""
    told = _Told(frame)
    app = Starlette(
        routes=[Route("/desk/static/{digest}/{name}", static.serve, methods=["GET"]), *routes],
        exception_handlers={
            HTTPException: told.refused,
            StoreError: told.unreadable,
            CommandError: told.undone,
        },
    )
    app.router.redirect_slashes = False
    return app


class _Told:
    """Answers to what cannot be done."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def refused(self, _request: Request, exc: Exception) -> Response:
        """A page that is not there, or not for this user; or a form that was not sent as it should be."""
        assert isinstance(exc, HTTPException)
        nowhere = exc.detail == HTTPStatus.NOT_FOUND.phrase  # starlette's own word, where no route fits
        response = self._notice(exc.status_code, _NOWHERE if nowhere else exc.detail)
        for name, value in (exc.headers or {}).items():
            response.headers[name] = value
        return response

    def unreadable(self, _request: Request, _exc: Exception) -> Response:
        """The store fails."""
        response = self._notice(503, _UNREADABLE)
        response.headers["retry-after"] = "5"
        return response

    def undone(self, _request: Request, exc: Exception) -> Response:
        """What was asked for cannot be done as things stand."""
        return self._notice(409, str(exc))

    def _notice(self, status: int, text: str) -> Response:
        return self._frame.page("notice.html", {"status": status, "text": text}, status=status)
