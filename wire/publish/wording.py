"""What feeds and pages say of a story in the same words: its title, authors, pictures and addresses."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from wire.common.words import html_to_text
from wire.ports import House
from wire.story import Picture, Revision, Story
from wire.xmltools import clean_line

_PERMANENT_ID = re.compile(r"(?:urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:|tag:|https?://)[!-~]+")
_URI_CHARACTERS = ":/?#[]@!$&'()*+,;=%~"  #: left as they are when an IRI becomes a URI (RFC 3987, 3.1)
_TITLE_CHARS = 100

_IMAGE_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}


def title_of(story: Story) -> str:
    """The headline; for want of one the slugline, or the first words of the summary or the body."""
    if headline := clean_line(story.headline or ""):
        return headline
    for text in (story.slugline, story.description, html_to_text(story.body_html)):
        if line := clean_line(text or ""):
            return line if len(line) <= _TITLE_CHARS else _first_words(line)
    return "Untitled"


def authors(story: Story) -> tuple[str, ...]:
    """Who wrote it, as names; for want of names the byline as printed."""
    return story.creators or ((story.byline,) if story.byline else ())


def story_url(revision: Revision, house: House) -> str:
    """The story's page. Built from our own id, so that no headline or slug can move it."""
    return f"{house.base_url}/stories/{revision.story_id}"


def entry_id(revision: Revision, house: House) -> str:
    """The story's identity in every feed: its guid where that is a URI, else a ``tag:`` URI (RFC 4151).

    The tag is built from who we are, the year of first publication and our own id: none of them moves.
    """
    if _PERMANENT_ID.fullmatch(revision.guid):
        return revision.guid
    return f"tag:{house.id},{revision.published.year}:{revision.story_id}"


def public_pictures(story: Story) -> list[tuple[str, Picture]]:
    """Pictures that the public can load, each with its address as a URI."""
    found = ((public_uri(picture.href), picture) for picture in story.pictures)
    return [(url, picture) for url, picture in found if url is not None]


def public_uri(href: str | None) -> str | None:
    """An absolute http(s) address as a URI in ASCII; None for anything else."""
    if not href:
        return None
    try:
        parts = urlsplit(href.strip())
        host = parts.hostname
        if parts.scheme not in ("http", "https") or not host:
            return None
        netloc = parts.netloc if host.isascii() else parts.netloc.replace(host, host.encode("idna").decode())
    except ValueError:  # UnicodeError included: a host that is no name
        return None
    return quote(parts._replace(netloc=netloc).geturl(), safe=_URI_CHARACTERS)


def image_type(url: str, picture: Picture) -> str | None:
    """The picture's media type as stated, else by the ending of its address, else None."""
    return picture.mimetype or _IMAGE_TYPES.get(urlsplit(url).path.rpartition(".")[2].lower())


def _first_words(line: str) -> str:
    """Whole words only; a script without blanks is cut at the limit."""
    start = line[:_TITLE_CHARS]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:–—-") + "…"
