"""What happens inside the transaction that accepts stories: decide, write, keep.

Runs on the store's writing thread. Reads what is kept, asks the desk, has the press write documents,
and hands the whole to the ledger. It touches nothing but the transaction, so the store may
run it again when a group of changes fails.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wire.desk.desk import Desk
from wire.desk.dispatch import Outlet, delivery_key, lane_of, priority
from wire.errors import IntakeError, RenderError
from wire.ports import House, Renderer
from wire.reading import ReadFile, ReadStory
from wire.store.accepting import Ledger, Numbers
from wire.store.values import (
    Acceptance,
    NewDelivery,
    NewIntake,
    NewRevision,
    SetAside,
    next_kept,
)
from wire.story import Action, Document, Kept, Revision, Standing, Verdict

log = logging.getLogger(__name__)

#: The document that every version is kept as.
NEWSML = "newsml-g2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a transaction kept, for what follows the commit."""

    revisions: tuple[NewRevision, ...] = ()
    before: Mapping[int, Kept | None]  #: by seq: what was kept of the story before that revision
    deliveries: tuple[NewDelivery, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    duplicates: int = 0  #: files whose very bytes had come before


class Press:
    """Writes the documents of a revision. Immutable; used by any thread."""

    def __init__(self, *, renderers: Mapping[str, Renderer], house: House) -> None:
        self._renderers = renderers
        self._house = house

    def documents(self, revision: Revision, formats: Sequence[str]) -> tuple[Document, ...]:
        """The revision in each format. Raises RenderError."""
        try:
            return tuple(self._renderers[format].render(revision, self._house) for format in formats)
        except RenderError:
            raise
        except Exception as exc:  # a renderer's edge: its fault is this story's reason, nobody else's
            log.exception("renderer failed", extra={"story": revision.story_id})
            raise RenderError(f"cannot be written as a document: {exc!r}") from exc


class Acceptor:
    """Accepts files within a transaction. Immutable; its methods run on the writing thread."""

    def __init__(
        self, *, desk: Desk, press: Press, outlets: Mapping[str, Outlet], random: Callable[[], int]
    ) -> None:
        self._desk = desk
        self._press = press
        self._outlets = outlets
        self._random = random

    def accept(self, ledger: Ledger, files: Sequence[ReadFile], now: datetime) -> Accepted:
        """Decide on and keep every story of these files."""
        batch = _Batch(ledger, now)
        stories = [item for file in files for item in file.items if isinstance(item, ReadStory)]
        batch.look_up([read.identity for read in stories])
        firsts = ledger.first_arrivals([file.once_key for file in files])
        for file in files:
            intake_id = batch.numbers.next("intake")
            first = firsts.setdefault(file.once_key, intake_id)
            batch.intakes.append(_intake(file, intake_id, first))
            if first != intake_id:
                continue
            for position, item in enumerate(file.items):
                self._take(batch, item, intake_id, position)
        return batch.keep()

    def reread(self, ledger: Ledger, intake_id: int, file: ReadFile, now: datetime) -> Accepted:
        """Accept the stories of a quarantined file that were not accepted before.

        Raises IntakeError, with nothing changed, when the file still cannot be read.
        """
        found = ledger.set_aside(intake_id)
        if found is None:
            raise IntakeError(f"nothing of file {intake_id} is in quarantine")
        before, positions = found
        whole = before.outcome == "quarantined"
        batch = _Batch(ledger, now)
        wanted = [
            (position, item) for position, item in enumerate(file.items) if whole or position in positions
        ]
        for _, item in wanted:
            if isinstance(item, IntakeError):
                raise item
        batch.look_up([item.identity for _, item in wanted if isinstance(item, ReadStory)])
        for position, item in wanted:
            self._take(batch, item, intake_id, position)
        ledger.release(intake_id, items=len(file.items) if whole else before.items)
        return batch.keep()

    def release(self, ledger: Ledger, now: datetime, limit: int) -> Accepted:
        """Make public the embargoed stories whose instant has come, at most ``limit``."""
        batch = _Batch(ledger, now)
        for kept, identity, story, content_sha256 in ledger.due_for_release(now, limit):
            batch.known[identity] = kept
            verdict = self._desk.release(story, kept, now=now)
            read = ReadStory(story=story, identity=identity, content_sha256=content_sha256)
            self._keep(batch, verdict, read, kept, None, 0)
        return batch.keep()

    def _take(self, batch: _Batch, item: ReadStory | IntakeError, intake_id: int, position: int) -> None:
        if isinstance(item, IntakeError):
            batch.set_aside(intake_id, position, str(item))
            return
        kept = batch.kept.get(item.identity)
        verdict = self._desk.decide(
            item.story, kept, content_sha256=item.content_sha256, now=batch.now, random=self._random()
        )
        try:
            self._keep(batch, verdict, item, kept, intake_id, position)
        except RenderError as exc:
            batch.set_aside(intake_id, position, str(exc))

    def _keep(
        self,
        batch: _Batch,
        verdict: Verdict,
        read: ReadStory,
        kept: Kept | None,
        intake_id: int | None,
        position: int,
    ) -> None:
        instant = batch.numbers.instant()
        first_published = kept.first_published if kept else None
        if first_published is None and verdict.standing is Standing.LIVE:
            first_published = instant
        revision = Revision(
            seq=batch.numbers.next("revision"),
            story_id=verdict.story_id,
            guid=verdict.guid,
            version=verdict.version,
            action=verdict.action,
            standing=verdict.standing,
            story=read.story,
            accepted_at=batch.now,
            published=first_published or instant,
            updated=instant,
            feeds=verdict.feeds,
            release_at=verdict.release_at,
        )
        changes = verdict.action not in {Action.DUPLICATE, Action.STALE}
        made = NewRevision(
            revision=revision,
            reason=verdict.reason,
            intake_id=intake_id,
            item=position,
            identity=read.identity,
            content_sha256=read.content_sha256,
            first_published=first_published,
            documents=self._press.documents(revision, self._formats(verdict)) if changes else (),
        )
        batch.add(made, kept)
        if changes:
            batch.deliveries.extend(self._deliveries(batch, made, verdict))
            batch.kept[read.identity] = next_kept(made, kept, verdict.endpoints)

    def _formats(self, verdict: Verdict) -> tuple[str, ...]:
        wanted = (self._outlets[id].document for id in verdict.endpoints)
        return tuple(dict.fromkeys((NEWSML, *wanted)))

    def _deliveries(self, batch: _Batch, made: NewRevision, verdict: Verdict) -> list[NewDelivery]:
        revision = made.revision
        return [
            NewDelivery(
                id=batch.numbers.next("delivery"),
                endpoint=id,
                lane=lane_of(self._outlets[id], revision.story_id),
                story_id=revision.story_id,
                seq=revision.seq,
                version=revision.version,
                action=revision.action,
                format=self._outlets[id].document,
                key=delivery_key(batch.generation, id, revision.story_id, revision.seq),
                priority=priority(revision.action, revision.story.urgency),
                created_at=batch.now,
            )
            for id in verdict.endpoints
        ]


class _Batch:
    """What one transaction has gathered so far."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.now = now
        self.numbers: Numbers = ledger.numbers(now)
        self.generation = ledger.generation()
        self.kept: dict[str, Kept] = {}  #: by identity, as of the last story decided on
        self.known: dict[str, Kept] = {}  #: by identity, as of the transaction's beginning
        self.intakes: list[NewIntake] = []
        self.deliveries: list[NewDelivery] = []
        self._ledger = ledger
        self._revisions: list[NewRevision] = []
        self._before: dict[int, Kept | None] = {}
        self._set_aside: list[SetAside] = []

    def look_up(self, identities: Sequence[str]) -> None:
        """Learn what is kept of these stories."""
        self.known = self._ledger.kept(identities)
        self.kept = dict(self.known)

    def add(self, made: NewRevision, before: Kept | None) -> None:
        """A version to keep, and what was kept of its story before it."""
        self._revisions.append(made)
        self._before[made.revision.seq] = before

    def set_aside(self, intake_id: int, position: int, reason: str) -> None:
        """A story to quarantine."""
        self._set_aside.append(SetAside(intake_id=intake_id, item=position, reason=reason, at=self.now))

    def keep(self) -> Accepted:
        """Hand it all to the ledger."""
        acceptance = Acceptance(
            intakes=tuple(self.intakes),
            revisions=tuple(self._revisions),
            deliveries=tuple(self.deliveries),
            set_aside=tuple(self._set_aside),
            known=self.known,
        )
        if acceptance.intakes or acceptance.revisions or acceptance.set_aside:
            self._ledger.keep(acceptance, self.numbers)
        return Accepted(
            revisions=acceptance.revisions,
            before=self._before,
            deliveries=acceptance.deliveries,
            set_aside=acceptance.set_aside,
            duplicates=sum(1 for new in acceptance.intakes if new.outcome == "duplicate"),
        )


def _intake(file: ReadFile, intake_id: int, first: int) -> NewIntake:
    duplicate = first != intake_id
    readable = any(isinstance(item, ReadStory) for item in file.items)
    return NewIntake(
        id=intake_id,
        sha256=file.sha256,
        source=file.source,
        name=file.name,
        size=file.size,
        arrived_at=file.arrived_at,
        outcome="duplicate" if duplicate else "stories" if readable else "quarantined",
        items=0 if duplicate else len(file.items),
        data=None if duplicate else file.data,
        duplicate_of=first if duplicate else None,
        once_key=None if duplicate else file.once_key,
    )
