"""What a hand of deliveries costs does not grow with the queue, nor with the past: seen in the plans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from tests.store.conftest import Newsroom
from wire.store import queue_statements as statements
from wire.store.database import Database
from wire.store.prepared import Prepared
from wire.store.schema import delivery

OF_THE_LANE: dict[str, tuple[Prepared, dict[str, Any]]] = {
    "heads": (statements.HEADS, {"b_lane": "e0/0", "b_now": 1, "b_limit": 9}),
    "left": (statements.LEFT, {"b_lane": "e0/0"}),
    "claimed": (statements.CLAIMED, {"b_lane": "e0/0"}),
    "put back": (statements.PUT_BACK, {"b_lane": "e0/0"}),
    "lost": (statements.LOSE, {"b_lane": "e0/0"}),
}
BY_KEY: dict[str, tuple[Prepared, dict[str, Any]]] = {
    "lane": (statements.LANE, {"b_lane": "e0/0"}),
    "claim": (statements.CLAIM, {"b_id": 1, "b_started": 1}),
    "lease": (statements.LEASE, {"b_lane": "e0/0", "b_worker": "w", "b_now": 1, "b_until": 2}),
}


#: Of each lane: as many deliveries are queued, and as many are done with.
LANES, QUEUED = 20, 50


@pytest.fixture
def newsroom(url: str) -> Iterator[Newsroom]:
    """With a queue, and a past, that are worth an index: a server plans by what it has counted."""
    database = Database(url)
    database.write(fill)
    yield Newsroom(database)
    database.close()


def fill(connection: Connection) -> None:
    connection.execute(insert(delivery), [row(number) for number in range(2 * LANES * QUEUED)])
    if connection.dialect.name != "sqlite":  # which plans without counting
        connection.exec_driver_sql("ANALYZE delivery")


def row(number: int) -> dict[str, Any]:
    name = f"e{number % LANES}"
    return {
        "id": number,
        "endpoint": name,
        "lane": f"{name}/0",
        "story_id": f"s{number // LANES}",
        "seq": number,
        "version": 1,
        "action": "new",
        "format": "ninjs",
        "key": f"k{number}",
        "priority": 3,
        "state": "due" if number < LANES * QUEUED else "done",
        "due_us": number,
        "created_us": number,
        "attempts": 0,
        "failures": 0,
    }


def plan_of(newsroom: Newsroom, statement: Prepared, values: dict[str, Any]) -> str:
    with newsroom.database.reading() as connection:
        explain = "EXPLAIN " if newsroom.database.shared else "EXPLAIN QUERY PLAN "
        if newsroom.database.shared:  # which reads a table from end to end as long as it is small
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        sql, parameters = statement.spelt(connection, values)
        return "\n".join(str(row) for row in connection.exec_driver_sql(explain + sql, parameters))


@pytest.mark.parametrize(("statement", "values"), OF_THE_LANE.values(), ids=OF_THE_LANE.keys())
def test_what_waits_in_a_lane_is_found_by_the_queues_index_alone(
    newsroom: Newsroom, statement: Prepared, values: dict[str, Any]
) -> None:
    plan = plan_of(newsroom, statement, values)
    assert "delivery_queue" in plan
    for costly in ("SCAN delivery", "Seq Scan on delivery", "TEMP B-TREE", "Sort"):
        assert costly not in plan, plan


@pytest.mark.parametrize(("statement", "values"), BY_KEY.values(), ids=BY_KEY.keys())
def test_rows_are_changed_by_their_keys(
    newsroom: Newsroom, statement: Prepared, values: dict[str, Any]
) -> None:
    plan = plan_of(newsroom, statement, values)
    for costly in ("SCAN delivery", "SCAN lane", "SCAN endpoint", "Seq Scan"):
        assert costly not in plan, plan
