"""What the API can do: each operation as the desk's pages have it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from starlette.exceptions import HTTPException

from wire.common.amending import FIELDS
from wire.common.deskview import BoardRow, BoardShelf, DropBox, QuarantineView, StoryView
from wire.common.lists import StoryDetail
from wire.common.people import Role
from wire.errors import RenderError
from wire.web.desk.answers import number
from wire.web.desk.api_table import TEXT, Call, Operation, Reply
from wire.web.desk.board import cursor_of, filter_of
from wire.web.desk.story import FORMATS, Render

_MOST_ROWS = 200
_LONGEST_KEY = 255


class Pusher(Protocol):
    """Accepts files that are pushed. Thread-safe."""

    def push(self, *, data: bytes, name: str, source: str, who: str, key: str | None) -> dict[str, Any]:
        """What became of the file. Raises CommandError, IntakeError, StoreError."""
        ...


class Operations:
    """Builds the table. Immutable; its handlers are used by any thread."""

    def __init__(
        self,
        *,
        board: BoardShelf,
        view: StoryView,
        box: DropBox,
        quarantine: QuarantineView,
        pusher: Pusher,
        operate: Callable[..., Any],
        render: Render,
    ) -> None:
        self._board = board
        self._view = view
        self._box = box
        self._quarantine = quarantine
        self._pusher = pusher
        self._operate = operate
        self._render = render

    def table(self) -> tuple[Operation, ...]:
        """Every operation."""
        return (*self._of_stories(), *self._orders(), *self._of_files())

    def _of_stories(self) -> tuple[Operation, ...]:
        stories = "/api/stories"
        names = ("text", "source", "topic", "language", "status", "before", "limit")
        return (
            Operation(
                id="listStories",
                method="GET",
                path=stories,
                summary="Stories, the latest change first, filtered and searched as on the board",
                handler=self._list,
                query=dict.fromkeys(names, TEXT),
                answers="Some stories, and what to ask for the next with",
            ),
            Operation(
                id="pushStory",
                method="POST",
                path=stories,
                summary="Accept a file of any format that wire reads, at once instead of by way of the inbox",
                handler=self._push,
                role=Role.EDITOR,
                query={"source": TEXT, "name": TEXT},
                headers={"Idempotency-Key": {"type": "string", "maxLength": _LONGEST_KEY}},
                takes_bytes=True,
                status=201,
                answers="Accepted and durable: the stories of the file. 422 when nothing of it can be read",
            ),
            Operation(
                id="getStory",
                method="GET",
                path=f"{stories}/{{id}}",
                summary="A story with its versions, deliveries and history",
                handler=self._story,
            ),
            Operation(
                id="getDocument",
                method="GET",
                path=f"{stories}/{{id}}/documents/{{format}}",
                summary="A story's version in force in a format",
                handler=self._document,
                gives_bytes=True,
            ),
            Operation(
                id="getOriginal",
                method="GET",
                path=f"{stories}/{{id}}/original",
                summary="The file that a story came from, as it came",
                handler=self._original,
                gives_bytes=True,
            ),
        )

    def _orders(self) -> tuple[Operation, ...]:
        note = {"note": TEXT}
        return (
            self._order("kill", "Take a story back everywhere", note, ("note",)),
            self._order("withhold", "Take a story out of sight until it is released", note),
            self._order("release", "Take back what keeps a story from the public", note),
            self._order(
                "embargo", "Hold a story until an instant, or until released", {"until": TEXT, **note}
            ),
            self._order(
                "amend",
                "Change fields of a story and issue it as a correction",
                {"version": {"type": "integer"}, "changes": _CHANGES, **note},
                ("version", "changes"),
            ),
            self._order("resend", "Send a story's newest version again", {"endpoint": TEXT, **note}),
        )

    def _of_files(self) -> tuple[Operation, ...]:
        held = "/api/quarantine"
        return (
            Operation(
                id="listInbox",
                method="GET",
                path="/api/inbox",
                summary="What waits in the inbox",
                handler=lambda _call: Reply(value={"waiting": self._box.waiting()}),
            ),
            Operation(
                id="listQuarantine",
                method="GET",
                path=held,
                summary="What was set aside, and why",
                handler=lambda _call: Reply(value={"held": self._quarantine.held()}),
            ),
            Operation(
                id="releaseQuarantined",
                method="POST",
                path=f"{held}/{{id}}/release",
                summary="Read a file again that was set aside",
                handler=self._release,
                role=Role.EDITOR,
            ),
            Operation(
                id="mendQuarantined",
                method="POST",
                path=f"{held}/{{id}}/mend",
                summary="Read other text in the place of a file that was set aside",
                handler=self._mend,
                role=Role.EDITOR,
                fields={"text": TEXT},
                required=("text",),
            ),
        )

    def _order(
        self,
        name: str,
        summary: str,
        fields: Mapping[str, Mapping[str, Any]],
        required: tuple[str, ...] = (),
    ) -> Operation:
        def carry_out(call: Call) -> Reply:
            story = self._detail(call).story.id
            return Reply(value=self._operate(name, story=story, who=call.user.name, **call.fields))

        return Operation(
            id=f"{name}Story",
            method="POST",
            path=f"/api/stories/{{id}}/{name}",
            summary=summary,
            handler=carry_out,
            role=Role.EDITOR,
            fields=fields,
            required=required,
            answers="How the story stands now. 409 when it cannot be done as things stand",
        )

    def _list(self, call: Call) -> Reply:
        limit = number(call.query.get("limit", "50"))
        if limit is None or not 1 <= limit <= _MOST_ROWS:
            raise HTTPException(400, f"limit is a number from 1 to {_MOST_ROWS}")
        page = self._board.page(filter_of(call.query), cursor_of(call.query.get("before", "")), limit)
        rows = [_row(row) for row in page.rows]
        return Reply(value={"stories": rows, "older": page.older, "unsearchable": page.unsearchable})

    def _push(self, call: Call) -> Reply:
        key = call.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= _LONGEST_KEY:
            raise HTTPException(400, f"an Idempotency-Key has 1 to {_LONGEST_KEY} characters")
        if not call.body:
            raise HTTPException(400, "the body is empty")
        done = self._pusher.push(
            data=call.body,
            name=call.query.get("name") or "pushed",
            source=call.query.get("source") or "inbox",
            who=call.user.name,
            key=key,
        )
        return Reply(value=done, status=201)

    def _story(self, call: Call) -> Reply:
        detail = self._detail(call)
        return Reply(value={**asdict(detail), "json": json.loads(detail.json)})

    def _document(self, call: Call) -> Reply:
        detail = self._detail(call)
        format, seq = call.path["format"], detail.printed.seq
        made = self._view.document(seq, format)
        if made is None:
            revision = self._view.revision(detail.story.id, seq)
            if revision is None or format not in FORMATS:
                raise HTTPException(404, "no document of that format was kept")
            try:
                made = self._render(revision, format)
            except RenderError as exc:
                raise HTTPException(409, str(exc)) from exc
        return Reply(body=made.body, media_type=made.media_type)

    def _original(self, call: Call) -> Reply:
        detail = self._detail(call)
        found = self._view.original(detail.story.id, detail.revisions[-1].seq)
        if found is None:
            raise HTTPException(404, "what it came from is kept no more")
        return Reply(body=found.data, media_type="application/octet-stream")

    def _release(self, call: Call) -> Reply:
        return Reply(value=self._operate("release_quarantined", ids=[_number(call)], who=call.user.name))

    def _mend(self, call: Call) -> Reply:
        text = call.fields["text"]
        return Reply(value=self._operate("mend_quarantined", id=_number(call), who=call.user.name, text=text))

    def _detail(self, call: Call) -> StoryDetail:
        found = self._view.detail(call.path["id"])
        if found is None:
            raise HTTPException(404, "there is no such story")
        return found


_CHANGES: Mapping[str, Any] = {
    "type": "object",
    "description": "by name, as in the story's JSON; null or empty for none",
    "properties": {name: {} for name in FIELDS},
}


def _row(row: BoardRow) -> dict[str, Any]:
    """A row of the board, flat."""
    made = asdict(row)
    return {**made.pop("story"), **made}


def _number(call: Call) -> int:
    id = number(call.path["id"])
    if id is None:
        raise HTTPException(404, "nothing of that file is in quarantine")
    return id
