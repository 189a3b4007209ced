"""IPTC 7901, revision 5, for old receivers: header, headline and copy in lines of 69 characters, ISO 8859-1.

What the header has no field for is said as agencies say it: a correction, an update or a kill as a mark in
brackets above the headline, an embargo likewise, notes to editors under the line after which nothing is for
publication. Only the marks are ours to choose; receivers differ in what they make of them.
"""

from __future__ import annotations

from datetime import UTC
from itertools import chain

from wire.ports import House
from wire.publish import base
from wire.publish.blocks import Block, dated, stacked
from wire.publish.linewire import (
    MEDIA_TYPE,
    MONTHS,
    WIDTH,
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

SOH, STX, ETX, EOT = "\x01", "\x02", "\x03", "\x04"

_NOTEBOOK = "The following information is not for publication"
_STANDARD_PRIORITY = 4
_END_OF_LEAD = " ="  #: below headline and byline, where the copy begins
_MARKS = {"correction": "(Correction)", "update": "(Update)", "repeat": "(Repeat)"}
_STATUS_MARKS = {
    PubStatus.CANCELED: "(Kill: do not use this story, remove every version)",
    PubStatus.WITHHELD: "(Withheld: do not publish)",
}


class IPTC7901Renderer:
    """Writes a revision as one IPTC 7901 message."""

    format = "iptc7901"
    media_type = MEDIA_TYPE

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as a message. Raises RenderError when its body is no legal XML."""
        return line_document(_Message(revision, house, Narrow()), revision, format=self.format, suffix="iptc")


class _Message(LineMessage):
    def text(self) -> str:
        """The message with line feeds as line ends."""
        head = f"{SOH}{self._header()}\n{self._keywords()}\n"
        above = "\n".join((*self._marks(), *self._headline()))
        below = f"{self._copy()}{self._notebook()}\n{ETX}{self._ended()}\n{EOT}\n"
        return f"{head}{STX}{above}{_END_OF_LEAD}\n\n{below}"

    def _header(self) -> str:
        story = self._story
        service = "".join(filter(str.isascii, filter(str.isalpha, self._house.id.lower())))[:3] or "wir"
        number = self._revision.seq % 10_000
        priority = story.urgency or _STANDARD_PRIORITY
        return f"{service}{number:04} {priority} {category(story)} {story.word_count}"

    def _keywords(self) -> str:
        """The slugline; the keywords only where there is none, since they share its line."""
        story = self._story
        if story.slugline:
            if story.keywords:
                self._lost.add("keywords")
            if story.slugline.endswith("/"):
                self._lost.add("slugline")
            return f"{self._narrow('slugline', story.slugline)}/\n"
        keywords = [self._narrow("keywords", keyword) for keyword in story.keywords]
        if any("/" in keyword for keyword in keywords):
            self._lost.add("keywords")
        return "/".join((*keywords, "\n")) if keywords else "\n"

    def _marks(self) -> list[str]:
        signals, status = base.signals(self._revision), base.pub_status(self._revision)
        if not _MARKS.keys() >= set(signals):
            self._lost.add("signals")
        if status is PubStatus.WITHHELD:
            self._lost.add("pub_status")
        self._lost.update(lost_of_time("embargoed", base.embargoed(self._revision), since=1970))
        embargo = embargo_note(self._revision)
        return [
            *([_STATUS_MARKS[status]] if status in _STATUS_MARKS else ()),
            *([f"({embargo})"] if embargo else ()),
            *(_MARKS[signal] for signal in signals if signal in _MARKS),
        ]

    def _headline(self) -> list[str]:
        """The headline, and the byline under it where receivers will know it for one."""
        title = title_of(self._story)
        if not any(map(str.isalnum, title)):  # readers look for words
            self._lost.add("headline")
        found = lines(self._line("headline", title), width=WIDTH - len(_END_OF_LEAD))
        if can_be_byline(self._story.byline):
            found += lines(self._line("byline", self._story.byline or ""), width=WIDTH - len(_END_OF_LEAD))
        return found

    def _line(self, field: str, text: str) -> str:
        """A text in the receiver's letters; an equals sign at its end would end what is above the copy."""
        line = self._narrow(field, text)
        if line.endswith("="):
            self._lost.add(f"{field}.characters")
        return line.rstrip("= ")

    def _copy(self) -> str:
        """Paragraphs between blank lines; items of a list follow each other, rows stand between bars."""
        story = self._story
        copy = dated(copy_of(story), story.dateline, " - ")
        if story.byline and not can_be_byline(story.byline):
            self._lost.add("byline")
            copy = [Block(kind="byline", texts=(story.byline,)), *copy]
        return stacked((block, self._block(block)) for block in copy) + "\n"

    def _block(self, block: Block) -> str:
        if block.kind == "pre":
            return "\n".join(self._narrow.set_line("body_html", line) for line in block.texts)
        if block.kind == "tr":
            return f"| {' | '.join(map(self._cell, block.texts))} |"
        field = "byline" if block.kind == "byline" else "body_html"
        first, *more = (self._line(field, text) for text in block.texts)
        return "\n".join((*lines(first, first=block.mark), *chain.from_iterable(map(lines, more))))

    def _cell(self, text: str) -> str:
        """A cell of a table; a bar in it would part it in two."""
        if "|" in text:
            self._lost.add("body_html.characters")
        return self._narrow("body_html", text.replace("|", "/"))

    def _notebook(self) -> str:
        notes = [lines(self._narrow("ed_notes", note)) for note in notes_to_editors(self._revision)]
        if not notes:
            return ""
        return "\n".join(("", _NOTEBOOK, "", *("\n".join(note) for note in notes), ""))

    def _ended(self) -> str:
        """When the message ended: this version's time, in minutes."""
        moment = base.version_created(self._revision).astimezone(UTC)
        self._lost.update(lost_of_time("version_created", self._story.version_created))
        return f"{moment:%d%H%M} GMT {MONTHS[moment.month - 1]} {moment:%y}"
