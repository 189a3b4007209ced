"""What people order by hand, as the daemon carries it out: `wire kill`, `release`, `embargo`, `correct`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wire.common.amending import amended
from wire.common.input_files import read_file
from wire.config import Settings
from wire.desk.by_hand import Amend, Command, Correct, Embargo, Kill, Release, Withhold
from wire.errors import CommandError, IntakeError
from wire.flow.acceptance import Order
from wire.flow.reading import Reader, ReadStory
from wire.orders.words import instant_of, name_of, note_of
from wire.pipeline import Pipeline
from wire.ports import Clock
from wire.story import OPEN_ENDED, RawFile


class HandWork:
    """Carries out orders. Immutable; used by any thread. Its methods take and return JSON values."""

    def __init__(self, *, pipeline: Pipeline, reader: Reader, settings: Settings, clock: Clock) -> None:
        self._pipeline = pipeline
        self._reader = reader
        self._settings = settings
        self._clock = clock

    def operations(self) -> dict[str, Callable[..., Any]]:
        """By the names that commands use."""
        return {
            "kill": self.kill,
            "withhold": self.withhold,
            "release": self.release,
            "embargo": self.embargo,
            "correct": self.correct,
            "amend": self.amend,
        }

    def kill(self, story: str, who: str, note: str) -> dict[str, Any]:
        """Take a story back everywhere; ``note`` tells editors why. Raises CommandError."""
        if (why := note_of(note)) is None:
            raise CommandError("say why: whoever holds the story is told")
        return self._carry_out(story, Kill(note=why), who, why)

    def withhold(self, story: str, who: str, note: str | None = None) -> dict[str, Any]:
        """Take a story out of sight until it is released; ``note`` tells editors why. Raises CommandError."""
        return self._carry_out(story, Withhold(note=note_of(note)), who, note)

    def release(self, story: str, who: str, note: str | None = None) -> dict[str, Any]:
        """Take back what keeps a story from the public. Raises CommandError."""
        return self._carry_out(story, Release(), who, note)

    def embargo(
        self, story: str, who: str, until: str | None = None, note: str | None = None
    ) -> dict[str, Any]:
        """Hold a story until an instant, in the desk's zone unless it says its own; None: until released.

        Raises CommandError.
        """
        zone = self._settings.desk.timezone
        end = OPEN_ENDED if until is None else instant_of(until, zone, latest=True)
        return self._carry_out(story, Embargo(until=end), who, note)

    def correct(
        self, file: str, who: str, story: str | None = None, note: str | None = None
    ) -> dict[str, Any]:
        """Put the copy of a file in the place of a story's: the one named, or the one that the file names.

        Raises CommandError.
        """
        read = self._read(file)
        name = story or read.story.guid
        if name is None:
            raise CommandError(f"{file} does not say which story it corrects: give it an Id, or use --story")
        return self._carry_out(name, Correct(copy=read.story), who, note)

    def amend(
        self, story: str, who: str, version: int, changes: Mapping[str, Any], note: str | None = None
    ) -> dict[str, Any]:
        """Change fields of a story and issue it as a correction, unless another version has come meanwhile.

        version  that the changes were made to
        changes  by name, as in the story's JSON; None or empty for none (`wire.common.amending`)

        Raises CommandError.
        """
        return self._carry_out(story, Amend(fields=amended(changes), version=version), who, note)

    def _read(self, file: str) -> ReadStory:
        try:
            data = read_file(file, self._settings.inbox.max_bytes).data
        except IntakeError as exc:
            raise CommandError(f"{file}: {exc}") from exc
        raw = RawFile.of(
            data, name=Path(file).name, source=self._settings.source(""), arrived_at=self._clock()
        )
        items = self._reader.items(raw)
        if len(items) != 1:
            raise CommandError(f"{file} holds {len(items)} stories; one is wanted")
        if isinstance(items[0], IntakeError):
            raise CommandError(f"{file}: {items[0]}")
        return items[0]

    def _carry_out(self, story: str, command: Command, who: str, note: str | None) -> dict[str, Any]:
        order = Order(story=story, command=command, who=name_of(who), note=note_of(note))
        made = self._pipeline.by_hand(order)
        return {"story": made.story_id, "version": made.version, "standing": made.standing.value}
