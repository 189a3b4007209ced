"""Where a story ends in plain text, and what stands below the end: notes, contacts, another story.

"-30-", "ENDS" and "###" end a story beyond doubt. What follows is for editors, unless it is a story
of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise

from wire.parse import for_editors

_END = re.compile(
    r"[-–—*( ]*(?:[-–—]\s?30\s?[-–—]|#(?: ?#){2,}|ENDS|ENDE|END|FIN|FINE|\(ends\)|-ends-|–ends–|"
    r"—ends—)[-–—*) .]*"
)
_RULE = re.compile(r"\s*(?:[=_~]{5,}|-{5,}|\*{5,}|(?:\* ){2,}\*)\s*")
_MAY_END = frozenset("-–—*(#EF=_~")  #: characters that end marks and rules begin with
_MAY_OPEN_END = _MAY_END | frozenset(" \t\xa0\u3000")  #: the same, and blanks
_CONTACT = re.compile(
    r"(?:(?:for )?(?:press|media|further|more)\s(?:contacts?|enquiries|inquiries|information)\b|"
    r"contacts?:|pressekontakt|"
    r"ansprechpartner(?:in)?\b|rückfragen\b|contact presse|contacts presse|contacto de prensa|"
    r"contatti stampa|"
    r"(?:(?:with )?(?:kind|best|warm|many) )?regards\b|mit freundlichen grü(?:ß|ss)en|"
    r"(?:bien )?cordialement\b|"
    r"saludos cordiales|cordiali saluti|atenciosamente|med vänlig|met vriendelijke groet|"
    r"assessoria de imprensa|notes to editors|about (?:the )?[A-Z]\w+:?$|boilerplate|"
    r"\W{0,5}editor['’]?s['’]? notes?\b)",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"[(\[*]{0,2}(?:editor['’]?s['’]? note|(?:corrections?|clarification)\b\W*(?-i:[^a-z\s]|$)|"
    r"this (?:story|"
    r"version|article|item) "
    r"(?:has been|was|corrects|is) (?:corrected|updated|amended|refiled|repeated|the)|berichtigung:|"
    r"korrektur:|"
    r"anmerkung der redaktion|hinweis der redaktion|corrección:|fe de errores|nota del editor|"
    r"rectificatif|ndlr\b|erratum)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:About|Über|À propos de|Acerca de|Sobre|Informazioni su|Over|Om|O společnosti)(?: the)? (.{3,60}?)\W*"
)
_MOST_BELOW, _BEFORE_NAME = 12, 8  #: lines below such a heading; characters before the name in the first
_PARAGRAPH = 80  #: characters from which a line is copy
_LOOK = 40  #: lines by which a story is known
_FEW = 25  #: lines that contacts take at most
_WRAPPED = range(50, 90)  #: characters of a line that goes on in the next
_LAST = 3  #: lines at the end among which remarks stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The lines of one story, and what below them is for editors."""

    lines: list[str]
    notes: tuple[str, ...] = ()


def only_part(lines: Sequence[str]) -> Part:
    """The story in a text that holds but one, whatever rules it draws."""
    return _part(lines, [])


def parts_of(lines: Sequence[str]) -> list[Part]:
    """The stories in a text, in order; at least one."""
    if _MAY_OPEN_END.isdisjoint({line[:1] for line in lines}):
        return [_part(lines, [])]
    parts: list[Part] = []
    rest = list(lines)
    while rest:
        end = _first_end(rest)
        above, below = (rest[:end], rest[end + 1 :]) if end is not None else (rest, [])
        if end is not None and _is_story(below):
            parts.append(_part(above, []))
            rest = below
        else:
            parts.append(_part(above, below))
            rest = []
    return parts or [Part(lines=[])]


def _first_end(lines: Sequence[str]) -> int | None:
    """The line that ends the first story: an end mark, or a rule with a story on either side."""
    marked = (n for n, line in enumerate(lines) if line and line.lstrip()[:1] in _MAY_END)
    words = next((n for n, line in enumerate(lines) if any(map(str.isalpha, line))), len(lines))
    return next((n for n in marked if n > words and _ends(lines, n)), None)


def _ends(lines: Sequence[str], n: int) -> bool:
    bare = lines[n].strip()
    return _END.fullmatch(bare) is not None or (
        _RULE.fullmatch(bare) is not None and _is_story(lines[:n]) and _is_story(lines[n + 1 : n + _LOOK])
    )


def _is_story(lines: Sequence[str]) -> bool:
    """Whether it opens with a headline and goes on with copy, and is no list of contacts."""
    said = [line.strip() for line in lines[:_LOOK] if line.strip()]
    if len(said) < 2 or _CONTACT.match(said[0]) or for_editors.opens_notes(said[0]):
        return False
    copy = sum(len(line) for line in said[1:12])
    return not said[0].endswith((".", ":", "!")) and len(said[0]) < 2 * _PARAGRAPH and copy > 2 * _PARAGRAPH


def _part(above: Sequence[str], below: Sequence[str]) -> Part:
    """The story without remarks, contacts and whatever stands below its end."""
    notes = [line.strip() for line in below if line.strip()]
    told = _lines_below_copy(above)
    notes[:0] = [line for n in told if (line := above[n].strip())]
    gone = frozenset(told)
    kept = [line for n, line in enumerate(above) if n not in gone] if told else list(above)
    return Part(lines=kept, notes=("\n".join(notes),) if notes else ())


def below_copy(paragraphs: Sequence[str]) -> list[int]:
    """Which paragraphs of a story are remarks at its end, contacts or what a firm says about itself."""
    lines = [line for paragraph in paragraphs for line in ("", paragraph)]
    return sorted({n // 2 for n in _lines_below_copy(lines) if n % 2})


def _lines_below_copy(lines: Sequence[str]) -> list[int]:
    """The lines that are remarks at the end, and those from the first on that opens contacts."""
    amid, under = _notes_in(lines)
    nearest = range(max(1, len(lines) - _FEW), under)
    cut = next((n for n in nearest if _opens_contacts(lines, n)), under)
    last = list(islice((n for n in reversed(range(cut)) if lines[n].strip()), _LAST))
    remarks = [n for n in reversed(last[:-1]) if _REMARK.match(lines[n].strip()) and n not in amid]
    return [*(n for n in amid if n < cut), *remarks, *range(cut, len(lines))]


def _notes_in(lines: Sequence[str]) -> tuple[list[int], int]:
    """The lines of notes to editors amid the story, and the line from which on all is for them."""
    stripped = [line.strip() for line in lines]
    addressed = for_editors.maybe_addressed(stripped[:-_FEW])
    if not for_editors.any_opens_notes([*addressed, *stripped[-_FEW:]]):
        return [], len(lines)
    starts = [n for n, line in enumerate(stripped) if line and _begins(stripped, n)]
    paragraphs = [" ".join(stripped[n:end]).strip() for n, end in pairwise([*starts, len(lines)])]
    first_long = next((n for n, line in enumerate(stripped) if len(line) > _PARAGRAPH), len(lines))
    sizes = [0, *accumulate(map(len, stripped))]
    amid: list[int] = []
    for first, end in for_editors.parts_for_editors(paragraphs):
        start = starts[first]
        if start <= first_long and sizes[start] <= sizes[-1] - sizes[start + 1]:
            continue  # a note on top, which the story follows
        if end == len(starts):
            return amid, start
        amid += range(start, starts[end])
    return amid, len(lines)


def _begins(lines: Sequence[str], n: int) -> bool:
    """Whether a paragraph begins with a line: the one above is blank, or does not fill a typist's measure."""
    return n == 0 or len(lines[n - 1]) not in _WRAPPED or for_editors.opens_notes(lines[n])


def _opens_contacts(lines: Sequence[str], n: int) -> bool:
    """Whether contacts begin here, or a firm's words about itself, under a story of at least a paragraph."""
    if lines[n - 1].strip() or not (line := lines[n].strip()) or len(line) >= _PARAGRAPH:
        return False
    return (_CONTACT.match(line) is not None or _opens_boilerplate(lines, n)) and _has_paragraph(lines[:n])


def _has_paragraph(lines: Iterable[str]) -> bool:
    return any(len(line.strip()) > _PARAGRAPH for line in lines)


def _opens_boilerplate(lines: Sequence[str], n: int) -> bool:
    """Whether it is the heading of what a firm says about itself: its name begins the paragraph below."""
    about = _ABOUT.fullmatch(lines[n].strip())
    if about is None:
        return False
    below = [line.strip() for line in lines[n + 1 :] if line.strip()]
    return (
        len(below) <= _MOST_BELOW
        and below[:1] > [""]
        and (about[1].lower() in below[0][: len(about[1]) + _BEFORE_NAME].lower())
    )
