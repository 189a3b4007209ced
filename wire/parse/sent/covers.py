"""What people put around copy that they send as plain text: covers of forwards, quoting, labels, embargoes.

None of it is the story's. What holds the copy back is obeyed, what somebody wrote to the desk becomes a note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from typing import Any

from wire.errors import NotAStory
from wire.parse.copyblocks import dateline_of
from wire.parse.dates import first_date
from wire.parse.embargo import embargo_until, holds_back
from wire.parse.for_editors import any_opens_notes, forbids_all, goes_on, opens_notes, said_in
from wire.parse.profiles import load
from wire.parse.sent.headers import take_headers
from wire.parse.sent.mailtext import forwarded

#: What a sender calls the text, as a line of its own above it.
_LABEL = re.compile(
    r"\W*(?:(?:press|news|media) (?:release|statement)|(?:for )?immediate release|"
    r"(?:presse|medien)(?:mitteilung|information|meldung)|zur sofortigen veröffentlichung|"
    r"communiqué(?: de presse)?|pour (?:diffusion|publication) immédiate|"
    r"(?:nota|comunicado) de prensa|para (?:su )?publicación inmediata|"
    r"(?:nota|comunicado) (?:de|à) imprensa|para divulgação imediata|comunicato stampa|persbericht|"
    r"press?emeddelelse|pressmeddelande|pressemelding|lehdistötiedote|informacja prasowa|tisková zpráva|"
    r"пресс-релиз|プレスリリース|新闻稿|新聞稿)\W*",
    re.IGNORECASE,
)
#: What the desk reads of a version (`wire.desk.marks`), on a line of its own.
_MARK = re.compile(
    r"\W*(?:(?:bulletin |mandatory |story )?kill(?:ed)?|withdrawn|zurückgezogen|annulation|anulación|"
    r"correct(?:ion|ed)|berichtigung|korrektur|rectificatif|corrección|rettifica|correção|"
    r"updated?(?: \d{1,2})?|refile|advisory)\W*",
    re.IGNORECASE,
)
#: How a distributor counts them, below whose they are.
_NUMBERED = re.compile(r"(?:press|news|media) release (?:PR|no\.? ?|# ?)?\d{2,7}", re.IGNORECASE)
_WHOSE = re.compile(r"source ?: *(\S.{1,80})", re.IGNORECASE)
#: Below the title of a bulletin.
_ISSUED = re.compile(r"issued (?:by|at|on) .{5,100}", re.IGNORECASE)
_ISSUED_AT = re.compile(rf"(?:at|on) \d.{{3,60}}|{_ISSUED.pattern}", re.IGNORECASE)
_LEAST_TITLE = 3  #: words
_MARKS = 2  #: lines among which such marks stand
#: Between the takes of one story.
_MORE = re.compile(r"\W*MORE\W*|[-(–—]+ ?(?:more|segue|sigue|à suivre) ?[-)–—]+")
#: Who sent it, as programs paste it above the text.
_SENDER = re.compile(r"(?:[^<>@:]{0,60}<)?[^\s<>@]+@[^\s<>@]+\.\w+>?")
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|lieber?|guten (?:morgen|tag|abend)|"
    r"sehr geehrter?|bonjour|bonsoir|hola|buenos días|buenas tardes|ciao|buongiorno|gentil[ei]|olá|bom dia|"
    r"boa tarde|beste|hej)\b[^.?]{0,40}[,!:–-]?",
    re.IGNORECASE,
)
#: What the desk is asked for below a greeting.
_ASKS = re.compile(
    r"\b(?:please|attached|fyi|below|here(?:['’]s| is)|for (?:use|publication|tomorrow)|anbei|bitte|unten|"
    r"ci-(?:joint|dessous)|veuillez|voici|adjunt[oa]|a continuación|in allegato|di seguito|"
    r"segue|em anexo|abaixo|bijgaand|hieronder|bifoga[rt]|nedan)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_QUOTED = re.compile(r"> ?")
_WRAPPED = range(50, 90)  #: characters of such a line
_TOP = 6  #: lines with something in them, within which labels and embargoes stand
_DASHES = " -–—"
_LEAST_QUOTED = 3  #: lines
_COVER, _SHORT = 300, 50  #: characters of a note above quoted copy, and of a label or mark, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """The lines of the copy, what header lines and others above it state, and what was around it."""

    lines: list[str]
    fields: dict[str, Any]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def is_cover(text: str) -> bool:
    """Whether it is a few words to the desk about something that comes with them."""
    return len(text) <= _COVER and _ASKS.search(text) is not None


def uncovered(lines: Sequence[str], sent: datetime) -> Uncovered:
    """The copy without what its sender put around it.

    sent  when it came, for embargoes without a year

    Raises NotAStory for a text that says on top that it is not for publication.
    """
    notes, lines = _unquoted(lines)
    cover, subject, lines = forwarded(lines)
    asked, lines = _unasked(lines)
    whose, number, lines = _unnumbered(lines)
    titled, issued, lines = _unissued(lines)
    labels, kept = _unlabelled(lines)
    marks = [line for line in _top(kept)[:_MARKS] if len(line) <= _SHORT and _MARK.fullmatch(line)]
    kept = [line for line in kept if line not in marks]
    fields, kept, told = take_headers(kept, sent)
    told_on_top, kept = _without_notes(kept)
    around = [note for note in (*notes, cover, asked, number, *issued, *marks, *told_on_top) if note]
    _take_dateline(kept, issued, fields)
    told += _take_embargo(kept, around, subject or "", sent, fields)
    if subject and subject.casefold() == next(iter(_top(kept)), "").strip().casefold():
        subject = None
    stated = {"info_sources": whose and (whose,), "headline": titled or subject}
    return Uncovered(
        lines=kept,
        fields={name: value for name, value in stated.items() if value} | fields,
        notes=tuple(map(str.strip, around)),
        warnings=(*(f"label left out: {label}" for label in labels), *told),
    )


def _take_dateline(kept: list[str], issued: Sequence[str], fields: dict[str, Any]) -> None:
    """A dateline on a line of its own out of the lines, and its date or when it was issued."""
    alone = next(filter(_is_dateline, _top(kept)), "")
    if alone:
        kept.remove(alone)
        fields.setdefault("dateline", alone.strip().rstrip(_DASHES))
    if day := first_date("\n".join((alone, *issued))):
        fields.setdefault("content_created", datetime.combine(day, time()))


def _take_embargo(
    kept: list[str], around: list[str], subject: str, sent: datetime, fields: dict[str, Any]
) -> list[str]:
    """What holds the copy back, among the lines or around them, and a warning that it was read."""
    above = _SENTENCE_END.split("\n".join((*around, subject)))
    held = next(filter(holds_back, (*_top(kept), *above)), None)
    if held is None or "embargoed" in fields:
        return []
    if held in kept:
        kept.remove(held)
        around.append(held)
    fields["embargoed"] = embargo_until(held, sent, load("default"))
    return [f"embargo read from the text: {held.strip()[:80]}"]


def _unlabelled(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The labels above the copy, and its lines without them and what stands between takes."""
    labels = [line.strip() for line in _top(lines) if len(line) <= _SHORT and _LABEL.fullmatch(line)]
    kept = [line for line in lines if not line or len(line) > _SHORT or not _is_more(line)]
    return labels, [line for line in kept if line.strip() not in labels] if labels else kept


def _unnumbered(lines: Sequence[str]) -> tuple[str | None, str | None, Sequence[str]]:
    """Whose a release is and how its distributor counts it, as its first lines say; and the lines below."""
    said = list(islice((n for n, line in enumerate(lines) if line.strip()), 2))
    whose = _WHOSE.fullmatch(lines[said[0]].strip()) if said else None
    at = next(iter(said[1:] if whose else said), None)
    if at is None or _NUMBERED.fullmatch(lines[at].strip()) is None:
        return None, None, lines
    return whose and whose[1], lines[at].strip(), lines[at + 1 :]


def _unissued(lines: Sequence[str]) -> tuple[str | None, list[str], Sequence[str]]:
    """The title of a bulletin, which says below it who issued it; what stands around it; the lines below."""
    said = list(islice((n for n, line in enumerate(lines) if line.strip()), _TOP + 2))
    at = next((k for k, n in enumerate(said) if k and _ISSUED.fullmatch(lines[n].strip())), 0)
    title = lines[said[at - 1]].strip() if at else ""
    if len(title.split()) < _LEAST_TITLE:
        return None, [], lines
    end = at + 1
    while end < len(said) and _ISSUED_AT.fullmatch(lines[said[end]].strip()):
        end += 1
    around = [" ".join(lines[n].strip() for n in part) for part in (said[: at - 1], said[at:end])]
    return title, [note for note in around if note], lines[said[end - 1] + 1 :]


def _is_dateline(line: str) -> bool:
    """Whether it is a dateline on a line of its own."""
    text = line.strip()
    opening = dateline_of(text) if text.endswith(("-", "–", "—")) else None
    return opening is not None and not text[len(opening[0]) :].strip(_DASHES)


def _is_more(line: str) -> bool:
    """Whether it only says that another take follows; hardly any line begins so."""
    return (line[0] == "M" or not line[0].isalnum()) and _MORE.fullmatch(line) is not None


def _without_notes(lines: list[str]) -> tuple[list[str], list[str]]:
    """Notes to editors above the copy, each down to a blank line, and the lines without them."""
    if not any_opens_notes([line.strip() for line in _top(lines)]):
        return [], lines
    notes: list[str] = []
    for line in _top(lines):
        if not opens_notes(line.strip()) or line not in lines:
            continue
        if forbids_all(line.strip()):
            raise NotAStory(f"it says of itself that it is not for publication: {line.strip()[:80]}")
        at = lines.index(line)
        end = _end_of_note(lines, at)
        if not said_in(line.strip()):
            end = _end_of_headed(lines, at)
        notes.append(" ".join(filter(None, map(str.strip, lines[at:end]))))
        lines = [*lines[:at], *lines[end:]]
    return notes, lines


def _end_of_headed(lines: Sequence[str], at: int) -> int:
    """The line below the note that a heading heads, and below the list that it may be."""
    written = [n for n in range(at + 1, len(lines)) if lines[n].strip()]
    end = _end_of_note(lines, written[0] if written else at)
    for n in written:
        if n >= end:
            if not goes_on(lines[n].strip()):
                break
            end = _end_of_note(lines, n)
    return end


def _end_of_note(lines: Sequence[str], at: int) -> int:
    """The line below a note: full lines go on in the next, those in brackets up to their end."""
    closing = {"(": ")", "[": "]"}.get(lines[at].strip()[:1], "\n")
    last = at
    while last < len(lines) and len(lines[last]) in _WRAPPED and not lines[last].rstrip().endswith(closing):
        last += 1
    return last + (last < len(lines) and lines[last].strip() != "")


def _top(lines: Sequence[str]) -> list[str]:
    return list(islice((line for line in lines if line.strip()), _TOP))


def _unasked(lines: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """What a sender writes to the desk above the copy, address or greeting and plea; and the lines below."""
    said = list(islice((n for n, line in enumerate(lines) if line.strip()), 2))
    if len(said) < 2:
        return None, lines
    first, second = (lines[n].strip() for n in said)
    if _SENDER.fullmatch(first):
        return first, lines[said[1] :]
    if _GREETING.fullmatch(first) and len(second) <= _COVER and _ASKS.search(second):
        return f"{first} {second}", lines[said[1] + 1 :]
    return None, lines


def _unquoted(lines: Sequence[str]) -> tuple[list[str], Sequence[str]]:
    """What stands above copy that an answer quotes, and the copy; else the lines alone."""
    quoted = [n for n, line in enumerate(lines) if line[:1] == ">"]
    if len(quoted) < _LEAST_QUOTED:
        return [], lines
    said = [n for n, line in enumerate(lines) if line.strip()]
    if 2 * len(quoted) < len(said):
        return [], lines
    above = " ".join(lines[n].strip() for n in said if n < quoted[0])
    if len(above) > _COVER or quoted != [n for n in said if quoted[0] <= n <= quoted[-1]]:
        return [], lines
    copy = [_QUOTED.sub("", line, count=1) for line in lines[quoted[0] : quoted[-1] + 1]]
    return [above] if above else [], [*copy, *lines[quoted[-1] + 1 :]]
