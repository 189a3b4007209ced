"""The life of a story after its first version, rule by rule, on a real store."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.store.conftest import Newsroom, file_of, story
from wire.common.lists import StoryDetail
from wire.desk.by_hand import Correct, Embargo, Kill, Release
from wire.errors import CommandError
from wire.store.audit import audit
from wire.store.browse import Browse
from wire.story import OPEN_ENDED, Action, DeliveryState, Link, Outcome, PubStatus, Standing

GUID = "urn:x:1"


def drop(newsroom: Newsroom, version: int, **said: Any) -> None:
    """A version of the story; its headline tells which."""
    guid = said.pop("guid", GUID)
    newsroom.drop(f"{guid}-{version}", guid=guid, version=version, headline=f"Take {version}", **said)


def shown(newsroom: Newsroom) -> list[str | None]:
    window = newsroom.shelf.window("all", 10)
    return [revision.story.headline for revision in window if revision.standing is Standing.LIVE]


def told(newsroom: Newsroom) -> dict[str, list[int]]:
    """Versions queued and not superseded, by endpoint, the oldest first."""
    rows = [row for row in newsroom.browse.deliveries() if row.state != "superseded"]
    return {id: sorted(row.version for row in rows if row.endpoint == id) for id in newsroom.outlets}


def detail(newsroom: Newsroom, name: str = GUID) -> StoryDetail:
    found = Browse(newsroom.database).story(name)
    assert found is not None
    return found


def deliver(newsroom: Newsroom, endpoint: str, state: DeliveryState = DeliveryState.DONE) -> list[str]:
    """Try all that is due, with this outcome; the documents' texts."""
    lane = f"{endpoint}/0"
    taken = newsroom.take(lane)
    outcomes = [
        Outcome(delivery_id=d.id, state=state, started_at=newsroom.now, ended_at=newsroom.now) for d in taken
    ]
    newsroom.queue.settle(lane, outcomes, worker="w")
    return [delivery.document.body.decode() for delivery in taken]


@pytest.fixture
def until(newsroom: Newsroom) -> datetime:
    return newsroom.now + timedelta(hours=1)


# --- Embargo


def test_an_embargo_holds_for_every_version_and_ends_for_the_newest(
    newsroom: Newsroom, until: datetime
) -> None:
    drop(newsroom, 1, embargoed=until)
    drop(newsroom, 2, embargoed=until, signals=("correction",))
    assert (shown(newsroom), told(newsroom)) == ([], {"cms": [], "early": [2]})
    newsroom.later(hours=1)
    newsroom.change_due()
    assert (shown(newsroom), told(newsroom)) == (["Take 2"], {"cms": [2], "early": [2]})


@pytest.mark.parametrize("hours", [None, -1])
def test_a_version_that_lifts_the_embargo_is_public_at_once(
    newsroom: Newsroom, until: datetime, hours: int | None
) -> None:
    drop(newsroom, 1, embargoed=until)
    drop(newsroom, 2, embargoed=None if hours is None else newsroom.now + timedelta(hours=hours))
    assert (shown(newsroom), told(newsroom)) == (["Take 2"], {"cms": [2], "early": [2]})


def test_a_version_that_extends_the_embargo_holds_longer(newsroom: Newsroom, until: datetime) -> None:
    drop(newsroom, 1, embargoed=until)
    drop(newsroom, 2, embargoed=until + timedelta(hours=1))
    newsroom.later(hours=1)
    assert newsroom.change_due().revisions == ()
    newsroom.later(hours=1)
    newsroom.change_due()
    assert shown(newsroom) == ["Take 2"]


def test_an_embargo_on_what_was_public_takes_it_back(newsroom: Newsroom, until: datetime) -> None:
    drop(newsroom, 1)
    drop(newsroom, 2, embargoed=until)
    assert (shown(newsroom), told(newsroom)) == ([], {"cms": [2], "early": [2]})
    assert newsroom.shelf.shelved(detail(newsroom).story.id) is None


@pytest.mark.parametrize("by_hand", [False, True])
def test_whoever_holds_what_comes_under_embargo_is_told_so_without_its_copy(
    newsroom: Newsroom, until: datetime, by_hand: bool
) -> None:
    drop(newsroom, 1)
    assert deliver(newsroom, "cms") == deliver(newsroom, "early") == [f"{GUID} 1 Take 1"]
    if by_hand:
        newsroom.order(GUID, Embargo(until=until))
    else:
        drop(newsroom, 2, embargoed=until)
    text = f"{GUID} 2 Take {1 if by_hand else 2}"
    [recall] = [row for row in newsroom.browse.deliveries(endpoint_id="cms") if row.version == 2]
    assert (recall.action, recall.priority) == ("withhold", 0)
    assert deliver(newsroom, "cms") == [f"{GUID} 2 None"]
    assert deliver(newsroom, "early") == [text]
    newsroom.later(hours=1)
    newsroom.change_due()
    assert deliver(newsroom, "cms") == [text], "it comes again when the embargo ends"
    assert deliver(newsroom, "early") == [], "which has it already"
    assert audit(newsroom.database) == []


def test_an_embargo_that_goes_on_is_told_once(newsroom: Newsroom, until: datetime) -> None:
    drop(newsroom, 1)
    drop(newsroom, 2, embargoed=until)
    assert deliver(newsroom, "cms") == [f"{GUID} 2 None"]
    drop(newsroom, 3, embargoed=until)
    assert deliver(newsroom, "cms") == []


def test_a_correction_goes_to_whoever_holds_the_story_an_update_to_whose_rule_it_meets(
    newsroom: Newsroom,
) -> None:
    newsroom.wants["cms"] = lambda story: story.urgency == 1
    drop(newsroom, 1, urgency=1)
    drop(newsroom, 2, urgency=5)
    assert told(newsroom)["cms"] == []
    drop(newsroom, 3, urgency=5, signals=("correction",))
    assert deliver(newsroom, "cms") == [f"{GUID} 3 Take 3"]
    newsroom.drop("other.txt", guid="urn:x:2", urgency=5, signals=("correction",), headline="Other")
    assert deliver(newsroom, "cms") == [], "it never had that story"


def test_a_delivery_under_way_when_the_embargo_came_is_not_tried_again(
    newsroom: Newsroom, until: datetime
) -> None:
    drop(newsroom, 1)
    [taken] = newsroom.take()
    drop(newsroom, 2, embargoed=until)
    failed = Outcome(
        delivery_id=taken.id, state=DeliveryState.DUE, started_at=newsroom.now, ended_at=newsroom.now
    )
    newsroom.queue.settle("cms/0", [failed], worker="w")
    assert deliver(newsroom, "cms") == [f"{GUID} 2 None"]


def test_the_end_of_an_embargo_does_not_drop_a_copy_that_waits_for_an_early_endpoint(
    newsroom: Newsroom, until: datetime
) -> None:
    drop(newsroom, 1, embargoed=until)
    newsroom.later(hours=1)
    newsroom.change_due()
    assert len(deliver(newsroom, "early")) == 1
    assert len(deliver(newsroom, "cms")) == 1


def test_an_open_embargo_ends_when_people_release_it(newsroom: Newsroom) -> None:
    drop(newsroom, 1, embargoed=OPEN_ENDED)
    newsroom.later(days=3650)
    assert newsroom.change_due().revisions == ()
    newsroom.order(GUID, Release())
    assert shown(newsroom) == ["Take 1"]


def test_an_embargo_that_people_lifted_stays_lifted_until_a_longer_one_is_stated(
    newsroom: Newsroom, until: datetime
) -> None:
    drop(newsroom, 1, embargoed=until)
    newsroom.order(GUID, Release())
    drop(newsroom, 3, embargoed=until)
    assert shown(newsroom) == ["Take 3"]
    drop(newsroom, 4, embargoed=until + timedelta(hours=1))
    assert shown(newsroom) == []


def test_an_embargo_by_hand_holds_for_the_versions_that_follow(newsroom: Newsroom, until: datetime) -> None:
    drop(newsroom, 1)
    newsroom.order(GUID, Embargo(until=until))
    drop(newsroom, 3)
    assert shown(newsroom) == []
    newsroom.later(hours=1)
    newsroom.change_due()
    assert shown(newsroom) == ["Take 3"]


def test_when_the_clock_is_set_back_an_embargo_ends_at_its_own_instant(
    newsroom: Newsroom, until: datetime
) -> None:
    drop(newsroom, 1, embargoed=until)
    newsroom.later(hours=-5)
    newsroom.change_due()
    assert (shown(newsroom), newsroom.upkeep.next_change()) == ([], until)
    newsroom.later(hours=6)
    newsroom.change_due()
    assert shown(newsroom) == ["Take 1"]


# --- Kill and withhold


def test_a_kill_of_the_version_in_force_is_a_version_of_its_own(newsroom: Newsroom) -> None:
    drop(newsroom, 3)
    drop(newsroom, 3, pub_status=PubStatus.CANCELED)
    assert detail(newsroom).story.version == 4


def test_a_kill_that_an_endpoint_still_has_to_hear_of_outlasts_a_new_version_under_embargo(
    newsroom: Newsroom, until: datetime
) -> None:
    drop(newsroom, 1)
    deliver(newsroom, "cms")
    drop(newsroom, 2, pub_status=PubStatus.CANCELED)
    drop(newsroom, 3, embargoed=until)
    assert told(newsroom) == {"cms": [1, 2], "early": [3]}
    newsroom.later(hours=1)
    newsroom.change_due()
    assert told(newsroom)["cms"] == [1, 3], "something newer is on its way instead"
    assert audit(newsroom.database) == []


@pytest.mark.parametrize("status", [PubStatus.CANCELED, PubStatus.WITHHELD])
def test_of_what_is_under_embargo_a_kill_says_nothing(
    newsroom: Newsroom, until: datetime, status: PubStatus
) -> None:
    drop(newsroom, 1)
    drop(newsroom, 2, embargoed=until)
    drop(newsroom, 3, pub_status=status, embargoed=until)
    [document] = deliver(newsroom, "cms")
    assert "Take" not in document


def test_of_what_is_under_embargo_a_kill_by_hand_says_its_note_alone(
    newsroom: Newsroom, until: datetime
) -> None:
    drop(newsroom, 1)
    newsroom.order(GUID, Embargo(until=until))
    drop(newsroom, 3, pub_status=PubStatus.WITHHELD)
    newsroom.order(GUID, Kill(note="Wrong."), "Wrong.")
    [document] = deliver(newsroom, "cms")
    assert "Take" not in document


def test_a_kill_by_hand_holds_whatever_comes_until_it_is_taken_back(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    newsroom.order(GUID, Kill(note="Wrong."), "Wrong.")
    drop(newsroom, 7)
    assert (shown(newsroom), detail(newsroom).story.standing) == ([], "killed")
    newsroom.order(GUID, Release())
    assert shown(newsroom) == ["Take 7"]
    assert [event.what for event in detail(newsroom).history] == ["killed by hand", "released by hand"]


def test_what_its_source_killed_is_not_released_by_hand(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    drop(newsroom, 2, pub_status=PubStatus.CANCELED)
    with pytest.raises(CommandError, match="killed by its source"):
        newsroom.order(GUID, Release())


def test_a_correction_by_hand_holds_until_its_source_sends_a_newer_version(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    newsroom.order(GUID, Correct(copy=story(headline="Put right")))
    drop(newsroom, 1)
    assert shown(newsroom) == ["Put right"], "the version that was corrected, once more"
    drop(newsroom, 2)
    assert (shown(newsroom), detail(newsroom).story.version) == (["Take 2"], 3)


def test_what_was_given_up_is_not_sent_again_after_a_newer_version(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    deliver(newsroom, "cms", DeliveryState.DEAD)
    drop(newsroom, 2)
    deliver(newsroom, "cms")
    assert newsroom.orders.retry(now=newsroom.now) == 0
    assert deliver(newsroom, "cms") == []


# --- Another guid


def follows(guid: str, rel: str = "irel:previousVersion") -> tuple[Link, ...]:
    return (Link(rel=rel, residref=guid),)


@pytest.mark.parametrize("rel", ["irel:previousVersion", "irel:evolvedFrom"])
def test_an_item_that_follows_another_goes_on_as_the_same_story(newsroom: Newsroom, rel: str) -> None:
    drop(newsroom, 1)
    first = detail(newsroom).story
    drop(newsroom, 1, guid="urn:x:2", links=follows(GUID, rel), urgency=2)
    now = detail(newsroom, "urn:x:2").story
    assert (now.id, now.guid, now.version) == (first.id, first.guid, 2)
    assert detail(newsroom, GUID).story.id == first.id
    drop(newsroom, 9)
    assert detail(newsroom).revisions[-1].action == Action.STALE
    drop(newsroom, 2, guid="urn:x:2", pub_status=PubStatus.CANCELED)
    assert detail(newsroom).story.standing == "killed"


def test_a_second_follower_of_an_item_is_a_story_of_its_own(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    drop(newsroom, 2, guid="urn:x:2", links=follows(GUID))
    drop(newsroom, 3, guid="urn:x:3", links=follows(GUID))
    assert sorted(filter(None, shown(newsroom))) == ["Take 2", "Take 3"]


def test_a_story_that_turns_out_to_go_on_as_another_is_withheld(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    drop(newsroom, 2, guid="urn:x:2")
    deliver(newsroom, "cms")
    drop(newsroom, 3, guid="urn:x:2", links=follows(GUID))
    assert shown(newsroom) == ["Take 3"]
    recalled = [row.action for row in newsroom.browse.deliveries(endpoint_id="cms", state="due")]
    assert sorted(recalled) == ["update", "withhold"]
    assert detail(newsroom, GUID).story.id == detail(newsroom, "urn:x:2").story.id
    assert audit(newsroom.database) == []


def test_a_link_to_the_story_itself_follows_nothing(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    drop(newsroom, 2, links=follows(GUID))
    assert [row.action for row in detail(newsroom).revisions] == ["new", "update"]


# --- Expiry and retention


def test_the_end_of_its_life_takes_a_story_out_of_the_feeds_into_the_archive(
    newsroom: Newsroom, until: datetime
) -> None:
    drop(newsroom, 1, expires=until)
    assert newsroom.upkeep.next_change() == until
    newsroom.later(hours=1)
    [over] = newsroom.change_due().revisions
    assert (over.revision.action, shown(newsroom)) == (Action.EXPIRE, [])
    shelved = newsroom.shelf.shelved(detail(newsroom).story.id)
    assert shelved is not None and shelved.standing is Standing.EXPIRED and shelved.revision is not None
    assert len(deliver(newsroom, "cms")) == 1, "what is queued is still sent"
    drop(newsroom, 2, expires=until + timedelta(days=1))
    assert shown(newsroom) == ["Take 2"]


def purge(newsroom: Newsroom, **age: float) -> int:
    before = {"": newsroom.now - timedelta(**age)}
    among = newsroom.upkeep.outlived(before, 10)
    act = newsroom.acceptor.purge
    return len(newsroom.change(lambda ledger, now: act(ledger, now, before, among)).revisions)


def test_a_story_that_changed_since_it_was_found_is_not_let_go(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    deliver(newsroom, "cms")
    deliver(newsroom, "early")
    newsroom.later(days=8)
    before = {"": newsroom.now - timedelta(days=7)}
    among = newsroom.upkeep.outlived(before, 10)
    drop(newsroom, 2)
    act = newsroom.acceptor.purge
    made = newsroom.change(lambda ledger, now: act(ledger, now, before, among)).revisions
    assert (len(among), made) == (1, ())


def test_what_was_kept_long_enough_goes_and_its_identity_stays(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    drop(newsroom, 2)
    deliver(newsroom, "cms")
    deliver(newsroom, "early")
    newsroom.later(days=8)
    assert (purge(newsroom, days=9), purge(newsroom, days=7), purge(newsroom, days=7)) == (0, 1, 0)
    assert (shown(newsroom), detail(newsroom).story.standing) == ([], "purged")
    assert [row.formats for row in detail(newsroom).revisions] == [(), (), ("newsml-g2",)]
    assert (newsroom.upkeep.raw(1), newsroom.upkeep.raw(2)) == (None, None)
    assert audit(newsroom.database) == []
    drop(newsroom, 1, urgency=3)
    assert detail(newsroom).revisions[-1].action == Action.STALE
    drop(newsroom, 3)
    assert (shown(newsroom), detail(newsroom).story.version) == (["Take 3"], 3)
    assert audit(newsroom.database) == []


def test_what_is_queued_or_held_is_never_let_go(newsroom: Newsroom, until: datetime) -> None:
    drop(newsroom, 1)
    deliver(newsroom, "cms")
    drop(newsroom, 1, guid="urn:x:2", embargoed=until)
    deliver(newsroom, "early")
    newsroom.later(days=8)
    assert purge(newsroom, days=7) == 1, "the first one, once all have it"
    assert detail(newsroom, "urn:x:2").story.standing == "embargoed"


def test_what_was_given_up_counts_as_queued(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    deliver(newsroom, "cms", DeliveryState.DEAD)
    deliver(newsroom, "early")
    newsroom.later(days=8)
    assert purge(newsroom, days=7) == 0


def test_a_file_is_kept_as_long_as_one_of_its_stories(newsroom: Newsroom) -> None:
    newsroom.accept(file_of("two.xml", story(guid="urn:x:1"), story(guid="urn:x:2", headline="Other")))
    deliver(newsroom, "cms")
    deliver(newsroom, "early")
    newsroom.later(days=8)
    drop(newsroom, 2, guid="urn:x:2")
    assert purge(newsroom, days=7) == 1
    assert newsroom.upkeep.raw(1) is not None
    assert audit(newsroom.database) == []


def test_a_kill_of_what_was_let_go_is_told_to_those_who_had_it(newsroom: Newsroom) -> None:
    drop(newsroom, 1)
    deliver(newsroom, "cms")
    deliver(newsroom, "early")
    newsroom.later(days=8)
    purge(newsroom, days=7)
    drop(newsroom, 2, pub_status=PubStatus.CANCELED)
    assert told(newsroom) == {"cms": [1, 2], "early": [1, 2]}
