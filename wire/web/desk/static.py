"""The files that pages load: our style sheet, script and icon, htmx with its extension."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from wire.common.renditions import rendition
from wire.ports.feeds import Rendition
from wire.web.answers import kept, plain, respond
from wire.web.conditional import Asked

_FOLDER = Path(__file__).with_name("static")
_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
#: Addresses hold a digest of the content, so what was loaded once stays right for ever.
_FOR_EVER = ((b"cache-control", b"public, max-age=31536000, immutable"),)
#: That of the icon names no content.
_A_DAY = ((b"cache-control", b"public, max-age=86400"),)
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def address_of(name: str) -> str:
    """Where a file is served. Raises KeyError for a name that is none of ours."""
    return f"/desk/static/{_files()[name].etag[:12]}/{name}"


def serve(request: Request) -> Response:
    """``/desk/static/DIGEST/NAME``; needs no login."""
    found = _files().get(request.path_params["name"])
    if found is None or not found.etag.startswith(request.path_params["digest"]):
        return respond(plain(404, b"There is no such file.\n", "text/plain"))
    return respond(kept(Asked.of(request.scope["headers"]), found, _FOR_EVER))


def icon(request: Request) -> Response:
    """``/favicon.ico``, for which browsers ask whatever a page says."""
    return respond(kept(Asked.of(request.scope["headers"]), _files()["icon.svg"], _A_DAY))


@cache
def _files() -> Mapping[str, Rendition]:
    return {
        path.name: rendition(path.read_bytes(), _TYPES[path.suffix], _MADE)
        for path in sorted(_FOLDER.iterdir())
        if path.suffix in _TYPES
    }
