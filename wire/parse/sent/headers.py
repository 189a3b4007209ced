"""Header lines at the top of raw copy: ``Headline: …``, ``Urgency: 2``, ``Embargo: 2026-01-31 06:00``.

What stands in them is stated by the document and wins over anything read out of its text. Content systems
copy their fields as labels on lines of their own, each above its value, down to ``Body``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from wire.common.words import says_none
from wire.parse.base import read_date
from wire.parse.dates import moments_in
from wire.parse.embargo import embargo_until, is_embargo
from wire.parse.markup import whole
from wire.parse.profiles import load
from wire.story import OPEN_ENDED, Concept, PubStatus

_HEADER = re.compile(r"([^\W\d_][\w -]{1,24}?)[ \t]*:[ \t]*(.*)")
#: A header that says nothing to us, among others that do.
_OTHER = re.compile(r"\w+(?: \w+){0,2}[ \t]*:[ \t]*\S.{0,80}(?<![.!?,])")
Stated = list[tuple[str, str]]  #: fields and what stands in them

_SPLIT = re.compile(r"[,;]")
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
    **dict.fromkeys(("dek", "deck", "abstract", "intro", "vorspann", "teaser", "entradilla"), "description"),
    **dict.fromkeys(("chapô", "chapeau", "sommario", "occhiello"), "description"),
    **dict.fromkeys(("überschrift", "schlagzeile", "titel", "titre", "titolo"), "headline"),
    **dict.fromkeys(("título", "titular", "kop", "tytuł", "заголовок"), "headline"),
    **dict.fromkeys(("unterzeile", "subtítulo", "sous-titre", "sottotitolo"), "subheadline"),
    **dict.fromkeys(("autor", "autorin", "auteur", "autore", "autora", "автор", "writer"), "byline"),
    **dict.fromkeys(("stichwörter", "schlagwörter", "mots-clés", "palabras clave"), "keywords"),
    **dict.fromkeys(("datum", "fecha", "data", "published", "publish date"), "content_created"),
}
#: Labels of the copy itself, and of fields that are for editors only.
_COPY = frozenset(
    ("body", "body text", "body copy", "text", "copy", "story", "article", "main text", "content")
)
_COPY |= {"fließtext", "haupttext", "texto", "cuerpo", "texte", "corps", "testo", "corpo", "tekst", "текст"}
_FOR_EDITORS = frozenset(("section", "category", "kicker", "word count", "caption", "image", "photo", "url"))
_FOR_EDITORS |= {"ressort", "rubrik", "dachzeile", "seo title", "meta description"}
_MOST_LABELLED = 60  #: lines above a label of the copy
_MANY = frozenset(("keywords", "subjects", "genres", "ed_notes", "signals"))
_STATUS: Mapping[str, PubStatus] = {
    "usable": PubStatus.USABLE,
    **dict.fromkeys(("withheld", "withhold", "hold", "on hold", "held", "unpublished"), PubStatus.WITHHELD),
    **dict.fromkeys(("draft", "pending", "in review", "entwurf", "gesperrt"), PubStatus.WITHHELD),
    **dict.fromkeys(("brouillon", "borrador", "bozza", "rascunho", "utkast", "kladde"), PubStatus.WITHHELD),
    **dict.fromkeys(("canceled", "cancelled", "kill", "killed", "retracted"), PubStatus.CANCELED),
}
_SIGNAL_STATUS = frozenset(("update", "correction"))
#: A first line that opens with one of these is a header even when nothing else is.
_SURE = frozenset(("headline", "slugline", "byline", "urgency", "embargoed", "guid", "pub_status"))


def take_headers(
    lines: list[str], sent: datetime | None = None
) -> tuple[dict[str, Any], list[str], list[str]]:
    """The fields that leading header lines state, the lines after them, and warnings.

    A header block begins at the first line that is not blank and ends above the first line that is no
    header; among known ones, others are for editors. A single doubtful one (``Note: …`` at the top of a
    letter) is left in the text.

    sent  when the text was sent, for embargoes without a date or its year
    """
    stated, end = _labelled(lines) or _headed(lines)
    fields: dict[str, Any] = {}
    warnings: list[str] = []
    for field, value in stated:
        _state(fields, field, value, sent, warnings)
    return fields, lines[end:], warnings


def header_of(lines: Sequence[str]) -> tuple[frozenset[str], int]:
    """The fields that header lines at the top state, and how many lines there are down to the last one."""
    stated, end = _labelled(lines) or _headed(lines)
    return frozenset(field for field, _ in stated), end


def names_field(label: str) -> bool:
    """Whether a label is that of a header."""
    return label.rstrip(" :").lower() in _FIELD


def _headed(lines: Sequence[str]) -> tuple[Stated, int]:
    """The fields of the header lines, and how many lines there are down to the last one."""
    stated: Stated = []
    end = 0
    for n, line in enumerate(map(str.strip, lines)):
        if not line:
            continue
        match = _HEADER.fullmatch(line)
        name = match[1].strip().lower() if match else ""
        if match and (field := _FIELD.get(name)):
            stated.append((field, match[2].strip()))
        elif not _is_block(stated):
            return [], 0
        elif is_embargo(line):
            break
        elif _names_copy(line) and (end == n or line.endswith(":")):
            return stated, n + 1
        elif end == n and _OTHER.fullmatch(line):
            stated.append(("ed_notes", line))
        else:
            break
        end = n + 1
    return (stated, end) if _is_block(stated) else ([], 0)


def _is_block(stated: Stated) -> bool:
    return len(stated) > 1 or (bool(stated) and stated[0][0] in _SURE)


def _names_copy(line: str) -> bool:
    return line.rstrip(" :").lower() in _COPY


def _labelled(lines: Sequence[str]) -> tuple[Stated, int] | None:
    """The same of labels on lines of their own, above a label of the copy; None where there is none."""
    found: list[tuple[str, list[str]]] = []
    for n, line in enumerate(map(str.strip, lines[:_MOST_LABELLED])):
        if not line:
            continue
        name = line.rstrip(" :").lower()
        if name in _FIELD or name in _FOR_EDITORS:
            found.append((name, []))
        elif not found or is_embargo(line):
            return None
        elif name in _COPY:
            return [_stated(name, " ".join(values)) for name, values in found if values], n + 1
        else:
            found[-1][1].append(line)
    return None


def _stated(name: str, value: str) -> tuple[str, str]:
    return (_FIELD[name], value) if name in _FIELD else ("ed_notes", f"{name.capitalize()}: {value}")


def _state(
    fields: dict[str, Any], field: str, value: str, sent: datetime | None, warnings: list[str]
) -> None:
    if field == "embargoed":
        _state_embargo(fields, value, sent, warnings)
        return
    if not value:
        return
    if field == "pub_status" and value.lower() in _SIGNAL_STATUS:
        field, value = "signals", value.lower()
    read = _READERS.get(field)
    known = read(value) if read else value
    if known is None:
        warnings.append(f"header {field} not understood: {value[:60]}")
        return
    if field in _MANY:
        fields[field] = fields.get(field, ()) + (known if isinstance(known, tuple) else (known,))
    else:
        fields.setdefault(field, known)


def _state_embargo(fields: dict[str, Any], value: str, sent: datetime | None, warnings: list[str]) -> None:
    """An embargo that cannot be read holds without an end: better late than early."""
    if says_none(value):
        return
    until = read_date(value) or embargo_until(value, sent, load("default"))
    if until == OPEN_ENDED and value:
        warnings.append(f"header embargoed not understood, so that it has no end: {value[:60]}")
    fields.setdefault("embargoed", until)


def _date(value: str) -> datetime | None:
    return read_date(value) or next((moment.when for moment in moments_in(value)), None)


def _urgency(value: str) -> int | None:
    number = whole(value)
    return number if number is not None and 1 <= number <= 9 else None


def _subjects(value: str) -> tuple[Concept, ...]:
    return tuple(map(_concept, _list(value)))


def _concept(text: str) -> Concept:
    if _SUBJECT_CODE.fullmatch(text):
        return Concept(qcode=f"medtop:{text}")
    return Concept(qcode=text) if _QCODE.fullmatch(text) else Concept(name=text)


def _list(value: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, _SPLIT.split(value))))


_READERS: Mapping[str, Callable[[str], Any]] = {
    "expires": read_date,
    "content_created": _date,
    "urgency": _urgency,
    "version": lambda value: whole(value) or None,
    "pub_status": lambda value: _STATUS.get(value.lower()),
    "subjects": _subjects,
    "genres": _subjects,
    "keywords": _list,
    "signals": lambda value: tuple(part.lower() for part in _list(value)),
}
