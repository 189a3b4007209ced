"""Which stories are alike: groups of near-duplicates, and the keys by which a new one finds its group.

Only first stories have sketches and keys (`wire.common.likeness`), so look-up and growth depend neither
on the archive's size nor on how often the same comes. Functions of an open transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    text,
    update,
)

from wire.common.likeness import Grouping, keys
from wire.store.prepared import Lookup, Prepared
from wire.store.schema import likeness, sketch, sketch_key


def firsts(tx: Connection, sketches: Iterable[bytes]) -> tuple[dict[int, str], dict[str, bytes]]:
    """First stories that may be alike one of these: ids by key, and sketches by id."""
    wanted = sorted(set().union(*map(keys, sketches)))
    by_key: dict[int, str] = {}
    found: dict[str, bytes] = {}
    for row in _FIRSTS.all(tx, wanted):
        by_key[row.key] = row.story_id
        found[row.story_id] = row.sketch
    return by_key, found


def keep(tx: Connection, groupings: Sequence[Grouping]) -> None:
    """Put stories into their groups, in the order in which they were decided on."""
    _add([grouping for grouping in groupings if grouping.is_new and grouping.leads], tx)
    for grouping in groupings:
        if not grouping.is_new:
            _leave(tx, grouping)
        if not grouping.leads:
            _join(tx, grouping.story_id, grouping.first, grouping.similarity)
        for id, share in grouping.absorbed.items():
            _forget_sketch(tx, id)
            _join(tx, id, grouping.story_id, share)


def accompanied(tx: Connection, story_id: str) -> bool:
    """Whether other stories are in the story's group."""
    return bool(_OTHERS.all(tx, b_story=story_id))


def forget(tx: Connection, story_id: str) -> None:
    """Leave no trace of a story that is no longer kept; its group keeps its name."""
    _forget_sketch(tx, story_id)
    _LEAVE.count(tx, b_story=story_id, b_first="")


def _leave(tx: Connection, grouping: Grouping) -> None:
    """A new version of a story: its text may have come closer to others, or gone away from them."""
    _forget_sketch(tx, grouping.story_id)
    if grouping.leads:
        _LEAVE.count(tx, b_story=grouping.story_id, b_first=grouping.story_id)
        _add([grouping], tx)


def _join(tx: Connection, story_id: str, first: str, similarity: float | None) -> None:
    """Move a story, and the group of which it may be the first, into the group of another."""
    _MOVE.count(tx, b_old=story_id, b_new=first)
    _JOIN.count(tx, story=story_id, first=first, similarity=similarity)
    _FOUND.count(tx, story=first, first=first, similarity=None)


def _add(groupings: Sequence[Grouping], tx: Connection) -> None:
    """Sketches and keys of first stories."""
    if groupings:
        _ADD_SKETCH.each(tx, [{"b_story": made.story_id, "b_sketch": made.sketch} for made in groupings])
        _ADD_KEY.each(
            tx, [{"key": key, "story": made.story_id} for made in groupings for key in keys(made.sketch)]
        )


def _forget_sketch(tx: Connection, story_id: str) -> None:
    if made := _SKETCH.scalar(tx, b_story=story_id):
        _DROP_KEY.each(tx, [{"b_key": key, "b_story": story_id} for key in keys(made)])
        _DROP_SKETCH.count(tx, b_story=story_id)


_FIRSTS = Lookup(
    select(sketch_key.c.key, sketch.c.story_id, sketch.c.sketch).join(
        sketch, sketch.c.story_id == sketch_key.c.story_id
    ),
    sketch_key.c.key,
)
_STORY: BindParameter[str] = bindparam("b_story")
_SKETCH = Prepared(select(sketch.c.sketch).where(sketch.c.story_id == _STORY))
_ADD_SKETCH = Prepared(insert(sketch).values(story_id=_STORY, sketch=bindparam("b_sketch")))
_DROP_SKETCH = Prepared(delete(sketch).where(sketch.c.story_id == _STORY))
_DROP_KEY = Prepared(
    delete(sketch_key).where(sketch_key.c.key == bindparam("b_key"), sketch_key.c.story_id == _STORY)
)
# in words that SQLite and PostgreSQL share; SQLAlchemy has a construct for each
_ADD_KEY = Prepared(
    text(
        "INSERT INTO sketch_key (key, story_id) VALUES (:key, :story) "
        "ON CONFLICT (key) DO UPDATE SET story_id = excluded.story_id"
    )
)
_INTO_GROUP = (
    "INSERT INTO likeness (story_id, first_id, similarity) VALUES (:story, :first, :similarity) "
    "ON CONFLICT (story_id) DO "
)
_JOIN = Prepared(
    text(f"{_INTO_GROUP} UPDATE SET first_id = excluded.first_id, similarity = excluded.similarity")
)
_FOUND = Prepared(text(f"{_INTO_GROUP} NOTHING"))
_MOVE = Prepared(
    update(likeness).where(likeness.c.first_id == bindparam("b_old")).values(first_id=bindparam("b_new"))
)
_LEAVE = Prepared(
    delete(likeness).where(likeness.c.story_id == _STORY, likeness.c.first_id != bindparam("b_first"))
)
_other = likeness.alias("other")
_OTHERS = Prepared(
    select(_other.c.story_id)
    .join(likeness, likeness.c.first_id == _other.c.first_id)
    .where(likeness.c.story_id == _STORY, _other.c.story_id != likeness.c.story_id)
    .limit(literal_column("1"))
)
