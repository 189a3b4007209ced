"""IPTC 7901, revision 5, for old receivers: header, headline and copy in lines of 69 characters, ISO 8859-1.

What the header has no field for is said as agencies say it: a correction, an update or a kill as a mark in
brackets above the headline, an embargo likewise, notes to editors under the line after which nothing is for
publication. Only the marks are ours to choose; receivers differ in what they make of them.
"""

from __future__ import annotations

from datetime import UTC

from wire.ports import House
from wire.publish import base
from wire.publish.linewire import (
    MEDIA_TYPE,
    MONTHS,
    LineMessage,
    can_be_byline,
    category,
    embargo_note,
    line_document,
    lines,
    lost_of_time,
    paragraphs,
)
from wire.publish.narrow import Narrow
from wire.publish.wording import title_of
from wire.story import Document, PubStatus, Revision
from wire.xmltools import clean_line

SOH, STX, ETX, EOT = "\x01", "\x02", "\x03", "\x04"

_NOTEBOOK = "The following information is not for publication"
_STANDARD_PRIORITY = 4
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
        return f"{head}{STX}{above} =\n\n{self._copy()}{self._notebook()}\n{ETX}{self._ended()}\n{EOT}\n"

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
        self._lost.update(lost_of_time("embargoed", base.embargoed(self._revision)))
        embargo = embargo_note(self._revision)
        return [
            *([_STATUS_MARKS[status]] if status in _STATUS_MARKS else ()),
            *([f"({embargo})"] if embargo else ()),
            *(_MARKS[signal] for signal in signals if signal in _MARKS),
        ]

    def _headline(self) -> list[str]:
        """The headline, and the byline under it where receivers will know it for one."""
        found = lines(self._narrow("headline", title_of(self._story)))
        if can_be_byline(self._story.byline):
            found += lines(self._narrow("byline", self._story.byline))
        return found

    def _copy(self) -> str:
        """Paragraphs between blank lines; items of a list follow each other, rows stand between bars."""
        story = self._story
        blocks: list[str] = []
        if story.byline and not can_be_byline(story.byline):
            self._lost.add("byline")
            blocks.append("\n".join(lines(self._narrow("byline", story.byline))))
        before = ""
        opening = f"{clean_line(story.dateline)} - " if story.dateline else ""
        for tag, texts in paragraphs(story.body_html):
            if tag == "p" and opening:
                opened = "" if texts[0].startswith(story.dateline or "") else opening
                block, opening = self._block(tag, [opened + texts[0]]), ""
            else:
                block = self._block(tag, texts)
            if tag == before and tag in ("li", "tr"):
                blocks[-1] += f"\n{block}"
            elif block:
                blocks.append(block)
            before = tag
        return "\n\n".join(blocks) + "\n"

    def _block(self, tag: str, texts: list[str]) -> str:
        cells = [self._narrow("body_html", text) for text in texts]
        if tag == "tr":
            return f"| {' | '.join(cells)} |"
        return "\n".join(lines(cells[0], first="- " if tag == "li" else ""))

    def _notebook(self) -> str:
        notes = [lines(self._narrow("ed_notes", note)) for note in base.ed_notes(self._revision)]
        if not notes:
            return ""
        return "\n".join(("", _NOTEBOOK, "", *("\n".join(note) for note in notes), ""))

    def _ended(self) -> str:
        """When the message ended: this version's time, in minutes."""
        moment = base.version_created(self._revision).astimezone(UTC)
        self._lost.update(lost_of_time("version_created", self._story.version_created))
        return f"{moment:%d%H%M} GMT {MONTHS[moment.month - 1]} {moment:%y}"
