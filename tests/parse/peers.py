"""What a peer reads from the samples, asked of our stories (``../shared/samples/agency-expected.json``).

The peer's names for fields are translated here, once: its ``guid`` has the version appended, times are
instants, an empty text is none; its ``subject`` leaves out Media Topics and categories; sluglines are the
same in capitals; ``source`` is whoever stands for the story, by whatever dash; ``format`` is ``preserved``
where lines are kept as they stand. Its bodies keep AP's
underscore for a dash, and what was escaped twice. In the archive of STT a version was published when it
was made.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from tests.parse.reading import shared
from wire.normalise.leftovers import body_as_meant
from wire.story import Story
from wire.xmltools import clean_html

_INDEX = re.compile(r"^\[(\d+)\]\.?")


@cache
def expected() -> dict[str, list[dict[str, Any]]]:
    """Every document's cases, each with its checks."""
    return dict(json.loads(shared("samples", "agency-expected.json").read_text(encoding="utf-8")))


def holds(stories: list[Story], check: dict[str, Any]) -> bool:
    """Whether our reading gives what the peer's test asserts."""
    field, op, value = check["field"], check["op"], check["value"]
    if field == "|len":
        return len(stories) == value
    index = _INDEX.match(field)
    story = stories[int(index[1]) if index else 0]
    field = field[index.end() :] if index else field
    if field == "slugline":
        return str(story.slugline).casefold() == str(value).casefold() or not (story.slugline or value)
    if not field:  # a key that must not be there
        return not _seen(story, str(value))
    return _compared(_seen(story, field), op, value)


def table(documents: Iterable[str], right: int, refused: Collection[str]) -> str:
    """How many checks hold, and why the others do not: the kind of a reason stands before its colon."""
    total = right + len(refused)
    kinds = Counter(reason.partition(":")[0] for reason in refused)
    lines = [f"    {kind:38} {count:3}" for kind, count in sorted(kinds.items())]
    head = f"{len(set(documents))} documents, {total} checks: {right} right ({right / total:.1%} of all, "
    return "\n".join([f"\n{head}100 % of those not refused), {len(refused)} refused:", *lines])


def _compared(found: Any, op: str, value: Any) -> bool:
    if op == "eq":
        return _same(found, value)
    if op == "isinstance":
        return isinstance(found, str if "str" in value else int)
    if op == "contains":
        return _contains(found, value)
    if op == "not_contains":
        return not _contains(found, value)
    if op == "startswith":
        return _text(found).startswith(_text(value))
    return op == "regex" and re.search(value, str(found)) is not None


def _contains(found: Any, value: Any) -> bool:
    if isinstance(value, dict):
        return any(_named(one, value) for one in found or ())
    if isinstance(found, tuple) or "<" in value:
        return value in (found or "")
    return _text(value) in _text(found)


def _named(one: dict[str, str], value: dict[str, Any]) -> bool:
    """Codes decide; names only where there is no code, since the peer takes them from its own lists."""
    if value.get("qcode"):
        return bool(one.get("qcode") == str(value["qcode"]).rpartition(":")[2])
    return one.get("name") == value.get("name")


def _same(found: Any, value: Any) -> bool:
    if isinstance(found, datetime):
        return value is not None and found == datetime.fromisoformat(value)
    if isinstance(found, dict):
        return str(value) in found.values()
    if isinstance(value, str) and "<p>" in value:
        return _text(clean_html(body_as_meant(value))).replace(" _ ", " — ") == _text(found)
    if isinstance(value, list):
        return [_plain(one) for one in found or ()] == [_plain(one) for one in value or ()]
    return (found or None) == (value or None) or (value is not None and str(found) == str(value))


def _plain(one: Any) -> Any:
    return str(one.get("qcode") or one.get("name")).casefold() if isinstance(one, dict) else one


def _text(value: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", str(value or "")).replace("\xa0", " ").split())


def _concepts(concepts: Any, scheme: str = "") -> list[dict[str, str]]:
    return [
        {"name": concept.name or "", "qcode": (concept.qcode or "").rpartition(":")[2].rpartition("/")[2]}
        for concept in concepts
        if (concept.qcode or "").startswith(scheme)
    ]


def _seen(story: Story, field: str) -> Any:
    """The story as the peer would see it, by the peer's name for a field."""
    name, _, rest = field.partition("|")
    found = _FIELDS[name](story) if name in _FIELDS else getattr(story, name, None)
    return len(found) if rest == "len" else found


def _guid(story: Story) -> dict[str, str]:
    return {"plain": str(story.guid), "with version": f"{story.guid}:{story.version}"}


def _categories(story: Story) -> list[dict[str, str]]:
    return _concepts(story.subjects, "a1312cat:")


def _first_category(story: Story) -> str | None:
    return next((one["qcode"] for one in _categories(story)), None)


_FIELDS: dict[str, Any] = {
    "guid": _guid,
    "uri": lambda story: story.guid,
    "type": lambda story: "text" if story.body_html or not story.pictures else "picture",
    "pubstatus": lambda story: str(story.pub_status),
    "versioncreated": lambda story: story.version_created,
    "firstcreated": lambda story: story.first_created,
    "priority": lambda story: story.urgency,
    "usageterms": lambda story: story.usage_terms,
    "ednote": lambda story: story.ed_notes,
    "abstract": lambda story: story.description,
    "format": lambda story: "preserved" if re.search("<(?:pre|table)>", story.body_html) else "HTML",
    "source": lambda story: dict(enumerate((story.provider, (story.creditline or "").replace("–", "-")))),
    "byline": lambda story: (story.byline or "").removeprefix("By "),
    "firstpublished": lambda story: story.version_created,
    "dateline.text": lambda story: story.dateline,
    "dateline.located.city": lambda story: story.located and story.located.name,
    "place": lambda story: _concepts([place for place in story.places if not place.guessed]),
    "place[0].name": lambda story: next((p.name for p in story.places if not p.guessed), None),
    "genre": lambda story: _concepts(story.genres),
    "subject": lambda story: _concepts(
        [s for s in story.subjects if not (s.qcode or "").startswith(("medtop:", "a1312cat:", "pacat:"))]
    ),
    "subject[0].qcode": lambda story: next(
        iter(_concepts(story.subjects, "subj:") or _concepts(story.subjects, "medtop:")), {}
    ).get("qcode"),
    "authors": lambda story: list(story.creators),
    "keywords": lambda story: story.keywords,
    "signal": lambda story: [{"qcode": signal, "name": signal} for signal in story.signals],
    "anpa_category": _categories,
    "anpa_category[0].qcode": _first_category,
    "renditions": lambda story: story.pictures,
}
