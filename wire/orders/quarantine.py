"""What people do with files that could not be read: have them read again, mended or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wire.config import Settings
from wire.errors import CommandError, IntakeError
from wire.from_settings import sources_by_id
from wire.orders.words import name_of
from wire.pipeline import Pipeline
from wire.store.upkeep import KeptRaw, Upkeep
from wire.story import RawFile


class QuarantineWork:
    """Carries out orders. Immutable; used by any thread. Its methods take and return JSON values."""

    def __init__(self, *, pipeline: Pipeline, upkeep: Upkeep, settings: Settings) -> None:
        self._pipeline = pipeline
        self._upkeep = upkeep
        self._settings = settings

    def operations(self) -> dict[str, Callable[..., Any]]:
        """By the names that commands use."""
        return {"release_quarantined": self.release, "mend_quarantined": self.mend}

    def release(self, who: str, ids: list[int] | None = None) -> dict[str, Any]:
        """Read quarantined files again, all or those named; says which stay and why.

        One that is named may revise whoever's story: that its source may not is why somebody looked at it.
        """
        stay: dict[str, str] = {}
        held = self._upkeep.quarantined()
        wanted = ids or held
        for intake_id in wanted:
            if intake_id not in held:
                stay[str(intake_id)] = "nothing of it is in quarantine; `wire quarantine` lists what is"
                continue
            raw = self._upkeep.raw(intake_id)
            if raw is None:
                stay[str(intake_id)] = "its bytes were never read; drop the file again"
                continue
            try:
                self._pipeline.reread(self._raw_file(raw), intake_id, name_of(who), insisted=bool(ids))
            except IntakeError as exc:
                stay[str(intake_id)] = str(exc)
        return {"released": len(wanted) - len(stay), "stay": stay}

    def mend(self, id: int, who: str, text: str) -> dict[str, Any]:
        """Read other text in the place of a quarantined file; what came is kept as it was.

        Raises CommandError with the reason when that cannot be read either.
        """
        raw = self._upkeep.raw(id)
        if raw is None:
            raise CommandError("its bytes were never read; drop the file again")
        data = text.encode("utf-8", "replace")
        try:
            self._pipeline.reread(self._raw_file(raw, data), id, name_of(who), insisted=True)
        except IntakeError as exc:
            raise CommandError(f"it still cannot be read: {exc}") from exc
        return {"released": 1, "stay": {}}

    def _raw_file(self, raw: KeptRaw, data: bytes | None = None) -> RawFile:
        source = sources_by_id(self._settings).get(raw.source) or self._settings.source(raw.source)
        return RawFile.of(
            raw.data if data is None else data, name=raw.name, source=source, arrived_at=raw.arrived_at
        )
