"""What an arrival or an instant makes of a story, and where it stands then. Pure: the instant is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from wire.desk.precedence import outranks, rank_of
from wire.story import Action, ByHand, Kept, PubStatus, Rank, Standing, Story, Verdict


def judge(
    story: Story,
    kept: Kept | None,
    *,
    content_sha256: str,
    story_id: str,
    guid: str,
    now: datetime,
    succeeds: bool = False,
) -> Verdict:
    """The verdict on a story against what is kept of it; without feeds and endpoints.

    content_sha256  of the arrival's content (`wire.storyjson.content_sha256`)
    story_id, guid  ours for a story seen for the first time; otherwise those kept stay
    now             aware UTC
    succeeds        it follows the version in force under a guid of its own
    """
    rank = rank_of(story, content_sha256)
    if kept is None:
        return _first(story, rank, story_id, guid, now)
    if not succeeds and (refusal := _refusal(rank, kept)):
        return refusal
    copy = held_by_hand(story, kept.by_hand)
    standing = standing_of(copy, kept.by_hand, now)
    verdict = Verdict(
        action=_next_action(story, kept, standing),
        story_id=kept.story_id,
        guid=kept.guid,
        version=_next_version(story, kept, succeeds=succeeds),
        standing=standing,
        reason=_next_reason(story, kept, standing),
        rank=rank,
        by_hand=kept.by_hand,
        copy=None if copy is story else copy,
    )
    return timed(verdict, copy)


def _first(story: Story, rank: Rank, story_id: str, guid: str, now: datetime) -> Verdict:
    standing = standing_of(story, None, now)
    verdict = Verdict(
        action={Standing.KILLED: Action.KILL, Standing.WITHHELD: Action.WITHHOLD}.get(standing, Action.NEW),
        story_id=story_id,
        guid=story.guid or guid,
        version=story.version or 1,
        standing=standing,
        reason=_FIRST_REASONS[standing],
        rank=rank,
    )
    return timed(verdict, story)


_FIRST_REASONS = {
    Standing.LIVE: "first version",
    Standing.KILLED: "killed before any version came; versions up to this one stay suppressed",
    Standing.WITHHELD: "withheld by its provider",
    Standing.EMBARGOED: "under embargo",
    Standing.EXPIRED: "already expired when it came",
}


def standing_of(copy: Story, by_hand: ByHand | None, now: datetime) -> Standing:
    """Where a story stands with this copy in force."""
    if copy.pub_status is PubStatus.CANCELED or (by_hand is not None and by_hand.killed):
        return Standing.KILLED
    if copy.pub_status is PubStatus.WITHHELD or (by_hand is not None and by_hand.withheld):
        return Standing.WITHHELD
    if copy.embargoed is not None and copy.embargoed > now:
        return Standing.EMBARGOED
    if copy.expires is not None and copy.expires <= now:
        return Standing.EXPIRED
    return Standing.LIVE


def held_by_hand(story: Story, by_hand: ByHand | None) -> Story:
    """The story with the embargo that people gave it, or without the one they lifted.

    A source that states a longer embargo than the one people knew of is heard again.
    """
    if by_hand is None or not by_hand.ruled:
        return story
    until = by_hand.until
    if story.embargoed is not None and (by_hand.over is None or story.embargoed > by_hand.over):
        until = story.embargoed if until is None else max(until, story.embargoed)
    return story if until == story.embargoed else replace(story, embargoed=until)


def timed(verdict: Verdict, copy: Story) -> Verdict:
    """The verdict with the instants that follow from its standing and the copy to be kept."""
    if verdict.standing is Standing.EMBARGOED:
        return replace(verdict, release_at=copy.embargoed, due_at=copy.embargoed)
    if verdict.standing is Standing.LIVE and copy.expires is not None:
        return replace(verdict, due_at=copy.expires)
    return verdict


def _refusal(rank: Rank, kept: Kept) -> Verdict | None:
    """Why the arrival changes nothing, or None when it takes the place of the version in force."""
    same = rank.content_sha256 == kept.rank.content_sha256
    if same and rank.version in {None, kept.rank.version}:
        again = "with the same content" if rank.version else "without a number, the same content"
        verdict = _unchanged(kept, Action.DUPLICATE, f"version {kept.version} again, {again}")
        return replace(verdict, rank=_later(kept.rank, rank))
    if outranks(rank, kept.rank):
        return None
    return _unchanged(kept, Action.STALE, _why_stale(rank, kept))


def _later(known: Rank, again: Rank) -> Rank:
    """The rank of content that came twice: the later time of the two."""
    if again.created is None or (known.created is not None and known.created >= again.created):
        return known
    return replace(known, created=again.created)


def _why_stale(rank: Rank, kept: Kept) -> str:
    if rank.version is not None and kept.rank.version is not None and rank.version < kept.rank.version:
        return f"version {rank.version} came after version {kept.rank.version}"
    if kept.rank.status is PubStatus.CANCELED:
        return f"version {kept.version} was killed; only a higher version number brings the story back"
    if rank.created != kept.rank.created:
        return f"created before version {kept.version}, which is in force"
    return (
        f"version {kept.version} again, not created later, with other content; of two such, the same one is "
        "kept whichever comes first"
    )


def unsucceeded(kept: Kept) -> Verdict:
    """The verdict on a version of a story that goes on under another guid."""
    return _unchanged(kept, Action.STALE, f"the story goes on as {kept.identity.removeprefix('guid ')}")


def _unchanged(kept: Kept, action: Action, reason: str) -> Verdict:
    return Verdict(
        action=action,
        story_id=kept.story_id,
        guid=kept.guid,
        version=kept.version,
        standing=kept.standing,
        reason=reason,
        rank=kept.rank,
        release_at=kept.release_at,
        by_hand=kept.by_hand,
    )


def _next_version(story: Story, kept: Kept, *, succeeds: bool) -> int:
    """As stated, unless that would not tell it from what was given out before.

    The same number may come again, created later; a kill is a document of its own version.
    """
    same_again = not succeeds and story.version == kept.rank.version == kept.version
    if same_again and story.pub_status is PubStatus.USABLE and kept.standing is not Standing.KILLED:
        return kept.version
    return max(story.version or 0, kept.version + 1)


def _next_action(story: Story, kept: Kept, standing: Standing) -> Action:
    if story.pub_status is PubStatus.CANCELED:
        return Action.KILL
    if story.pub_status is PubStatus.WITHHELD:
        return Action.WITHHOLD
    if standing is Standing.LIVE and kept.standing in {Standing.WITHHELD, Standing.EMBARGOED}:
        return Action.RELEASE
    return Action.CORRECTION if "correction" in story.signals else Action.UPDATE


def _next_reason(story: Story, kept: Kept, standing: Standing) -> str:
    if standing is Standing.KILLED and story.pub_status is not PubStatus.CANCELED:
        return f"follows version {kept.version}; the story was killed by hand and stays so until released"
    if standing is Standing.WITHHELD and story.pub_status is not PubStatus.WITHHELD:
        return f"follows version {kept.version}; the story was withheld by hand and stays so until released"
    repeat = "; a repeat, which alerts nobody" if "repeat" in story.signals else ""
    return f"follows version {kept.version}{repeat}"


def judge_due(copy: Story, kept: Kept, *, now: datetime) -> Verdict:
    """The verdict when the instant has come at which a story changes by itself.

    The end of an embargo makes the version in force public; one that has expired meanwhile goes to the
    archive without having been in any feed. The end of its life takes a live story out of the feeds.
    """
    standing = standing_of(copy, kept.by_hand, now)
    if kept.standing is Standing.EMBARGOED:
        return event(kept, Action.RELEASE, standing, copy, "the embargo has ended")
    return event(kept, Action.EXPIRE, standing, copy, "its time is over")


def judge_purge(copy: Story, kept: Kept) -> Verdict:
    """The verdict when a story has been kept as long as its source's stories are."""
    reason = "kept as long as its source's stories are kept"
    return event(kept, Action.PURGE, Standing.PURGED, bare(copy), reason)


def event(
    kept: Kept, action: Action, standing: Standing, copy: Story, reason: str, **changed: Any
) -> Verdict:
    """The verdict on what happens to a story without an arrival.

    copy     to be kept
    changed  fields of the verdict that are not as the story has them
    """
    verdict = Verdict(
        action=action,
        story_id=kept.story_id,
        guid=kept.guid,
        version=kept.version,
        standing=standing,
        reason=reason,
        rank=kept.rank,
        by_hand=kept.by_hand,
        copy=copy,
    )
    return timed(replace(verdict, **changed), copy)


def named(copy: Story) -> Story:
    """What tells editors which story is meant, and why; nothing of what it tells."""
    return replace(bare(copy), headline=copy.headline, slugline=copy.slugline, ed_notes=copy.ed_notes)


def bare(copy: Story) -> Story:
    """What may be said of a story without saying anything of what it tells."""
    return Story(
        guid=copy.guid,
        version=copy.version,
        pub_status=copy.pub_status,
        language=copy.language,
        provider=copy.provider,
        origin=replace(copy.origin, file="", warnings=()),
    )
