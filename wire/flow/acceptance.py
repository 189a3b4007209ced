"""What happens inside the transaction that accepts stories: decide, write, keep.

Runs on the store's writing thread. Reads what is kept, asks the desk, has the press write documents,
and hands the whole to the ledger. It touches nothing but the transaction, so the store may
run it again when a group of changes fails.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from wire.common.likeness import Grouping, sketch
from wire.desk.by_hand import Command, Correct
from wire.desk.desk import Desk
from wire.desk.dispatch import Outlet
from wire.desk.significance import revised, told
from wire.desk.similar import Neighbours
from wire.desk.succession import Place, predecessors
from wire.errors import CommandError, IntakeError, NotItsOwn, RenderError
from wire.flow.press import Press, delivery_of
from wire.flow.reading import ReadFile, ReadStory
from wire.store.accepting import Ledger, Numbers
from wire.store.values import (
    FORMAT_OF_RECORD,
    Acceptance,
    NewDelivery,
    NewHistory,
    NewIntake,
    NewRevision,
    SetAside,
    next_kept,
)
from wire.story import Action, Document, Kept, Rank, Revision, Standing, Story, Verdict

log = logging.getLogger(__name__)

#: Standings in which a document says that a story is gone, and not the story.
_SILENCED = frozenset({Standing.KILLED, Standing.WITHHELD})
#: What the names of documents end with that take back a version which others get.
RECALL = "~recall"
#: After it a story that could not be written when its instant came is tried again.
_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a transaction kept, for what follows the commit."""

    revisions: tuple[NewRevision, ...] = ()
    before: Mapping[int, Kept | None]  #: by seq: what was kept of the story before that revision
    deliveries: tuple[NewDelivery, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    grouped: frozenset[str] = frozenset()  #: ids of stories that have near-duplicates
    #: by source and outcome (``stories``, ``duplicate``, ``quarantined``), the files that were taken
    files: Mapping[tuple[str, str], int] = field(default_factory=dict)
    #: files of which nothing was taken, each with its first arrival
    repeats: tuple[tuple[int, int], ...] = ()
    after: int = 0  #: the last revision of the commit before, whoever made it
    upto: int = 0  #: the last one of this commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person wants done with a story."""

    story: str  #: its id, or a guid that it goes or went by
    command: Command
    who: str
    note: str | None = None


class Acceptor:
    """Accepts files within a transaction. Immutable; its methods run on the writing thread."""

    def __init__(
        self, *, desk: Desk, press: Press, outlets: Mapping[str, Outlet], random: Callable[[], int]
    ) -> None:
        self._desk = desk
        self._press = press
        self._outlets = outlets
        self._random = random

    def accept(
        self, ledger: Ledger, files: Sequence[ReadFile], now: datetime, who: str | None = None
    ) -> Accepted:
        """Decide on and keep every story of these files.

        who  pushed them: their stories' histories say so
        """
        batch = _Batch(ledger, now)
        stories = [item for file in files for item in file.items if isinstance(item, ReadStory)]
        batch.look_up(stories)
        keys = [file.once_key for file in files]
        firsts, handed = ledger.first_arrivals(keys), ledger.handed(keys)
        for file in files:
            intake_id = batch.numbers.next("intake")
            first = firsts.setdefault(file.once_key, intake_id)
            batch.intakes.append(_intake(file, intake_id, first))
            if first != intake_id:
                continue
            for position, item in enumerate(file.items):
                self._take(batch, item, intake_id, position)
            if file.once_key in handed:
                batch.tell_of_all(*handed[file.once_key], intake_id)
        if who is not None:
            batch.tell_of_all(who, "sent by the HTTP API")
        return batch.keep()

    def reread(
        self,
        ledger: Ledger,
        intake_id: int,
        file: ReadFile,
        now: datetime,
        *,
        who: str | None = None,
        insisted: bool = False,
    ) -> Accepted:
        """Accept the stories of a quarantined file that were not accepted before.

        who       released it: their stories' histories say so
        insisted  on this very file: it may revise whoever's story

        Raises IntakeError, with nothing changed, when one of them still cannot be accepted.
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
        batch.look_up([item for _, item in wanted if isinstance(item, ReadStory)])
        for position, item in wanted:
            self._take(batch, item, intake_id, position, insisted=insisted)
        if batch.aside:
            raise IntakeError(batch.aside[0].reason)
        for by, how in ledger.handed([before.once_key or ""]).values():
            batch.tell_of_all(by, how)
        if who is not None:
            batch.tell_of_all(who, "released from quarantine")
        ledger.release(intake_id, items=len(file.items) if whole else before.items)
        return batch.keep()

    def change_due(self, ledger: Ledger, now: datetime, limit: int) -> Accepted:
        """Change the stories whose instant has come, at most ``limit``: embargoes end, and lives."""
        batch = _Batch(ledger, now)
        for kept, copy in ledger.due(now, limit):
            batch.know(kept)
            verdict = self._desk.due(copy, kept, holders=ledger.holders(kept.seq), now=now)
            try:
                self._keep(batch, verdict, copy, kept.identity, supersedes=False)
            except RenderError as exc:  # the others' instants have come too
                log.error("stays as it is, tried again later: %s", exc, extra={"story": kept.story_id})
                ledger.postpone(kept.story_id, now + _AGAIN)
        return batch.keep()

    def by_hand(self, ledger: Ledger, now: datetime, order: Order) -> Accepted:
        """Carry out what a person orders, and write it into the story's history. Raises CommandError."""
        story_id = ledger.story_named(order.story)
        if story_id is None:
            raise CommandError(f"there is no story {order.story}; `wire stories` lists them")
        batch = _Batch(ledger, now)
        [(kept, copy)] = ledger.in_force([story_id])
        batch.know(kept)
        try:
            verdict = self._desk.by_hand(order.command, copy, kept, now=now)
        except CommandError as exc:
            raise CommandError(f"story {story_id}: {exc}") from exc
        self._keep(batch, verdict, copy, kept.identity)
        if isinstance(order.command, Correct) and (made := sketch(order.command.copy.body_html)):
            batch.meet([made])
            batch.group(story_id, made, is_new=False)
        batch.tell(story_id, order.who, verdict.reason, order.note)
        return batch.keep()

    def purge(
        self, ledger: Ledger, now: datetime, before: Mapping[str, datetime], among: Sequence[str]
    ) -> Accepted:
        """Let go of the copy of those of these stories that last changed before their source's instant.

        Never of one that is queued, or under embargo. Their identities stay, so that none is given twice.
        """
        batch = _Batch(ledger, now)
        for kept, copy in ledger.outlived(before, among):
            batch.know(kept)
            try:
                self._keep(batch, self._desk.purge(copy, kept), copy, kept.identity, supersedes=False)
            except RenderError as exc:  # the others have been kept long enough too
                log.error("is not let go of: %s", exc, extra={"story": kept.story_id})
            else:
                batch.outlived.append(kept.story_id)
        return batch.keep()

    def _take(
        self,
        batch: _Batch,
        item: ReadStory | IntakeError,
        intake_id: int,
        position: int,
        *,
        insisted: bool = False,
    ) -> None:
        if isinstance(item, IntakeError):
            batch.set_aside(intake_id, position, str(item))
            return
        found = self._desk.place(item.story, item.identity, batch.find)
        is_new = found.kept is None
        try:
            verdict = self._desk.decide(
                item.story,
                found,
                content_sha256=item.content_sha256,
                now=batch.now,
                random=self._random(),
                insisted=insisted,
            )
            self._keep(batch, verdict, item.story, item.identity, came=(intake_id, position), json=item.json)
        except (NotItsOwn, RenderError) as exc:
            batch.set_aside(intake_id, position, str(exc))
            return
        if verdict.changes and item.sketch and verdict.standing not in _SILENCED:
            batch.group(verdict.story_id, item.sketch, is_new=is_new)
        if found.names or found.absorbed:
            self._succeed(batch, found, verdict.story_id)

    def _succeed(self, batch: _Batch, found: Place, story_id: str) -> None:
        """Have the names of what an arrival follows lead to its story, and take back whatever they led to."""
        batch.lead(found.names, story_id)
        for kept, copy in batch.in_force(found.absorbed):
            if kept.standing is not Standing.PURGED:
                self._keep(batch, self._desk.absorb(copy, kept, story_id, now=batch.now), copy, kept.identity)

    def _keep(
        self,
        batch: _Batch,
        verdict: Verdict,
        copy: Story,
        identity: str,
        *,
        came: tuple[int | None, int] = (None, 0),
        json: str | None = None,
        supersedes: bool = True,
    ) -> None:
        """Make a version of a verdict: its documents and its deliveries.

        copy        what arrived, or is in force
        came        the file that brought it and its place therein; no file for an event
        json        what arrived as the store keeps it, if it is encoded already
        supersedes  whether what was queued of the story before is out of date by it
        """
        kept = batch.stories.get(verdict.story_id)
        instant = batch.numbers.instant()
        first_published = kept.first_published if kept else None
        if first_published is None and verdict.standing is Standing.LIVE:
            first_published = instant
        digest = told(verdict.copy or copy)
        revision = Revision(
            seq=batch.numbers.next("revision"),
            story_id=verdict.story_id,
            guid=verdict.guid,
            version=verdict.version,
            action=verdict.action,
            standing=verdict.standing,
            story=verdict.copy or copy,
            accepted_at=batch.now,
            published=first_published or instant,
            updated=instant,
            feeds=verdict.feeds,
            release_at=verdict.release_at,
            revised=revised(verdict.action, verdict.standing, digest, kept, instant),
        )
        made = NewRevision(
            revision=revision,
            reason=verdict.reason,
            intake_id=came[0],
            item=came[1],
            identity=identity,
            source=kept.source if kept else copy.origin.source,
            rank=verdict.rank,
            first_published=first_published,
            due_at=verdict.due_at,
            by_hand=verdict.by_hand,
            supersedes=supersedes and kept is not None,
            documents=self._documents(revision, verdict) if verdict.changes else (),
            json=json if verdict.copy is None else None,
            told=digest,
        )
        batch.add(made, kept, verdict.endpoints)
        if verdict.changes:
            batch.deliveries.extend(self._deliveries(batch, made, verdict))

    def _documents(self, revision: Revision, verdict: Verdict) -> tuple[Document, ...]:
        told = revision if verdict.printed is None else replace(revision, story=verdict.printed)
        return (*self._press.documents(told, self._formats(verdict)), *self._recalls(revision, verdict))

    def _recalls(self, revision: Revision, verdict: Verdict) -> Iterator[Document]:
        """What takes the story back from those that may not have it any more, though others may."""
        if not verdict.recalled or verdict.recall is None:
            return
        told = replace(revision, story=verdict.recall, action=Action.WITHHOLD, standing=Standing.WITHHELD)
        formats = dict.fromkeys(self._outlets[id].document for id in verdict.recalled)
        for made in self._press.documents(told, tuple(formats)):
            yield replace(made, format=f"{made.format}{RECALL}")

    def _formats(self, verdict: Verdict) -> tuple[str, ...]:
        wanted = (self._outlets[id].document for id in verdict.endpoints)
        return tuple(dict.fromkeys((FORMAT_OF_RECORD, *wanted)))

    def _deliveries(self, batch: _Batch, made: NewRevision, verdict: Verdict) -> Iterator[NewDelivery]:
        wanted = [(id, None, "") for id in verdict.endpoints]
        recalled = [(id, Action.WITHHOLD, RECALL) for id in verdict.recalled]
        for id, action, edition in (*wanted, *recalled):
            yield delivery_of(
                made.revision,
                self._outlets[id],
                id=batch.numbers.next("delivery"),
                generation=batch.generation,
                now=batch.now,
                action=action,
                edition=edition,
            )


class _Batch:
    """What one transaction has gathered so far."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.now = now
        self.numbers: Numbers = ledger.numbers(now)
        self.generation = ledger.generation()
        self.stories: dict[str, Kept] = {}  #: by story id, as of the last story decided on
        self.intakes: list[NewIntake] = []
        self.deliveries: list[NewDelivery] = []
        self.outlived: list[str] = []  #: stories whose copy is to be let go
        self.aside: list[SetAside] = []  #: stories to quarantine
        self._ledger = ledger
        self._known: dict[str, Kept] = {}  # by story id, as of the transaction's beginning
        self._leads: dict[str, str] = {}  # identity -> story id
        self._names: dict[str, str] = {}  # of those, the new ones that a story no longer goes by
        self._renewed: dict[str, Rank] = {}
        self._revisions: list[NewRevision] = []
        self._groupings: list[Grouping] = []
        self._grouped: set[str] = set()
        self._neighbours = Neighbours({}, {})
        self._before: dict[int, Kept | None] = {}
        self._history: list[NewHistory] = []

    def look_up(self, stories: Sequence[ReadStory]) -> None:
        """Learn what is kept of these stories, of those that they follow, and of those they may be alike."""
        identities = [read.identity for read in stories]
        for read in stories:
            identities.extend(predecessors(read.story))
        for identity, kept in self._ledger.kept(identities).items():
            self.know(kept)
            self._leads[identity] = kept.story_id
        self.meet([read.sketch for read in stories if read.sketch])

    def meet(self, sketches: Sequence[bytes]) -> None:
        """Learn which stories those of these sketches may be alike."""
        self._neighbours = Neighbours(*self._ledger.firsts(sketches))

    def know(self, kept: Kept) -> None:
        """Learn what is kept of a story."""
        self._known[kept.story_id] = self.stories[kept.story_id] = kept
        self._leads.setdefault(kept.identity, kept.story_id)

    def find(self, identity: str) -> Kept | None:
        """What is kept of the story that an identity leads to, as of the last story decided on."""
        story_id = self._leads.get(identity)
        return None if story_id is None else self.stories[story_id]

    def lead(self, identities: Iterable[str], story_id: str) -> None:
        """Have identities lead to a story that does not go by them itself."""
        for identity in identities:
            self._leads[identity] = self._names[identity] = story_id

    def in_force(self, stories: Sequence[Kept]) -> Iterator[tuple[Kept, Story]]:
        """Stories as of the last one decided on, each with the copy of its version in force."""
        made = {new.revision.seq: new.revision.story for new in self._revisions}
        for story in stories:
            kept = self.stories[story.story_id]
            copy = made.get(kept.seq)
            yield kept, self._ledger.in_force([kept.story_id])[0][1] if copy is None else copy

    def add(self, made: NewRevision, before: Kept | None, endpoints: Sequence[str]) -> None:
        """A version to keep, and what was kept of its story before it.

        endpoints  those for which it is queued
        """
        story_id = made.revision.story_id
        self._revisions.append(made)
        self._before[made.revision.seq] = before
        if made.in_force:
            self.stories[story_id] = next_kept(made, before, endpoints)
            if before is not None and self._ledger.accompanied(story_id):
                self._grouped.add(story_id)
            self._leads.setdefault(made.identity, story_id)
        elif before is not None and made.rank != before.rank:
            self.stories[story_id] = replace(before, rank=made.rank)
            self._renewed[story_id] = made.rank

    def tell(self, story_id: str, who: str, what: str, note: str | None) -> None:
        """An entry in a story's history."""
        self._history.append(
            NewHistory(
                id=self.numbers.next("history"),
                story_id=story_id,
                at=self.now,
                who=who,
                what=what,
                note=note,
            )
        )

    def tell_of_all(self, who: str, what: str, intake_id: int | None = None) -> None:
        """An entry in the history of every story that has a version here, of one file or of any."""
        made = (new for new in self._revisions if intake_id in {None, new.intake_id})
        for story_id in dict.fromkeys(new.revision.story_id for new in made):
            self.tell(story_id, who, what, None)

    def group(self, story_id: str, sketch: bytes, *, is_new: bool) -> None:
        """Find the place of a story among near-duplicates."""
        grouping = self._neighbours.group(story_id, sketch, is_new=is_new)
        self._groupings.append(grouping)
        if not grouping.leads or grouping.absorbed:
            self._grouped.add(story_id)

    def set_aside(self, intake_id: int, position: int, reason: str) -> None:
        """A story to quarantine."""
        self.aside.append(SetAside(intake_id=intake_id, item=position, reason=reason, at=self.now))

    def keep(self) -> Accepted:
        """Hand it all to the ledger."""
        acceptance = Acceptance(
            intakes=tuple(self.intakes),
            revisions=tuple(self._revisions),
            deliveries=tuple(self.deliveries),
            set_aside=tuple(self.aside),
            groupings=tuple(self._groupings),
            known=self._known,
            names=self._names,
            renewed=self._renewed,
            history=tuple(self._history),
            outlived=tuple(self.outlived),
        )
        after = upto = self.numbers.began["revision"]
        if acceptance.intakes or acceptance.revisions or acceptance.set_aside:
            self._ledger.keep(acceptance, self.numbers)
            upto = self.numbers.taken()["revision"]
        return Accepted(
            revisions=acceptance.revisions,
            before=self._before,
            deliveries=acceptance.deliveries,
            set_aside=acceptance.set_aside,
            grouped=frozenset(self._grouped),
            files=Counter((new.source, new.outcome) for new in acceptance.intakes),
            repeats=tuple((new.id, new.duplicate_of) for new in acceptance.intakes if new.duplicate_of),
            after=after,
            upto=upto,
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
