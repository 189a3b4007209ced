"""What the desk makes of every event, wherever a story stands: the specification as a table.

`tests/desk/test_matrix.py` runs every row on a real store; ``make desk-matrix`` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wire.story import Action, Standing


class Event(StrEnum):
    """What happens. Arrivals state the embargo and the expiry that the story has; version 2 is in force."""

    NEW = "new"  #: version 1, usable
    UPDATE = "update"  #: version 3, usable
    CORRECTION = "correction"  #: version 3, usable, signalled as a correction
    KILL = "kill"  #: version 3, canceled
    WITHHOLD = "withhold"  #: version 3, withheld
    RELEASE = "release"  #: ``wire release``


class Told(StrEnum):
    """The endpoints that get a document."""

    NOBODY = "nobody"
    WANTING = "all that want it"
    EARLY = "those that take embargoed copy"
    HOLDERS = "those that may hold it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cell of the matrix."""

    event: Event
    stood: Standing | None  #: None: the story is not known
    action: Action | None  #: None: the order is refused
    stands: Standing | None
    told: Told
    why: str

    @property
    def shown(self) -> bool:
        """Whether the story stands in feeds afterwards."""
        return self.stands is Standing.LIVE


def _rows(
    event: Event,
    *cells: tuple[Standing | None, Action | None, Standing | None, Told, str],
) -> tuple[Row, ...]:
    return tuple(
        Row(event=event, stood=stood, action=action, stands=stands, told=told, why=why)
        for stood, action, stands, told, why in cells
    )


_LIVE, _HELD, _OVER = Standing.LIVE, Standing.EMBARGOED, Standing.EXPIRED
_KILLED, _WITHHELD = Standing.KILLED, Standing.WITHHELD
_NOBODY, _WANTING, _EARLY, _HOLDERS = Told.NOBODY, Told.WANTING, Told.EARLY, Told.HOLDERS

_LATE = "an older version that comes late is kept and changes nothing"

MATRIX: tuple[Row, ...] = (
    *_rows(
        Event.NEW,
        (_LIVE, Action.STALE, _LIVE, _NOBODY, _LATE),
        (_HELD, Action.STALE, _HELD, _NOBODY, _LATE),
        (_OVER, Action.STALE, _OVER, _NOBODY, _LATE),
        (_KILLED, Action.STALE, _KILLED, _NOBODY, "a kill suppresses every version up to its own"),
        (_WITHHELD, Action.STALE, _WITHHELD, _NOBODY, _LATE),
        (None, Action.NEW, _LIVE, _WANTING, "the first version"),
    ),
    *_rows(
        Event.UPDATE,
        (_LIVE, Action.UPDATE, _LIVE, _WANTING, "takes the place of the version in force"),
        (_HELD, Action.UPDATE, _HELD, _EARLY, "an embargo holds for all versions"),
        (_OVER, Action.UPDATE, _OVER, _WANTING, "kept and sent, but its time is over: in no feed"),
        (_KILLED, Action.UPDATE, _LIVE, _WANTING, "a higher version brings back what its source killed"),
        (_WITHHELD, Action.RELEASE, _LIVE, _WANTING, "usable again: the same story returns"),
        (None, Action.NEW, _LIVE, _WANTING, "stands by itself; the version before it will be stale"),
    ),
    *_rows(
        Event.CORRECTION,
        (_LIVE, Action.CORRECTION, _LIVE, _WANTING, "takes the place of the version in force, flagged"),
        (_HELD, Action.CORRECTION, _HELD, _EARLY, "an embargo holds for all versions"),
        (_OVER, Action.CORRECTION, _OVER, _WANTING, "the archive is corrected too"),
        (_KILLED, Action.CORRECTION, _LIVE, _WANTING, "a higher version brings back what its source killed"),
        (_WITHHELD, Action.RELEASE, _LIVE, _WANTING, "usable again: the same story returns"),
        (None, Action.NEW, _LIVE, _WANTING, "stands by itself; the version before it will be stale"),
    ),
    *_rows(
        Event.KILL,
        (_LIVE, Action.KILL, _KILLED, _HOLDERS, "out of everything at once, ahead of all that is queued"),
        (_HELD, Action.KILL, _KILLED, _HOLDERS, "as for a live one; nothing of it becomes public"),
        (_OVER, Action.KILL, _KILLED, _HOLDERS, "out of the archive too"),
        (_KILLED, Action.KILL, _KILLED, _HOLDERS, "once more, as a version of its own"),
        (_WITHHELD, Action.KILL, _KILLED, _HOLDERS, "withheld for good"),
        (None, Action.KILL, _KILLED, _WANTING, "suppresses what comes; others may have had it before us"),
    ),
    *_rows(
        Event.WITHHOLD,
        (_LIVE, Action.WITHHOLD, _WITHHELD, _HOLDERS, "out of everything at once; may return"),
        (_HELD, Action.WITHHOLD, _WITHHELD, _HOLDERS, "the end of the embargo does not release it"),
        (_OVER, Action.WITHHOLD, _WITHHELD, _HOLDERS, "out of the archive too"),
        (_KILLED, Action.WITHHOLD, _WITHHELD, _HOLDERS, "no longer killed, and still not to be published"),
        (_WITHHELD, Action.WITHHOLD, _WITHHELD, _HOLDERS, "once more, as a version of its own"),
        (None, Action.WITHHOLD, _WITHHELD, _NOBODY, "kept out of sight until it becomes usable"),
    ),
    *_rows(
        Event.RELEASE,
        (_LIVE, None, _LIVE, _NOBODY, "refused: nothing keeps it back"),
        (_HELD, Action.RELEASE, _LIVE, _WANTING, "the embargo is lifted, for the versions that follow too"),
        (_OVER, None, _OVER, _NOBODY, "refused: nothing keeps it back but its own time"),
        (_KILLED, None, _KILLED, _NOBODY, "refused: its source killed it; a kill by hand is taken back"),
        (_WITHHELD, Action.RELEASE, _LIVE, _WANTING, "published although its source withholds it"),
        (None, None, None, _NOBODY, "refused: there is no such story"),
    ),
)


def lines() -> list[str]:
    """The matrix as text, a line a row."""
    form = "{:<11} {:<10} {:<11} {:<10} {:<31} {}".format
    return [
        form("event", "stood", "action", "stands", "told", "why"),
        *(
            form(
                row.event,
                row.stood or "unknown",
                row.action or "-",
                row.stands or "unknown",
                row.told,
                row.why,
            )
            for row in MATRIX
        ),
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
