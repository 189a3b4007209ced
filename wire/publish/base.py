"""What every format must say alike about a revision: its status, embargo, signals, notes and provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wire.ports import House
from wire.story import Action, PubStatus, Revision, Standing

#: Signals (scheme ``sig``) that the desk's decision adds to what the story itself says.
_SIGNALS: Mapping[Action, tuple[str, ...]] = {
    Action.UPDATE: ("update",),
    Action.CORRECTION: ("update", "correction"),
}

#: What editors must be told even when nobody wrote a note.
_NOTES: Mapping[Action, str] = {
    Action.KILL: "Kill: do not use this story. Remove every earlier version.",
    Action.CORRECTION: "Correction: replaces every earlier version.",
}


def pub_status(revision: Revision) -> PubStatus:
    """The status to publish: the desk's decision wins over what the document said."""
    if revision.standing is Standing.KILLED:
        return PubStatus.CANCELED
    if revision.standing is Standing.WITHHELD:
        return PubStatus.WITHHELD
    if revision.action is Action.RELEASE:
        return PubStatus.USABLE
    return revision.story.pub_status


def embargoed(revision: Revision) -> datetime | None:
    """The embargo in force; a release lifts it whatever the document said."""
    lifted = revision.action is Action.RELEASE and revision.standing is not Standing.EMBARGOED
    return None if lifted else revision.story.embargoed


def signals(revision: Revision) -> tuple[str, ...]:
    """Codes of scheme ``sig``, each once: the story's own, then those of the desk's decision."""
    own = (signal.removeprefix("sig:") for signal in revision.story.signals)
    return tuple(dict.fromkeys((*own, *_SIGNALS.get(revision.action, ()))))


def ed_notes(revision: Revision) -> tuple[str, ...]:
    """Notes to editors; a kill and a correction always have one."""
    if revision.story.ed_notes:
        return revision.story.ed_notes
    note = _NOTES.get(revision.action)
    return (note,) if note else ()


def provider(revision: Revision, house: House) -> str:
    """Who provides the story: whom it names, else we ourselves."""
    return revision.story.provider or house.name


def version_created(revision: Revision) -> datetime:
    """When this version was made: as the document says, else when we accepted it."""
    return revision.story.version_created or revision.accepted_at
