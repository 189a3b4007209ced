"""IPTC 7901, revision 5, as agencies send it: one or several messages in a file.

A message is SOH, header line, keyword line, STX, notes and headline up to `` =``, the copy, ETX and
the time of its end. Headers differ per agency; what they mean is data (`wire.parse.profiles`). The part
that is not for publication becomes notes to editors and never stands in the body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wire.parse.base import HEAD_BYTES
from wire.parse.copyblocks import Block, blocks_html, blocks_in, dateline_of, joined
from wire.parse.embargo import embargo_until, holds_back, is_embargo
from wire.parse.for_editors import (
    any_opens_at_once,
    goes_on,
    opens_at_once,
    opens_notes,
    parts_for_editors,
    said_in,
)
from wire.parse.items.itemnotes import without_notes_under
from wire.parse.items.labels import signals_in
from wire.parse.profiles import Profile
from wire.parse.wirelines import Message, end_date, transmission
from wire.story import Concept, Draft, Link, PubStatus, RawFile

_HEADER = re.compile(
    r"(?P<service>[A-Za-z]{1,6})(?P<number>\d{2,5}) +(?P<priority>\d) +(?P<category>[A-Za-z]{1,3})"
    r"(?: +(?P<words>\d{1,6}))?(?: +(?P<option>.*))?"
)
_EVIDENCE = re.compile(rb"[^\x01:]{0,80}\x01[ \r\n]*[A-Za-z]{1,6}\d{2,5} +\d +[A-Za-z]{1,3}(?: +\d|[ \r\n])")
_FRAME = re.compile(rb"[\s\x00\x04\x7f]*\x01[^\x01\x1f]{1,400}\x02")
_APART = 2  #: lines between two of the lead that end so
_LONGEST_LEAD = 120  #: characters of such a line
_UNDER_HEADLINE = ("Utl.:", "Untertitel:")  #: APA's second line
_LEAD_LINES = 16  #: within which the end of the headline is looked for
_LONGEST_UNENDED = 300  #: characters of a headline without its end
_OPENING = 150  #: characters of the copy within which an embargo is told
_WORD = re.compile(r"[a-z]+")
_FLASH = re.compile(r"\(?\s*(?:Eil|Flash|Blitz)\W*\)?", re.IGNORECASE)
_SECTION = re.compile(r"##+ *(.*)")
_MARKDOWN_LINK = re.compile(r"\[([^\]\n]{1,200})\]\((https?://[^\s)]{1,500})\)")
_CORRECTED = re.compile(r"berichtig|korrektur|correct", re.IGNORECASE)
_URN = re.compile(r"urn:newsml:[\w.:-]{5,100}[\w-]")
_FORBIDDEN = "\0"  #: stands for the line after which nothing at all is for publication
_LINKS_SECTION = re.compile(r"internet|links", re.IGNORECASE)


class IPTC7901Parser:
    """Reads IPTC 7901."""

    name = "iptc7901"

    def evidence(self, raw: RawFile) -> int:
        """100 for SOH and a header line of the standard, 60 for its frame about another one."""
        head = raw.data[:HEAD_BYTES]
        if _EVIDENCE.match(head):
            return 100
        return 60 if _FRAME.match(head) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft a message. Raises NotAStory when no message holds text."""
        sent = transmission(raw, _first_header(raw.data))
        return [
            _Reading(message, sent.profile, raw).draft(
                sent.charset, sent.warnings, n if len(sent.messages) > 1 else None
            )
            for n, message in enumerate(sent.messages, 1)
        ]


def _first_header(data: bytes) -> str:
    head = data[:HEAD_BYTES].partition(b"\x01")[2].lstrip().partition(b"\n")[0]
    return head.decode("latin-1").strip()


@dataclass(slots=True)
class _Lead:
    """What stands between STX and the end of the headline."""

    notes: list[str] = field(default_factory=list)
    headline: list[str] = field(default_factory=list)
    subheadline: str | None = None
    byline: str | None = None


class _Reading:
    """One message on its way to a draft."""

    def __init__(self, message: Message, profile: Profile, raw: RawFile) -> None:
        self._profile = profile
        self._raw = raw
        self._warnings: list[str] = []
        header, *keywords = [line.strip() for line in message.head.split("\n") if line.strip()] or [""]
        self._header = _HEADER.fullmatch(header)
        if self._header is None:
            self._warnings.append(f"header line not understood: {header[:60]}")
        self._slugline = " ".join(keywords).rstrip("/ ") or None
        ended = end_date(message.tail, profile)
        self._ended = ended.at
        self._warnings += ended.warnings
        lines = message.text.split("\n", _LEAD_LINES)
        start = _end_of_headline(lines)
        self._lead = _lead(lines[:start], profile)
        copy = "\n".join(lines[start:])
        self._notes: list[str] = []
        self._signatures: list[str] = []  #: internal letters under the copy and its notebook
        self._links: list[Link] = []
        hint = _first_hint(copy, profile)
        if hint >= 0:
            copy, notebook = _parted(self._unsigned(copy), hint, profile)
            self._notes, self._links = _sections(notebook)
        blocks = blocks_in(self._unsigned(copy))
        self._blocks, told = _for_readers(blocks, noted=0 <= hint < len(copy))
        self._notes += told
        if self._lead.byline is None and _is_byline(self._blocks[:2], profile):
            self._lead.byline = _on_one_line(self._blocks.pop(0))

    def draft(self, charset: str, warnings: tuple[str, ...], number: int | None) -> Draft:
        """The message as a draft.

        number  its place among several of a file: such need an identity of their own
        """
        place, agencies = _opening(self._blocks)
        body, under = without_notes_under(blocks_html(self._blocks))
        signals = self._signals()
        source, profile = self._raw.source, self._profile
        return Draft(
            format=IPTC7901Parser.name,
            charset=charset,
            guid=self._guid(number),
            pub_status=self._status(signals),
            signals=tuple(signal for signal in signals if signal != "kill"),
            language=profile.language if source.language is None else None,
            headline=joined(self._lead.headline) or None,
            slugline=self._slugline,
            keywords=tuple(part for part in map(str.strip, (self._slugline or "").split("/")) if part),
            byline=self._lead.byline,
            subheadline=self._lead.subheadline,
            dateline=place,
            info_sources=agencies,
            provider=profile.provider if source.provider is None else None,
            subjects=self._subjects(),
            urgency=profile.urgency.get(self._header["priority"]) if self._header else None,
            version_created=self._ended,
            embargoed=self._embargo(),
            ed_notes=(*self._lead.notes, *self._notes, *self._signatures, *under),
            links=(*self._links, *_previous(self._notes)),
            body_html=body,
            warnings=(*warnings, *self._warnings),
        )

    def _subjects(self) -> tuple[Concept, ...]:
        if self._header is None:
            return ()
        subjects = self._profile.subjects(self._header["category"])
        if not subjects:
            self._warnings.append(f"category not known: {self._header['category']}")
        return subjects

    def _guid(self, number: int | None) -> str | None:
        """Service, number and day: what names a transmission; None where the sender does not count."""
        if self._header and int(self._header["number"]) and self._ended:
            day = self._ended.astimezone(UTC) if self._ended.tzinfo else self._ended
            minute = day.isoformat()[:16].replace("-", "").replace(":", "")
            return f"iptc7901:{self._header['service']}{self._header['number']}:{minute}"
        return None if number is None else f"iptc7901:{self._raw.sha256[:20]}:{number}"

    def _signals(self) -> tuple[str, ...]:
        marks = [*self._lead.notes, *(note.partition("\n")[0] for note in self._notes)]
        found = [*signals_in(joined(self._lead.headline), "")]
        found += [
            signal for pattern, signal in self._profile.signals for mark in marks if pattern.search(mark)
        ]
        return tuple(dict.fromkeys(found))

    def _status(self, signals: Sequence[str]) -> PubStatus:
        if "kill" not in signals:
            return PubStatus.USABLE
        if self._raw.source.trusted:
            return PubStatus.CANCELED
        self._warnings.append("its text reads like a kill; the source is not trusted to kill by text")
        return PubStatus.USABLE

    def _embargo(self) -> datetime | None:
        note = next(filter(is_embargo, (*self._lead.notes, *self._notes)), None)
        if note is None and self._blocks and holds_back(opening := _on_one_line(self._blocks[0])[:_OPENING]):
            note = opening
        if note is None:
            return None
        self._warnings.append(f"embargo read from the text: {joined([note])[:80]}")
        return embargo_until(note, self._ended or self._raw.arrived_at, self._profile)

    def _unsigned(self, copy: str) -> str:
        """The copy without the internal letters in a line of their own at its end."""
        above, parted, last = copy.rstrip().rpartition("\n")
        alone = parted and not above.rpartition("\n")[2].strip()
        if not (alone and self._is_signature(last.strip())):
            return copy
        self._signatures.append(last.strip())
        return above

    def _is_signature(self, line: str) -> bool:
        if self._profile.signature.fullmatch(line) is None:
            return False
        agencies = f"{self._header['option'] if self._header else ''} {self._profile.provider} dpa"
        return line.startswith("(") or _WORD.findall(line)[0] in _WORD.findall(agencies.lower())


def _opening(blocks: Sequence[Block]) -> tuple[str | None, tuple[str, ...]]:
    """The dateline of the first paragraph, or of the one after the standfirst, and the agencies in it."""
    for block in blocks[:2]:
        if found := dateline_of(_on_one_line(block)):
            return found[0], tuple(re.split("[/ ]+", found[1])) if found[1] else ()
    return None, ()


def _is_byline(opening: Sequence[Block], profile: Profile) -> bool:
    """Whether the first of two paragraphs says who wrote the copy, which the second begins."""
    texts = [*map(_on_one_line, opening)]
    return _has_dateline(texts[1:]) and profile.byline.fullmatch(texts[0]) is not None


def _on_one_line(block: Block) -> str:
    return block if isinstance(block, str) else joined(block)


def _end_of_headline(lines: Sequence[str]) -> int:
    """How many lines belong to notes and headline: up to the `` =``, else up to the first blank line.

    lines  those of a message, from the one after `_LEAD_LINES` on as one
    """
    ended = [n for n, line in enumerate(lines[:_LEAD_LINES]) if line.rstrip().endswith("=")]
    if ended:
        last = ended[0]
        for n in ended[1:]:  # of APA and AFP each line of the lead ends so
            goes_on = n - last <= _APART and len(lines[n]) < _LONGEST_LEAD
            last = n if goes_on and not _has_dateline(lines[last + 1 : n + 1]) else last
        return last + 1
    end = next((n for n, line in enumerate(lines) if not line.strip() and any(map(str.strip, lines[:n]))), 0)
    unended = joined(lines[:end])
    if len(unended) >= _LONGEST_UNENDED or _has_dateline([unended]):  # it is copy
        return 0
    return end if end < _LEAD_LINES // 2 and end < len(lines) - 1 else 0


def _has_dateline(lines: Iterable[str]) -> bool:
    return any(dateline_of(line.strip()) for line in lines)


def _lead(lines: Sequence[str], profile: Profile) -> _Lead:
    """Notes, headline and byline sorted out; a note in brackets may run over several lines."""
    lead = _Lead()
    for line in _whole_notes([stripped for line in lines if (stripped := line.rstrip("= ").strip())]):
        if _is_note(line, profile):
            lead.notes.append(line[1:].removesuffix(")").strip() if line[0] == "(" else line)
        elif lead.byline is not None:
            lead.byline = f"{lead.byline} {line}"
        elif lead.headline and profile.byline.fullmatch(line):
            lead.byline = line
        elif lead.headline and line.startswith(_UNDER_HEADLINE):
            lead.subheadline = line.partition(":")[2].strip()
        else:
            lead.headline.append(line)
    return lead


def _is_note(line: str, profile: Profile) -> bool:
    return (
        _FLASH.fullmatch(line) is not None
        or profile.note.fullmatch(line) is not None
        or holds_back(line)
        or opens_notes(line)
    )


def _whole_notes(lines: Sequence[str]) -> Iterator[str]:
    """The lines; a note in brackets that runs over several as one."""
    open_note = ""
    for line in lines:
        text = f"{open_note} {line}".strip()
        open_note = text if text.startswith("(") and text.count("(") > text.count(")") else ""
        if not open_note:
            yield text
    if open_note:
        yield open_note


def _first_hint(copy: str, profile: Profile) -> int:
    """Where at the earliest a line of the copy may open a notebook; -1 where none can, as in most."""
    folded = copy.lower()
    found = [at for hint in profile.notebook_hints if (at := folded.find(hint)) >= 0]
    if not found:
        return -1
    return min(found) if len(folded) == len(copy) else 0  # some letters become two


def _parted(copy: str, hint: int, profile: Profile) -> tuple[str, list[str]]:
    """The copy, and the notebook under it, which no line above ``hint`` opens; only the copy is published."""
    lines = copy.split("\n")
    begin = copy.count("\n", 0, hint)
    end = next(
        (n for n in range(begin, len(lines)) if profile.notebook.fullmatch(lines[n].strip())), len(lines)
    )
    return "\n".join(lines[:end]), [_without_marker(line, profile) for line in lines[end:]]


def _for_readers(blocks: list[Block], noted: bool) -> tuple[list[Block], list[str]]:
    """The blocks without notes to editors above, amid and under them, and the notes.

    noted  the message has words of a notebook: headings of one are looked for, too
    """
    texts = [block if isinstance(block, str) else block[0].lstrip() for block in blocks]
    if not (noted or any_opens_at_once(texts) or (texts and holds_back(texts[0]))):
        return blocks, []  # as of nearly every message
    opens = opens_notes if noted else opens_at_once
    begin = _end_of_notes_above(texts, opens)
    notes = [*map(_on_one_line, blocks[:begin])]
    kept = blocks[begin:]
    if any(map(opens, texts[begin + 1 :])):
        whole = [*map(_on_one_line, kept)]
        parts = [*parts_for_editors(whole)]
        notes += ["\n".join(whole[start:end]) for start, end in parts]
        for start, end in reversed(parts):
            del kept[start:end]
    return kept, notes


def _end_of_notes_above(texts: Sequence[str], opens: Callable[[str], bool]) -> int:
    """How many paragraphs on top are notes, what a heading heads among them."""
    end = next((n for n, text in enumerate(texts) if not (opens(text) or holds_back(text))), len(texts))
    if end == 0 or not opens(texts[end - 1]) or said_in(texts[end - 1]):
        return end
    return next((n for n in range(end + 1, len(texts)) if not goes_on(texts[n])), len(texts))


def _without_marker(line: str, profile: Profile) -> str:
    """The line; nothing for the one that opens the notebook, `_FORBIDDEN` for one that forbids to publish."""
    stripped = line.strip()
    if profile.notebook.fullmatch(stripped) is None:
        return line
    return "" if stripped.startswith("# ") else _FORBIDDEN


def _sections(lines: Sequence[str]) -> tuple[list[str], list[Link]]:
    """The notebook as one note a section, and the links that it offers for publication."""
    notes: list[str] = []
    links: list[Link] = []
    section, forbidden = "", False
    current: list[str] = []
    for line in [*lines, "##"]:
        heading = _SECTION.fullmatch(line.strip())
        if (heading or line == _FORBIDDEN) and not forbidden and _LINKS_SECTION.search(section):
            links += _links(current)
        if line == _FORBIDDEN:
            forbidden = True
        elif heading:
            notes += _note(section, current)
            section, current = heading[1].strip(), []
        elif line.strip(" *_-="):
            current.append(line)
    return notes, links


def _note(section: str, lines: Sequence[str]) -> list[str]:
    text = "\n".join(line.strip() for line in lines)
    return [f"{section}:\n{text}" if section and text else section or text] if section or text else []


def _previous(notes: Sequence[str]) -> list[Link]:
    """The item that a correction says it corrects."""
    found = [match for note in notes if _CORRECTED.match(note) and (match := _URN.search(note))]
    return [Link(rel="irel:previousVersion", residref=match[0]) for match in found]


def _links(lines: Sequence[str]) -> list[Link]:
    found = _MARKDOWN_LINK.findall(joined(lines))
    return [Link(rel="irel:seeAlso", href=href, title=title) for title, href in found]
