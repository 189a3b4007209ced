"""Every text field in legal characters, on one line, without empty values and repetitions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from typing import Any

from wire.story import Concept, Draft, Link, Location, Picture, RawFile
from wire.xmltools import clean_line, clean_text

_BODY = frozenset(("body_html", "base_url", "warnings", "format", "charset"))
_MULTILINE = frozenset(("ed_notes", "usage_terms", "copyright_notice", "description"))
_MAX_HEADLINE = 1000


def clean_fields(draft: Draft, raw: RawFile) -> Draft:  # noqa: ARG001
    """The draft with every field but the body cleaned."""
    changed = {
        name: clean
        for name in _text_fields()
        if (value := getattr(draft, name)) and (clean := _cleaned(value, _cleaner(name))) != value
    }
    if len(draft.headline or "") > _MAX_HEADLINE:
        changed["headline"] = (changed.get("headline") or draft.headline or "")[:_MAX_HEADLINE].rstrip()
    return replace(draft, **changed) if changed else draft


@cache
def _text_fields() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Draft) if field.name not in _BODY)


def _cleaner(name: str) -> Callable[[str], str]:
    return _clean_lines if name in _MULTILINE else clean_line


def _clean_lines(text: str) -> str:
    return "\n".join(line for part in clean_text(text).split("\n") if (line := " ".join(part.split())))


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, tuple):
        cleaned = (_cleaned(item, clean) for item in value)
        return tuple(dict.fromkeys(item for item in cleaned if item))
    if isinstance(value, (Concept, Location, Picture, Link)):
        return _cleaned_value(value, clean)
    if type(value) is str:  # not PubStatus, which is one of ours
        return clean(value) or None
    return value


def _cleaned_value(value: Concept | Location | Picture | Link, clean: Callable[[str], str]) -> Any:
    """A value of several texts; None when nothing that names or shows something is left in it."""
    texts = {f.name: getattr(value, f.name) for f in fields(value) if isinstance(getattr(value, f.name), str)}
    changed = {name: clean(text) or None for name, text in texts.items()}
    if isinstance(value, Location) and not changed.get("name"):
        return None
    if changed != texts:
        value = replace(value, **changed)  # type: ignore[arg-type]
    return value if any(changed.values()) else None
