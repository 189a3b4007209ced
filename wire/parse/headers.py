"""Header lines at the top of raw copy: ``Headline: …``, ``Urgency: 2``, ``Embargo: 2026-01-31 06:00``.

What stands in them is stated by the document and wins over anything read out of its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from wire.parse.base import read_date, says_none
from wire.parse.markup import whole
from wire.story import OPEN_ENDED, Concept, PubStatus

_HEADER = re.compile(r"([A-Za-z][A-Za-z -]{1,24}?)[ \t]*:[ \t]*(.*)")
_SPLIT = re.compile(r"\s*[,;]\s*")
_QCODE = re.compile(r"[\w.-]+:[\w.:-]+")
_SUBJECT_CODE = re.compile(r"\d{8}")

_FIELD: Mapping[str, str] = {
    "headline": "headline",
    "title": "headline",
    "subheadline": "subheadline",
    "sub-headline": "subheadline",
    "subtitle": "subheadline",
    "byline": "byline",
    "by": "byline",
    "author": "byline",
    "slug": "slugline",
    "slugline": "slugline",
    "urgency": "urgency",
    "priority": "urgency",
    "language": "language",
    "keywords": "keywords",
    "keyword": "keywords",
    "tags": "keywords",
    "embargo": "embargoed",
    "embargoed": "embargoed",
    "id": "guid",
    "guid": "guid",
    "version": "version",
    "status": "pub_status",
    "dateline": "dateline",
    "provider": "provider",
    "source": "provider",
    "credit": "creditline",
    "creditline": "creditline",
    "subject": "subjects",
    "subjects": "subjects",
    "genre": "genres",
    "expires": "expires",
    "date": "content_created",
    "created": "content_created",
    "note": "ed_notes",
    "notes": "ed_notes",
    "ed-note": "ed_notes",
    "ednote": "ed_notes",
    "editors note": "ed_notes",
    "signal": "signals",
    "copyright": "copyright_notice",
    "usage": "usage_terms",
    "usage terms": "usage_terms",
    "abstract": "description",
    "summary": "description",
    "description": "description",
    "standfirst": "description",
}
_MANY = frozenset(("keywords", "subjects", "genres", "ed_notes", "signals"))
_STATUS: Mapping[str, PubStatus] = {
    "usable": PubStatus.USABLE,
    "withheld": PubStatus.WITHHELD,
    "withhold": PubStatus.WITHHELD,
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
    "kill": PubStatus.CANCELED,
    "killed": PubStatus.CANCELED,
}
_SIGNAL_STATUS = frozenset(("update", "correction"))
#: A first line that opens with one of these is a header even when nothing else is.
_SURE = frozenset(("headline", "slugline", "byline", "urgency", "embargoed", "guid", "pub_status"))


def take_headers(lines: list[str]) -> tuple[dict[str, Any], list[str], list[str]]:
    """The fields that leading header lines state, the lines after them, and warnings.

    A header block begins at the first line that is not blank and ends at the first line that is no
    known header; a single doubtful one (``Note: …`` at the top of a letter) is left in the text.
    """
    stated: list[tuple[str, str]] = []
    end = 0
    for n, line in enumerate(lines):
        if not line.strip():
            if stated:
                break
            continue
        match = _HEADER.fullmatch(line.strip())
        field = _FIELD.get(match[1].strip().lower()) if match else None
        if match is None or field is None:
            break
        stated.append((field, match[2].strip()))
        end = n + 1
    if len(stated) < 2 and not (stated and stated[0][0] in _SURE):
        return {}, lines, []
    fields: dict[str, Any] = {}
    warnings: list[str] = []
    for field, value in stated:
        _state(fields, field, value, warnings)
    return fields, lines[end:], warnings


def _state(fields: dict[str, Any], field: str, value: str, warnings: list[str]) -> None:
    if not value and field != "embargoed":
        return
    if field == "embargoed" and value and says_none(value):
        return
    if field == "pub_status" and value.lower() in _SIGNAL_STATUS:
        field, value = "signals", value.lower()
    read = _READERS.get(field)
    known = read(value) if read else value
    if known is None:
        warnings.append(f"header {field} not understood: {value[:60]}")
        return
    if known == OPEN_ENDED and value:
        warnings.append(f"header {field} not understood, so that it has no end: {value[:60]}")
    if field in _MANY:
        fields[field] = fields.get(field, ()) + (known if isinstance(known, tuple) else (known,))
    else:
        fields.setdefault(field, known)


def _embargo(value: str) -> Any:
    """An embargo that cannot be read holds without an end: better late than early."""
    return read_date(value) or OPEN_ENDED


def _urgency(value: str) -> int | None:
    number = whole(value)
    return number if number is not None and 1 <= number <= 9 else None


def _subjects(value: str) -> tuple[Concept, ...]:
    return tuple(_concept(part) for part in _SPLIT.split(value) if part)


def _concept(text: str) -> Concept:
    if _SUBJECT_CODE.fullmatch(text):
        return Concept(qcode=f"medtop:{text}")
    return Concept(qcode=text) if _QCODE.fullmatch(text) else Concept(name=text)


def _list(value: str) -> tuple[str, ...]:
    return tuple(part for part in _SPLIT.split(value) if part)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "embargoed": _embargo,
    "expires": read_date,
    "content_created": read_date,
    "urgency": _urgency,
    "version": lambda value: whole(value) or None,
    "pub_status": lambda value: _STATUS.get(value.lower()),
    "subjects": _subjects,
    "genres": _subjects,
    "keywords": _list,
    "signals": lambda value: tuple(part.lower() for part in _list(value)),
}
