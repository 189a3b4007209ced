"""Files that are pushed by HTTP rather than dropped: accepted at once, and answered with what became of them.

Nothing is answered before it is durable. A key makes a push safe to repeat: the same key with the same
bytes gets the same answer, and nothing is accepted twice, however often and at however many daemons of one
store it comes.
"""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from wire.config import Settings
from wire.errors import CommandError, IntakeError
from wire.flow.acceptance import Accepted, Acceptor
from wire.flow.reading import ReadFile
from wire.from_settings import sources_by_id
from wire.pipeline import Pipeline
from wire.ports import Clock
from wire.store.accepting import Ledger
from wire.story import RawFile


class PushWork:
    """Takes pushed files in. Immutable; used by any thread."""

    def __init__(self, *, pipeline: Pipeline, settings: Settings, clock: Clock) -> None:
        self._pipeline = pipeline
        self._settings = settings
        self._clock = clock

    def push(self, *, data: bytes, name: str, source: str, who: str, key: str | None) -> dict[str, Any]:
        """Accept a file; what became of it, as JSON values.

        name    the file's own, which may tell its story; used for no path
        source  as configured, ``inbox`` for none
        key     the sender's own, by which a repeat is known

        Raises CommandError for a source that there is not, or a key that was used for other bytes;
        IntakeError when nothing can be read, in which case nothing is kept.
        """
        by_id = sources_by_id(self._settings)
        if source not in by_id:
            raise CommandError(f"there is no source {source!r}; configured are: {', '.join(by_id)}")
        raw = RawFile.of(data, name=name, source=by_id[source], arrived_at=self._clock())
        file = self._pipeline.read(raw)
        faults = [item for item in file.items if isinstance(item, IntakeError)]
        if len(faults) == len(file.items):
            raise faults[0] if faults else IntakeError("it holds no story")
        change = _Push(file=file, who=who, key=None if key is None else _digest(who, key))
        self._pipeline.push(change)
        return change.answer


class _Push:
    """The change to the store; run again when its group of changes was undone."""

    def __init__(self, *, file: ReadFile, who: str, key: str | None) -> None:
        self._file = file
        self._who = who
        self._key = key
        self.answer: dict[str, Any] = {}

    def __call__(self, ledger: Ledger, acceptor: Acceptor, now: datetime) -> Accepted:
        digest = self._file.sha256 or ""
        if self._key is not None and (known := ledger.pushed(self._key)) is not None:
            if known[0] != digest:
                raise CommandError("this key was used for another file")
            self.answer = {**json.loads(known[1]), "repeated": True}
            return Accepted(before={})
        accepted = acceptor.accept(ledger, [self._file], now, who=self._who)
        self.answer = _answer(accepted)
        if self._key is not None:
            ledger.remember_push(self._key, digest, json.dumps(self.answer), now)
        return accepted


def _answer(accepted: Accepted) -> dict[str, Any]:
    stories = [
        {
            "id": made.story_id,
            "guid": made.guid,
            "version": made.version,
            "action": made.action.value,
            "standing": made.standing.value,
        }
        for made in (new.revision for new in accepted.revisions)
    ]
    return {
        "stories": stories,
        "set_aside": [aside.reason for aside in accepted.set_aside],
        "duplicate": any(outcome == "duplicate" for _, outcome in accepted.files),
        "repeated": False,
    }


def _digest(who: str, key: str) -> str:
    """A key as it is kept: nobody meets another one's."""
    return sha256(f"{who}\n{key}".encode("utf-8", "replace")).hexdigest()
