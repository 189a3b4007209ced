"""Whose stories a source may revise, on a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.store.conftest import Newsroom, file_of, story
from wire.errors import IntakeError
from wire.flow.acceptance import Accepted
from wire.flow.reading import ReadFile
from wire.store.audit import audit
from wire.story import Action, Link, PubStatus

GUID = "urn:x:bridge"


def file_from(source: str, **said: Any) -> ReadFile:
    """A file of a source with one story that says so, of `GUID` unless it says another."""
    made = story(f"{source}.txt", **{"guid": GUID, **said})
    file = file_of(f"{source}.txt", replace(made, origin=replace(made.origin, source=source)))
    return replace(file, source=source, once_key=f"{source} {file.sha256}")


def deliver(newsroom: Newsroom, source: str, **said: Any) -> Accepted:
    return newsroom.accept(file_from(source, **said))


def kill(newsroom: Newsroom, source: str, version: int = 2) -> Accepted:
    return deliver(newsroom, source, version=version, pub_status=PubStatus.CANCELED, headline=None)


def standings(newsroom: Newsroom) -> list[tuple[str, str, int]]:
    return sorted((row.source, row.standing, row.version) for row in newsroom.browse.stories())


def test_of_whom_nothing_is_said_may_revise_every_story(newsroom: Newsroom) -> None:
    deliver(newsroom, "agency", version=1)
    kill(newsroom, "stranger")
    assert standings(newsroom) == [("agency", "killed", 2)]


def test_a_bound_source_may_not_kill_anothers_story(newsroom: Newsroom) -> None:
    newsroom.revises["stranger"] = ()
    [made] = deliver(newsroom, "agency", version=1).revisions
    assert kill(newsroom, "stranger").revisions == ()
    assert standings(newsroom) == [("agency", "live", 1)]
    [row] = newsroom.browse.quarantine()
    assert row.reason == (
        f"it would revise story {made.revision.story_id} of source 'agency'; by its setting `revises`, "
        "source 'stranger' may revise its own. Release this file by its number to let it through"
    )
    assert audit(newsroom.database) == []


def test_a_bound_source_may_revise_its_own_and_those_of_the_sources_named(newsroom: Newsroom) -> None:
    newsroom.revises |= {"agency": (), "corrections": ("agency",)}
    deliver(newsroom, "agency", version=1)
    deliver(newsroom, "agency", version=2, headline="Second")
    kill(newsroom, "corrections", version=3)
    assert standings(newsroom) == [("agency", "killed", 3)]
    deliver(newsroom, "agency", version=4, headline="Back")
    assert standings(newsroom) == [("agency", "live", 4)], "it stays its own, whoever revised it"


def test_nor_may_it_hold_up_what_comes_later(newsroom: Newsroom) -> None:
    newsroom.revises["stranger"] = ()
    deliver(newsroom, "agency", version=5, version_created=newsroom.now)
    deliver(newsroom, "stranger", version=2, headline="Older")
    later = newsroom.now + timedelta(hours=1)
    deliver(newsroom, "stranger", version=5, version_created=later)  # the same, as if made later
    assert len(newsroom.browse.quarantine()) == 2
    soon = newsroom.now + timedelta(minutes=1)
    deliver(newsroom, "agency", version=5, version_created=soon, headline="Own")
    assert newsroom.browse.stories()[0].headline == "Own"


def test_the_same_story_by_another_way_is_a_duplicate_as_ever(newsroom: Newsroom) -> None:
    newsroom.revises["stranger"] = ()
    deliver(newsroom, "agency", version=1)
    [made] = deliver(newsroom, "stranger", version=1).revisions
    assert made.revision.action is Action.DUPLICATE
    assert newsroom.browse.quarantine() == []


def test_a_bound_source_takes_nobodys_place_under_another_guid(newsroom: Newsroom) -> None:
    newsroom.revises["stranger"] = ()
    deliver(newsroom, "agency")
    follows = (Link(rel="irel:previousVersion", residref=GUID),)
    assert deliver(newsroom, "stranger", guid="urn:x:1", links=follows).revisions == ()
    own = deliver(newsroom, "stranger", guid="urn:x:2").revisions
    assert len(own) == 1
    assert deliver(newsroom, "stranger", guid="urn:x:2", version=2, links=follows).revisions == ()
    assert standings(newsroom) == [("agency", "live", 1), ("stranger", "live", 1)]


def test_a_bound_source_takes_no_name_before_its_bearer_comes(newsroom: Newsroom) -> None:
    newsroom.revises["stranger"] = ()
    follows = (Link(rel="irel:previousVersion", residref=GUID),)
    deliver(newsroom, "stranger", guid="urn:x:1", links=follows)
    deliver(newsroom, "agency")
    assert standings(newsroom) == [("agency", "live", 1), ("stranger", "live", 1)]


def test_a_story_is_of_whoever_brought_it_first_even_within_one_batch(newsroom: Newsroom) -> None:
    newsroom.accept(file_from("agency", version=1), file_from("other", version=2, headline="Theirs"))
    newsroom.revises["agency"] = ()
    deliver(newsroom, "agency", version=3, headline="Ours")
    assert standings(newsroom) == [("agency", "live", 3)]


def test_people_let_through_what_they_name_and_nothing_else(newsroom: Newsroom) -> None:
    newsroom.revises["stranger"] = ()
    deliver(newsroom, "agency", version=1)
    file = file_from("stranger", version=2, pub_status=PubStatus.CANCELED, headline=None)
    newsroom.accept(file)
    [held] = newsroom.browse.quarantine()
    reread = newsroom.acceptor.reread
    with pytest.raises(IntakeError, match="it would revise story"):
        newsroom.change(lambda ledger, now: reread(ledger, held.intake_id, file, now, who="ann"))
    assert len(newsroom.browse.quarantine()) == 1
    newsroom.change(lambda ledger, now: reread(ledger, held.intake_id, file, now, who="ann", insisted=True))
    assert standings(newsroom) == [("agency", "killed", 2)]
    assert newsroom.browse.quarantine() == []
    assert audit(newsroom.database) == []


def test_what_is_refused_is_no_fault_of_the_files_siblings(newsroom: Newsroom) -> None:
    newsroom.revises["stranger"] = ()
    deliver(newsroom, "agency", version=1)
    taken = file_from("stranger", version=2)
    more = file_from("stranger", guid="urn:x:own")
    both = replace(taken, items=(*taken.items, *more.items))
    assert [new.revision.guid for new in newsroom.accept(both).revisions] == ["urn:x:own"]
