"""What could not be read: `wire.common.deskview.QuarantineView`."""

from __future__ import annotations

from hashlib import sha256

from wire.common.deskview import Original, SetAsideFile
from wire.common.lists import QuarantineRow
from wire.store.browse import Browse
from wire.store.database import Database
from wire.store.handing import Handings
from wire.store.upkeep import Upkeep
from wire.story import once_key


class QuarantineView:
    """See `wire.common.deskview.QuarantineView`."""

    def __init__(self, database: Database) -> None:
        self._browse = Browse(database)
        self._upkeep = Upkeep(database)
        self._handings = Handings(database)

    def held(self) -> list[QuarantineRow]:
        """See `wire.common.deskview.QuarantineView.held`."""
        return self._browse.quarantine()

    def file(self, intake_id: int) -> SetAsideFile | None:
        """See `wire.common.deskview.QuarantineView.file`."""
        rows = self._browse.quarantine(intake_id)
        if not rows:
            return None
        kept = self._upkeep.raw(intake_id)
        original = handed = None
        if kept is not None:
            handed = self._handings.find(once_key(kept.source, sha256(kept.data).hexdigest()))
            original = Original(
                intake_id=kept.intake_id,
                source=kept.source,
                name=kept.name,
                arrived_at=kept.arrived_at,
                data=kept.data,
            )
        return SetAsideFile(rows=tuple(rows), original=original, handed=handed)
