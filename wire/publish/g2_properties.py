"""Small NewsML-G2 properties that every kind of item has: times, parties, addresses."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from wire.publish.markup import element, text
from wire.story import OPEN_ENDED
from wire.storyjson import rfc3339

_NOT_IN_IRI = re.compile(r"[\s<>\"{}|\\^`\[\]]|%(?![0-9A-Fa-f]{2})")
#: Scheme, authority, the rest and the fragment of an address; each may be missing.
_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)?(//[^/?#]*)?([^#]*)(#.*)?", re.DOTALL)
_AUTHORITY = re.compile(r"//(?:[^@\[\]]*@)?(?:(?:(?P<v6>\[[0-9A-Fa-f:.]+\])|[^@:\[\]]+)(?::[0-9]{1,5})?)?")


def timed(tag: str, moment: datetime | None) -> str:
    """A time as an element; nothing when it is not known."""
    return element(tag, rfc3339(moment)) if moment is not None else ""


def embargoed_until(moment: datetime | None) -> str:
    """An embargo without an end is an empty element (guidelines, "embargoed")."""
    return element("embargoed") if moment == OPEN_ENDED else timed("embargoed", moment)


@lru_cache(maxsize=1024)  # agencies and desks are few
def party(tag: str, name: str | None, **attributes: str) -> str:
    """Somebody we know by name only: as a literal for programs, as a name for people."""
    if not name:
        return ""
    return element(tag, text("name", name), **literal(name), **attributes)


def literal(name: str) -> dict[str, str]:
    """A name in the place of a code."""
    return {"literal": " ".join(name.split())}


def iri(address: str) -> str:
    """The address with what no IRI may hold, or not there, escaped."""
    match = _PARTS.fullmatch(address)
    assert match is not None, "every text matches"
    scheme, authority, rest, fragment = (part or "" for part in match.groups())
    if authority:
        authority = _authority(authority.removesuffix(":"))
    if not (scheme or authority):  # else what is before its first colon would be a scheme
        first, slash, others = rest.partition("/")
        rest = first.replace(":", "%3A") + slash + others
    return scheme + authority + _escaped(rest) + fragment[:1] + _escaped(fragment[1:].replace("#", "%23"))


def _authority(text: str) -> str:
    """Who is asked at an address: a host, perhaps a user before and a port behind it, or else just a name."""
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        return "//" + _escaped(text[2:].replace(":", "%3A").replace("@", "%40"))
    before, host, after = text.partition(match["v6"]) if match["v6"] else (text, "", "")
    return _escaped(before) + host + _escaped(after)


def _escaped(text: str) -> str:
    return _NOT_IN_IRI.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)
