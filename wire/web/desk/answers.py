"""Answers that several pages give."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from wire.web.desk.frame import guard

_MOST_DIGITS = 18  #: what every database's numbers hold


def number(text: str) -> int | None:
    """A number of ours as addresses and forms say it: digits alone; None for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if plain else None


def see(path: str) -> Response:
    """Look there next: what follows a form."""
    response = RedirectResponse(path, status_code=303)
    guard(response)
    return response


def attachment(data: bytes, name: str) -> Response:
    """Bytes to be saved under a name, and never to be shown by a browser."""
    response = Response(data, media_type="application/octet-stream")
    plain = "".join(character for character in name.rpartition("/")[2] if character.isprintable())
    response.headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(plain[-100:] or 'file')}"
    guard(response)
    return response


def text_of(data: bytes, charset: str | None, most: int | None = None) -> str | None:
    """Bytes as text, at most so many characters; None when they are none."""
    if b"\0" in data[:4096] and not (charset or "").lower().startswith("utf-16"):
        return None
    try:
        text = data.decode(charset or "utf-8", "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    return text[:most]
