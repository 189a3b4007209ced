"""What opens notes to editors and what is not for publication, in the languages of the agencies.

One list for every format: what is told to the desk in a mail, in an item or on the wire is told in the same
words. A note for readers says "editor's note" and is copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import AhoCorasick

from wire.parse.profiles import load

#: Brackets, asterisks, dashes in front of the first word; bounded, since what follows is tried behind each.
_SIGNS = r"[^\w<>]{0,160}"
#: Whom a note is for.
_ADDRESSED = re.compile(
    _SIGNS + r"(?:"
    r"(?:notes?|notice|memo|advisory) (?:to|for) (?:the )?(?:media )?(?:editors?|newsrooms?|desks?)\b|"
    r"editors['’]? notes?\b|editors: |(?:attention|attn):? (?:editors?|rédactions?)\b|"
    r"for (?:the )?(?:editors?|desks?|newsrooms?)(?: only\b| ?:)|editors, please note\b|"
    r"(?:for internal|internal) use only\b|internal notes?\b ?[:–—-]|"
    r"nur für die redaktion(?:en)?\b|für die redaktion(?:en)?(?: ?:|$)|(?-i:NFP)\b ?[:–—-]|"
    r"achtung,? redaktion(?:en)?\b|"
    r"(?:hinweise?|anmerkung(?:en)?) (?:an|für) (?:die )?redaktion(?:en)?\b|redaktionelle[rn]? hinweise?\b|"
    r"(?:note|avis) aux rédact(?:ions|eurs)\b|(?:note )?[aà] l['’]attention des r[ée]dact(?:ions|eurs)\b|"
    r"nota (?:a|para|aos|às|à) (?:l[oa]s? |[oa]s? )?(?:editores|reda[cç]\w+)|"
    r"nota (?:alle|per le) redazioni\b|"
    r"(?:noot|nota|mededeling) (?:voor|aan) (?:de )?redacties?\b|"
    r"(?:merknad )?til redak[st]\w+ ?:|till redaktion\w* ?:|(?:huomio |tiedoksi )?toimituksille\b|"
    r"(?:uwaga|nota|informacja) dla redakcji\b|poznámka pro redakce\b|"
    r"(?:примечание|вниманию) (?:для )?редакци[йи]\b|megjegyzés a szerkesztőknek\b|"
    r"editörlere not\b|σημείωση προς (?:τους )?συντάκτες|not[ăa] (?:pentru|către) (?:redac|edit)|"
    r"(?:napomena|напомена) (?:za|за) (?:urednike|redakcij|уреднике|редакциј)|poznámka pre redakc|"
    r"opomba (?:urednikom|uredništvom)|бележка (?:до|за) редактор|примітка для редакц|pastaba redakcij|"
    r"märkus toimetaj|(?:致|给)(?:各位)?编辑|致編輯|編集(?:者|部)への|편집자에게|"
    r"ملاحظة (?:إلى )?(?:ال|لل)?محرر|הערה לעורכים|"
    r"(?-i:EDS|Eds)\.?(?: note)?: |(?-i:DESKS?|Desks?|INTERNAL) ?: )",
    re.IGNORECASE,
)
_UNPUBLISHED = (
    r"(?:not (?:intended )?for publication|(?:please )?do not publish|"
    r"nicht zur ver(?:ö|oe)ffentlichung(?: bestimmt)?|"
    r"niet (?:bestemd )?voor publicatie|ikke (?:til|for) (?:publisering|offentliggørelse|trykk)|"
    r"(?:inte|ej) för publicering|ei julkaistavaksi|no (?:es )?(?:para|destinad[oa] a)(?: su)? publicación|"
    r"no publicar|não (?:é )?para publicação|não publicar|ne pas publier|"
    r"non destinée?s? à (?:la |être )?publi(?:cation|ée?s?)|"
    r"non (?:per|destinat[oaie] alla) (?:la )?pubblicazione|"
    r"nie do publikacji|neurčeno ke zveřejnění|nem közlésre|не для (?:публикации|печати))"
)
#: By itself, in brackets, or behind a few words and a bracket or colon.
_MARKED = re.compile(
    rf"{_SIGNS}(?:[\[(]{_UNPUBLISHED}[\])]"
    rf"|(?:[^:.()]{{1,40}}(?:[:(]|\s[–—-]) ?)?{_UNPUBLISHED} ?(?:[\])] ?)?(?:[:.!*–—-]|$)"
    rf"|(?:\w+ ){{1,4}}{_UNPUBLISHED} ?:)",
    re.IGNORECASE,
)
_NOTEPAD = re.compile(r"\W*(?:notizblock|notepad|note ?pad)\W*", re.IGNORECASE)
#: The words that a note may begin with.
_FIRST = frozenset(
    (
        *("note", "notes", "notice", "memo", "advisory", "editors", "attention", "attn", "for", "hinweis"),
        "achtung",
        *("hinweise", "anmerkung", "anmerkungen", "redaktionelle", "redaktioneller", "redaktionellen"),
        *("avis", "à l", "a l", "nota", "noot", "mededeling", "merknad", "til", "till", "huomio", "tiedoksi"),
        *("toimituksille", "uwaga", "informacja", "poznámka", "примечание", "вниманию", "megjegyzés"),
        *("eds", "desk", "desks", "internal", "notizblock", "notepad", "nfp", "nur", "für", "editörlere"),
        *("σημείωση", "notă", "napomena", "напомена", "opomba", "бележка", "примітка", "pastaba", "märkus"),
        *("ملاحظة", "הערה"),
    )
)
#: Those with which a notice begins that something is not for publication.
_NEGATIONS = frozenset(
    (
        *("not", "nicht", "niet", "ikke", "inte", "ej", "ei", "no", "não", "ne", "non", "nie"),
        *("neurčeno", "nem", "не", "please", "do"),
    )
)
_BEGINNINGS = frozenset(opening[:3] for opening in _FIRST)
_OPENERS = _FIRST | _NEGATIONS
_UNPARTED = "\u2e80"  #: scripts from here on set no blanks between words
_OPENER = re.compile(r"\w+(?: [lL](?=['’]))?")
#: One of these stands in whatever says that something is not for publication; in whatever is for editors.
_FORBIDDING = (
    *("publica", "publicer", "publiser", "publié", "publier", "publikac", "pubblica", "not publish"),
    *("ffentli", "trykk", "julkaist", "zveřejn", "közlés", "публик", "печат"),
)
_MAY_FORBID = AhoCorasick((*_FORBIDDING, "#"))  #: what heads a notebook has one of them, too
_TELLING = (
    *("edit", "newsroom", "desk", "internal", "nfp", "eds", "notiz", "notepad", "note pad", "rédact", "reda"),
    *("toimituks", "szerkeszt", "редакц", "συντάκτ", "uredn", "уредни", "редакт", "toimetaj", "编辑", "編輯"),
    *("編集", "편집", "محرر", "עורכים", *_FORBIDDING, "#"),
)
#: Roles of parts of documents that are for editors, as letters alone.
_ROLES = frozenset(
    ("nfp", "npa", "nonpublic", "notforpublication", "notpublic", "unpublished", "notepad", "ednote")
) | frozenset(("ednotes", "editorsnote", "editorsnotes", "notetoeditors", "notestoeditors", "internal"))
_NO_LETTERS = re.compile(r"[^a-z]+")
_ENDS_MARK = (":", "]", ")", "-", "–", "—")
#: What headlines begin with, too, whatever follows.
_OF_HEADLINES = re.compile(
    r"\W*(?:desks?|internal|for (?:the )?(?:editors?|desks?|newsrooms?)|do not publish)\b", re.IGNORECASE
)
_COLUMN = re.compile(r"Editors?['’]?s?\b")  #: how columns for readers are headed
#: What heads a part of its own, whatever it says on the same line.
_HEADS_PART = re.compile(
    r"\W*(?:notes (?:to|for)|editors['’]? notes|hinweise|anmerkungen|redaktionelle hinweise)\b", re.IGNORECASE
)
#: What goes on with notes: a list, somebody's number or address, whom to ask.
_GOES_ON = re.compile(
    r"\W*\d{1,2}[.)] |[-–•*] |.*(?:@|www\.|https?:|\+?\d[\d ()/-]{5,}\d)|"
    r"(?:for (?:further|more)|please|contacts?|media|photos?|pictures?|video|graphics?|images?|background|"
    r"about|kontakt|ansprechpartner|fotos?|bilder|rückfragen|weitere informationen|contacto|contatti)\b",
    re.IGNORECASE,
)
_SENTENCE_END = (".", "!", "?", "”", '"', "«", "»", "“", "…")
_LEAST_COPY = 20  #: characters of a paragraph that is surely copy
_LOOK = 48  #: characters within which its first word stands
_LONGEST_NOTICE = 200  #: characters of a line that says so of all that follows


def is_role_of_notes(role: str | None) -> bool:
    """Whether the role of a part of a document, a code of any scheme, says that it is for editors alone."""
    code = (role or "").lower().rpartition(":")[2].rpartition("/")[2]
    return _NO_LETTERS.sub("", code) in _ROLES


def opens_at_once(text: str) -> bool:
    """Whether a paragraph says by its first words that it is for editors, or not for publication."""
    first = _OPENER.search(text, 0, _LOOK)
    word = first[0].lower() if first else ""
    if word in _FIRST or word > _UNPARTED:
        return _ADDRESSED.match(text) is not None or _NOTEPAD.fullmatch(text) is not None
    return word in _NEGATIONS and _MARKED.match(text) is not None


def any_opens_at_once(texts: Iterable[str]) -> bool:
    """`opens_at_once` of any of them, asked of all at once."""
    may_open = [
        text
        for text in texts
        if (first := _OPENER.search(text, 0, _LOOK)) is not None
        and (first[0].lower() in _OPENERS or first[0] > _UNPARTED)
    ]
    return any(map(opens_at_once, may_open))


def opens_notes(text: str) -> bool:
    """Whether a paragraph begins what is for editors alone, or not for publication."""
    return any_opens_notes((text,))


def any_opens_notes(texts: Sequence[str]) -> bool:
    """`opens_notes` of any of them, asked of all at once."""
    return any_opens_at_once(texts) or any(map(_forbids, _lines_that_may(texts)))


def _lines_that_may(texts: Iterable[str]) -> Iterator[str]:
    """Of the beginnings of texts, in small letters, the lines that may forbid something."""
    lower = "\n".join([text[: _LONGEST_NOTICE + 1].lower() for text in texts])
    end = -1
    for _, start, _ in _finds(lower):
        if start > end:  # else one more in the same line
            end = lower.find("\n", start)
            end = len(lower) if end < 0 else end
            yield lower[lower.rfind("\n", 0, start) + 1 : end]


def _finds(lower: str) -> Sequence[tuple[int, int, int]]:
    try:
        return _MAY_FORBID.find_matches_as_indexes(lower)
    except UnicodeEncodeError:  # half a character, of which JSON can hold one
        return _MAY_FORBID.find_matches_as_indexes(lower.encode("utf-8", "replace").decode())


def _forbids(text: str) -> bool:
    """Whether a paragraph says that it or what follows is not for publication, or heads a notebook."""
    if _MARKED.match(text) is not None:
        return True
    return len(text) <= _LONGEST_NOTICE and load("default").notebook.fullmatch(text) is not None


def heads_notes(headline: str) -> bool:
    """Whether what stands as a headline is for editors alone; headlines tell of notes and desks, too.

    It is when it says nothing else, or says so in capitals, in brackets, or with a colon or dash behind words
    that only notes have. One that begins with "Editor" heads a column.
    """
    if _COLUMN.match(headline) is not None:
        return False
    opening = _ADDRESSED.match(headline) or _MARKED.match(headline)
    if opening is None:
        return opens_notes(headline)
    mark = opening[0].rstrip()
    surely = headline[len(mark) :].lstrip().startswith((":", "-", "–", "—")) or mark.endswith(_ENDS_MARK)
    return not said_in(headline) or mark.isupper() or (surely and _OF_HEADLINES.match(headline) is None)


def may_tell_editors(text: str) -> bool:
    """Whether one of the words of which every note to editors has one stands in a text."""
    return any(map(text.lower().__contains__, _TELLING))


def maybe_addressed(lines: Iterable[str]) -> list[str]:
    """Those of the lines that may begin as notes to editors do: hardly any of copy, and sooner known."""
    return [
        line
        for line in lines
        if line and (line[:3].lower() in _BEGINNINGS or not line[0].isalpha() or line > _UNPARTED)
    ]


def said_in(text: str) -> str:
    """What a paragraph that opens notes says itself; empty when it is a heading or a notice."""
    opening = _ADDRESSED.match(text) or _MARKED.match(text)
    return text[opening.end() :].strip(" :.-–—") if opening else ""


def forbids_all(text: str) -> bool:
    """Whether a paragraph only says that what follows is not for publication."""
    return _MARKED.match(text) is not None and not said_in(text)


def parts_for_editors(texts: Sequence[str], top: int = 0) -> Iterator[tuple[int, int]]:
    """Where notes to editors among paragraphs of copy begin and end.

    top  paragraphs among which a note is only itself, if copy follows
    """
    at = 0
    while at < len(texts):
        if not opens_notes(texts[at]):
            at += 1
            continue
        alone = at < top and at + 1 < len(texts) and said_in(texts[at])
        end = at + 1 if alone else end_of_notes(texts, at)
        yield at, end
        at = end


def end_of_notes(texts: Sequence[str], at: int) -> int:
    """Where notes end that a paragraph opens: above the next copy, if that stands by itself amid it.

    What heads a part, or forbids to publish what follows, goes on to the end.
    """
    text = texts[at]
    if _HEADS_PART.match(text) or not _ADDRESSED.match(text) or not said_in(text):
        return len(texts)
    return next((n for n in range(at + 1, len(texts)) if _is_copy(texts[n])), len(texts))


def goes_on(text: str) -> bool:
    """Whether a paragraph below notes surely goes on with them: a list, an address, whom to ask."""
    return _GOES_ON.match(text) is not None


def _is_copy(text: str) -> bool:
    return len(text) >= _LEAST_COPY and text.rstrip().endswith(_SENTENCE_END) and not goes_on(text)
