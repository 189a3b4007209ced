"""A story: its copy beside what it came from, its versions, documents, deliveries and history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wire import storyjson
from wire.common.amending import FIELDS
from wire.common.deskview import StoryView
from wire.common.languages import direction
from wire.common.lists import StoryDetail
from wire.common.people import Role
from wire.errors import RenderError
from wire.iptc import media_topics
from wire.story import Concept, Document, Revision, Standing, Story
from wire.web.desk.answers import attachment, number, see, text_of
from wire.web.desk.difference import differences
from wire.web.desk.frame import Frame
from wire.web.desk.gate import Gate, Visit
from wire.web.desk.highlight import shown as highlighted
from wire.xmltools import clean_html

#: Formats that are shown whether or not a document was kept.
FORMATS = ("newsml-g2", "nitf", "ninjs")

_MOST_ORIGINAL = 200_000  #: characters of an original that a page shows
_LISTS = ("keywords", "subjects", "ed_notes")
_LONG = ("description", "usage_terms", "copyright_notice")

#: What people may do with a story that stands so.
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    Standing.LIVE: ("kill", "withhold", "embargo"),
    Standing.EMBARGOED: ("release", "embargo", "kill", "withhold"),
    Standing.WITHHELD: ("release", "kill", "embargo"),
    Standing.KILLED: ("release",),
    Standing.EXPIRED: ("kill", "withhold"),
    Standing.PURGED: (),
}
_DONE: Mapping[str, str] = {
    "kill": "The story was killed.",
    "withhold": "The story was withheld.",
    "release": "The story was released.",
    "embargo": "The embargo was set.",
    "amend": "The story was issued again as a correction.",
    "resend": "The story is due again.",
}

Render = Callable[[Revision, str], Document]
Operate = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One field as it was read."""

    name: str
    value: str
    qcode: str | None = None
    guessed: bool = False


class Stories:
    """The routes. Immutable."""

    def __init__(self, *, frame: Frame, view: StoryView, operate: Operate, render: Render) -> None:
        """``operate``: carries out an operation by name, as the command line has them.

        render  a version in a format of which no document was kept. Raises RenderError
        """
        self._frame = frame
        self._view = view
        self._operate = operate
        self._render = render

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """What is served."""
        at = "/desk/stories/{id}"
        return [
            Route(at, gate.look(self.page), methods=["GET"]),
            Route(f"{at}/difference", gate.look(self.difference), methods=["GET"]),
            Route(f"{at}/documents/{{format}}", gate.look(self.document), methods=["GET"]),
            Route(f"{at}/original", gate.look(self.original), methods=["GET"]),
            Route(f"{at}/edit", gate.look(self.edit, Role.EDITOR), methods=["GET"]),
            Route(f"{at}/edit", gate.act(self.amend), methods=["POST"]),
            Route(f"{at}/{{action}}", gate.act(self.act), methods=["POST"]),
        ]

    def page(self, visit: Visit) -> Response:
        """``GET /desk/stories/ID``."""
        detail = self._detail(visit)
        story = storyjson.loads(detail.json)
        original = self._view.original(detail.story.id, detail.revisions[-1].seq)
        values = {
            "detail": detail,
            "story": story,
            "body": Markup(clean_html(story.body_html)),  # noqa: S704  # sanitised once more, here
            "direction": direction(story.language),
            "facts": facts(story),
            "original": original,
            "text": None
            if original is None
            else text_of(original.data, story.origin.charset, _MOST_ORIGINAL),
            "formats": tuple(dict.fromkeys((*FORMATS, *detail.printed.formats))),
            "actions": _ACTIONS[detail.story.standing],
            "endpoints": tuple(dict.fromkeys(row.endpoint for row in detail.deliveries)),
            "done": _DONE.get(visit.text("done")),
        }
        return self._frame.page("story.html", values, visit=visit)

    def difference(self, visit: Visit) -> Response:
        """``GET /desk/stories/ID/difference?old=SEQ&new=SEQ``."""
        detail = self._detail(visit)
        old, new = (self._revision(detail, visit.text(name)) for name in ("old", "new"))
        values = {
            "detail": detail,
            "old": old,
            "new": new,
            "found": differences(old.story, new.story),
            "direction": direction(new.story.language),
        }
        return self._frame.page("difference.html", values, visit=visit)

    def document(self, visit: Visit) -> Response:
        """``GET /desk/stories/ID/documents/FORMAT?seq=SEQ``."""
        detail = self._detail(visit)
        revision = self._revision(detail, visit.text("seq") or str(detail.printed.seq))
        format = visit.request.path_params["format"]
        kept = self._view.document(revision.seq, format)
        if kept is None and format not in FORMATS:
            raise HTTPException(404, "No document of that format was kept.")
        try:
            made = kept or self._render(revision, format)
        except RenderError as exc:
            raise HTTPException(404, f"It cannot be written in that format: {exc}") from exc
        values = {
            "detail": detail,
            "revision": revision,
            "format": format,
            "kept": kept is not None,
            "document": made,
            "text": Markup(highlighted(made)),  # noqa: S704  # escaped there
        }
        return self._frame.page("document.html", values, visit=visit)

    def original(self, visit: Visit) -> Response:
        """``GET /desk/stories/ID/original``: the file as it came, to be saved and not shown."""
        detail = self._detail(visit)
        found = self._view.original(detail.story.id, detail.revisions[-1].seq)
        if found is None:
            raise HTTPException(404, "What it came from is kept no more.")
        return attachment(found.data, found.name)

    def edit(self, visit: Visit) -> Response:
        """``GET /desk/stories/ID/edit``: the fields that can be changed, as they are."""
        detail = self._detail(visit)
        fields = _fields(storyjson.loads(detail.json))
        values = {"detail": detail, "fields": fields, "lists": _LISTS, "long": _LONG}
        return self._frame.page("edit.html", values, visit=visit)

    def amend(self, visit: Visit) -> Response:
        """``POST /desk/stories/ID/edit``: issue the story again, with what was changed, as a correction."""
        detail = self._detail(visit)
        before = _fields(storyjson.loads(detail.json))
        sent = {name: visit.text(name).replace("\r\n", "\n") for name in FIELDS if name in visit.form}
        changes = {name: _value(name, text) for name, text in sent.items() if text != before[name]}
        self._operate(
            "amend",
            story=detail.story.id,
            who=visit.user.name,
            version=number(visit.text("version")) or 0,
            changes=changes,
            note=visit.text("note") or None,
        )
        return see(f"/desk/stories/{detail.story.id}?done=amend")

    def act(self, visit: Visit) -> Response:
        """``POST /desk/stories/ID/kill``, ``withhold``, ``release``, ``embargo``, ``resend``."""
        action = visit.request.path_params["action"]
        id = self._detail(visit).story.id
        note = visit.text("note")
        arguments: dict[str, Any] = {"story": id, "who": visit.user.name, "note": note or None}
        if action == "kill" and not note:
            raise HTTPException(400, "Say why: whoever holds the story is told.")
        if action == "embargo":
            arguments["until"] = visit.text("until") or None
        if action == "resend":
            arguments["endpoint"] = visit.text("endpoint") or None
        if action not in _DONE or action == "amend":
            raise HTTPException(404, "There is no such action.")
        self._operate(action, **arguments)
        return see(f"/desk/stories/{id}?done={action}")

    def _detail(self, visit: Visit) -> StoryDetail:
        found = self._view.detail(visit.request.path_params["id"])
        if found is None:
            raise HTTPException(404, "There is no such story.")
        return found

    def _revision(self, detail: StoryDetail, seq: str) -> Revision:
        found = self._view.revision(detail.story.id, number(seq) or 0)
        if found is None:
            raise HTTPException(404, "There is no such version, or its copy is kept no more.")
        return found


def facts(story: Story) -> tuple[Fact, ...]:
    """What was read of a story, field by field; of what was guessed, that it was."""
    found: list[Fact] = []
    for name, value in storyjson.dump(story).items():
        if name in {"body_html", "origin", "headline", "pictures", "links"}:
            continue
        label = name.replace("_", " ")
        if name in {"subjects", "genres", "places", "people", "organisations"}:
            found += [_concept(label, concept) for concept in getattr(story, name)]
        elif name == "located" and story.located is not None:
            place = story.located
            found.append(Fact(name="located", value=place.name, qcode=place.qcode, guessed=place.guessed))
        elif isinstance(value, list):
            found += [Fact(name=label, value=str(each)) for each in value]
        else:
            found.append(Fact(name=label, value=str(value)))
    return tuple(found)


def _concept(label: str, concept: Concept) -> Fact:
    name = concept.name or media_topics.label(concept.qcode or "") or concept.qcode or ""
    return Fact(name=label, value=name, qcode=concept.qcode, guessed=concept.guessed)


def _fields(story: Story) -> dict[str, str]:
    """The fields that can be changed as a form has them: lists with an entry a line."""
    found: dict[str, str] = {}
    for name in FIELDS:
        value = getattr(story, name)
        if name == "subjects":
            value = tuple(concept.qcode or concept.name or "" for concept in value)
        found[name] = "\n".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return found


def _value(name: str, text: str) -> Any:
    return text.splitlines() if name in _LISTS else text or None
