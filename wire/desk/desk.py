"""The desk: a story and what is kept of it become a complete verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from wire.desk import by_hand, succession
from wire.desk.dispatch import Outlet
from wire.desk.identity import own_guid, story_id
from wire.desk.judge import bare, judge, judge_due, judge_purge, named, unsucceeded
from wire.desk.ownership import Rights
from wire.desk.significance import told
from wire.desk.succession import Place, predecessors
from wire.story import Action, Kept, PubStatus, Standing, Story, Verdict

Routes = Callable[[Story], tuple[str, ...]]

_OUT_OF_SIGHT = frozenset((Standing.KILLED, Standing.WITHHELD))
_OPEN = frozenset((Standing.LIVE, Standing.EXPIRED))
_LONGEST_NOTICE = 100  #: words of a kill that are no story
_TAKEN_BACK = frozenset((Action.KILL, Action.WITHHOLD))


class Desk:
    """Judges and routes. Immutable once built; used by any thread."""

    def __init__(
        self,
        *,
        house_id: str,
        feeds: Routes,
        endpoints: Routes,
        outlets: Mapping[str, Outlet],
        rights: Rights | None = None,
    ) -> None:
        """``feeds`` and ``endpoints`` tell the ids whose ``where`` a story meets.

        rights  whose stories sources may revise; without them, everybody's
        """
        self._house_id = house_id
        self._feeds = feeds
        self._endpoints = endpoints
        self._outlets = outlets
        self._rights = rights or Rights({})

    def place(self, story: Story, identity: str, find: Callable[[str], Kept | None]) -> Place:
        """Where an arrival belongs; see `wire.desk.succession.place`."""
        claims = self._rights.may_claim(story.origin.source)
        return succession.place(identity, predecessors(story), find, claims=claims)

    def decide(
        self,
        story: Story,
        place: Place,
        *,
        content_sha256: str,
        now: datetime,
        random: int,
        insisted: bool = False,
    ) -> Verdict:
        """What to do with an arrival.

        random    used for the id of a story never seen before
        insisted  a person lets it through, whoever's story it revises

        Raises NotItsOwn when its source may not revise the story.
        """
        verdict = self._decided(story, place, content_sha256, now, random)
        if not insisted:
            self._rights.check(story.origin.source, place, verdict)
        return verdict

    def _decided(
        self, story: Story, place: Place, content_sha256: str, now: datetime, random: int
    ) -> Verdict:
        kept = place.kept
        if place.former and kept is not None:
            return unsucceeded(kept)
        new_id = story_id(now, random) if kept is None else kept.story_id
        verdict = judge(
            story,
            kept,
            content_sha256=content_sha256,
            story_id=new_id,
            guid=own_guid(self._house_id, now, new_id),
            now=now,
            succeeds=place.succeeds,
        )
        return self._routed(verdict, story, kept, now)

    def due(self, story: Story, kept: Kept, *, holders: Collection[str], now: datetime) -> Verdict:
        """What to do when the instant of a kept story has come: its embargo ends, or its life.

        holders  endpoints for which this very version was queued under embargo: they need it no more
        """
        verdict = judge_due(story, kept, now=now)
        if verdict.action is Action.EXPIRE:
            return verdict
        verdict = self._routed(verdict, story, kept, now)
        return replace(verdict, endpoints=tuple(id for id in verdict.endpoints if id not in holders))

    def by_hand(self, command: by_hand.Command, story: Story, kept: Kept, *, now: datetime) -> Verdict:
        """What to do when a person gives a command. Raises CommandError when it cannot be done."""
        return self._routed(by_hand.decide(command, story, kept, now=now), story, kept, now)

    def absorb(self, story: Story, kept: Kept, successor: str, *, now: datetime) -> Verdict:
        """What to do with a story that goes on as another one, whose id is ``successor``."""
        return self._routed(succession.absorbed(story, kept, successor), story, kept, now)

    def purge(self, story: Story, kept: Kept) -> Verdict:
        """What to do with a story that has been kept as long as its source's are."""
        return judge_purge(story, kept)

    def _routed(self, verdict: Verdict, story: Story, kept: Kept | None, now: datetime) -> Verdict:
        if not verdict.changes:
            return verdict
        copy = verdict.copy or story
        if verdict.standing in _OUT_OF_SIGHT:
            return replace(
                verdict,
                endpoints=self._told(verdict, copy, kept),
                printed=_withdrawn(verdict, copy, kept, now),
            )
        if verdict.standing is Standing.EMBARGOED:
            early = tuple(id for id in self._endpoints(copy) if self._outlets[id].accepts_embargoed)
            return replace(
                verdict,
                endpoints=early,
                recalled=self._recalled(kept, early),
                recall=replace(bare(copy), pub_status=PubStatus.WITHHELD),
            )
        feeds = self._feeds(copy) if verdict.standing is Standing.LIVE else ()
        return replace(verdict, feeds=feeds, endpoints=self._wanting(verdict, copy, kept))

    def _wanting(self, verdict: Verdict, copy: Story, kept: Kept | None) -> tuple[str, ...]:
        """Whose rule the story meets; and of a correction, whoever holds what is corrected."""
        wanting = self._endpoints(copy)
        if kept is None or verdict.action is not Action.CORRECTION:
            return wanting
        return tuple(dict.fromkeys((*wanting, *(id for id in kept.endpoints if id in self._outlets))))

    def _recalled(self, kept: Kept | None, early: Collection[str]) -> tuple[str, ...]:
        """Whoever holds a story that comes under embargo, and may not have it before its end."""
        if kept is None or kept.standing not in _OPEN:
            return ()
        return tuple(id for id in kept.endpoints if id in self._outlets and id not in early)

    def _told(self, verdict: Verdict, copy: Story, kept: Kept | None) -> tuple[str, ...]:
        """Whoever may hold a version is told that it is taken back; nobody else."""
        if kept is not None:
            told = kept.endpoints if verdict.action in _TAKEN_BACK else ()
            return tuple(id for id in told if id in self._outlets)
        # a kill may concern what reached them before us
        return self._endpoints(copy) if verdict.action is Action.KILL else ()


def _withdrawn(verdict: Verdict, copy: Story, kept: Kept | None, now: datetime) -> Story | None:
    """What documents may say of a story that is taken back; None for all that it says itself.

    Of what is under embargo they say nothing, not even in the words of its source's kill; our note stays.
    """
    secret = kept is not None and kept.standing is Standing.EMBARGOED
    if secret or (copy.embargoed is not None and copy.embargoed > now):
        note = verdict.printed.ed_notes if verdict.printed else ()
        return replace(bare(copy), ed_notes=note)
    if verdict.printed is not None:
        return verdict.printed
    if verdict.action is Action.KILL and copy.pub_status is PubStatus.CANCELED and _is_notice(copy, kept):
        return None
    return named(copy)


def _is_notice(copy: Story, kept: Kept | None) -> bool:
    """Whether a kill's own words tell of it; many an agency's kill is the story once more."""
    if copy.pictures or copy.word_count > _LONGEST_NOTICE:
        return False
    return kept is None or kept.told != told(copy)
