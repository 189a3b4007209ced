"""ANPA 1312 (last changed 1989) for old receivers: two header lines, typeset lines, paragraphs, ISO 8859-1.

Dashes and quotation marks travel in the spellings of the wire (``_``, two graves, two apostrophes). What
would be read as a typesetting mark is spelled out and counts as a loss. Kills carry priority ``b``,
corrections ``u``, as AP's filing guide has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC

from wire.ports import House
from wire.publish import base
from wire.publish.blocks import Block, dated
from wire.publish.linewire import (
    MEDIA_TYPE,
    LineMessage,
    can_be_byline,
    category,
    copy_of,
    embargo_note,
    line_document,
    lines,
    lost_of_time,
    notes_to_editors,
)
from wire.publish.narrow import Narrow
from wire.publish.wording import title_of
from wire.story import Document, PubStatus, Revision

SYN, SOH, STX, ETX, EOT = "\x16", "\x01", "\x02", "\x03", "\x04"
US, BODY_TYPE, TEXT_STYLE, TAB_LINE, FORM_FEED = "\x1f", "\x13", "\x11", "\x08", "\x0c"

_PRIORITY = {1: "f", 2: "b", 3: "u", 4: "r", 5: "z", 6: "d", 7: "a", 8: "s"}
_REGULAR = "r"
_KEYWORD_CHARS = 24  #: of the header's keyword, its cycle included
_LONGEST_HEADLINE = 200
_CYCLE = "BC-"
_COLUMN_GAP = re.compile(r" {2,}")
_OWN = (
    (re.compile(r"(?<!\S)—(?!\S)"), "_"),
    (re.compile("“"), "``"),
    (re.compile("”"), "''"),
)
_SPELLINGS = {"<": "(lt)", "=": "(equals)", "@": "(at)", "^": "(caret)", "+": "(plus)"} | dict(
    zip("{}_`", "()-'", strict=True)
)


class ANPA1312Renderer:
    """Writes a revision as one ANPA 1312 message."""

    format = "anpa1312"
    media_type = MEDIA_TYPE

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as a message. Raises RenderError when its body is no legal XML."""
        return line_document(_Message(revision, house), revision, format=self.format, suffix="anpa")


class _Message(LineMessage):
    def __init__(self, revision: Revision, house: House) -> None:
        super().__init__(revision, house, Narrow(marks=_SPELLINGS, own=_OWN))
        self._moment = base.version_created(revision).astimezone(UTC)

    def text(self) -> str:
        """The message with line feeds as line ends."""
        moment = self._moment
        self._lost.update(lost_of_time("version_created", self._story.version_created))
        sender = self._house.id.partition(".")[0].upper()
        ended = f"{sender}-WF-{moment:%m-%d-%y} {moment:%H%M}GMT<"
        above = "".join(f"^{line}\n" for line in self._above())
        head = f"{SYN}{SYN}{SOH}{self._header()}"
        return f"{head}{STX}{above}{self._copy()}\n\t{ETX}{ended}\n\n{FORM_FEED}\n{EOT}\n"

    def _spelled(self, field: str, text: str | None) -> str:
        """The text in the receiver's letters; two apostrophes would be a quotation mark."""
        if text and "''" in text:
            self._lost.add(f"{field}.characters")
            text = text.replace("''", '"')
        return self._narrow(field, text)

    def _header(self) -> str:
        first = f"a{self._revision.seq % 10_000:04}{US}-----\n"
        slug = self._spelled("slugline", self._story.slugline)
        keyword = "".join(slug.split())[: _KEYWORD_CHARS - len(_CYCLE)]
        if keyword != slug:
            self._lost.add("slugline")
        codes = f"{self._priority()} {category(self._story)} {BODY_TYPE}{TEXT_STYLE}"
        filed = f"{self._moment:%m-%d} {min(self._story.word_count, 9999):04}"
        version = " ".join(self._version())
        return f"{first}{codes} {_CYCLE + keyword:<{_KEYWORD_CHARS}} {version} {filed}\n"

    def _priority(self) -> str:
        urgency = self._story.urgency
        letter = _PRIORITY.get(urgency or 0, _REGULAR)
        if base.pub_status(self._revision) is PubStatus.CANCELED:
            letter = "b"
        elif "correction" in base.signals(self._revision):
            letter = "u"
        if urgency is not None and _PRIORITY.get(urgency) != letter:
            self._lost.add("urgency")
        return letter

    def _version(self) -> list[str]:
        """The version field: a kill, a correction, and the number of the write-through."""
        revision = self._revision
        signals, number = set(base.signals(revision)), revision.version - 1
        if signals - {"correction", "update"}:
            self._lost.add("signals")
        marks = ["Kill"] if base.pub_status(revision) is PubStatus.CANCELED else []
        marks += ["Correction"] if "correction" in signals else []
        if number:
            marks.append(f"{number}{_ordinal(number)}Ld-Writethru")
        elif "update" in signals:
            marks.append("Update")
        return marks

    def _above(self) -> list[str]:
        """The typeset lines above the copy: slug, headline, notes, byline."""
        story = self._story
        found = [f"{_CYCLE}{self._spelled('slugline', story.slugline)},{story.word_count}<"]
        headline = self._spelled("headline", title_of(story))
        if len(headline) > _LONGEST_HEADLINE:
            self._lost.add("headline")
        found.append(f"{headline}<")
        found += [f"{note}<" for note in self._notes()]
        if can_be_byline(story.byline):
            found.append(f"{self._spelled('byline', story.byline)}=")
        if story.creditline and can_be_byline(story.byline) and not story.creditline.isupper():
            found.append(f"{self._spelled('creditline', story.creditline)}=")
        elif story.creditline:
            self._lost.add("creditline")
        return found

    def _notes(self) -> list[str]:
        """What only editors are told; the embargo and a story withheld have no other place."""
        if base.pub_status(self._revision) is PubStatus.WITHHELD:
            self._lost.add("pub_status")
        self._lost.update(lost_of_time("embargoed", base.embargoed(self._revision), since=1970))
        embargo = embargo_note(self._revision)
        notes = [self._spelled("ed_notes", note) for note in notes_to_editors(self._revision)]
        return [
            *(["Eds: WITHHELD: do not publish"] if "pub_status" in self._lost else ()),
            *([embargo] if embargo else ()),
            *(note if note.startswith("Eds:") else f"Eds: {note}" for note in notes),
        ]

    def _copy(self) -> str:
        """Paragraphs that a tab begins, subheads as typeset lines, rows of tables as tab lines."""
        copy = dated(copy_of(self._story), self._story.dateline, " — ")
        return self._odd_byline() + "".join(map(self._block, copy))

    def _odd_byline(self) -> str:
        """A byline that no receiver will know for one opens the copy."""
        byline = self._story.byline
        if byline is None or can_be_byline(byline):
            return ""
        self._lost.add("byline")
        return self._paragraph(self._spelled("byline", byline))

    def _block(self, block: Block) -> str:
        if block.kind == "tr":
            return self._row(block.texts)
        if block.kind == "pre":  # set in columns, as its blanks have it
            return "".join(self._row(_COLUMN_GAP.split(line.strip())) for line in block.texts if line)
        text = self._spelled("body_html", " ".join(block.texts))
        return f"^{text}<\n" if block.kind in ("h2", "h3") else self._paragraph(f"{block.mark}{text}")

    def _row(self, cells: Iterable[str]) -> str:
        """A tab line; a semicolon in a cell would part it in two."""
        found = [self._spelled("body_html", cell) for cell in cells]
        if any(";" in cell for cell in found):
            self._lost.add("body_html.characters")
        return f"{TAB_LINE}{';'.join(cell.replace(';', ',') for cell in found)}\n"

    def _paragraph(self, text: str) -> str:
        return "\n".join(lines(text, first="\t   ")) + "\n"


def _ordinal(number: int) -> str:
    if 10 < number % 100 < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
