"""The body as a clean fragment, the pictures' addresses made absolute."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from wire.normalise.leftovers import body_as_meant
from wire.story import Draft, Picture, RawFile
from wire.xmltools import MAX_HTML_CHARS, clean_html

_UNSAFE_SCHEMES = frozenset(("javascript", "data", "vbscript", "file"))


def clean_body(draft: Draft, raw: RawFile) -> Draft:  # noqa: ARG001
    """The draft with its body sanitised and its pictures' links usable or gone."""
    meant = body_as_meant(draft.body_html)
    body = clean_html(meant, draft.base_url) if meant else ""
    pictures = tuple(p for picture in draft.pictures if (p := _picture(picture, draft.base_url)) is not None)
    if body == draft.body_html and pictures == draft.pictures:
        return draft
    warnings = draft.warnings
    if meant != draft.body_html:
        warnings = (*warnings, "characters of the body mended, which somebody had read in the wrong charset")
    if len(draft.body_html) > MAX_HTML_CHARS:
        warnings = (*warnings, f"body cut after {MAX_HTML_CHARS} characters, its markup dropped")
    return replace(draft, body_html=body, pictures=pictures, warnings=warnings)


def _picture(picture: Picture, base_url: str | None) -> Picture | None:
    href = _absolute(picture.href, base_url) if picture.href else None
    if href is None and not picture.caption:
        return None
    return picture if href == picture.href else replace(picture, href=href)


def _absolute(href: str, base_url: str | None) -> str | None:
    try:
        absolute = urljoin(base_url, href) if base_url and not urlsplit(href).scheme else href
        scheme = urlsplit(absolute).scheme.lower()
    except ValueError:
        return None
    return None if scheme in _UNSAFE_SCHEMES else absolute
