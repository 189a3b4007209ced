"""What people may change of a story by hand, from JSON values to the story's own. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wire.common.languages import language_tag
from wire.errors import CommandError
from wire.iptc import media_topics, qcodes
from wire.story import Concept
from wire.xmltools import clean_line, clean_text

_LONGEST_LINE, _LONGEST_TEXT = 1000, 20_000  #: characters
_MOST = 200  #: texts of a list
_URGENCIES = frozenset(("", *"123456789"))


def amended(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `wire.story.Copy` that somebody wants changed. Raises CommandError."""
    made: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in FIELDS:
            raise CommandError(f"{name} cannot be changed by hand; these can: {', '.join(FIELDS)}")
        try:
            made[name] = FIELDS[name](value)
        except (TypeError, ValueError) as exc:
            raise CommandError(f"{name}: {exc}") from exc
    return made


def _line(value: Any) -> str | None:
    return clean_line(_text_of(value, _LONGEST_LINE)) or None


def _text(value: Any) -> str | None:
    return clean_text(_text_of(value, _LONGEST_TEXT)).strip() or None


def _headline(value: Any) -> str:
    if (line := _line(value)) is None:
        raise ValueError("a story has a headline")
    return line


def _language(value: Any) -> str | None:
    tag = _line(value)
    return None if tag is None else language_tag(tag)


def _urgency(value: Any) -> int | None:
    text = "" if value is None else str(value).strip()
    if text not in _URGENCIES:
        raise ValueError("is a number from 1 (most) to 9")
    return int(text) if text else None


def _lines(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or len(value) > _MOST:
        raise ValueError(f"is a list of at most {_MOST} texts")
    return tuple(dict.fromkeys(line for each in value if (line := _line(each))))


def _subjects(value: Any) -> tuple[Concept, ...]:
    return tuple(_subject(line) for line in _lines(value))


def _subject(text: str) -> Concept:
    """A qcode, or a name."""
    alias, colon, _ = text.partition(":")
    if not colon or " " in alias:
        return Concept(name=text)
    if not qcodes.is_known_alias(alias):
        raise ValueError(f"{alias!r} in {text!r} is no alias of the IPTC catalogue")
    if alias == "medtop" and not media_topics.is_known(text):
        raise ValueError(f"{text!r} is no media topic of the IPTC, such as medtop:16000000")
    return Concept(qcode=text, name=media_topics.label(text) if alias == "medtop" else None)


def _text_of(value: Any, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("is a text")
    if len(value) > longest:
        raise ValueError(f"has more than {longest:,} characters")
    return value


#: What can be changed, and how a JSON value becomes the story's own.
FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "headline": _headline,
    "subheadline": _line,
    "slugline": _line,
    "byline": _line,
    "dateline": _line,
    "description": _text,
    "language": _language,
    "urgency": _urgency,
    "keywords": _lines,
    "subjects": _subjects,
    "ed_notes": _lines,
    "creditline": _line,
    "copyright_notice": _text,
    "usage_terms": _text,
}
