"""The text of an ANPA 1312 message: typeset lines, paragraphs and tables, their marks read and removed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from wire.parse.copyblocks import escaped, evened, is_uneven, joined, table_html
from wire.parse.embargo import holds_back

_ENDS = "<=@+"  #: quad left, quad centre, quad right; "+" ends headlines of some agencies
_OPENS = "\b^= \t"  #: what begins a line that means something else
_MARKS_OF_LINES = "^<=+@\b\x1e\x1f"  #: one of these may make a line of a paragraph something else
_OVER_ABOVE, _OVER_BELOW = ("END\n", "MORE\n", "30\n"), ("\nEND", "\nMORE", "\n30")
_OPENS_RULE = "_—=*-"
_OPENS_NO_PARAGRAPH = "_-*;("
_LONGEST_OVER = 6  #: characters of a line that says that the copy is over: ``(MORE)``
#: Marks of the typesetter, and what is printed for them; tab marks are read first.
_MARKS = (("\x10", " "), ("{", "½"), ("\x13", ""), ("\x14", ""))
_DASH = re.compile("_(?<![^\\s;\x1e\x1f]_)(?![^\\s;\x1e\x1f])")  #: a lone one, also in a column
_RULE = re.compile(r"[\s_=*-]*")
_OVER = re.compile(r"\(?(?:END|MORE|30)\)?|(?i:end (?:of )?adv)\b.{0,60}")
_CELLS = re.compile("[\x1e\x1f]+")
_SLUG_VERSION = re.compile(
    r",\s*((?:\d+\w\w ?)?(?:Ld|Lead|Add|Insert|Take|Correct|Update|Kill)\S*)", re.IGNORECASE
)
_SLUG_WORDS = re.compile(r",\s*\d{1,6}\s*$")
_CORRECTION = re.compile(r"correct", re.IGNORECASE)
_UPDATE = re.compile(r"(?:\d(?:st|nd|rd|th)? ?)?(?:ld|lead)\b|writethru|update", re.IGNORECASE)
_CYCLE = re.compile(r"(?:BC|AM|PM|AP)-", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:Eds?|Editors?)\s*:|EDITOR['’]?S['’]? NOTES?|"
    r"(?:AP|CP|UPI)? ?(?:Photos?|Graphics?|Video)\b(?: [A-Z]{2,}|s?$|:)|"
    r"ADVISORY|\$?ADV ?\d+|With (?:AP )?(?:Photos?|Graphics?|Video)|HOLD FOR|EMBARGO|For (?:release|use)\b",
    re.IGNORECASE,
)
_EDITORS_NOTE = re.compile(r"EDITOR['’]?S['’]? NOTES?\s*(?:_|:|-|–|—)?\s*", re.IGNORECASE)
_BYLINE = re.compile(r"(?:By|BY) [A-Z].*")
_LONGEST_HEADLINE = 200
_LONGEST_OPENING = 90  #: characters by which it is known whom a block is for


@dataclass(slots=True)
class Body:
    """What a message's text says."""

    indented: bool = False  #: paragraphs begin with a tab or blanks, so that other lines are none of copy
    slug: str | None = None  #: the first typeset line, which repeats the keyword in full
    version: str | None = None  #: as the slug says it
    headline: str | None = None
    byline: str | None = None
    organisation: str | None = None  #: the byline's second line
    notes: list[str] = field(default_factory=list)
    first: str | None = None  #: the first paragraph, as plain text
    openings: Sequence[str] = ()  #: how its blocks begin, as plain text
    html: str = ""


def plain(text: str) -> str:
    """Text on one line, without tab marks, as it is printed."""
    return _printed(joined((text.replace("\b", ""),)))


def _printed(text: str) -> str:
    """Text with dashes for lone low lines, and quotation marks as they are meant."""
    if "`" in text:  # much sooner known than that there are two
        text = text.replace("``", "“")
    if "'" in text:
        text = text.replace("''", "”")
    return _DASH.sub("—", text) if "_" in text else text


def version_in(slug: str) -> str:
    """What a slug line says of the version, such as ``3rd Ld-Writethru``; empty where it says nothing."""
    version = _SLUG_VERSION.search(slug)
    return version[1].rstrip(",") if version else ""


def signals_of(version: str) -> tuple[str, ...]:
    """What such a version signals: ``correction``, ``update``."""
    return (("correction",) if _CORRECTION.search(version) else ()) + (
        ("update",) if _UPDATE.search(version) else ()
    )


def read_body(text: str, keyword: str | None, tabular: bool) -> Body:
    """Every line in its place; fractions and quotation marks as they are meant.

    keyword  of the header, by which the slug line is known
    tabular  the header announces tables: ``;`` parts columns
    """
    body, writer = Body(), _Writer(tabular)
    for mark, meant in _MARKS:
        if mark in text:
            text = text.replace(mark, meant)
    above, *paragraphs = text.split("\n\t")  # a tab begins one, whatever stands before it
    body.indented = bool(paragraphs) or "\n   " in above
    _read_lines(above, keyword, body, writer)
    begun = len(above)
    marks = [mark for mark in _MARKS_OF_LINES if text.find(mark, begun) >= 0]
    for paragraph in paragraphs:
        if not (writer.begun or body.slug) or not writer.takes_whole(paragraph, marks):
            _read_lines(f"\t{paragraph}", keyword, body, writer)
    body.html, body.first, body.openings = writer.html(), writer.first, writer.openings
    return body


def _read_lines(text: str, keyword: str | None, body: Body, writer: _Writer) -> None:
    for line in text.split("\n"):
        if not line or line.isspace():
            writer.end_paragraph()
        elif not writer.goes_on(line):
            _read_line(line.rstrip(" "), keyword, body, writer)


def _read_line(line: str, keyword: str | None, body: Body, writer: _Writer) -> None:
    if line.startswith("\x08") or "\x1e" in line or "\x1f" in line:
        writer.row(_cells(line))
    elif line.startswith("=="):
        writer.end_paragraph()
        body.organisation = body.organisation or plain(line.strip("= "))
    elif line.lstrip().startswith("^") or _is_slug(line, keyword, body, writer):
        _typeset(line.lstrip("^ \t"), body, writer)
    elif line.endswith("+") and body.headline is None and not writer.begun:
        body.headline = plain(line.rstrip(_ENDS))
    elif not (_is_bare_line_above(line, body, writer) and _above(plain(line), body)):
        writer.line(line)


def _is_bare_line_above(line: str, body: Body, writer: _Writer) -> bool:
    """Whether an unmarked line stands at the margin between the slug and indented copy."""
    return body.indented and body.slug is not None and not writer.begun and not line[0].isspace()


def _is_slug(line: str, keyword: str | None, body: Body, writer: _Writer) -> bool:
    """Whether an unmarked line repeats the keyword, as some agencies' first line does."""
    return body.slug is None and not writer.begun and keyword is not None and keyword[:8] in line


def _cells(line: str) -> list[str]:
    """The columns of a tab line; blanks between separators only fill the measure."""
    line = _printed(line.lstrip("\x08^ ").rstrip(f"{_ENDS} "))
    if "\x1e" not in line and "\x1f" not in line:
        return [joined((cell,)) for cell in line.split(";")]
    first, *others = _CELLS.split(line)
    return [joined((first,)), *(text for cell in others if (text := joined((cell,))))]


def _typeset(line: str, body: Body, writer: _Writer) -> None:
    """A line of its own: a subhead within the copy; above it one of `_above`, the slug line first."""
    text = plain(line.rstrip(f"{_ENDS} "))
    if not text or _RULE.fullmatch(text) or _OVER.fullmatch(text):
        return
    if body.slug is None and body.headline is None and _CYCLE.match(text):
        body.slug = _SLUG_WORDS.sub("", text).rstrip(",")
        body.version = version_in(body.slug) or None
    elif writer.begun:
        writer.subhead(text)
    elif not _above(text, body):
        writer.aside(text, "p" if body.byline is None else "h2")


def _above(text: str, body: Body) -> bool:
    """Take a line above the copy as a note, the byline, its organisation or the headline, if it is one."""
    if _NOTE.match(text) or holds_back(text):
        body.notes.append(_EDITORS_NOTE.sub("", text))
    elif body.byline is None and _BYLINE.fullmatch(text):
        body.byline = text
    elif _awaits_organisation(body) and (body.byline or "").isupper() >= text.isupper():
        body.organisation = text
    elif body.headline is None and len(text) <= _LONGEST_HEADLINE:
        body.headline = text
    else:
        return False
    return True


def _awaits_organisation(body: Body) -> bool:
    """Whether the byline may have a second line: one that names an organisation itself has none."""
    return body.byline is not None and body.organisation is None and not body.byline.startswith("By The ")


def _may_say_over(paragraph: str) -> bool:
    """Whether a line of a paragraph may be a rule, or say that the copy is over or goes on."""
    return (
        len(paragraph) <= _LONGEST_OVER
        or paragraph[0] in _OPENS_NO_PARAGRAPH
        or ("(" in paragraph and "\n(" in paragraph)
        or paragraph.startswith(_OVER_ABOVE)
        or paragraph.endswith(_OVER_BELOW)
    )


class _Writer:
    """Gathers paragraphs, rows and subheads as HTML."""

    def __init__(self, tabular: bool) -> None:
        self._tabular = tabular
        self._parts: list[str] = []
        self._paragraph: list[str] = []
        self._rows: list[list[str]] = []
        self.first: str | None = None
        self.openings: list[str] = []
        self.begun = False  #: copy has begun: typeset lines are subheads from here on

    def takes_whole(self, paragraph: str, marks: Sequence[str]) -> bool:
        """Take a paragraph none of whose lines bears a mark, as nearly all do: looking at each takes long.

        paragraph  from the tab that begins it up to the next
        marks      those of `_MARKS_OF_LINES` that any paragraph of the message bears
        """
        text = paragraph.strip(" \t\n")
        if self._tabular or _may_say_over(text) or (marks and any(mark in text for mark in marks)):
            return False
        line = text.replace("\n", " ")
        if is_uneven(line):
            if "\n\n" in text or "\n " in text:
                return False
            line = evened(line)
        if self._paragraph or self._rows:
            self.end_paragraph()
        self.begun = True
        self._add(line)
        return True

    def goes_on(self, line: str) -> bool:
        """Take a line that bears no mark at all as the next of its paragraph, as nearly all lines are."""
        plain = (
            bool(self._paragraph)
            and line[0] not in _OPENS
            and line[-1] not in _ENDS
            and len(line) > _LONGEST_OVER
            and "\x1e" not in line
            and "\x1f" not in line
            and not (self._tabular and ";" in line)
        )
        if plain:
            self._paragraph.append(line)
        return plain

    def line(self, line: str) -> None:
        """A line of copy; a tab or blanks begin a paragraph, anything else goes on with one."""
        self.begun = True
        if self._tabular and line.count(";") > 2:
            self.row(_cells(line.strip()))
            return
        if line.startswith(("\t", "   ")) or self._rows:
            self.end_paragraph()
        text = line.strip()
        if not _OVER.fullmatch(text.rstrip(_ENDS)):
            self._paragraph.append(text.rstrip("<@="))
        if text.endswith(("<", "@", "=")):
            self.end_paragraph()

    def row(self, cells: Sequence[str]) -> None:
        """A row of a table."""
        if self._paragraph:
            self.end_paragraph()
        self.begun = True
        self._rows.append(list(cells))
        self.openings += cells

    def aside(self, text: str, tag: str) -> None:
        """A line above the copy that is nothing else; under the byline it heads what follows."""
        self._block(tag, text)

    def subhead(self, text: str) -> None:
        """A typeset line within the copy."""
        self.end_paragraph()
        self.begun = True
        self._block("h2", text)

    def end_paragraph(self) -> None:
        """What was gathered is a block."""
        if self._rows:
            self._parts.append(table_html(self._rows))
            self._rows = []
        if self._paragraph:
            gathered = joined(self._paragraph)
            self._paragraph = []
            self._add(joined((gathered.replace("\b", ""),)) if "\b" in gathered else gathered)

    def _add(self, text: str) -> None:
        """A paragraph of one line, unless it is a mere rule."""
        text = _printed(text)
        if text and not (text[0] in _OPENS_RULE and _RULE.fullmatch(text.replace("—", "_"))):
            self.first = self.first or text
            self._block("p", text)

    def _block(self, tag: str, text: str) -> None:
        self.openings.append(text[:_LONGEST_OPENING])
        self._parts.append(f"<{tag}>{escaped(text)}</{tag}>")

    def html(self) -> str:
        """Everything gathered."""
        self.end_paragraph()
        return "".join(self._parts)
