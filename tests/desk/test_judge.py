"""What the desk makes of an arrival: one test a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wire.desk.judge import judge, judge_due
from wire.story import OPEN_ENDED, Action, Kept, Origin, PubStatus, Rank, Standing, Story, Verdict

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(hours=1)


def story(**said: object) -> Story:
    origin = Origin(format="text", source="agency", file="flood.txt", sha256="0" * 64)
    return Story(headline="Flood", origin=origin, **said)  # type: ignore[arg-type]


def kept(standing: Standing = Standing.LIVE, version: int = 3, **known: object) -> Kept:
    """Version 3 of a story, in force since now."""
    status = {Standing.KILLED: PubStatus.CANCELED, Standing.WITHHELD: PubStatus.WITHHELD}
    stated = status.get(standing, PubStatus.USABLE)
    before = Kept(
        story_id="s1",
        guid="urn:newsml:example.org:1",
        identity="guid urn:newsml:example.org:1",
        source="agency",
        seq=7,
        version=version,
        rank=Rank(version=version, created=NOW, status=stated, content_sha256="before"),
        standing=standing,
        first_published=EARLIER,
    )
    return replace(before, **known)  # type: ignore[arg-type]


def verdict(arrival: Story, before: Kept | None = None, *, content: str = "now") -> Verdict:
    return judge(arrival, before, content_sha256=content, story_id="new", guid="tag:new", now=NOW)


def test_a_story_seen_for_the_first_time_is_new_and_live() -> None:
    made = verdict(story())
    assert (made.action, made.standing, made.version, made.story_id) == (Action.NEW, Standing.LIVE, 1, "new")


def test_the_documents_own_guid_and_version_stay() -> None:
    made = verdict(story(guid="urn:x:1", version=4))
    assert (made.guid, made.version) == ("urn:x:1", 4)


def test_a_story_without_a_guid_gets_ours() -> None:
    assert verdict(story()).guid == "tag:new"


def test_an_embargo_that_lies_ahead_holds_the_story_until_its_instant() -> None:
    made = verdict(story(embargoed=LATER))
    assert (made.action, made.standing, made.release_at) == (Action.NEW, Standing.EMBARGOED, LATER)


def test_an_embargo_without_an_end_holds_the_story() -> None:
    assert verdict(story(embargoed=OPEN_ENDED)).standing is Standing.EMBARGOED


def test_an_embargo_that_has_passed_holds_nothing() -> None:
    made = verdict(story(embargoed=EARLIER))
    assert (made.standing, made.release_at) == (Standing.LIVE, None)


def test_a_kill_before_its_story_suppresses_it() -> None:
    made = verdict(story(pub_status=PubStatus.CANCELED, version=2))
    assert (made.action, made.standing) == (Action.KILL, Standing.KILLED)
    suppressed = kept(standing=Standing.KILLED, version=2)
    assert verdict(story(version=1), suppressed).action is Action.STALE
    assert verdict(story(version=2), suppressed).action is Action.STALE


def test_withheld_copy_is_kept_out_of_sight() -> None:
    assert verdict(story(pub_status=PubStatus.WITHHELD)).standing is Standing.WITHHELD


def test_what_has_expired_when_it_comes_goes_to_the_archive() -> None:
    assert verdict(story(expires=EARLIER)).standing is Standing.EXPIRED


def test_a_higher_version_replaces() -> None:
    made = verdict(story(version=4), kept())
    assert (made.action, made.version, made.story_id) == (Action.UPDATE, 4, "s1")


def test_a_correction_is_called_one() -> None:
    assert verdict(story(version=4, signals=("correction",)), kept()).action is Action.CORRECTION


def test_a_lower_version_is_stale() -> None:
    assert verdict(story(version=2), kept()).action is Action.STALE


@pytest.mark.parametrize("version", [3, None])
def test_the_same_content_again_is_a_duplicate(version: int | None) -> None:
    assert verdict(story(version=version), kept(), content="before").action is Action.DUPLICATE


def test_unnumbered_copy_with_other_content_is_the_next_version() -> None:
    made = verdict(story(), kept())
    assert (made.action, made.version) == (Action.UPDATE, 4)


def test_the_same_version_created_later_replaces() -> None:
    assert verdict(story(version=3, version_created=LATER), kept()).action is Action.UPDATE


@pytest.mark.parametrize("created", [EARLIER, None])
def test_the_same_version_not_created_later_changes_nothing(created: datetime | None) -> None:
    assert verdict(story(version=3, version_created=created), kept()).action is Action.STALE


def test_a_kill_of_the_version_in_force_needs_no_later_time() -> None:
    made = verdict(story(version=3, pub_status=PubStatus.CANCELED), kept())
    assert (made.action, made.standing) == (Action.KILL, Standing.KILLED)


def test_unnumbered_copy_does_not_bring_a_killed_story_back() -> None:
    assert verdict(story(), kept(standing=Standing.KILLED)).action is Action.STALE


def test_a_higher_version_brings_a_killed_story_back() -> None:
    made = verdict(story(version=4), kept(standing=Standing.KILLED))
    assert (made.action, made.standing) == (Action.UPDATE, Standing.LIVE)


@pytest.mark.parametrize("standing", [Standing.WITHHELD, Standing.EMBARGOED])
def test_usable_copy_releases_what_was_held(standing: Standing) -> None:
    assert verdict(story(version=4), kept(standing=standing)).action is Action.RELEASE


def test_a_note_on_an_arrival_leaves_the_story_as_it_stands() -> None:
    made = verdict(story(version=1), kept(standing=Standing.EMBARGOED, release_at=LATER))
    assert (made.version, made.standing, made.release_at) == (3, Standing.EMBARGOED, LATER)


def test_the_end_of_an_embargo_makes_the_version_in_force_public() -> None:
    made = judge_due(story(embargoed=EARLIER), kept(standing=Standing.EMBARGOED), now=NOW)
    assert (made.action, made.standing, made.version) == (Action.RELEASE, Standing.LIVE, 3)


def test_a_story_that_expired_under_embargo_never_becomes_public() -> None:
    held = kept(standing=Standing.EMBARGOED)
    made = judge_due(story(embargoed=EARLIER, expires=EARLIER), held, now=NOW)
    assert (made.action, made.standing) == (Action.RELEASE, Standing.EXPIRED)
