"""What agencies set above and under the copy of their items for editors alone, in paragraphs of the body.

Above it: what an update brings. Under it: initials, routing codes, a mark that it is over, whom to call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from wire.parse.copyblocks import dateline_of
from wire.parse.embargo import holds_back

#: A paragraph of words in one type, or a subhead.
_TYPE = r"(?:strong|b|em|i|u|span)"
_PARAGRAPH = re.compile(
    rf"\s*<(p|h[1-6])(?: [^<>]*)?>\s*(?:<{_TYPE}(?: [^<>]*)?>\s*){{0,3}}(?P<text>[^<]{{3,600}}+)"
    rf"(?:</{_TYPE}>\s*){{0,3}}</\1>"
)
_OUTER = re.compile(r"(?:\s*<(?:div|section|article)(?: [^<>]*)?>)++")
#: Verbs of what an update does, as agencies begin such a note with them.
_UPDATING = (
    r"adds|adding|updates|updating|recasts|recasting|corrects|correcting|refiles|repeats|removes|releads|"
    r"rewrites|clarifies|clarifying|fixes|restores|amplía|actualiza|añade|corrige|rectifica|actualise|"
    r"actualisation|ajoute|précise|aggiorna|aggiunge|atualiza|acrescenta|oppdater(?:er|t)|uppdater(?:ar|ad)|"
    r"opdater(?:er|et)|aktualisiert|ergänzt|berichtigt|neu"
)
_NOTE_ABOVE = re.compile(
    rf"(?://\s?)?\((?:eds\b|editors:|note to editors\b|(?:{_UPDATING})\b)(?:[^()]|\([^()]*\))*+\)\.?"
    r"|(?-i:EDS|Eds)[.:] .*"
    r"|note to editors: .*"
    r"|(?-i:ATTENTION) [-–—] .*",
    re.IGNORECASE,
)
#: Bullets and a byline, above which or under which notes stand.
_NO_COPY_YET = re.compile(r"\* ?\S|(?:By|BY) [A-Z]")
_OPENING = 400  #: characters in which the dateline ends, with its markup
_ABOVE = 8  #: paragraphs above the dateline at most

_NOTHING = r"(?:\s*<p ?/>|\s*<p(?: [^<>]*)?>\s*</p>)*+\s*\Z"
#: The last paragraph, or loose words after it.
_LAST = re.compile(
    rf"<(?:p(?: [^<>]*)?>|/p>(?P<loose>))\s*+(?P<text>(?:[^<]{{2,160}}+|<br ?/?>){{1,9}}+)(?:</p>)?{_NOTHING}"
)
_BREAK = re.compile(r"<br ?/?>")
_TAIL = 320  #: characters in which the last paragraph is looked for, if it is no copy
_UNDER = 6  #: paragraphs of several kinds under the copy at most
_LONGEST_TOLD = 150  #: characters of a line under the copy that is none, if not all in capitals
_INITIALS = re.compile(
    r"\(?[a-z]{1,5}(?: ?/ ?[a-z]{1,5}){1,7}/?\)?"  # ab/cd
    r"|[A-Z]{2,5}(?:/[A-Z]{2,5}| \([A-Z/]{2,11}\))? // [A-Z]{2,5}"  # ABC // DE
    r"|[A-Z]{3}(?:/[A-Z]{2,4}){1,3}"  # ABC/DEF
)
_END = re.compile(
    r"[-–—(]{0,2}(?:ends?|ENDE?|ENDS|NNNN|30|0|Schluss|FIN|Fin|more|MORE|mehr|MEHR|segue|sigue|"
    r"kraj|Kraj|koniec|konec|vége|fine|fim|完|終|끝)[-–—)]{0,2}"
    r"|Enditem|###|(?:--|==) ?[A-Z][A-Za-z]{2,9}|Lusa/[Ff]im|\d\d-[A-Z]{3}-\d\d \d\d:\d\d(?: NNNN)?"
)
_ENDED = re.compile(
    r"((?:\s(?<=[^>\s]\s)\s*(?:NNNN|Enditem|ENDITEM|\((?:END|kraj|koniec|konec|fim|fine)\)|==Kyodo)|"
    rf"(?<=[^>\s])[(\uff08](?:完|終|끝)[)\uff09])\.?\s*)</p>{_NOTHING}"
)
#: Those patterns need one of them.
_END_WORDS = (
    *("NNNN", "nditem", "NDITEM", "(END)", "==Kyodo", "PTI", "(Schluss)", "AGERPRES"),
    *("(kraj)", "(koniec)", "(konec)", "(fim)", "(fine)", "完", "終", "끝"),
)
#: The Press Trust of India, APA and Agerpres sign within the last paragraph.
_SIGNED = re.compile(
    r"[.!?\"”’'](\s+(?:PTI|\(Schluss\)|AGERPRES/?)"
    r"((?: [A-Z]{2,5}){1,6}| [a-z]{2,4}(?:/[a-z]{2,4}){0,3}| ?\([^()<>]{5,150}\)|)\s*)"
    rf"</p>{_NOTHING}"
)
_ROUTING = re.compile(r"(?:[A-Z\d]{2,10}[ /-]){2,24}[A-Z\d]{2,10}/?|[A-Z]\d{2}-[A-Z]{2,4}/?")
_CODES = re.compile(r"\b(?:[A-Z]+\d|\d+[A-Z])")
_LEAST_CODES = 3
_SIGNATURE = re.compile(
    r"(?:dpa|epd|kna|apa|sda|sid|afp)(?:[/-][a-z]{2,4})?(?: [a-zäöü\d]{1,6}(?:/[a-zäöü\d]{1,6})*){1,9}"
)
_FOR_EDITORS = re.compile(
    r"[\w.+-]{1,60}@[\w.-]{3,60}"  # whom to write to
    r"|\(\(.{3,140}\)\)"  # as Reuters tells whom to call
    r"|(?:\((?:fotos?|v[ií]deos?|audio|photos?)\) ?)+"
    r"|(?:Reporter|Pewarta|Penerjemah|Translator|Editor|Uploader|Autor(?:ka|zy)?) ?: .{3,100}",
    re.IGNORECASE,
)
#: (SDA-ATS/abc/de), (Hina) xabc yde, AAP abc/de, (KNA - abcde-89-00012).
_CREDITS = re.compile(
    r"\([A-Z]{2,5}(?:-[A-Z]{2,5})?(?:/[a-z]{1,5}){1,3}\)|\(Hina\)(?: [a-z]{3,5}){1,3}|"
    r"AAP [a-z]{2,4}(?:/[a-z]{2,4}){0,3}|\(KNA [-–] [\w-]{5,30}\)"
)
_RIGHTS = re.compile(r"(?:(?:copyright|\(c\)|©) ?){1,2}.{0,50}(?:19|20)\d\d.{0,50}", re.IGNORECASE)
_CONTACTS = re.compile(
    r"<p(?: [^<>]*)?>\s*(To contact the (?:reporter|editor|author)s?\b(?:(?!</?p\b).){5,600})</p>\s*\Z",
    re.DOTALL,
)
_CONTACTS_TAIL = 900
_TAG = re.compile(r"<[^<>]*>")
#: What stands between strokes like initials and credits others.
_CREDITED = frozenset(
    (
        *("afp", "ansa", "ap", "kna", "epd", "sda", "sid", "rtr", "dpa", "apa", "anp", "ntb", "stt", "tt"),
        *("ritzau", "ats", "belga", "efe", "lusa"),
    )
)


def is_initials(line: str) -> bool:
    """Whether a line is the initials of several people, such as ``ab/cd``, and credits no agency."""
    if _INITIALS.fullmatch(line) is None:
        return False
    return _CREDITED.isdisjoint(re.findall(r"\w+", line.lower()))


def is_notice(line: str) -> bool:
    """Whether a line is a notice of copyright."""
    return _RIGHTS.fullmatch(line) is not None


def without_teaser(html: str, description: str | None) -> str:
    """The body without a first paragraph that says what the description says, above the dateline."""
    if not description:
        return html
    start = _begin(html)
    first = _PARAGRAPH.match(html, start)
    if first is None or _line(first["text"]) != _line(description):
        return html
    rest = html[first.end() :].lstrip()
    opening = _line(_TAG.sub("", rest[:_OPENING])) if rest.startswith("<p") else ""
    return html[:start] + rest if dateline_of(opening) is not None else html


def without_notes_above(html: str) -> tuple[str, list[str]]:
    """The body without what stands above it for editors, and that."""
    notes: list[str] = []
    at = _begin(html)
    for _ in range(_ABOVE):
        if (paragraph := _PARAGRAPH.match(html, at)) is None:
            break
        text = _line(paragraph["text"])
        if _NOTE_ABOVE.fullmatch(text) is not None or holds_back(text):
            notes.append(text.strip("/() "))
            html = html[:at] + html[paragraph.end() :]
        elif _NO_COPY_YET.match(text) is not None:
            at = paragraph.end()
        else:
            break
    return html, notes


def _begin(html: str) -> int:
    """Where the first block within the outermost ones begins."""
    outer = _OUTER.match(html)
    return outer.end() if outer else 0


def without_notes_under(html: str) -> tuple[str, list[str]]:
    """The body without marks and lines under it that no reader needs, and what of them tells something."""
    notes: list[str] = []
    for _ in range(_UNDER):
        shorter, note = _without_last(html)
        if shorter == html:
            break
        html = shorter
        notes[:0] = note
    return html, notes


def _without_last(html: str) -> tuple[str, list[str]]:
    """The body without one such mark or line."""
    start = max(0, len(html) - _TAIL)
    tail = html[start:]
    for mark in (_ENDED, _SIGNED) if any(map(tail.__contains__, _END_WORDS)) else ():
        if (found := mark.search(html, start)) is not None:
            told = [f"Sign off: {found[2].strip()}"] if mark is _SIGNED and found[2] else []
            return html[: found.start(1)] + html[found.end(1) :], told
    if (contacts := _contacts(html)) is not None:
        return html[: contacts.start()], [_line(_TAG.sub("", contacts[1]))]
    last = _LAST.search(html, start)
    if last is None or last.start() == 0:
        return html, []
    lines = _BREAK.split(last["text"])
    if any(len(line) > _LONGEST_TOLD and not line.isupper() for line in lines):  # much sooner known
        return html, []
    return _without_lines(html, max(last.start(), last.start("loose")), lines)


def _without_lines(html: str, begin: int, lines: Iterable[str]) -> tuple[str, list[str]]:
    """The body up to where such lines begin, and what they tell editors; all of it if one is copy."""
    told = [list(_told(_line(line))) for line in lines]
    return (html[:begin], [note for notes in told for note in notes if note]) if all(told) else (html, [])


def _contacts(html: str) -> re.Match[str] | None:
    at = html.find("To contact the ", max(0, len(html) - _CONTACTS_TAIL))
    return _CONTACTS.search(html, html.rfind("<p", 0, at)) if at > 0 else None


def _told(line: str) -> Iterator[str]:
    """What a last paragraph tells editors; an empty text when nothing; nothing at all when it is copy."""
    if is_initials(line):
        yield f"Sign off: {line}"
    elif _END.fullmatch(line):
        yield ""
    elif _SIGNATURE.fullmatch(line):
        yield line
    elif _ROUTING.fullmatch(line) and len(_CODES.findall(line)) >= (_LEAST_CODES if " " in line else 1):
        yield f"Routing: {line}"
    elif _FOR_EDITORS.fullmatch(line) or _RIGHTS.fullmatch(line) or holds_back(line):
        yield line
    elif _CREDITS.fullmatch(line):
        yield f"Sign off: {line}"


def _line(text: str) -> str:
    return " ".join(unescape(text).split())
