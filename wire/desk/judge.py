"""What an arrival is, and where the story stands once it is kept. Pure: the instant is given."""

from __future__ import annotations

from datetime import datetime

from wire.story import Action, Kept, PubStatus, Standing, Story, Verdict


def judge(
    story: Story, kept: Kept | None, *, content_sha256: str, story_id: str, guid: str, now: datetime
) -> Verdict:
    """The verdict on a story against what is kept of it; without feeds and endpoints.

    content_sha256  of the arrival's content (`wire.storyjson.content_sha256`)
    story_id, guid  ours for a story seen for the first time; otherwise those kept stay
    now             aware UTC
    """
    if kept is None:
        standing = _standing(story, now)
        return Verdict(
            action=_first_action(standing),
            story_id=story_id,
            guid=story.guid or guid,
            version=story.version or 1,
            standing=standing,
            reason=_first_reason(standing),
            release_at=story.embargoed if standing is Standing.EMBARGOED else None,
        )
    if refusal := _refusal(story, kept, content_sha256):
        action, reason = refusal
        return _unchanged(kept, action, reason)
    standing = _standing(story, now)
    return Verdict(
        action=_next_action(story, kept, standing),
        story_id=kept.story_id,
        guid=kept.guid,
        version=story.version or kept.version + 1,
        standing=standing,
        reason=f"follows version {kept.version}",
        release_at=story.embargoed if standing is Standing.EMBARGOED else None,
    )


def _standing(story: Story, now: datetime) -> Standing:
    if story.pub_status is PubStatus.CANCELED:
        return Standing.KILLED
    if story.pub_status is PubStatus.WITHHELD:
        return Standing.WITHHELD
    if story.embargoed is not None and story.embargoed > now:
        return Standing.EMBARGOED
    if story.expires is not None and story.expires <= now:
        return Standing.EXPIRED
    return Standing.LIVE


def _first_action(standing: Standing) -> Action:
    return {Standing.KILLED: Action.KILL, Standing.WITHHELD: Action.WITHHOLD}.get(standing, Action.NEW)


def _first_reason(standing: Standing) -> str:
    return {
        Standing.KILLED: "killed before any version came; versions up to this one stay suppressed",
        Standing.WITHHELD: "withheld by its provider",
        Standing.EMBARGOED: "under embargo",
        Standing.EXPIRED: "already expired when it came",
    }.get(standing, "first version")


def _refusal(story: Story, kept: Kept, content_sha256: str) -> tuple[Action, str] | None:
    """Why the arrival changes nothing, or None when it is the newest version."""
    if story.version is None:
        return _refusal_unnumbered(story, kept, content_sha256)
    if story.version < kept.version:
        return Action.STALE, f"version {story.version} came after version {kept.version}"
    if story.version > kept.version:
        return None
    if content_sha256 == kept.content_sha256:
        return Action.DUPLICATE, f"version {kept.version} again, with the same content"
    if kept.standing is Standing.KILLED:
        return Action.STALE, f"version {kept.version} was killed"
    if _is_later(story, kept):
        return None
    return Action.STALE, f"version {kept.version} again, not created later, with other content"


def _refusal_unnumbered(story: Story, kept: Kept, content_sha256: str) -> tuple[Action, str] | None:
    if content_sha256 == kept.content_sha256:
        return Action.DUPLICATE, f"the same content as version {kept.version}"
    if kept.standing is Standing.KILLED and story.pub_status is not PubStatus.CANCELED:
        return Action.STALE, "the story was killed; only a higher version number can bring it back"
    return None


def _is_later(story: Story, kept: Kept) -> bool:
    if story.pub_status is PubStatus.CANCELED:
        return True
    if story.version_created is None or kept.version_created is None:
        return story.version_created is not None
    return story.version_created > kept.version_created


def _next_action(story: Story, kept: Kept, standing: Standing) -> Action:
    if standing is Standing.KILLED:
        return Action.KILL
    if standing is Standing.WITHHELD:
        return Action.WITHHOLD
    if standing is Standing.LIVE and kept.standing in {Standing.WITHHELD, Standing.EMBARGOED}:
        return Action.RELEASE
    return Action.CORRECTION if "correction" in story.signals else Action.UPDATE


def _unchanged(kept: Kept, action: Action, reason: str) -> Verdict:
    return Verdict(
        action=action,
        story_id=kept.story_id,
        guid=kept.guid,
        version=kept.version,
        standing=kept.standing,
        reason=reason,
        release_at=kept.release_at,
    )


def judge_release(story: Story, kept: Kept, *, now: datetime) -> Verdict:
    """The verdict when an embargo's instant has come: the version in force becomes public.

    A version that has expired meanwhile goes to the archive without having been in any feed.
    """
    expired = story.expires is not None and story.expires <= now
    return Verdict(
        action=Action.RELEASE,
        story_id=kept.story_id,
        guid=kept.guid,
        version=kept.version,
        standing=Standing.EXPIRED if expired else Standing.LIVE,
        reason="the embargo has ended",
    )
