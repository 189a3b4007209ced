"""Which of two versions of a story is in force: the same one, whichever of them comes first.

1. A higher version number wins.
2. Where the numbers are equal, or one of the two has none, a kill wins.
3. Then the later ``version_created`` wins; with equal numbers, one that states it over one that does not.
4. With equal numbers and times the more cautious one wins (withheld, longer embargo), then the greater
   digest: any rule does that does not ask which came first.
5. Where a number is missing and the times tell nothing, there is only the order of arrival to go by.

So the order of arrival decides nothing among versions that all state a number, all state a time, or state
times and some of them numbers that agree with these. It does where a source contradicts itself: of number 1
made at three, one without number made at two, and number 2 made at one, each outranks another, and none is
the newest.
"""

from __future__ import annotations

from wire.story import PubStatus, Rank, Story


def rank_of(story: Story, content_sha256: str) -> Rank:
    """What the story states of its place."""
    return Rank(
        version=story.version,
        created=story.version_created,
        status=story.pub_status,
        embargoed=story.embargoed,
        content_sha256=content_sha256,
    )


def outranks(new: Rank, old: Rank) -> bool:
    """Whether an arrival takes the place of the version in force, which has other content."""
    numbered = new.version is not None and old.version is not None
    if numbered and new.version != old.version:
        return (new.version or 0) > (old.version or 0)
    new_kills, old_kills = (rank.status is PubStatus.CANCELED for rank in (new, old))
    if new_kills is not old_kills:
        return new_kills
    if new.created is not None and old.created is not None and new.created != old.created:
        return new.created > old.created
    if not numbered:
        return True
    if (new.created is None) is not (old.created is None):
        return old.created is None
    return _caution(new) > _caution(old)


def _caution(rank: Rank) -> tuple[bool, float, str]:
    held = 0.0 if rank.embargoed is None else rank.embargoed.timestamp()
    return rank.status is PubStatus.WITHHELD, held, rank.content_sha256
