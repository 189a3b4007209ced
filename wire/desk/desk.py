"""The desk: a story and what is kept of it become a complete verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from wire.desk.dispatch import Outlet
from wire.desk.identity import own_guid, story_id
from wire.desk.judge import judge, judge_release
from wire.story import Action, Kept, Standing, Story, Verdict

Routes = Callable[[Story], tuple[str, ...]]


class Desk:
    """Judges and routes. Immutable once built; used by any thread."""

    def __init__(
        self, *, house_id: str, feeds: Routes, endpoints: Routes, outlets: Mapping[str, Outlet]
    ) -> None:
        """``feeds`` and ``endpoints`` tell the ids whose ``where`` a story meets."""
        self._house_id = house_id
        self._feeds = feeds
        self._endpoints = endpoints
        self._outlets = outlets

    def decide(
        self, story: Story, kept: Kept | None, *, content_sha256: str, now: datetime, random: int
    ) -> Verdict:
        """What to do with an arrival.

        random  used for the id of a story never seen before
        """
        new_id = story_id(now, random) if kept is None else kept.story_id
        verdict = judge(
            story,
            kept,
            content_sha256=content_sha256,
            story_id=new_id,
            guid=own_guid(self._house_id, now, new_id),
            now=now,
        )
        return self._routed(verdict, story, kept)

    def release(self, story: Story, kept: Kept, *, now: datetime) -> Verdict:
        """What to do when the embargo of a kept story has ended.

        Endpoints that took it under embargo hold this very version already.
        """
        verdict = self._routed(judge_release(story, kept, now=now), story, kept)
        hold = {id for id in kept.endpoints if id in self._outlets and self._outlets[id].accepts_embargoed}
        return replace(verdict, endpoints=tuple(id for id in verdict.endpoints if id not in hold))

    def _routed(self, verdict: Verdict, story: Story, kept: Kept | None) -> Verdict:
        if verdict.action in {Action.DUPLICATE, Action.STALE}:
            return verdict
        if verdict.standing in {Standing.KILLED, Standing.WITHHELD}:
            # whoever may hold a version is told; nobody else, since a kill names what was never public
            told = self._endpoints(story) if kept is None else kept.endpoints
            return replace(verdict, endpoints=tuple(id for id in told if id in self._outlets))
        if verdict.standing is Standing.EMBARGOED:
            early = (id for id in self._endpoints(story) if self._outlets[id].accepts_embargoed)
            return replace(verdict, endpoints=tuple(early))
        feeds = self._feeds(story) if verdict.standing is Standing.LIVE else ()
        return replace(verdict, feeds=feeds, endpoints=self._endpoints(story))
