"""The story's way, top to bottom.

inbox      a file that has settled                    → RawFile
parse      RawFile                                    → Draft, one or more
normalise  Draft                                      → Story
desk       Story and what is kept of it               → Verdict
store      Story and Verdict, in one transaction      → Revision: accepted from here on
publish    Revision                                   → Document, and an Entry in feeds
deliver    Document and endpoint                      → Receipt

`take_in` carries files from the inbox to the feeds; the engine's turns (`wire.deliver.turn`) carry documents
to the endpoints.

Feeds, endpoints and outbox are told right after each commit and in the order of the commits, so none of
them can show an older state after a newer one. All that follows a commit, emptying the inbox included,
may be lost in a crash, since it is made good from the store at the next start.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from wire.common.portions import portions
from wire.errors import IntakeError, StoreError
from wire.flow.acceptance import Accepted, Acceptor, Order
from wire.flow.exporting import Exporter
from wire.flow.reading import Reader, ReadFile
from wire.flow.reading_apart import ApartReader
from wire.flow.reading_wary import WaryReader
from wire.flow.showing import Showing
from wire.flow.tally import Tally
from wire.inbox.found import RefusedFile, Sweep, Taken
from wire.inbox.sweep import Inbox
from wire.ports import Clock
from wire.ports.delivery import Engine
from wire.store.accepting import Ledger
from wire.store.database import Database
from wire.story import Action, RawFile, Revision

log = logging.getLogger(__name__)

#: Files that share one transaction and one flush.
BATCH = 64
#: Files that one sweep of the inbox looks at.
SWEEP = 512
#: Arrivals in one commit above which the log only counts them.
_TOLD_ONE_BY_ONE = 4
#: Stories that change by themselves in one transaction.
EVENTS = 64


#: A batch, what was read of it, and its transaction.
_Submitted = tuple[Sequence[Taken], Sequence[ReadFile], Future[Accepted]]


class Pipeline:
    """The flow. `take_in` is called by one thread at a time; the rest by any."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        reader: Reader,
        wary: WaryReader,
        apart: ApartReader,
        acceptor: Acceptor,
        database: Database,
        showing: Showing,
        exporter: Exporter,
        engine: Engine,
        tally: Tally,
        aside: Path,
        clock: Clock,
    ) -> None:
        """``aside``: the folder for files refused unread; on the inbox's file system."""
        self._inbox = inbox
        self._reader = reader
        self._wary = wary
        self._apart = apart
        self._acceptor = acceptor
        self._database = database
        self._showing = showing
        self._exporter = exporter
        self._engine = engine
        self._tally = tally
        self._aside = aside
        self._clock = clock

    def take_in(self) -> Sweep:
        """Sweep the inbox once and carry what is whole into the store, the feeds and the outbox.

        Large files are read apart and come in later, so that they hold up nobody.
        Returns the sweep, so that the caller knows what still waits. Raises StoreError when something
        could not be kept; those files then still lie in the inbox.
        """
        sweep = self._inbox.sweep(limit=SWEEP)
        small: list[Taken] = []
        for taken in sweep.taken:
            self._tally.dropped(taken.raw.sha256, taken.dropped_s)
            if self._apart.takes(taken.raw):
                self._apart.submit(taken.raw, partial(self._accept_read, taken))
            else:
                small.append(taken)
        failure: StoreError | None = None
        for batch, files, submitted in _one_ahead(self._submitted(list(portions(small, BATCH)))):
            failure = self._finish(batch, files, submitted) or failure
        if failure is not None:
            raise failure
        if sweep.refused:
            self._refuse([file for file in sweep.refused if not file.passing])
        return sweep

    def reread(self, raw: RawFile, intake_id: int, who: str, *, insisted: bool) -> Accepted:
        """Read a quarantined file again, for somebody; see `wire.flow.acceptance.Acceptor.reread`.

        Raises IntakeError when it still cannot be accepted, StoreError when what it holds cannot be kept,
        or the daemon stops meanwhile.
        """
        file = self.read(raw)
        change = partial(self._acceptor.reread, intake_id=intake_id, file=file, who=who, insisted=insisted)
        made = self._submit(change).result()
        self._exporter.write_versions()
        return made

    def read(self, raw: RawFile) -> ReadFile:
        """What a file holds, without keeping it; a large one is read apart.

        Raises StoreError when the daemon stops meanwhile.
        """
        return self._apart.read(raw) if self._apart.takes(raw) else self._reader.read(raw)

    def push(self, change: Callable[[Ledger, Acceptor, datetime], Accepted]) -> None:
        """Carry out what accepts a file that did not come by way of the inbox. Raises what it raises."""
        self._submit(lambda ledger, now: change(ledger, self._acceptor, now)).result()
        self._exporter.write_versions()

    def change_due(self) -> int:
        """Change every story whose instant has come: embargoes end, and lives; returns how many."""
        changed = 0
        while True:
            done = self._submit(partial(self._acceptor.change_due, limit=EVENTS)).result()
            changed += len(done.revisions)
            if len(done.revisions) < EVENTS:
                return changed

    def purge(self, before: Mapping[str, datetime], among: Sequence[str]) -> int:
        """Let go of those of these stories that last changed before their source's instant; how many."""
        return len(self._submit(partial(self._acceptor.purge, before=before, among=among)).result().revisions)

    def by_hand(self, order: Order) -> Revision:
        """Carry out what a person orders; the version that it made. Raises CommandError."""
        [made] = self._submit(partial(self._acceptor.by_hand, order=order)).result().revisions
        self._exporter.write_versions()
        return made.revision

    def _submit(self, change: Callable[..., Accepted]) -> Future[Accepted]:
        now = self._clock()
        return self._database.submit(lambda connection: change(Ledger(connection), now=now), then=self._show)

    def _accept_read(self, taken: Taken, file: ReadFile | None) -> None:
        """Accept a large file that was read apart; None when its reading was broken off."""
        if file is None:
            self._inbox.give_back(taken)
        elif failure := self._finish([taken], [file], self._accept([file])):
            log.error("nothing can be kept: %s", failure)

    def _submitted(self, batches: Sequence[Sequence[Taken]]) -> Iterator[_Submitted]:
        """Read each batch and hand it to the store."""
        read = self._wary.read([[taken.raw for taken in batch] for batch in batches])
        for batch, files in zip(batches, read, strict=True):
            yield batch, files, self._accept(files)

    def _accept(self, files: Sequence[ReadFile]) -> Future[Accepted]:
        return self._submit(partial(self._acceptor.accept, files=files))

    def _finish(
        self, batch: Sequence[Taken], files: Sequence[ReadFile], submitted: Future[Accepted]
    ) -> StoreError | None:
        """Empty the inbox of what was committed; or let it be taken again."""
        try:
            try:
                submitted.result()
            except StoreError:
                raise
            except Exception:  # acceptance's edge: one file's fault must not hold up its batch
                log.exception("a batch could not be accepted; trying its files one by one")
                self._accept_alone(files)
        except StoreError as exc:
            for taken in batch:
                self._inbox.give_back(taken)
            return exc
        self._exporter.write_versions()
        for taken in batch:
            self._inbox.discard(taken)
        return None

    def _accept_alone(self, files: Sequence[ReadFile]) -> None:
        """Accept files one by one; what fails by our own fault is quarantined."""
        for file in files:
            try:
                self._accept([file]).result()
            except StoreError:
                raise
            except Exception as exc:  # noqa: BLE001 - as above; logged with the batch
                fault = IntakeError(f"it could not be accepted, which is our fault: {exc!r}")
                self._accept([replace(file, items=(fault,))]).result()

    def _refuse(self, refused: Sequence[RefusedFile]) -> None:
        """Quarantine what was not even read: the reason is kept, the file moved aside."""
        files = [_unread(file, self._clock()) for file in refused]
        self._accept(files).result()
        self._aside.mkdir(parents=True, exist_ok=True)
        for file in refused:
            self._inbox.set_aside(file.found, self._aside, _aside_name(file))

    def _show(self, accepted: Accepted) -> None:
        """Show what was committed: feeds and files first, then endpoints.

        Runs on the store's writing thread, in the order of the commits; only takes notes, never waits.
        """
        self._showing.own(accepted)
        recalls = dict.fromkeys(new.lane for new in accepted.deliveries if new.priority == 0)
        others = dict.fromkeys(new.lane for new in accepted.deliveries if new.lane not in recalls)
        for lanes in (recalls, others):
            if lanes:
                self._engine.wake(tuple(lanes), urgent=lanes is recalls)
        _log_accepted(accepted)
        self._tally.committed(accepted)


def _one_ahead(submitted: Iterator[_Submitted]) -> Iterator[_Submitted]:
    """Each only when the next one was handed over too: that is read while the store works on this one."""
    before = next(submitted, None)
    while before is not None:
        coming = next(submitted, None)
        yield before
        before = coming


def _unread(file: RefusedFile, now: datetime) -> ReadFile:
    """A file refused before reading, as the store keeps it."""
    mark = file.found.print
    return ReadFile(
        source=file.source.id,
        name=file.name,
        size=mark.size,
        arrived_at=now,
        sha256=None,
        data=None,
        once_key=f"{file.source.id} unread {_aside_name(file)}",
        items=(file.error,),
    )


def _aside_name(file: RefusedFile) -> str:
    """A name from the file's own numbers, so that a crash between keeping and moving doubles nothing."""
    mark = file.found.print
    return f"{mark.dev:x}-{mark.ino:x}-{mark.mtime_ns:x}"


def _log_accepted(accepted: Accepted) -> None:
    """A line a story, or one for all in a rush. Never a text: an embargoed story shows its id alone."""
    made = [new.revision for new in accepted.revisions]
    rush = len(made) > _TOLD_ONE_BY_ONE
    if rush:
        kinds = Counter(revision.action.value for revision in made)
        log.info(
            "%d arrivals: %s", len(made), ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        )
    for revision in () if rush and not log.isEnabledFor(logging.DEBUG) else made:
        log.log(
            logging.DEBUG if rush or revision.action is Action.DUPLICATE else logging.INFO,
            "%s version %d (%s)",
            revision.action.value,
            revision.version,
            revision.standing.value,
            extra={"story": revision.story_id, "source": revision.story.origin.source},
        )
    for number, first in accepted.repeats:
        log.log(
            logging.DEBUG if rush else logging.INFO,
            "nothing new: the same bytes as file %d, which `wire quarantine` lists if it could not be read",
            first,
            extra={"file": number},
        )
    for aside in accepted.set_aside:
        log.warning("quarantined: %s", aside.reason, extra={"file": aside.intake_id})
