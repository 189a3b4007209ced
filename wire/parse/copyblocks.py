"""Copy in lines of fixed width as HTML: paragraphs, subheads, lists and tables; and datelines.

A line says little by itself: that a hyphen opens a list's item is known from the line before it being
blank, that a short line is a subhead from the paragraphs around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

#: A day and a month in either order, and perhaps a year, after a place.
_DAY = (
    r"(?:,? [A-ZÀ-Þ][a-zà-ÿ]{2,8}\.? \d{1,2}|,? \d{1,2}\.? (?:de )?[^\W\d_]{3,10}\.?| \d\d/\d\d"
    r"|, (?:19|20)\d\d\. [^\W\d_]{3,10} \d{1,2}\.(?:, [^\W\d_]{3,10})?)"
    r"(?:,? (?:de )?(?:19|20)\d\d)?"
)
_PLACE = re.compile(
    rf"(?P<place>[^\W\d_a-zß][^\d()–—]{{1,60}}?)(?:{_DAY})?"
    r" \((?P<agency>(?:[^\W\d_]|[./ -]){2,30})\)"
    r"(?=\.? ?(?:[-–—_=] |--)|(?:(?<=\(epd\))\.)? [A-ZÀ-Þ0-9«„\"“])"
)
#: As TASS and Ritzau set it: ``MOSCOW, May 5. /TASS/.``; and as ANSA does: ``(ANSA) - ROMA, 5 MAG -``.
_SLASHED = re.compile(
    rf"(?P<place>[^\W\d_a-zß][^\d()–—/.:]{{1,60}}?)(?:{_DAY}\.?)? "
    r"/(?P<agency>[^\W\d_]{3,12}(?:-[^\W\d_]{3,12})?)/(?=[.:] | ?[-–—])"
)
_AGENCY_FIRST = re.compile(
    r"\((?P<agency>[A-Z]{3,8})\) ?[-–—] ?(?P<place>[A-ZÀ-Þ][^\d()–—]{1,40}?),? "
    r"(?:\d{1,2} [A-Za-z]{3,9}|[A-Za-z]{3,9}\.? \d{1,2})(?= ?[-–—] )"
)
_LONGEST_PLACE = 120  #: characters with the date, up to the agency's bracket
_CAPITALS = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,30}(?:, [A-Z][A-Za-z. ]{2,25}?)?)"
    r"(?P<date>,? [A-Z][A-Za-z]{2,8}\.? \d{1,2}|,? \d{1,2} [A-Z]{3,9})?"
    r"(?:,? (?P<agency>[A-Z][A-Za-z]{2,12}))?(?= ?(?:[-–—_] |--))"
)
#: As papers in Asia set it: ``DA NANG, Vietnam:``. Without the country, any label looks like that.
_WITH_COLON = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,30}, [A-ZÀ-Þ][A-Za-zÀ-ÿ. ]{2,25}?)(?P<agency>)(?=: [A-ZÀ-Þ0-9«\"“])"
)
#: As Nordic agencies set it: ``Oslo (NTB):``.
_AGENCY_COLON = re.compile(
    r"(?P<place>[^\W\d_a-zß][^\d()–—:]{1,40}?) "
    r"\((?P<agency>[A-ZÆØÅÄÖ]{2,6}(?:[/-][A-Z]{2,6})*|Ritzau)\)(?=: )"
)
_BULLET = re.compile(r"([-*+•]) +(?=\S)")
_INDENT = re.compile(r"\t| {3,}(?=\S)")
_COLUMNS = re.compile(r"\S {3,}\S")
_RULE = re.compile(r"[\s*_=+.-]*")
_CELL_END = "\x1f"  #: between the cells of a row while it is escaped as one
_RARE_BLANKS = "\x1c\x1d\x1e\x1f\x85\u2028\u2029\u3000"  #: besides those that make a line uneven
_OPENS_ELSE = "|-*+•_=."  #: what a list's item, a row of a table or a rule begins with
_STOPS = (".", "!", "?", ":", ";", ",", '"', "”", "»", "'", ")")
_WIDEST_SUBHEAD = 72  #: characters: one line

Block = Sequence[str] | str  #: the lines between blank ones, or those of a paragraph on one


def dateline_of(paragraph: str) -> tuple[str, str | None] | None:
    """The dateline that a paragraph opens with, as printed, and the agencies named in it."""
    opening, match = paragraph[:_LONGEST_PLACE], None
    if "(" in opening:
        match = (_AGENCY_FIRST if opening[0] == "(" else _PLACE).match(paragraph)
        match = match or (_AGENCY_COLON.match(paragraph) if "): " in opening else None)
    elif "/" in opening:
        match = _SLASHED.match(paragraph)
    match = match or _CAPITALS.match(paragraph) or (_WITH_COLON.match(paragraph) if ":" in opening else None)
    return (match[0], match["agency"] or None) if match else None


def blocks_in(text: str) -> list[Block]:
    """`blocks_of` a text; what is surely a paragraph is one line already, sooner than its lines are told."""
    if any(blank in text for blank in _RARE_BLANKS):
        return [*blocks_of(text.split("\n"))]
    blocks: list[Block] = []
    for part in text.split("\n\n"):
        lines = part.strip("\n ")
        line = lines.replace("\n", " ")
        if "  " in line or "\t" in line or "\xa0" in line:  # `is_uneven`, sooner without a call
            blocks += blocks_of(part.split("\n"))
        elif line and line[0] not in _OPENS_ELSE and "\n" in lines:
            blocks.append(line)
        elif line:
            blocks.append(lines.split("\n"))
    return blocks


def blocks_of(lines: Iterable[str]) -> list[list[str]]:
    """Lines between blank ones; an indented one begins a block of its own."""
    blocks: list[list[str]] = []
    current: list[str] = []
    for line in lines:
        text = line.rstrip()
        if not text:
            current = []
            continue
        if current and text[0] in " \t" and _INDENT.match(text) and not _BULLET.match(current[0].lstrip()):
            current = []
        if not current:
            blocks.append(current)
        current.append(text)
    return blocks


def blocks_html(blocks: Sequence[Block]) -> str:
    """The blocks as HTML."""
    return "".join(
        f"<p>{escaped(block)}</p>" if isinstance(block, str) else _html(block, blocks, n)
        for n, block in enumerate(blocks)
    )


def joined(lines: Iterable[str]) -> str:
    """Lines of one paragraph as one."""
    return evened(" ".join(map(str.strip, lines)).strip())


def evened(text: str) -> str:
    """A text without blanks at its ends with single ones for runs of them; splitting it takes long."""
    return " ".join(text.split()) if is_uneven(text) else text


def escaped(text: str) -> str:
    """A text as HTML; hardly any has something to escape."""
    return escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


def table_html(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as a table."""
    inner = "".join(
        f"<tr><td>{escape(_CELL_END.join(row), quote=False).replace(_CELL_END, '</td><td>')}</td></tr>"
        for row in rows
    )
    return f"<table>{inner}</table>" if inner else ""


def _html(block: Sequence[str], blocks: Sequence[Block], n: int) -> str:
    if len(block) > 1 and (text := " ".join(block).strip())[0] not in _OPENS_ELSE and not is_uneven(text):
        return f"<p>{escaped(text)}</p>"  # as nearly all are; what follows takes long
    if block[0].lstrip().startswith("|") and all(line.lstrip().startswith("|") for line in block):
        return table_html([cell.strip() for cell in line.strip().strip("|").split("|")] for line in block)
    if bullet := _BULLET.match(block[0].lstrip()):
        return _list(block, bullet[1])
    if len(block) > 1 and _is_tabular(block):
        return f"<pre>{escape(chr(10).join(block), quote=False)}</pre>"
    text = joined(block)
    if _RULE.fullmatch(text):
        return ""
    tag = "h2" if _is_subhead(blocks, n) else "p"
    return f"<{tag}>{escaped(text)}</{tag}>"


def is_uneven(text: str) -> bool:
    """Whether a text has runs of blanks: the columns of a table, or what has to be made one blank."""
    return "  " in text or "\t" in text or "\xa0" in text


def _is_tabular(block: Sequence[str]) -> bool:
    """Whether most lines have columns made of blanks."""
    wide = [line for line in block if "   " in line]
    return len(wide) > len(block) // 2 and (
        sum(_COLUMNS.search(line) is not None for line in wide) > len(block) // 2
    )


def _list(block: Sequence[str], bullet: str) -> str:
    """Items begin with the bullet; other lines go on with the item before them."""
    items: list[list[str]] = []
    for line in block:
        text = line.lstrip()
        if (match := _BULLET.match(text)) and match[1] == bullet:
            items.append([text[match.end() :]])
        else:
            items[-1].append(text)
    return f"<ul>{''.join(f'<li>{escape(joined(item), quote=False)}</li>' for item in items)}</ul>"


def _is_subhead(blocks: Sequence[Block], n: int) -> bool:
    """A single line that does not end as a sentence, between paragraphs of several lines."""
    if not 0 < n < len(blocks) - 1 or len(blocks[n]) > 1:
        return False
    line = blocks[n][0].strip()
    return (
        len(line) <= _WIDEST_SUBHEAD
        and line[0].isalnum()
        and not line[0].islower()
        and not line.endswith(_STOPS)
        and _is_paragraph(blocks[n + 1])
    )


def _is_paragraph(block: Block) -> bool:
    """Whether a block has several lines and is no list."""
    return isinstance(block, str) or (len(block) > 1 and _BULLET.match(block[0].lstrip()) is None)
