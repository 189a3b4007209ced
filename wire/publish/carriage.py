"""What each format carries of a story, and so what a document of that format loses.

The one table that ``Document.losses`` and the round-trip tests are made of. A format carries everything
but what stands here: a field's name, or one part of its values (``subjects.qcode``). Parts that no field
of a story has: ``guessed`` (whether we read it out of the text), ``body_html.markup`` (anything but
paragraphs). What depends on a single value, such as an urgency that a format does not know or a letter
that its charset lacks (``headline.characters``), the renderers add themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from wire.iptc.qcodes import is_qcode
from wire.story import Concept, Story

_CODED = ("located", "subjects", "genres", "places", "people", "organisations")
_GUESSED = tuple(f"{name}.guessed" for name in _CODED)
#: Header, headline and running text are all that the line formats know.
_LINE_FORMAT = frozenset(
    (
        *("guid", "version", "language", "subheadline", "creators", "located", "dateline", "description"),
        *("pictures", "subjects", "genres", "places", "people", "organisations", "provider"),
        *("info_sources", "first_created", "content_created", "expires", "copyright_holder"),
        *("copyright_notice", "usage_terms", "links", "body_html.markup"),
    )
)
_NINJS = frozenset(
    (
        *(*_GUESSED, "signals", "dateline"),
        *("located.country", "located.qcode", "links.version"),
    )
)
#: What readers are not shown; who wrote a page, it states by names alone.
_PAGE = frozenset(
    (
        *(*_GUESSED, "signals", "slugline", "byline", "urgency", "first_created", "version_created"),
        *("embargoed", "usage_terms", "ed_notes", "links", "pictures.size"),
    )
)
#: What an entry of a feed leaves out: the rest is for the desk, or stands on the story's page.
_FEED = (_PAGE - {"pictures.size"}).union(
    ("version", "located", "genres", "people", "organisations", "info_sources", "creditline"),
    ("content_created", "expires", "copyright_holder", "subheadline", "dateline", "provider"),
    ("places", "places.qcode"),
)

#: By format: what it has no place for.
LACKS: Mapping[str, frozenset[str]] = {
    "newsml-g2": frozenset(("pictures.width", "pictures.height")),
    "newsml-g2-message": frozenset(),
    "nitf": frozenset((*_GUESSED, "creditline", "links.version", "pictures.size")),
    "ninjs": _NINJS,
    "ninjs-2.2": _NINJS | {"links.rel"},
    "ninjs-1.6": _NINJS | {"links.rel"},
    "iptc7901": _LINE_FORMAT | {"creditline"},
    "anpa1312": _LINE_FORMAT | {"keywords"},
    "html": _PAGE,
    "rss": _FEED | {"subjects.qcode", "subjects.name"},  # one of both
    "atom": _FEED,
    "jsonfeed": (_FEED - {"provider", "version"})
    | {"subjects.qcode", "subjects.name", "copyright_notice"}
    | {f"pictures.{name}" for name in ("credit", "width", "height")},
    "text": frozenset(
        (
            *(*_GUESSED, "creators", "located", "pictures", "places", "people", "organisations"),
            *("info_sources", "first_created", "version_created", "copyright_holder", "links"),
            "body_html.markup",
        )
    ),
}

_MARKUP = re.compile(r"<(?!/?p>)")
_UNREADABLE = re.compile("\ufffd")
_LIKE_MARKUP = re.compile(r"<[/!]?[a-z]|&#?\w+;", re.IGNORECASE)


def lost(story: Story, format: str, also: Iterable[str] = ()) -> tuple[str, ...]:
    """What a document of that format does not say of this story, by name, sorted.

    also  what the renderer could not carry of single values
    """
    return tuple(sorted({name for name in LACKS[format] if has(story, name)}.union(also)))


def uncodable(story: Story, is_code: Callable[[str], bool] = is_qcode) -> Iterator[str]:
    """Fields with a code that documents cannot state as one: ``code_of`` has none of it."""
    for field in _CODED:
        for code in _parts(getattr(story, field), "qcode"):
            if isinstance(code, str) and not is_code(code):
                yield f"{field}.qcode"


def code_of(concept: Concept) -> str | None:
    """The code, a qcode or an address; None for what only its source can tell from words."""
    return concept.qcode if concept.qcode and is_qcode(concept.qcode) else None


def name_of(concept: Concept) -> str:
    """The name; for want of one, what stands in the place of a code and is none."""
    return concept.name or ("" if code_of(concept) else concept.qcode or "")


def like_markup(story: Story) -> Iterator[str]:
    """Fields with a text that readers of a format that does not say what is plain may take for HTML."""
    return (f"{name}.characters" for name in _where(_LIKE_MARKUP, story, but="body_html"))


def unreadable(story: Story) -> Iterator[str]:
    """Fields with a text in which something stands for characters that were lost."""
    return (f"{name}.characters" for name in _where(_UNREADABLE, story))


def _where(pattern: re.Pattern[str], story: Story, but: str = "") -> Iterator[str]:
    names = (field.name for field in fields(story) if field.name not in ("origin", but))
    return (name for name in names if any(map(pattern.search, _texts(getattr(story, name)))))


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, also in one of several parts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _texts(getattr(value, part.name))


def has(story: Story, name: str) -> bool:
    """Whether the story says anything under a field's name, or under one part of it (``pictures.size``)."""
    field, _, part = name.partition(".")
    value = getattr(story, field)
    if not part:
        return value not in (None, "", ())
    if name == "body_html.markup":
        return _MARKUP.search(story.body_html) is not None
    return any(found is not None and found is not False for found in _parts(value, part))


def _parts(value: object, part: str) -> Iterator[object]:
    """One part of a small value, or of each of several."""
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    return (getattr(one, part) for one in values)
