"""What a daemon reads of others' commits, and who of them has a role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.harness.waiting import eventually
from tests.servers.postgres import Postgres
from tests.store.conftest import Newsroom
from wire.desk.by_hand import Kill
from wire.errors import StoreError
from wire.store.database import Database
from wire.store.following import Commits, Followed, ServerClock, daemons, line
from wire.story import Standing

pytestmark = pytest.mark.slow(3)


def followed(newsroom: Newsroom, seq: int) -> Followed:
    found = Commits(newsroom.database).since(seq, 100)
    assert found is not None
    return found


def test_what_came_into_force_is_read_in_the_order_of_the_commits(newsroom: Newsroom) -> None:
    assert followed(newsroom, 0) == Followed(upto=0, exports=(), left=frozenset(), grouped=frozenset())
    for number in (1, 2, 2):  # the last one is a note that it came again
        newsroom.drop(f"{number}.txt", guid="urn:x:1", version=number, headline=f"Flood {number}")
    found = followed(newsroom, 0)
    assert found.upto == Commits(newsroom.database).latest()
    assert [export.revision.version for export in found.exports] == [1, 2]
    assert [export.revision.feeds for export in found.exports] == [("all",)] * 2
    assert found.left == frozenset()
    assert [export.revision.version for export in followed(newsroom, 1).exports] == [2]
    assert followed(newsroom, found.upto).exports == ()


def test_feeds_that_a_story_left_are_told_of(newsroom: Newsroom) -> None:
    newsroom.drop("1.txt", guid="urn:x:1", version=1)
    newsroom.drop("2.txt", guid="urn:x:1", version=2, headline="nowhere")
    assert followed(newsroom, 1).left == {"all"}
    assert followed(newsroom, 0).left == {"all"}


def test_of_a_story_that_was_killed_since_nothing_is_shown_as_live(newsroom: Newsroom) -> None:
    newsroom.drop()
    [row] = newsroom.browse.stories()
    newsroom.order(row.id, Kill(note="wrong"))
    found = followed(newsroom, 0)
    assert {export.revision.standing for export in found.exports} == {Standing.KILLED}
    assert found.left == {"all"}


def test_whoever_is_too_far_behind_is_told_so(newsroom: Newsroom) -> None:
    for number in range(3):
        newsroom.drop(f"{number}.txt", headline=f"Flood {number}")
    assert Commits(newsroom.database).since(0, 2) is None


@pytest.fixture
def two(postgres: Postgres, server_store: str) -> Iterator[tuple[Database, Database]]:
    postgres.empty(server_store)
    made = Database(server_store), Database(server_store)
    yield made
    for database in made:
        database.close()


def test_a_line_hears_of_others_commits_and_not_of_its_own(two: tuple[Database, Database]) -> None:
    one, other = two
    with line(one) as ear:
        assert not ear.wait(0.01)
        one.write(lambda tx: None)
        assert not ear.wait(0.3)
        other.write(lambda tx: None)
        assert ear.wait(10)
        other.write(lambda tx: None, alongside=True)
        assert not ear.wait(0.05)


def test_a_role_is_one_daemons_until_its_line_ends(two: tuple[Database, Database]) -> None:
    one, other = two
    with line(other) as second:
        with line(one) as first:
            assert first.take_role("inbox a")
            assert not second.take_role("inbox a")
            assert second.take_role("inbox b")
        eventually(lambda: second.take_role("inbox a"), what="the role of a line that ended")


def test_a_line_that_breaks_says_so(two: tuple[Database, Database], postgres: Postgres) -> None:
    one, _ = two
    with pytest.raises(StoreError), line(one) as ear:
        postgres.run(
            "postgres",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{one.name}'",
        )
        ear.wait(5)


def test_daemons_are_counted_and_readers_are_not(two: tuple[Database, Database], server_store: str) -> None:
    for database in two:
        database.write(lambda tx: None)
    reader = Database(server_store, read_only=True)
    assert daemons(reader) == 2
    reader.close()


def test_time_is_the_servers_and_does_not_go_back(two: tuple[Database, Database]) -> None:
    clock = ServerClock(two[0])
    seen = [clock() for _ in range(50)]
    clock.look()
    assert seen == sorted(seen)
    assert abs(clock() - datetime.now(UTC)) < timedelta(seconds=5), "the server runs on this machine"
