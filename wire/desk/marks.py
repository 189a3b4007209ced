"""What agencies write into the text about a version: "1st Ld-Writethru", "UPDATE 2", "CORRECTED", "KILL".

What is read is a proposal. It acts only for sources that are configured as trusted, since anybody can write
such words; for others the story is taken as it is, and says what was noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from wire.story import PubStatus, Source, Story


class Kind(StrEnum):
    """What a mark proposes; of several the first counts."""

    KILL = "kill"
    WITHHOLD = "withhold"
    ADVISORY = "advisory"  #: a word to editors, not for publication
    CORRECTION = "correction"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a mark says of its story."""

    kind: Kind
    mark: str  #: as it stands there
    number: int | None = None  #: of the update or lead, from 1


_KILL = (
    r"(?:BULLETIN |MANDATORY |STORY )?KILL(?:ED)?|(?:STORY )?WITHDRAWN|(?:MELDUNG )?ZURÜCKGEZOGEN|"
    r"ANNULATION|ANULACIÓN|ANNULLAMENTO|ANULAÇÃO"
)
_WITHHOLD = r"WITHH[OE]LD|HOLD FOR RELEASE"
_ADVISORY = r"(?:MEDIA |NEWS |EDITORS? )?ADVISORY"
_CORRECTION = (
    r"CORRECT(?:ED|ION|S)|Correction|REFILE[DS]?|BERICHTIGUNG|Berichtigung|KORREKTUR|Korrektur|"
    r"RECTIFICATIF|CORRECTIF|CORRECCIÓN|RECTIFICACIÓN"
)
_UPDATE = r"UPDATE[SD]?|Update|AKTUALISIERUNG|Aktualisierung|ACTUALISATION|ACTUALIZACIÓN"
_MARKS = (
    rf"(?:(?P<kill>{_KILL})|(?P<withhold>{_WITHHOLD})|(?P<advisory>{_ADVISORY})|(?P<correction>{_CORRECTION})|"
    rf"(?P<update>{_UPDATE}))"
)
#: At the head of a headline or a text: set off from what follows, or alone.
_AT_HEAD = re.compile(rf"\W{{0,4}}{_MARKS} ?(?P<number>\d{{1,2}})? ?(?:[-–—:,/<]|$)")
_TAGS = re.compile(r"(?:\s*<[^<>]{0,100}>){0,4}\s*")
#: At the head of a note to editors a sentence may follow.
_IN_NOTE = re.compile(rf"\W{{0,4}}(?:Eds?\.?|EDS?|Editors?)?:? ?{_MARKS}\b ?(?P<number>\d{{1,2}})?")
_LEAD = re.compile(
    r"\b(?P<number>\d{1,2})(?:st|nd|rd|th|\.) ?(?:Ld|LD|Lead|LEAD)(?:[- ]?(?:Writethru|WRITETHRU))?"
    r"(?= ?(?:[-–—:,;/)]|$))"
)
_LEAD_WORDS = ("Ld", "LD", "Lead", "LEAD")
_HEAD = 80  #: characters of a text in which a mark stands


def read_mark(story: Story) -> Proposal | None:
    """What the story's own words say of it; None for most stories."""
    found = list(_proposals(story))
    return min(found, key=lambda proposal: list(Kind).index(proposal.kind)) if found else None


def _proposals(story: Story) -> Iterator[Proposal]:
    opening = _TAGS.match(story.body_html[:_HEAD])
    body = story.body_html[opening.end() : opening.end() + _HEAD] if opening else ""
    for text in (story.headline, story.slugline, body):
        if text:
            yield from _proposed(_AT_HEAD.match(text[:_HEAD]))
    for note in story.ed_notes:
        yield from _proposed(_IN_NOTE.match(note[:_HEAD]))
    for text in (story.headline, story.slugline):
        if text and (lead := _lead(text)):
            yield Proposal(kind=Kind.UPDATE, mark=lead[0], number=int(lead["number"]))


def _lead(text: str) -> re.Match[str] | None:
    head = text[: 2 * _HEAD]
    return _LEAD.search(head) if any(word in head for word in _LEAD_WORDS) else None


def _proposed(match: re.Match[str] | None) -> Iterator[Proposal]:
    if match is None:
        return
    kind = next(kind for kind in Kind if match[kind.value])
    number = int(match["number"]) if match["number"] else None
    yield Proposal(kind=kind, mark=match[kind.value], number=number)


def without_mark(text: str) -> str:
    """A headline or slugline as it is from version to version."""
    if lead := _lead(text):
        text = text[: lead.start()] + text[lead.end() :]
    head = _AT_HEAD.match(text[:_HEAD])
    return text if head is None else text[head.end() :]


def heed_mark(story: Story, source: Source) -> Story:
    """The story as its mark proposes, if its source is trusted; else as it is, saying what was noticed."""
    proposal = read_mark(story)
    if proposal is None:
        return story
    proposed = _as_proposed(story, proposal)
    if proposed == story:
        return story
    said = f"reads {proposal.mark!r}, which proposes: {proposal.kind.value}"
    done = "done" if source.trusted else "not done, since its source is not trusted"
    origin = replace(story.origin, warnings=(*story.origin.warnings, f"{said}; {done}"))
    return replace(proposed if source.trusted else story, origin=origin)


def _as_proposed(story: Story, proposal: Proposal) -> Story:
    if proposal.kind is Kind.KILL:
        return replace(story, pub_status=PubStatus.CANCELED)
    if proposal.kind in {Kind.WITHHOLD, Kind.ADVISORY}:
        held = story.pub_status is PubStatus.USABLE
        return replace(story, pub_status=PubStatus.WITHHELD) if held else story
    signals = tuple(dict.fromkeys((*story.signals, proposal.kind.value)))
    version = story.version
    if version is None and proposal.number is not None:
        version = proposal.number + 1  # the first update is the second version
    return replace(story, signals=signals, version=version)
