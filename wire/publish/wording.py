"""What feeds and pages say of a story in the same words: its title, authors, pictures and addresses."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from wire.common.words import html_to_text
from wire.ports import House
from wire.story import Picture, Revision, Story
from wire.xmltools import clean_line

_LABELS = r"(?:[a-z0-9-]+\.)+[a-z0-9-]+"  #: of a domain name, in small letters
_URI_LETTERS = r"A-Za-z0-9._~!$&'()*+,;=:@/-"
#: URIs that are valid and spelt canonically (RFC 3986, 6.2), so that they may be compared letter by letter:
#: names (RFC 2141), UUIDs (RFC 4122), tags (RFC 4151) and web addresses without port or escapes.
_PERMANENT_ID = re.compile(
    r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|urn:(?!uuid:)[A-Za-z0-9][A-Za-z0-9-]{1,31}:[A-Za-z0-9()+,.:=@;$_!*'-]+"
    rf"|tag:(?:[A-Za-z0-9._-]+@)?{_LABELS},[0-9]{{4}}(?:-[0-9]{{2}}){{0,2}}:[{_URI_LETTERS}]+"
    rf"|https?://{_LABELS}/[{_URI_LETTERS}]*(?:\?[?{_URI_LETTERS}]+)?(?:#[{_URI_LETTERS}]+)?",
    re.ASCII,
)
_DOT_SEGMENT = re.compile(r"/\.\.?(?:[/?#]|$)")
_URI_CHARACTERS = ":/?#[]@!$&'()*+,;=%~"  #: left as they are when an IRI becomes a URI (RFC 3987, 3.1)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
#: Nothing to do: most are.
_SOUND_ADDRESS = re.compile(rf"https?://[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z0-9-]+/[?#{_URI_LETTERS}]*")
_PUBLIC_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z0-9-]+")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")  #: RFC 6838, 4.2
_TITLE_CHARS = 100
_ADDRESS = re.compile(r"\s*<[^<>\s@]+@[^<>\s@]+>")
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
    """Who wrote it, as names; for want of names the byline as printed. No addresses beside names."""
    names = story.creators or ((story.byline,) if story.byline else ())
    return tuple(_ADDRESS.sub("", name) or name.strip("<>") if "@" in name else name for name in names)


def story_url(revision: Revision, house: House) -> str:
    """The story's page. Built from our own id, so that no headline or slug can move it."""
    return f"{house.base_url}/stories/{revision.story_id}"


def entry_id(revision: Revision, house: House) -> str:
    """The story's identity in every feed: its guid where that is a sound URI, else a ``tag:`` URI (RFC 4151).

    The tag is built from who we are, the year of first publication and our own id: none of them moves.
    """
    if _PERMANENT_ID.fullmatch(revision.guid) and not _DOT_SEGMENT.search(revision.guid):
        return revision.guid
    return f"tag:{house.id},{revision.published.year}:{revision.story_id}"


def public_pictures(story: Story) -> list[tuple[str, Picture]]:
    """Pictures that the public can load, each with its address as a URI."""
    found = ((public_uri(picture.href), picture) for picture in story.pictures)
    return [(url, picture) for url, picture in found if url is not None]


def public_uri(href: str | None) -> str | None:
    """An absolute http(s) address as a URI in ASCII; None for anything else, and where no reader can go.

    That is an address with a password in it, or at a host without a domain.
    """
    if not href:
        return None
    return href if _SOUND_ADDRESS.fullmatch(href) else _made_public(href.strip())


def _made_public(href: str) -> str | None:
    try:
        parts = urlsplit(href)
        host = parts.hostname
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            return None
        name = host if host.isascii() else host.encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # UnicodeError included: a host that is no name
        return None
    if not _PUBLIC_HOST.fullmatch(name):
        return None
    there = parts._replace(netloc=name + port, path=parts.path or "/").geturl()
    return _STRAY_PERCENT.sub("%25", quote(there, safe=_URI_CHARACTERS))


def image_type(url: str, picture: Picture) -> str | None:
    """The picture's media type as stated, if it is one; else by the ending of its address, else None."""
    if picture.mimetype and _MEDIA_TYPE.fullmatch(picture.mimetype):
        return picture.mimetype
    return _IMAGE_TYPES.get(urlsplit(url).path.rpartition(".")[2].lower())


def _first_words(line: str) -> str:
    """Whole words only; a script without blanks is cut at the limit."""
    start = line[:_TITLE_CHARS]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:–—-") + "…"
