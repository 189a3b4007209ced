"""Figures that are cheap however large the archive: what waits, since when, how much room it takes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from wire.store.database import Database
from wire.store.schema import ACTIVE, NEVER, UNSENT, delivery, endpoint, from_us, lane, quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the store holds that is not done with."""

    deliveries: Mapping[tuple[str, str], int]  #: by endpoint and state; what is done is not counted
    oldest_due: Mapping[str, datetime]  #: by endpoint: when the first that waits was to be sent
    disabled: frozenset[str]  #: endpoints that asked for no more calls
    failing: Mapping[str, datetime]  #: by endpoint that is called: its first failure after its last success
    quarantined: int  #: stories set aside


class Figures:
    """Reads the figures. Safe from any thread. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> Waiting:
        """Everything that waits, at one instant."""
        with self._database.reading() as connection:
            return Waiting(
                deliveries=_deliveries(connection),
                oldest_due=_oldest_due(connection),
                disabled=_disabled(connection),
                failing=_failing(connection),
                quarantined=connection.execute(
                    select(func.count()).select_from(quarantine).where(quarantine.c.state == "held")
                ).scalar_one(),
            )

    def sizes(self) -> Mapping[str, int]:
        """Bytes on disk: ``database``, and what of it is not merged yet, ``log``."""
        file = self._database.file
        if file is None:
            with self._database.reading() as connection:
                size = connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one()
            return {"database": size}
        found = {}
        for part, path in (("database", file), ("log", file.with_name(f"{file.name}-wal"))):
            with suppress(FileNotFoundError):
                found[part] = path.stat().st_size
        return found


def _deliveries(connection: Connection) -> Mapping[tuple[str, str], int]:
    """Read from the indexes of what is not done alone."""
    queued = (
        select(delivery.c.lane, delivery.c.state, func.count())
        .where(ACTIVE)
        .group_by(delivery.c.lane, delivery.c.state)
    )
    unsent = (
        select(delivery.c.endpoint, delivery.c.state, func.count())
        .where(UNSENT)
        .group_by(delivery.c.endpoint, delivery.c.state)
    )
    found: dict[tuple[str, str], int] = {}
    counted = [*connection.execute(queued), *connection.execute(unsent)]
    for lane_or_endpoint, state, number in counted:
        key = (_endpoint_of(lane_or_endpoint), state)
        found[key] = found.get(key, 0) + number
    return found


def _endpoint_of(lane_id: str) -> str:
    """The endpoint of that id or lane; the subscribers of a hub (``hub:name``) are one endpoint here."""
    return lane_id.partition("/")[0].partition(":")[0]


def _oldest_due(connection: Connection) -> Mapping[str, datetime]:
    found: dict[str, datetime] = {}
    for lane_id, due_us in connection.execute(select(lane.c.id, lane.c.due_us).where(lane.c.due_us < NEVER)):
        name, due = _endpoint_of(lane_id), from_us(due_us)
        found[name] = min(found.get(name, due), due)
    return found


#: Those that the configuration names; subscribers of a hub come and go.
_CONFIGURED = (endpoint.c.configured == 1, endpoint.c.id.not_like("%:%"))


def _disabled(connection: Connection) -> frozenset[str]:
    query = select(endpoint.c.id).where(endpoint.c.disabled.is_not(None), *_CONFIGURED)
    return frozenset(connection.execute(query).scalars())


def _failing(connection: Connection) -> Mapping[str, datetime]:
    query = select(endpoint.c.id, endpoint.c.failing_us).where(
        endpoint.c.failing_us.is_not(None), endpoint.c.held.is_(None), *_CONFIGURED
    )
    return {row.id: from_us(row.failing_us) for row in connection.execute(query)}
