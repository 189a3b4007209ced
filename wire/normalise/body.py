"""The body as a clean fragment that says nothing twice, the pictures' addresses made absolute."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import urljoin, urlsplit

from wire.normalise.hidden import without_hidden
from wire.normalise.leftovers import body_as_meant
from wire.story import Draft, Link, Picture, RawFile
from wire.xmltools import MAX_HTML_CHARS, clean_html

_OPENING = re.compile(r"\s*<p>([^<]{1,200})</p>\s*(?=<)")
_HEADING = re.compile(r"\s*<h[1-3]>([^<]{1,300})</h[1-3]>\s*(?=<)")
_BY = re.compile(r"by:? |von |por |par |di |da |door |av |af ", re.IGNORECASE)
_UNSAFE_SCHEMES = frozenset(("javascript", "data", "vbscript", "file"))


def clean_body(draft: Draft, raw: RawFile) -> Draft:  # noqa: ARG001
    """The draft with its body sanitised, the addresses of its pictures and links usable or gone."""
    shown = without_hidden(draft.body_html)
    meant = body_as_meant(shown)
    body = clean_html(meant, draft.base_url) if meant else ""
    if draft.headline:
        body = without_headline(body, draft.headline)
    if draft.byline:
        body = without_byline(body, draft.byline)
    pictures = tuple(p for picture in draft.pictures if (p := _picture(picture, draft.base_url)) is not None)
    links = tuple(link for one in draft.links if (link := _link(one, draft.base_url)) is not None)
    if body == draft.body_html and pictures == draft.pictures and links == draft.links:
        return draft
    warnings = draft.warnings
    if shown != draft.body_html:
        warnings = (*warnings, "hidden or struck out words of the body left out")
    if meant != shown:
        mended = "characters of the body mended, which somebody had escaped twice or read in a wrong charset"
        warnings = (*warnings, mended)
    if len(draft.body_html) > MAX_HTML_CHARS:
        warnings = (*warnings, f"body cut after {MAX_HTML_CHARS} characters, its markup dropped")
    return replace(draft, body_html=body, pictures=pictures, links=links, warnings=warnings)


def without_headline(body: str, headline: str) -> str:
    """A body without a heading that opens it and says what the headline says, unless it is all there is."""
    heading = _HEADING.match(body)
    if heading is None or _folded(unescape(heading[1])) != _folded(headline):
        return body
    return body[heading.end() :]


def _folded(line: str) -> str:
    return " ".join(line.split()).casefold()


def without_byline(body: str, byline: str) -> str:
    """A body without the byline as its first paragraph: agencies print it there, and state it too."""
    opening = _OPENING.match(body)
    if opening is None or _named(unescape(opening[1])) != _named(byline):
        return body
    return body[opening.end() :]


def _named(byline: str) -> str:
    """Whom a byline names, however it is set."""
    text = " ".join(byline.split())
    introduced = _BY.match(text)
    return text[introduced.end() if introduced else 0 :].rstrip(" .,:").casefold()


def _picture(picture: Picture, base_url: str | None) -> Picture | None:
    href = _absolute(picture.href, base_url) if picture.href else None
    if href is None and not picture.caption:
        return None
    return picture if href == picture.href else replace(picture, href=href)


def _link(link: Link, base_url: str | None) -> Link | None:
    if link.href is None or (href := _absolute(link.href, base_url)) == link.href:
        return link
    return replace(link, href=href) if href or link.residref else None


def _absolute(href: str, base_url: str | None) -> str | None:
    try:
        absolute = urljoin(base_url, href) if base_url and not urlsplit(href).scheme else href
        scheme = urlsplit(absolute).scheme.lower()
    except ValueError:
        return None
    return None if scheme in _UNSAFE_SCHEMES else absolute
