"""What the watch keeps between two runs: the paces of sources, the alarms that stand, the notices owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from wire.common.alarms import Alarm, Kind, Pace
from wire.store.database import Database
from wire.store.schema import alarm, from_us, notice, pace, to_us

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that one channel has yet to tell people."""

    channel: str  #: ``mail`` or ``webhook``
    alarm: Alarm
    over: bool  #: the alarm has ended

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about, and for which channel; there is one of a kind at most."""
        return (self.channel, *self.alarm.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The state of the watch."""

    paces: Mapping[str, Pace]
    alarms: tuple[Alarm, ...]
    notices: tuple[Notice, ...]


class WatchBook:
    """Reads and keeps the state of the watch. Safe from any thread. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Watched:
        """Everything as it was kept last."""
        with self._database.reading() as connection:
            return Watched(
                paces={
                    row.source: Pace(
                        first=from_us(row.first_us),
                        last=from_us(row.last_us),
                        arrivals=row.arrivals,
                        longest=row.longest_s * _SECOND,
                    )
                    for row in connection.execute(select(pace))
                },
                alarms=tuple(
                    _alarm(row)
                    for row in connection.execute(select(alarm).order_by(alarm.c.since_us, alarm.c.about))
                ),
                notices=tuple(
                    Notice(
                        channel=row.channel,
                        alarm=_alarm(row),
                        over=bool(row.is_over),
                    )
                    for row in connection.execute(select(notice))
                ),
            )

    def keep_paces(self, paces: Mapping[str, Pace]) -> None:
        """Keep how these sources pace themselves; the others stay as they are."""
        rows = [
            {
                "source": source,
                "first_us": to_us(each.first),
                "last_us": to_us(each.last),
                "arrivals": each.arrivals,
                "longest_s": each.longest / _SECOND,
            }
            for source, each in paces.items()
        ]

        def change(tx: Connection) -> None:
            tx.execute(delete(pace).where(pace.c.source.in_([row["source"] for row in rows])))
            tx.execute(insert(pace), rows)

        if rows:
            self._database.write(change)

    def keep_alarms(self, alarms: Iterable[Alarm], notices: Iterable[Notice]) -> None:
        """These alarms stand and these notices are owed, and no others."""
        standing = [_alarm_row(each) for each in alarms]
        owed = [
            {"channel": each.channel, "is_over": int(each.over), **_alarm_row(each.alarm)} for each in notices
        ]

        def change(tx: Connection) -> None:
            for table, rows in ((alarm, standing), (notice, owed)):
                tx.execute(delete(table))
                if rows:
                    tx.execute(insert(table), rows)

        self._database.write(change)


def _alarm(row: Any) -> Alarm:
    return Alarm(kind=Kind(row.kind), about=row.about, message=row.message, since=from_us(row.since_us))


def _alarm_row(each: Alarm) -> dict[str, object]:
    return {
        "kind": each.kind.value,
        "about": each.about,
        "message": each.message,
        "since_us": to_us(each.since),
    }
