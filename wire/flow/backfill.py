"""What an endpoint missed: stories that meet its rule and were accepted before it was there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from wire.desk.dispatch import Outlet
from wire.errors import RenderError
from wire.flow.press import Press, delivery_of
from wire.store.accepting import Ledger
from wire.store.backfill import Missed, Unsent
from wire.store.database import Database
from wire.store.values import Acceptance
from wire.story import Revision, Standing, Story

log = logging.getLogger(__name__)

#: Stories looked at in one transaction: whoever waits for the writer waits for so many.
_PAGE = 64


class Backfill:
    """Queues what an endpoint missed. Immutable; used by any thread.

    wanting  tells the ids of the endpoints whose ``where`` a story meets
    """

    def __init__(
        self,
        database: Database,
        *,
        wanting: Callable[[Story], Sequence[str]],
        press: Press,
        outlets: Mapping[str, Outlet],
    ) -> None:
        self._database = database
        self._unsent = Unsent(database)
        self._wanting = wanting
        self._press = press
        self._outlets = outlets

    def __call__(self, endpoint: str, since: datetime, now: datetime) -> int:
        """Queue for an endpoint what was accepted since an instant, is in force, meets its rule and was never
        queued for it; returns how much. Nothing for one that is not configured. Raises StoreError.

        The key is that of any delivery of the version to the endpoint, so a repeat makes no second one.
        """
        outlet = self._outlets.get(endpoint)
        number, after = 0, 0
        while outlet is not None and (page := self._unsent.page(endpoint, since, after, _PAGE)):
            number += self._database.write(
                lambda tx, page=page: self._queue(Ledger(tx), Missed(tx), outlet, page, now)  # type: ignore[misc]
            )
            after = page[-1]
        return number

    def _queue(
        self, ledger: Ledger, missed: Missed, outlet: Outlet, seqs: Sequence[int], now: datetime
    ) -> int:
        wanted = [
            revision
            for revision in missed.revisions(outlet.id, seqs)
            if self._may_have(outlet, revision) and self._printed(missed, outlet.document, revision)
        ]
        if wanted:
            numbers, generation = ledger.numbers(now), ledger.generation()
            made = tuple(
                delivery_of(each, outlet, id=numbers.next("delivery"), generation=generation, now=now)
                for each in wanted
            )
            ledger.keep(Acceptance(deliveries=made), numbers)
        return len(wanted)

    def _may_have(self, outlet: Outlet, revision: Revision) -> bool:
        if revision.standing is Standing.EMBARGOED and not outlet.accepts_embargoed:
            return False
        return outlet.id in self._wanting(revision.story)

    def _printed(self, missed: Missed, format: str, revision: Revision) -> bool:
        """Have the document in the store; whether it could be made, as it can in all but a few formats."""
        if missed.holds(revision.seq, format):
            return True
        try:
            [made] = self._press.documents(revision, (format,))
        except RenderError as exc:
            log.warning("not sent: %s", exc, extra={"story": revision.story_id})
            return False
        missed.add(revision.seq, made)
        return True
