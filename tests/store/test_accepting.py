"""One transaction accepts a story: raw bytes, version, feed places, documents, deliveries."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.store.conftest import Newsroom, file_of, story
from wire import plugins
from wire.config import Transform
from wire.errors import IntakeError, RenderError, StoreError
from wire.flow.acceptance import RECALL
from wire.flow.press import Press
from wire.store.audit import audit
from wire.store.purging import EVERY_OTHER
from wire.store.schema import delivery, document
from wire.story import OPEN_ENDED, Action, Document, Link, PubStatus, Revision, Standing


def test_a_story_is_kept_with_everything_that_follows_from_it(newsroom: Newsroom) -> None:
    [new] = newsroom.drop(guid="urn:x:1").revisions
    made = new.revision
    detail = newsroom.browse.story("urn:x:1")
    assert detail is not None
    assert detail.story.version == 1
    assert [row.formats for row in detail.revisions] == [("newsml-g2",)]
    assert {row.endpoint for row in detail.deliveries} == {"cms", "paper"}
    assert [entry.seq for entry in newsroom.shelf.window("all", 10)] == [made.seq]
    assert newsroom.upkeep.raw(1) is not None
    assert audit(newsroom.database) == []


def test_the_same_bytes_again_are_a_duplicate_and_nothing_else_happens(newsroom: Newsroom) -> None:
    newsroom.drop(guid="urn:x:1")
    again = newsroom.drop(guid="urn:x:1")
    assert [(outcome, number) for (_, outcome), number in again.files.items()] == [("duplicate", 1)]
    assert again.revisions == ()
    assert newsroom.browse.overview().files == {"duplicate": 1, "stories": 1}
    assert audit(newsroom.database) == []


def test_the_same_bytes_twice_in_one_batch_are_one_story(newsroom: Newsroom) -> None:
    file = file_of("flood.txt", story())
    accepted = newsroom.accept(file, file)
    assert len(accepted.revisions) == 1
    assert sorted((outcome, number) for (_, outcome), number in accepted.files.items()) == [
        ("duplicate", 1),
        ("stories", 1),
    ]


def test_versions_of_one_story_in_one_batch_follow_each_other(newsroom: Newsroom) -> None:
    files = [
        file_of(f"{version}.txt", story(guid="urn:x:1", version=version, headline=f"Flood {version}"))
        for version in (1, 2, 3)
    ]
    accepted = newsroom.accept(*files)
    assert [new.revision.action for new in accepted.revisions] == [Action.NEW, Action.UPDATE, Action.UPDATE]
    states = [row.state for row in newsroom.browse.deliveries(endpoint_id="cms")]
    assert states == ["due", "superseded", "superseded"]
    assert [made.version for made in newsroom.shelf.window("all", 10)] == [3]
    assert audit(newsroom.database) == []


def test_an_update_takes_the_storys_place_in_the_feed_and_keeps_its_date(newsroom: Newsroom) -> None:
    [first] = newsroom.drop(guid="urn:x:1", version=1).revisions
    newsroom.later(hours=1)
    [second] = newsroom.drop(guid="urn:x:1", version=2, headline="Flood rises").revisions
    [entry] = newsroom.shelf.window("all", 10)
    assert (entry.seq, entry.published) == (second.revision.seq, first.revision.published)
    assert entry.updated > first.revision.updated


def test_updated_rises_strictly_even_when_the_clock_stands_or_goes_back(newsroom: Newsroom) -> None:
    seen = []
    for number in range(3):
        seen += [new.revision.updated for new in newsroom.drop(f"{number}.txt").revisions]
        newsroom.later(hours=-1)
    assert seen == sorted(set(seen))


def test_a_kill_leaves_the_feed_supersedes_what_is_unsent_and_goes_first(newsroom: Newsroom) -> None:
    newsroom.drop(guid="urn:x:1", version=1)
    [kill] = newsroom.drop(guid="urn:x:1", version=2, pub_status=PubStatus.CANCELED).revisions
    newsroom.drop("other.txt", headline="Urgent", urgency=1)
    other, taken_back = newsroom.shelf.window("all", 10)
    assert other.story_id != kill.revision.story_id
    assert taken_back == kill.revision
    [taken] = newsroom.take()
    assert (taken.story_id, taken.version) == (kill.revision.story_id, 2)
    shelved = newsroom.shelf.shelved(kill.revision.story_id)
    assert shelved is not None and shelved.standing is Standing.KILLED and shelved.revision is None


def test_a_kill_is_not_told_to_endpoints_that_never_heard_of_the_story(newsroom: Newsroom) -> None:
    newsroom.drop(guid="urn:x:1", version=1, embargoed=OPEN_ENDED)
    accepted = newsroom.drop(guid="urn:x:1", version=2, pub_status=PubStatus.CANCELED)
    assert accepted.deliveries == ()


def test_an_embargoed_story_is_nowhere_until_its_instant(newsroom: Newsroom) -> None:
    until = newsroom.now + timedelta(hours=1)
    [held] = newsroom.drop(embargoed=until).revisions
    assert newsroom.shelf.window("all", 10) == []
    assert newsroom.shelf.shelved(held.revision.story_id) is None
    assert newsroom.browse.deliveries() == ()
    assert newsroom.upkeep.next_change() == until

    change_due = newsroom.acceptor.change_due
    assert newsroom.change(lambda ledger, now: change_due(ledger, now, 10)).revisions == ()
    newsroom.later(hours=1)
    [released] = newsroom.change(lambda ledger, now: change_due(ledger, now, 10)).revisions
    assert released.revision.published == until
    assert [entry.published for entry in newsroom.shelf.window("all", 10)] == [until]
    assert {row.endpoint for row in newsroom.browse.deliveries()} == {"cms", "paper"}
    assert newsroom.upkeep.next_change() is None
    assert audit(newsroom.database) == []


def break_all_but(monkeypatch: pytest.MonkeyPatch, guid: str) -> None:
    """Have only one story be written, as a renderer may be after an upgrade."""
    written = Press.documents

    def broken(press: Press, revision: Revision, formats: Sequence[str]) -> tuple[Document, ...]:
        if revision.guid != guid:
            raise RenderError("cannot be written")
        return written(press, revision, formats)

    monkeypatch.setattr(Press, "documents", broken)


def test_stories_that_cannot_be_written_when_their_embargo_ends_hold_up_no_others(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = newsroom.now + timedelta(hours=1)
    for number in range(3):
        newsroom.drop(guid=f"urn:x:{number}", embargoed=until)
    newsroom.drop(guid="urn:x:last", embargoed=until)
    break_all_but(monkeypatch, "urn:x:last")

    def change_two() -> tuple[str, ...]:
        act = newsroom.acceptor.change_due
        made = newsroom.change(lambda ledger, now: act(ledger, now, 2)).revisions
        return tuple(new.revision.guid for new in made)

    newsroom.later(hours=1)
    assert [change_two(), change_two()] == [(), ("urn:x:last",)]
    assert newsroom.upkeep.next_change() == newsroom.now + timedelta(minutes=5), "they are tried again then"
    newsroom.later(minutes=5)
    monkeypatch.undo()
    assert change_two() == ("urn:x:0", "urn:x:1")
    assert audit(newsroom.database) == []


def test_a_story_that_cannot_be_written_when_it_is_purged_holds_up_no_others(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.outlets.clear()  # what is queued stays
    first, last = (
        newsroom.drop(guid=guid).revisions[0].revision.story_id for guid in ("urn:x:1", "urn:x:last")
    )
    break_all_but(monkeypatch, "urn:x:last")
    newsroom.later(days=2)
    before, act = {EVERY_OTHER: newsroom.now}, newsroom.acceptor.purge
    made = newsroom.change(lambda ledger, now: act(ledger, now, before, (first, last))).revisions
    assert [new.revision.story_id for new in made] == [last]
    assert audit(newsroom.database) == []


def test_an_unreadable_story_of_a_file_is_set_aside_and_its_siblings_go_on(newsroom: Newsroom) -> None:
    accepted = newsroom.accept(file_of("mixed.xml", story(guid="urn:x:1"), IntakeError("no headline")))
    assert (len(accepted.revisions), len(accepted.set_aside)) == (1, 1)
    assert [row.reason for row in newsroom.browse.quarantine()] == ["no headline"]
    assert audit(newsroom.database) == []


def test_a_story_that_cannot_be_written_is_set_aside_not_lost(newsroom: Newsroom) -> None:
    accepted = newsroom.accept(
        file_of("mixed.xml", story(guid="urn:x:1", headline="unrenderable"), story(guid="urn:x:2"))
    )
    assert [new.revision.guid for new in accepted.revisions] == ["urn:x:2"]
    assert [row.item for row in newsroom.browse.quarantine()] == [0]
    assert audit(newsroom.database) == []


def test_a_quarantined_file_that_can_be_read_now_is_accepted(newsroom: Newsroom) -> None:
    newsroom.accept(file_of("odd.txt", IntakeError("not understood"), data=b"odd"))
    readable = file_of("odd.txt", story("odd.txt"), story(guid="urn:x:2"), data=b"odd")
    newsroom.change(lambda ledger, now: newsroom.acceptor.reread(ledger, 1, readable, now))
    assert newsroom.browse.quarantine() == []
    assert newsroom.browse.overview().files == {"stories": 1}
    assert audit(newsroom.database) == []


def test_a_story_may_stand_in_no_feed(newsroom: Newsroom) -> None:
    newsroom.drop(headline="nowhere")
    assert newsroom.shelf.window("all", 10) == []
    assert audit(newsroom.database) == []


def test_an_update_that_no_longer_belongs_leaves_the_feed(newsroom: Newsroom) -> None:
    newsroom.drop(guid="urn:x:1", version=1)
    newsroom.drop(guid="urn:x:1", version=2, headline="nowhere")
    assert newsroom.shelf.window("all", 10) == []
    assert audit(newsroom.database) == []


def test_a_name_longer_than_any_index_holds_is_a_name_like_others(newsroom: Newsroom) -> None:
    """No guid, and no file's, may keep the store from taking anything: PostgreSQL's indexes hold 2.7 kB."""
    guid, former, name = (secrets.token_hex(4000) for _ in range(3))
    follows = Link(rel="irel:previousVersion", residref=former)
    newsroom.drop("1.txt", guid=guid, version=1, links=(follows,))
    newsroom.drop("2.txt", guid=guid, version=2, headline="Second", links=(follows,))
    newsroom.drop(name, headline="By its file")
    assert [row.version for row in newsroom.browse.stories()] == [1, 2]
    for known in (guid, former):
        found = newsroom.browse.story(known)
        assert found is not None and found.story.version == 2
    assert audit(newsroom.database) == []


def test_a_value_that_no_column_holds_is_its_files_fault_and_not_the_stores(newsroom: Newsroom) -> None:
    with pytest.raises(Exception, match=r"int too large|out of range") as caught:
        newsroom.drop(guid="urn:x:1", version=2**63)
    assert not isinstance(caught.value, StoreError), "for which intake would wait"


def test_every_format_has_room_for_its_editions_and_recalls() -> None:
    edition = Transform(provider="Another")
    for format in plugins.names("wire.renderers"):
        for table in (document, delivery):
            assert len(f"{edition.edition(format)}{RECALL}") <= table.c.format.type.length
