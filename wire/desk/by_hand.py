"""What people may do with a story, and what it makes of the story. Pure: the instant is given.

Each is a version of its own. What people decided outlasts the versions that follow: a story killed by hand
stays killed whatever its source sends, until people release it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wire.desk.judge import event, named, standing_of
from wire.errors import CommandError
from wire.story import OPEN_ENDED, Action, ByHand, Kept, PubStatus, Standing, Story, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Take a story back everywhere."""

    note: str  #: to editors: why


@dataclass(frozen=True, slots=True, kw_only=True)
class Withhold:
    """Take a story out of sight until it is released."""

    note: str | None = None  #: to editors: why


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Take back the last thing that keeps a story from the public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embargo:
    """Hold a story until an instant; `OPEN_ENDED` until it is released."""

    until: datetime  #: aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """Put other copy in the place of a story's; its identity and its status stay."""

    copy: Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Change fields of a story, and issue it as a correction."""

    fields: Mapping[str, Any]  #: of `wire.story.Copy`, as they are to be
    version: int  #: that the person looked at


Command = Kill | Withhold | Release | Embargo | Correct | Amend


def decide(command: Command, copy: Story, kept: Kept, *, now: datetime) -> Verdict:
    """The verdict; without feeds and endpoints.

    copy  of the version in force

    Raises CommandError, with the reason, when the story stands so that it cannot be done.
    """
    if kept.standing is Standing.PURGED:
        raise CommandError("nothing of its copy is kept any more")
    if isinstance(command, Kill):
        return _kill(command, copy, kept)
    if isinstance(command, Withhold):
        return _withhold(command, copy, kept)
    if isinstance(command, Release):
        return _release(copy, kept, now)
    if isinstance(command, Amend):
        return _amend(command, copy, kept, now)
    if isinstance(command, Embargo):
        return _embargo(command, copy, kept, now)
    return _correct(command, copy, kept, now)


def _kill(command: Kill, copy: Story, kept: Kept) -> Verdict:
    if kept.standing is Standing.KILLED:
        raise CommandError("it is killed already")
    by_hand = replace(kept.by_hand or ByHand(), killed=True)
    verdict = _version(Action.KILL, kept, Standing.KILLED, copy, by_hand, "killed by hand")
    # who has to take it back needs to know which story it is, and why; not what it told
    told = replace(named(copy), pub_status=PubStatus.CANCELED, ed_notes=(command.note,))
    return replace(verdict, printed=told)


def _withhold(command: Withhold, copy: Story, kept: Kept) -> Verdict:
    if kept.standing in {Standing.KILLED, Standing.WITHHELD}:
        raise CommandError(f"it is {kept.standing.value} already")
    by_hand = replace(kept.by_hand or ByHand(), withheld=True)
    verdict = _version(Action.WITHHOLD, kept, Standing.WITHHELD, copy, by_hand, "withheld by hand")
    notes = () if command.note is None else (command.note,)
    return replace(verdict, printed=replace(named(copy), pub_status=PubStatus.WITHHELD, ed_notes=notes))


def _release(copy: Story, kept: Kept, now: datetime) -> Verdict:
    by_hand = kept.by_hand or ByHand()
    if kept.standing is Standing.KILLED:
        if not by_hand.killed or copy.pub_status is PubStatus.CANCELED:
            raise CommandError("it was killed by its source; only a higher version brings it back")
        by_hand = replace(by_hand, killed=False)
    elif kept.standing is Standing.EMBARGOED:
        by_hand = replace(by_hand, ruled=True, until=None, over=kept.rank.embargoed)
        copy = replace(copy, embargoed=None)
    elif kept.standing is Standing.WITHHELD:
        by_hand = replace(by_hand, withheld=False)
        copy = replace(copy, pub_status=PubStatus.USABLE)
    else:
        raise CommandError(f"it is {kept.standing.value}: nothing keeps it back")
    standing = standing_of(copy, by_hand, now)
    return _version(Action.RELEASE, kept, standing, copy, by_hand, "released by hand")


def _embargo(command: Embargo, copy: Story, kept: Kept, now: datetime) -> Verdict:
    if kept.standing not in {Standing.LIVE, Standing.EMBARGOED, Standing.WITHHELD}:
        raise CommandError(f"it is {kept.standing.value}: there is nothing to hold")
    if command.until <= now:
        raise CommandError(f"{command.until.isoformat()} has passed; `wire release` makes it public")
    by_hand = replace(kept.by_hand or ByHand(), ruled=True, until=command.until, over=kept.rank.embargoed)
    copy = replace(copy, embargoed=command.until)
    until = "until released" if command.until == OPEN_ENDED else f"until {command.until.isoformat()}"
    standing = standing_of(copy, by_hand, now)
    return _version(Action.EMBARGO, kept, standing, copy, by_hand, f"under embargo by hand, {until}")


def _correct(command: Correct, copy: Story, kept: Kept, now: datetime) -> Verdict:
    if kept.standing is Standing.KILLED:
        raise CommandError("it is killed: there is nothing to correct")
    corrected = replace(
        command.copy,
        guid=copy.guid,
        pub_status=copy.pub_status,
        signals=tuple(dict.fromkeys((*command.copy.signals, "correction"))),
        embargoed=copy.embargoed if command.copy.embargoed is None else command.copy.embargoed,
        expires=copy.expires if command.copy.expires is None else command.copy.expires,
    )
    standing = standing_of(corrected, kept.by_hand, now)
    return _version(Action.CORRECTION, kept, standing, corrected, kept.by_hand, "corrected by hand")


def _amend(command: Amend, copy: Story, kept: Kept, now: datetime) -> Verdict:
    if kept.version != command.version:
        raise CommandError(f"version {kept.version} has come meanwhile; look at it before changing it")
    changed = replace(copy, **command.fields)
    if changed == copy:
        raise CommandError("nothing was changed")
    return _correct(Correct(copy=replace(changed, version_created=now)), copy, kept, now)


def _version(
    action: Action, kept: Kept, standing: Standing, copy: Story, by_hand: ByHand | None, reason: str
) -> Verdict:
    """A version of its own, with what people decided from now on."""
    return event(kept, action, standing, copy, reason, version=kept.version + 1, by_hand=by_hand)
