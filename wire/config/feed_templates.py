"""One ``[[feeds]]`` table that stands for many: a feed for each of several topics, languages and so on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Any
from unicodedata import normalize

from pydantic import BeforeValidator, Field

from wire.config.values import ID_PATTERN, Language, NameOrCode, Several, Table, Text, Topic
from wire.config.where import Where
from wire.iptc import media_topics

_PLACEHOLDER = re.compile(r"\{([a-z]*)\}")
_NOT_OF_IDS = re.compile(r"[^a-z0-9]+")
#: More feeds than this from one table are taken for a mistake.
_MOST = 5000


def _top_topics(value: Any) -> Any:
    return media_topics.top_topics() if value == "top" else value


class Each(Table):
    """``each``: what the feeds of one table are made for; of several fields, every combination."""

    subject: Annotated[tuple[Topic, ...], Several, BeforeValidator(_top_topics)] = Field(default=())
    language: Annotated[tuple[Language, ...], Several] = ()
    source: Annotated[tuple[Text, ...], Several] = ()
    place: Annotated[tuple[NameOrCode, ...], Several] = ()

    def combinations(self) -> Iterator[dict[str, str]]:
        """The value of each field that is given, in the order they are written in. Raises ValueError."""
        given = {name: values for name in type(self).model_fields if (values := getattr(self, name))}
        if not given:
            raise ValueError("each needs subject, language, source or place")
        for values in product(*given.values()):
            yield dict(zip(given, values, strict=True))


def made_of(each: Each, texts: Mapping[str, str], where: Where) -> Iterator[tuple[dict[str, str], Where]]:
    """For each combination the texts with its names in the place of ``{subject}`` and so on, and its rule.

    texts  by setting; that of ``id`` gets codes in small letters instead of names

    Raises ValueError when there are too many, or when they cannot be told apart.
    """
    seen: set[str] = set()
    for values in each.combinations():
        filled = {name: _filled(text, values, name == "id") for name, text in texts.items()}
        if not re.fullmatch(ID_PATTERN, filled["id"]):
            raise ValueError(f"id = {texts['id']!r} makes {filled['id']!r}, which is no id of a feed")
        if filled["id"] in seen:
            raise ValueError(
                f"id = {texts['id']!r} makes {filled['id']!r} twice; name every field of each in it"
            )
        seen.add(filled["id"])
        if len(seen) > _MOST:
            raise ValueError(f"each makes more than {_MOST} feeds")
        rule = Where.model_validate({name: [value] for name, value in values.items()})
        yield filled, Where(all=(where, rule))


def _filled(text: str, values: Mapping[str, str], for_id: bool) -> str:
    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name not in values:
            raise ValueError(f"{{{name}}} in {text!r} is no field of each; it has {', '.join(values)}")
        return _slug(values[name]) if for_id else _name(name, values[name])

    filled = _PLACEHOLDER.sub(fill, text)
    # IPTC's names of topics begin with small letters
    return filled[:1].upper() + filled[1:] if text.startswith("{subject}") and not for_id else filled


def _slug(value: str) -> str:
    """The code of a qcode, or the words of a name, as they may stand in an id."""
    letters = normalize("NFKD", value.rpartition(":")[2]).encode("ascii", "ignore").decode()
    return _NOT_OF_IDS.sub("-", letters.lower()).strip("-")


def _name(field: str, value: str) -> str:
    return (media_topics.label(value) if field == "subject" else None) or value
