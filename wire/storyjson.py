"""A story as JSON: the form the store keeps and ``wire convert --to json`` writes.

Names are IPTC's in snake_case, in the order of DESIGN §4. What is unknown is absent, never null or
empty. Times are RFC 3339 with their zone (``Z`` for UTC). An embargo without an end is the instant
``9999-12-31T23:59:59Z`` (``wire.story.OPEN_ENDED``). A concept or location that we read out of the text
ourselves carries ``"guessed": true``.

``load(dump(story)) == story`` holds for every story.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from operator import attrgetter
from typing import Any

from wire.story import Concept, Link, Location, Origin, Picture, PubStatus, Story

#: Turns one field's value into JSON, or back; None where JSON has the type itself.
_Turn = Callable[[Any], Any] | None

#: Fields that tell one version of a story from another without changing what anybody reads.
_NOT_CONTENT = ("guid", "version", "version_created", "word_count", "origin")


def dump(story: Story) -> dict[str, Any]:
    """The story as a dict of plain JSON values, in the documented order of fields."""
    return _dumped(story, _DUMPERS, _VALUES)


def _dumped(
    story: Story, dumpers: Iterable[tuple[str, _Turn]], values: Callable[[Story], Iterable[Any]]
) -> dict[str, Any]:
    return {
        name: value if turn is None else turn(value)
        for (name, turn), value in zip(dumpers, values(story), strict=True)
        if value or value == 0
    }


def load(fields: Mapping[str, Any]) -> Story:
    """The story that ``dump`` wrote. Fields it does not know are ignored.

    Raises ValueError when the fields are no story.
    """
    try:
        known = {
            name: fields[name] if turn is None else turn(fields[name])
            for name, turn in LOADERS
            if name in fields
        }
        return Story(**known)
    except (AttributeError, TypeError, ValueError) as exc:
        raise ValueError(f"this JSON is no story: {exc!r}") from exc


def dumps(story: Story) -> str:
    """The story as one line of compact JSON, not escaped to ASCII."""
    return _encode(dump(story))


def loads(text: str | bytes) -> Story:
    """The story in one JSON text (bytes: UTF-8). Raises ValueError when it is none."""
    return load(json.loads(text))


def content_sha256(story: Story) -> str:
    """Hex digest of what readers and editors see, to tell a duplicate from an update.

    Everything counts but identity and version, the time of the version, and where the story came from.
    A field that is not set does not count, so a field added to Story later changes no kept digest.
    """
    return _digest(_encode(_dumped(story, _CONTENT_DUMPERS, _CONTENT_VALUES)), story.body_html)


def _digest(content: str, body_html: str) -> str:
    digest = sha256(content.encode())
    digest.update(b"\0")
    digest.update(body_html.encode())  # apart, because escaping it as JSON would double the cost
    return digest.hexdigest()


def encoded(story: Story) -> tuple[str, str]:
    """`content_sha256`, and the story as one JSON text that `loads` reads; for little more than one costs.

    What counts as content comes first in it, and not every field in its documented order.
    """
    content = _encode(_dumped(story, _CONTENT_DUMPERS, _CONTENT_VALUES))
    rest = _encode(_dumped(story, _OTHER_DUMPERS, _OTHER_VALUES))
    return _digest(content, story.body_html), f"{content[:-1]},{rest[1:]}"


def rfc3339(moment: datetime) -> str:
    """An aware time as RFC 3339 writes it: ``Z`` for UTC, otherwise its own offset.

    RFC 3339 knows no seconds in offsets, and XML Schema none beyond 14 hours; such times are written in UTC.
    """
    if moment.tzinfo is UTC:  # nearly always, and twice as fast as having the zone formatted
        return f"{moment.replace(tzinfo=None).isoformat()}Z"
    text = moment.isoformat()
    if text.endswith("+00:00") or text[-6] not in "+-" or text[-5:] > "14:00":
        return rfc3339(moment.astimezone(UTC))
    return text


def _slim(*names: str) -> Callable[[Any], dict[str, Any]]:
    """Builds the dumper of a small value: the fields named, those unknown or false left out."""
    values = attrgetter(*names)

    def turn(thing: Any) -> dict[str, Any]:
        return {
            name: value
            for name, value in zip(names, values(thing), strict=True)
            if value is not None and value is not False
        }

    return turn


def _dump_concept(concept: Concept) -> dict[str, Any]:
    """As ``_slim`` would, by hand: concepts are the bulk of a story's fields."""
    fields: dict[str, Any] = {}
    if concept.name is not None:
        fields["name"] = concept.name
    if concept.qcode is not None:
        fields["qcode"] = concept.qcode
    if concept.guessed:
        fields["guessed"] = True
    return fields


def _each(turn: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda values: [turn(value) for value in values]


def _tuple_of(turn: Callable[..., Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda values: tuple(turn(**value) for value in values)


def _dump_origin(origin: Origin) -> dict[str, Any]:
    fields = {"format": origin.format, "source": origin.source, "file": origin.file, "sha256": origin.sha256}
    if origin.charset is not None:
        fields["charset"] = origin.charset
    return fields | {"warnings": list(origin.warnings)} if origin.warnings else fields


def _load_origin(fields: dict[str, Any]) -> Origin:
    return Origin(**fields | {"warnings": tuple(fields.get("warnings", ()))})


_dump_concepts = _each(_dump_concept)
_load_concepts = _tuple_of(Concept)

#: Every field of a Story in its documented order: name, dumper, loader.
_FIELDS: tuple[tuple[str, _Turn, _Turn], ...] = (
    ("guid", None, None),
    ("version", None, None),
    ("pub_status", str, PubStatus),
    ("signals", list, tuple),
    ("language", None, None),
    ("headline", None, None),
    ("subheadline", None, None),
    ("slugline", None, None),
    ("byline", None, None),
    ("creators", list, tuple),
    ("dateline", None, None),
    ("located", _slim("name", "country", "qcode", "guessed"), lambda fields: Location(**fields)),
    ("description", None, None),
    ("body_html", None, None),
    (
        "pictures",
        _each(_slim("caption", "credit", "href", "mimetype", "width", "height", "size")),
        _tuple_of(Picture),
    ),
    ("keywords", list, tuple),
    ("subjects", _dump_concepts, _load_concepts),
    ("genres", _dump_concepts, _load_concepts),
    ("urgency", None, None),
    ("places", _dump_concepts, _load_concepts),
    ("people", _dump_concepts, _load_concepts),
    ("organisations", _dump_concepts, _load_concepts),
    ("provider", None, None),
    ("info_sources", list, tuple),
    ("creditline", None, None),
    ("first_created", rfc3339, datetime.fromisoformat),
    ("version_created", rfc3339, datetime.fromisoformat),
    ("content_created", rfc3339, datetime.fromisoformat),
    ("embargoed", rfc3339, datetime.fromisoformat),
    ("expires", rfc3339, datetime.fromisoformat),
    ("copyright_holder", None, None),
    ("copyright_notice", None, None),
    ("usage_terms", None, None),
    ("ed_notes", list, tuple),
    ("links", _each(_slim("rel", "href", "residref", "version", "title")), _tuple_of(Link)),
    ("word_count", None, None),
    ("origin", _dump_origin, _load_origin),
)
_DUMPERS = tuple((name, turn) for name, turn, _ in _FIELDS)
#: Every field with what makes its value of JSON's; None where JSON has the type itself.
LOADERS = tuple((name, turn) for name, _, turn in _FIELDS)
_VALUES = attrgetter(*(name for name, _ in _DUMPERS))
_CONTENT_DUMPERS = tuple(dumper for dumper in _DUMPERS if dumper[0] not in (*_NOT_CONTENT, "body_html"))
_CONTENT_VALUES = attrgetter(*(name for name, _ in _CONTENT_DUMPERS))
_OTHER_DUMPERS = tuple(dumper for dumper in _DUMPERS if dumper[0] in (*_NOT_CONTENT, "body_html"))
_OTHER_VALUES = attrgetter(*(name for name, _ in _OTHER_DUMPERS))

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
