"""JPEG pictures with metadata: a picture story, read from XMP and EXIF (APP1) and IPTC IIM 4 (APP13).

What several state, XMP states best and EXIF, which cameras write, worst. XMP may also stand in a file of
its own, beside its picture. The picture itself stays in the raw file; no address of it is known. Each
field's meaning is that of the IPTC Photo Metadata Standard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from wire.errors import NotAStory
from wire.iptc.media_topics import topics_of
from wire.parse.base import head_of, read_date
from wire.parse.embargo import embargo_until, is_embargo, opens_held
from wire.parse.exif import read_exif
from wire.parse.jpegmeta import Jpeg, read_iim, read_jpeg, read_xmp
from wire.parse.markup import whole
from wire.parse.profiles import load
from wire.story import OPEN_ENDED, Concept, Draft, Location, Picture, RawFile

_Said = Mapping[str, tuple[str, ...]]

_JPEG = b"\xff\xd8\xff"
_SIDECAR = re.compile(rb"(?:<\?[^>]*\?>\s*)*<x:x[am]pmeta\b")


class PhotoParser:
    """Reads JPEG files, and XMP packets that stand alone."""

    name = "photo"

    def evidence(self, raw: RawFile) -> int:
        """100 for the markers that a JPEG file begins with, and for a packet of XMP."""
        return 100 if raw.data.startswith(_JPEG) or _SIDECAR.match(head_of(raw)) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft with one picture. Raises NotAStory when the picture says nothing of itself."""
        whole = raw.data.startswith(_JPEG)
        jpeg = read_jpeg(raw.data) if whole else Jpeg(xmp=raw.data)
        warnings: list[str] = []
        iim, charset = read_iim(jpeg.iim, raw.source.charset)
        xmp = read_xmp(jpeg.xmp, warnings) if jpeg.xmp else {}
        said = {**read_exif(jpeg.exif), **iim, **xmp}
        if "created" in xmp or "created" not in iim:
            said.pop("created_time", None)  # the time of day of IIM's date
        if not any(said.get(name) for name in ("headline", "caption", "title")):
            raise NotAStory(
                "this is a JPEG picture without a caption or headline, not a story; drop its text instead"
            )
        return [_draft(said, jpeg, charset, len(raw.data) if whole else None, warnings)]


def _draft(said: _Said, jpeg: Jpeg, charset: str, size: int | None, warnings: list[str]) -> Draft:
    caption, credit = _first(said, "caption"), _first(said, "credit")
    notes = tuple(said.get("instructions", ())) + tuple(
        f"{label}: {value}" for name, label in _NOTED.items() for value in said.get(name, ())
    )
    return Draft(
        format=PhotoParser.name,
        charset=charset,
        guid=_first(said, "guid"),
        headline=_first(said, "headline") or _first(said, "title"),
        slugline=_first(said, "title") if _first(said, "headline") else None,
        description=caption,
        byline=", ".join(said.get("creator", ())) or None,
        creators=said.get("creator", ()),
        creditline=credit,
        info_sources=said.get("source", ()),
        copyright_notice=_first(said, "copyright"),
        usage_terms=_first(said, "usage"),
        language=_first(said, "language"),
        keywords=said.get("keyword", ()),
        subjects=_subjects(said),
        genres=tuple(Concept(name=name) for name in said.get("genre", ())),
        people=tuple(Concept(name=name) for name in said.get("person", ())),
        organisations=tuple(Concept(name=name) for name in said.get("organisation", ())),
        urgency=_urgency(said),
        located=_located(said),
        places=_places(said),
        content_created=_moment(said, "created", "created_time"),
        embargoed=_embargo(said, notes, warnings),
        expires=_moment(said, "expires", "expires_time"),
        pictures=(
            Picture(
                caption=caption,
                credit=credit,
                mimetype=None if size is None else "image/jpeg",
                width=jpeg.width,
                height=jpeg.height,
                size=size,
            ),
        ),
        ed_notes=notes,
        warnings=tuple(warnings),
    )


#: What editors may want to know and readers may not.
_NOTED: Mapping[str, str] = {
    "status": "Edit status",
    "reference": "Transmission reference",
    "job": "Creator's job title",
    "contact": "Contact",
    "writer": "Caption writer",
}


def _first(said: _Said, name: str) -> str | None:
    return next(iter(said.get(name, ())), None)


def _moment(said: _Said, day: str, time: str) -> datetime | None:
    """A date, with the time of day that stands beside it in IIM (``HHMMSS±HHMM``)."""
    stated = _first(said, day)
    clock = _first(said, time)
    if stated and clock and "T" not in stated:
        return read_date(f"{stated}T{clock}") or read_date(stated)
    return read_date(stated)


def _embargo(said: _Said, notes: Sequence[str], warnings: list[str]) -> datetime | None:
    """The release date of IIM, else an embargo told in the instructions, or first in the caption."""
    if said.get("release"):
        return _moment(said, "release", "release_time") or OPEN_ENDED
    captions = filter(opens_held, said.get("caption", ()))
    note = next((note for note in notes if is_embargo(note)), None) or next(captions, None)
    if note is None:
        return None
    warnings.append(f"embargo read from the text: {note[:80]}")
    return embargo_until(note, _moment(said, "created", "created_time"), load("default"))


def _urgency(said: _Said) -> int | None:
    number = whole(_first(said, "urgency"))
    return number if number is not None and 1 <= number <= 9 else None


def _subjects(said: _Said) -> tuple[Concept, ...]:
    """Categories of one letter are ANPA's; subject codes are mapped to topics."""
    found: list[Concept] = []
    for category in said.get("category", ()):
        found += load("default").subjects(category) or (Concept(name=category),)
    for stated in said.get("subject", ()):
        code = next((part for part in stated.split(":") if len(part) == 8 and part.isdigit()), None)
        match = topics_of(code) if code else None
        if match:
            found += [Concept(qcode=qcode, guessed=match.inferred) for qcode in match.qcodes]
    return tuple(dict.fromkeys(found))


def _located(said: _Said) -> Location | None:
    names = [name for key in ("city", "place", "state", "country") if (name := _first(said, key))]
    code = _first(said, "country_code")
    return Location(name=names[0], country=code if code and len(code) == 2 else None) if names else None


def _places(said: _Said) -> tuple[Concept, ...]:
    code = _first(said, "country_code") or ""
    scheme = {2: "iso3166-1a2", 3: "iso3166-1a3"}.get(len(code))
    country = _first(said, "country")
    named = [Concept(name=name) for key in ("place", "city", "state") if (name := _first(said, key))]
    if country or scheme:
        named.append(Concept(name=country, qcode=f"{scheme}:{code.upper()}" if scheme else None))
    return tuple(named)
