"""Every text field in legal characters, on one line, without empty values and repetitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from wire.common.words import says_none
from wire.normalise.headline import first_words
from wire.normalise.leftovers import as_meant, unescaped, without_tags
from wire.story import Concept, Draft, Link, Location, Picture, RawFile
from wire.xmltools import clean_line, clean_text, one_spaced

_BODY = frozenset(("body_html", "base_url", "warnings", "format", "charset"))
_TIMES = frozenset(("first_created", "version_created", "content_created", "embargoed", "expires"))
_NO_TEXT = _BODY | _TIMES | {"pub_status", "urgency", "version"}
_NAMES = tuple(field.name for field in fields(Draft) if field.name not in _NO_TEXT)
_VALUES = attrgetter(*_NAMES)
_MULTILINE = frozenset(("ed_notes", "usage_terms", "copyright_notice", "description"))
#: What no reader reads as words, of a story or of a value: it stays as it is spelt.
_CODES = frozenset(("guid", "language", "signals", "qcode", "href", "mimetype", "rel", "residref"))
#: The texts of a value; without the first of them a location is none.
_TEXTS = {
    Concept: ("name", "qcode"),
    Location: ("name", "qcode", "country"),
    Picture: ("caption", "credit", "href", "mimetype"),
    Link: ("rel", "href", "residref", "title"),
}
_TEXTS_OF = {kind: attrgetter(*names) for kind, names in _TEXTS.items()}
_MAX_HEADLINE = 1000


def clean_fields(draft: Draft, raw: RawFile) -> Draft:  # noqa: ARG001
    """The draft with every field but the body cleaned."""
    changed = {
        name: clean
        for name, value in zip(_NAMES, _VALUES(draft), strict=True)
        if value and (clean := _cleaned(value, _CLEANERS.get(name, _clean_words))) != value
    }
    told = list(_leftovers(draft, changed))
    headline = changed.get("headline") or draft.headline or ""
    if len(headline) > _MAX_HEADLINE:
        changed["headline"] = first_words(headline, _MAX_HEADLINE)
        told.append(f"headline of {len(headline)} characters cut short")
    return replace(draft, **changed, warnings=(*draft.warnings, *told)) if changed else draft


def _leftovers(draft: Draft, changed: Iterable[str]) -> Iterator[str]:
    """What was found of other systems in fields that had to be cleaned."""
    for name in changed:
        texts = [] if name in _CODES else list(_texts(getattr(draft, name)))
        if any(as_meant(text) != text for text in texts):
            yield f"characters of {name} mended, which somebody had read in the wrong charset"
        if any(without_tags(text) != text for text in texts):
            yield f"markup taken out of {name}"


def _texts(value: Any) -> Iterator[str]:
    """Every text in a field."""
    if type(value) is str:
        yield value
    elif type(value) is tuple:
        for item in value:
            yield from _texts(item)
    elif value is not None:
        yield from filter(None, (getattr(value, name) for name in _TEXTS[type(value)] if name not in _CODES))


def _clean_words(text: str) -> str:
    if "&" in text:
        text = unescaped(text)
    if text.isascii() and text.isprintable() and "<" not in text and "  " not in text:
        return text.strip()
    line = clean_line(as_meant(text))
    return one_spaced(without_tags(line)) if "<" in line else line


def _clean_name(text: str) -> str:
    """A name, without the word that stands before it in a byline."""
    line = _clean_words(text)
    return line[3:] if line[:3] in {"By ", "BY "} else line


def _clean_lines(text: str) -> str:
    if text.isprintable():
        return _clean_words(text)
    if "&" in text:
        text = unescaped(text)
    text = without_tags(clean_text("\n".join(map(as_meant, text.split("\n")))))
    return "\n".join(line for part in text.split("\n") if (line := " ".join(part.split())))


def _clean_rights(text: str) -> str:
    """Rights and terms; nothing where a word says that there are none."""
    return "" if says_none(text) else _clean_lines(text)


#: What cleans the texts of a field, unless they are words on one line.
_CLEANERS = {
    **dict.fromkeys(_CODES, clean_line),
    **dict.fromkeys(_MULTILINE, _clean_lines),
    **dict.fromkeys(("copyright_notice", "usage_terms"), _clean_rights),
    "creators": _clean_name,
}


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if type(value) is str:
        return clean(value) or None
    if type(value) is tuple:
        cleaned = [clean_item for item in value if (clean_item := _cleaned(item, clean))]
        return tuple(dict.fromkeys(cleaned)) if len(cleaned) > 1 else tuple(cleaned)
    return _cleaned_value(value, clean)


def _cleaned_value(value: Concept | Location | Picture | Link, clean: Callable[[str], str]) -> Any:
    """A value of several texts; None when nothing that names or shows something is left in it."""
    kind = type(value)
    texts = _TEXTS_OF[kind](value)
    cleaned = tuple(
        [
            ((clean_line if name in _CODES else clean)(text) or None) if text else None
            for name, text in zip(_TEXTS[kind], texts, strict=True)
        ]
    )
    if not any(cleaned) or (kind is Location and not cleaned[0]):
        return None
    if cleaned == texts:
        return value
    return replace(value, **dict(zip(_TEXTS[kind], cleaned, strict=True)))  # type: ignore[arg-type]
