"""Near-duplicates: the same story by another route or agency, or lightly edited, joins the first one's group.

A group is named by the id of its first story. Only first stories are looked up, so that a text that comes a
thousand times is one to compare with, and every member is alike the first.
"""

from __future__ import annotations

from collections.abc import Mapping

from wire.common.likeness import Grouping, keys, similarity

#: The share of phrases in common from which on two texts are one story: about one word in seven edited.
ALIKE = 0.5


class Neighbours:
    """The first stories that some stories may be alike, kept up to date as these are grouped one by one."""

    def __init__(self, by_key: Mapping[int, str], sketches: Mapping[str, bytes]) -> None:
        """``by_key``: id of the first story that has a key; ``sketches``: by id, those of all of them."""
        self._by_key = dict(by_key)
        self._sketches = dict(sketches)

    def group(self, story_id: str, sketch: bytes, *, is_new: bool) -> Grouping:
        """Where a story belongs. A new one came after all others; otherwise ids tell who was first."""
        own = keys(sketch)
        close = self._close(own, sketch, story_id)
        before = close if is_new else {id: share for id, share in close.items() if id < story_id}
        if before:
            first = min(before, key=lambda id: (-before[id], id))
            similarity, absorbed = before[first], {}
            self._sketches.pop(story_id, None)
        else:
            first, similarity, absorbed = story_id, None, close
            for id in close:
                del self._sketches[id]
            self._sketches[story_id] = sketch
            self._by_key.update(dict.fromkeys(own, story_id))
        return Grouping(
            story_id=story_id,
            sketch=sketch,
            is_new=is_new,
            first=first,
            similarity=similarity,
            absorbed=absorbed,
        )

    def _close(self, own: frozenset[int], sketch: bytes, story_id: str) -> dict[str, float]:
        """First stories that are alike, by id, with their similarity to two digits."""
        met = {self._by_key[key] for key in own if key in self._by_key}
        met.discard(story_id)
        held = ((id, self._sketches[id]) for id in met if id in self._sketches)
        shares = ((id, round(similarity(sketch, other, ALIKE - 0.01), 2)) for id, other in held)
        return {id: share for id, share in shares if share >= ALIKE}
