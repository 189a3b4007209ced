"""Stories that go on under another guid: which one an arrival is a version of, and whose place it takes.

An item may name the item that it follows (``irel:previousVersion``, ``irel:evolvedFrom``). If that is the
version in force of a story, the arrival is the story's next version, and the former guid points to it from
then on, in whatever order they come. Only a story's last guid can be followed: a second follower of the
same item is a story of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wire.desk.judge import event
from wire.story import Action, Kept, Link, PubStatus, Standing, Story, Verdict, identity_of

_FOLLOWS = ("previousVersion", "evolvedFrom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an arrival belongs."""

    kept: Kept | None = None  #: of the story that it is a version of; None for a new one
    succeeds: bool = False  #: it follows that story's version in force under a guid of its own
    former: bool = False  #: it is a version under a guid that the story no longer goes by
    absorbed: tuple[Kept, ...] = ()  #: other stories that it takes the place of
    names: tuple[str, ...] = ()  #: identities that point to the story from now on


def predecessors(story: Story) -> tuple[str, ...]:
    """The identities of the items that the story says it follows."""
    if not story.links:
        return ()
    return tuple(
        identity_of("guid", link.residref)
        for link in story.links
        if link.residref is not None and _follows(link, story.guid)
    )


def _follows(link: Link, guid: str | None) -> bool:
    return link.residref != guid and link.rel is not None and link.rel.endswith(_FOLLOWS)


def place(
    identity: str, follows: Sequence[str], find: Callable[[str], Kept | None], *, claims: bool = True
) -> Place:
    """Where an arrival belongs.

    follows  identities that it says it follows
    find     what is kept of a story, by any identity it ever had
    claims   whether those of them that are not known yet lead to the story from now on
    """
    own = find(identity)
    former = own is not None and own.identity != identity
    named = {name: find(name) for name in follows if name != identity}
    heads = [kept for name, kept in named.items() if kept is not None and kept.identity == name]
    unknown = [name for name, kept in named.items() if kept is None and claims]
    kept = own or next(iter(heads), None)
    others = [head for head in heads if kept is not None and head.story_id != kept.story_id]
    names = unknown if own is not None or kept is None else [kept.identity, *unknown]
    return Place(
        kept=kept,
        succeeds=kept is not own,
        former=former,
        absorbed=tuple(others),
        names=(*names, *(other.identity for other in others)),
    )


def absorbed(copy: Story, kept: Kept, successor: str) -> Verdict:
    """The verdict on a story whose place another one has taken: it is withheld.

    copy       of the version in force
    successor  our id of the story that goes on
    """
    withheld = replace(copy, pub_status=PubStatus.WITHHELD)
    reason = f"goes on as story {successor}"
    return event(kept, Action.WITHHOLD, Standing.WITHHELD, withheld, reason, version=kept.version + 1)
