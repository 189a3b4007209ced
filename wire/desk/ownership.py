"""Whose stories a source may revise, as the owner of the desk wants it. Pure.

A story is of the source that first delivered it. A source of which nothing is said may revise every story:
two may be ways of one agency. One that is bound may revise its own and those of the sources named; what it
may not do goes to the quarantine, where people may let it through.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wire.desk.succession import Place
from wire.errors import NotItsOwn
from wire.story import Action, Verdict


class Rights:
    """What bound sources may do. Immutable."""

    def __init__(self, revises: Mapping[str, Collection[str]]) -> None:
        """``revises``: by bound source, those besides itself whose stories it may revise."""
        self._revises = revises

    def may_claim(self, source: str) -> bool:
        """Whether names that nobody bears yet may lead to a story of the source.

        Not of one that is bound: whoever comes under such a name later would find it taken.
        """
        return source not in self._revises

    def check(self, source: str, place: Place, verdict: Verdict) -> None:
        """Raises NotItsOwn when the source may not do what the verdict on its arrival does.

        The same content once more does nothing, as long as it does not count as made later than before.
        """
        if source not in self._revises:
            return
        others = self._revises[source]
        kept = place.kept
        same_again = kept is not None and verdict.action is Action.DUPLICATE and verdict.rank == kept.rank
        for touched in (*(() if kept is None or same_again else (kept,)), *place.absorbed):
            if touched.source != source and touched.source not in others:
                whose = " and ".join(("its own", *(f"those of {other!r}" for other in sorted(others))))
                raise NotItsOwn(
                    f"it would revise story {touched.story_id} of source {touched.source!r}; by its setting "
                    f"`revises`, source {source!r} may revise {whose}. Release this file by its number to "
                    "let it through"
                )
