"""The inbox and the quarantine: what is dropped, what waits, what was set aside and why; and its way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wire.common.deskview import DropBox, QuarantineView, SetAsideFile
from wire.web.desk.answers import attachment, number, see, text_of
from wire.web.desk.frame import Frame
from wire.web.desk.gate import Gate, Visit

_NOT_HELD = "Nothing of that file is in quarantine."
_MOST_TEXT = 500_000  #: characters of a file that can be mended on the page


class InboxPages:
    """The routes. Immutable."""

    def __init__(
        self,
        *,
        frame: Frame,
        box: DropBox,
        quarantine: QuarantineView,
        operate: Callable[..., Any],
        clock: Callable[[], datetime],
    ) -> None:
        self._frame = frame
        self._box = box
        self._quarantine = quarantine
        self._operate = operate
        self._clock = clock

    def routes(self, gate: Gate) -> list[BaseRoute]:
        """What is served."""
        return [
            Route("/desk/inbox", gate.look(self.page), methods=["GET"]),
            Route("/desk/inbox", gate.act(self.drop), methods=["POST"]),
            Route("/desk/quarantine/{id}", gate.look(self.held), methods=["GET"]),
            Route("/desk/quarantine/{id}/original", gate.look(self.original), methods=["GET"]),
            Route("/desk/quarantine/{id}/release", gate.act(self.release), methods=["POST"]),
            Route("/desk/quarantine/{id}/mend", gate.act(self.mend), methods=["POST"]),
        ]

    def page(self, visit: Visit) -> Response:
        """``GET /desk/inbox``."""
        values = {
            "sources": self._box.sources(),
            "waiting": self._box.waiting(),
            "held": self._quarantine.held(),
            "dropped": number(visit.text("dropped")) or 0,
            "released": visit.text("released") == "1",
        }
        return self._frame.page("inbox.html", values, visit=visit)

    def drop(self, visit: Visit) -> Response:
        """``POST /desk/inbox``: files, or pasted text; they go the way of every file."""
        source = visit.text("source")
        files = [
            file for file in visit.form.getlist("files") if isinstance(file, UploadFile) and file.filename
        ]
        text = visit.form.get("text")
        handed = 0
        for file in files:
            name, data = file.filename or "", file.file.read()
            self._box.put(source, name, data, who=visit.user.name, how="dropped on the desk page")
            handed += 1
        if isinstance(text, str) and text.strip():
            name = visit.text("name") or f"pasted-{self._clock():%Y%m%d-%H%M%S-%f}.txt"
            if "." not in name:
                name = f"{name}.txt"
            data = text.replace("\r\n", "\n").encode("utf-8", "replace")
            self._box.put(source, name, data, who=visit.user.name, how="pasted on the desk page")
            handed += 1
        if not handed:
            raise HTTPException(400, "There was neither a file nor a text.")
        return see(f"/desk/inbox?dropped={handed}")

    def held(self, visit: Visit) -> Response:
        """``GET /desk/quarantine/FILE``: why, and the file itself to be mended."""
        found = self._file(visit)
        original = found.original
        text = None if original is None else text_of(original.data, "utf-8")
        values = {
            "held": found,
            "text": text,
            "mendable": text is not None and len(text) <= _MOST_TEXT,
            "stays": visit.text("stays") == "1",
        }
        return self._frame.page("quarantine.html", values, visit=visit)

    def original(self, visit: Visit) -> Response:
        """``GET /desk/quarantine/FILE/original``: to be saved and not shown."""
        found = self._file(visit)
        if found.original is None:
            raise HTTPException(404, "Its bytes were never read.")
        return attachment(found.original.data, found.original.name)

    def release(self, visit: Visit) -> Response:
        """``POST /desk/quarantine/FILE/release``: read it again as it is."""
        id = _id(visit)
        done = self._operate("release_quarantined", ids=[id], who=visit.user.name)
        if done["stay"]:
            return see(f"/desk/quarantine/{id}?stays=1")
        return see("/desk/inbox?released=1")

    def mend(self, visit: Visit) -> Response:
        """``POST /desk/quarantine/FILE/mend``: read the text of the form in its place."""
        id = _id(visit)
        text = visit.form.get("text")
        if not isinstance(text, str):
            raise HTTPException(400, "There was no text.")
        self._operate("mend_quarantined", id=id, who=visit.user.name, text=text.replace("\r\n", "\n"))
        return see("/desk/inbox?released=1")

    def _file(self, visit: Visit) -> SetAsideFile:
        found = self._quarantine.file(_id(visit))
        if found is None:
            raise HTTPException(404, _NOT_HELD)
        return found


def _id(visit: Visit) -> int:
    id = number(visit.request.path_params["id"])
    if id is None:
        raise HTTPException(404, _NOT_HELD)
    return id
