"""The text of a mail as a story: the better of its plain and HTML parts, forwards opened, no signatures."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Sequence
from datetime import datetime
from itertools import accumulate, islice, takewhile
from typing import Any

from lxml import etree

from wire.common.hidden import is_hidden
from wire.common.words import html_to_text
from wire.errors import Malformed, UnsafeInput
from wire.parse.copyblocks import blocks_html, blocks_of, joined
from wire.parse.for_editors import end_of_notes
from wire.parse.markup import inner_html, remove_element, take_figures, text_of
from wire.parse.not_public import with_notes_apart
from wire.parse.sent.documents import Block, is_note_above, opens_notes, story_fields
from wire.parse.sent.mailparts import Letter
from wire.parse.sent.signatures import is_disclaimer, signature_start
from wire.xmltools import parse_html

_SIGNATURE = "-- "
_FORWARD = re.compile(
    r"[-_ >]*(?:-{2,} ?(?:forwarded message|original message|weitergeleitete nachricht|"
    r"ursprüngliche nachricht|message transféré|message d'origine|mensaje reenviado|"
    r"messaggio inoltrato) ?-{2,}|"
    r"begin forwarded message:|anfang der weitergeleiteten nachricht:)\s*",
    re.IGNORECASE,
)
#: Above what an answer quotes: ``On Monday, Jane Example wrote:``.
_SAID = re.compile(
    r".{0,200}\b(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef|skrev|kirjoitti|napsala?|napisała?|írta)"
    r"\b.{0,100}:",
    re.IGNORECASE,
)
_OPENS_FORWARD = frozenset("-_ >bBaA")
_FORWARDED_FIELD = re.compile(r"[> *]*(\w[\w ]{1,20}?)\*? ?:\*? *(.*)")
_SUBJECT = frozenset(("subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "ämne"))
_SENDER = frozenset(("from", "von", "de", "da", "van", "från", "fra"))
#: The other fields of the head of a mail, as programs copy them.
_HEAD = _SENDER | _SUBJECT | {"to", "cc", "bcc", "date", "sent", "reply-to", "an", "gesendet", "datum", "à"}
_HEAD |= {"a", "para", "envoyé", "enviado", "fecha", "data", "inviato", "aan", "verzonden", "till", "skickat"}
_MAX_LINES = 50_000
_MAX_TAGS = 100_000
_LONGEST_FORM = 200_000  #: characters
#: Names of a form's fields, in the order in which the first that says something wins.
_FORM_FIELDS = {
    "headline": "Headline",
    "slugline": "Slugline",
    "abstract": "Summary",
    "byline": "Byline",
    "news value": "Urgency",
    "urgency": "Urgency",
    "keywords": "Keywords",
    "category": "Subject",
}
#: Of a form, for its editors.
_FORM_NOTES = ("Sign off", "Desk", "Ednote")
_LONG_LINE = 100  #: characters: beyond it lines are not broken at a width, so each is a paragraph
_LONGEST_MARK = 200  #: characters of a line that says that a message was forwarded
_COVER = 300  #: characters that may stand above a forwarded message and be only a greeting
_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "pre", "blockquote")
_DROPPED = ("style", "script", "title", "head", "meta", "link", "object", "iframe", "svg", "form")
_TOP_LINES = 8  #: within which headers, headline, byline and embargo are looked for
_TABLES_OF_LAYOUT = 2  #: tables in the HTML from which on the plain text is the cleaner copy


def text_fields(
    letter: Letter, subject: str | None, sent: datetime | None
) -> tuple[dict[str, Any], list[str]]:
    """The fields of a draft that the text gives, and warnings.

    subject  of the mail: the headline, unless the text says another
    sent     when the mail was sent, for embargoes without a year

    Raises UnsafeInput when the text has no bounds.
    """
    if letter.plain.count("\n") > _MAX_LINES or letter.html.count("<") > _MAX_TAGS:
        raise UnsafeInput("the text of this mail has more lines or elements than any story")
    if letter.html.strip() and not _plain_is_better(letter):
        try:
            return _from_html(letter.html, subject, sent)
        except Malformed:
            pass
    return _from_plain(letter.plain or html_to_text(letter.html), subject, sent)


def _plain_is_better(letter: Letter) -> bool:
    """Whether the HTML is a layout of the same words, which the plain text says without it."""
    if len(letter.plain.split()) < 0.5 * len(html_to_text(letter.html[:200_000]).split()):
        return False
    return bool(letter.plain.strip()) and letter.html.lower().count("<table") >= _TABLES_OF_LAYOUT


def _from_plain(text: str, subject: str | None, sent: datetime | None) -> tuple[dict[str, Any], list[str]]:
    lines, earlier = _unanswered(_form(text) or _unsigned(text.split("\n")))
    notes, inner, lines = forwarded(lines)
    fields, warnings = story_fields(_blocks(lines), title=inner or subject, sent=sent)
    fields["ed_notes"] = tuple(filter(None, (notes, *fields.get("ed_notes", ()), earlier)))
    return fields, warnings


def _form(text: str) -> list[str] | None:
    """The fields of a form that was mailed as a JSON object, as header lines above its body; else None."""
    if not text.lstrip().startswith("{") or len(text) > _LONGEST_FORM:
        return None
    try:
        sent = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    said = {str(name).lower(): _one(value) for name, value in sent.items()}
    if "body" not in said:
        return None
    stated = [(f"{header}: ", said.get(name)) for name, header in _FORM_FIELDS.items()]
    stated += [(f"Note: {name}: ", said.get(name.lower())) for name in _FORM_NOTES]
    headers = [header + " ".join(value.split()) for header, value in stated if value]
    return [*headers, "", *said["body"].split("\n")]


def _one(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _unsigned(lines: Sequence[str]) -> Sequence[str]:
    """The lines above the signature."""
    end = next((n for n, line in enumerate(lines) if line.rstrip("\r") == _SIGNATURE), len(lines))
    return lines[:end]


def _unanswered(lines: Sequence[str]) -> tuple[Sequence[str], str | None]:
    """The lines above an earlier mail that an answer repeats below itself, and that mail."""
    above = [0, *accumulate(map(len, lines))]
    start = next((n for n, line in enumerate(lines) if above[n] > _COVER and _forwards(line)), len(lines))
    if start == len(lines):
        start = _start_of_quoted(lines)
    if start == len(lines) or above[start] <= _COVER:
        return lines, None
    return lines[:start], joined(lines[start:])


def _start_of_quoted(lines: Sequence[str]) -> int:
    """Where the quoted lines at the end begin, with what says whose they are; without any, the end."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].startswith(">")):
        start -= 1
    if not any(line.startswith(">") for line in lines[start:]):
        return len(lines)
    nearest = (n for n in (start - 2, start - 1) if n > 0 and lines[n].strip())
    return next((n for n in nearest if _SAID.fullmatch(joined(lines[n:start]))), start)


def forwarded(lines: Sequence[str]) -> tuple[str | None, str | None, Sequence[str]]:
    """Covering note, subject and text of a message forwarded within the text; else the lines alone."""
    above = accumulate(map(len, lines), initial=0)  # characters, of each line
    top = takewhile(lambda one: one[1] <= _COVER, zip(lines, above, strict=False))
    start = next((n for n, (line, _) in enumerate(top) if _forwards(line)), None)
    if start is None and not _opens_head(lines):
        return None, None, lines
    if start is None:
        subject, below = _headed(lines, _HEAD)
        return None, subject, below
    subject, below = _headed(lines[start + 1 :])
    return joined(lines[:start]) or None, subject, below


def _headed(lines: Sequence[str], known: Container[str] | None = None) -> tuple[str | None, Sequence[str]]:
    """The subject in the head of a mail, and the lines below.

    known  fields that a head may have; whatever looks like one by default
    """
    subject = None
    end = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    while end < len(lines) and (match := _FORWARDED_FIELD.fullmatch(lines[end].strip())):
        name = match[1].strip().lower()
        if known and name not in known:
            break
        if name in _SUBJECT:
            subject = match[2].strip() or None
        end += 1
    return subject, lines[end:]


def _opens_head(lines: Sequence[str]) -> bool:
    """Whether a text begins with the head of a mail, which says who sent it and another thing."""
    said = (line.strip() for line in lines if line.strip())
    fields = map(_FORWARDED_FIELD.fullmatch, islice(said, _TOP_LINES))
    names = {*takewhile(_HEAD.__contains__, (match[1].lower() if match else "" for match in fields))}
    return len(names) > 1 and not names.isdisjoint(_SENDER)


def _forwards(line: str) -> bool:
    return line[:1] in _OPENS_FORWARD and len(line) < _LONGEST_MARK and _FORWARD.fullmatch(line) is not None


def _blocks(lines: Sequence[str]) -> list[Block]:
    """Paragraphs: lines between blank ones, or each line where lines are not broken at a width."""
    if any(len(line) > _LONG_LINE for line in lines):
        groups = [[line.rstrip()] for line in lines if line.strip()]
    else:
        groups = _headers_apart(blocks_of(lines))
    return [Block(html=blocks_html([group]), text=joined(group)) for group in groups]


def _headers_apart(groups: list[list[str]]) -> list[list[str]]:
    """Header lines (``Urgency: 2``) at the top are lines of their own, though no blank parts them."""
    if groups and len(groups[0]) > 1 and all(_FORWARDED_FIELD.fullmatch(line) for line in groups[0]):
        return [[line] for line in groups[0]] + groups[1:]
    return groups


def _from_html(html: str, subject: str | None, sent: datetime | None) -> tuple[dict[str, Any], list[str]]:
    root = parse_html(with_notes_apart(html))
    body = next(root.iter("body"), root)
    for element in list(body.iterdescendants("*")):
        if element.tag in _DROPPED or is_hidden(element.attrib):  # type: ignore[arg-type]  # a mapping indeed
            remove_element(element)
    pictures = [picture for picture in take_figures(body) if not (picture.href or "").startswith("cid:")]
    notes = [*_take_notes(body), *_take_signature(body)]
    lines = [element for element in body.iter(*_BLOCKS) if _is_line(element)][:_TOP_LINES]
    blocks = [Block(html=f"[{n}]", text=joined([text_of(line) or ""])) for n, line in enumerate(lines)]
    fields, warnings = story_fields(blocks, title=subject, sent=sent)
    for n, line in enumerate(lines):
        if f"[{n}]" not in fields["body_html"]:  # taken for a header, the headline, an embargo or a note
            remove_element(line)
    fields["body_html"] = inner_html(body)
    fields["ed_notes"] = (*fields.get("ed_notes", ()), *notes)
    fields["pictures"] = tuple(pictures)
    return fields, warnings


def _is_line(element: etree._Element) -> bool:
    return text_of(element) is not None and next(element.iterdescendants(*_BLOCKS), None) is None


def _take_notes(body: etree._Element) -> list[str]:
    """Notes to editors amid and under the copy, taken out of the body; those on top are read with it."""
    lines = [(element, text_of(element) or "") for element in body.iter(*_BLOCKS) if _is_line(element)]
    texts = [text for _, text in lines]
    notes: list[str] = []
    at = 0
    while at < len(lines):
        end = at + 1
        if opens_notes(texts[at]) and not is_note_above(texts[at], texts):
            end = end_of_notes(texts, at)
            below = _all_below(lines[at][0], body) if end == len(lines) else []
            notes.append("\n".join(filter(None, map(str.strip, below or texts[at:end]))))
            for element, _ in lines[at:end]:
                remove_element(element)
        at = end
    return notes


def _all_below(start: etree._Element, body: etree._Element) -> list[str]:
    """The texts from an element on; whatever stands below it, inside blocks or not, is taken out."""
    texts = [text_of(start) or ""]
    element = start
    while element is not body and (parent := element.getparent()) is not None:
        texts += [element.tail or "", *_taken_after(element, parent)]
        element.tail = None
        element = parent
    return texts


def _take_signature(body: etree._Element) -> list[str]:
    """The signature under the text, taken out of the body."""
    lines = [element for element in body.iter(*_BLOCKS) if _is_line(element)]
    texts = [joined([text_of(line) or ""]) for line in lines]
    start = signature_start(texts)
    for line in lines[start:]:
        remove_element(line)
    for element in body.iter():  # disclaimers stand outside of any block
        if is_disclaimer(element.tail or ""):
            element.tail = None
        if is_disclaimer(element.text or ""):
            element.text = None
    return list(filter(None, ("\n".join(texts[start:]),)))


def _taken_after(element: etree._Element, parent: etree._Element) -> list[str]:
    """The texts of the element's later siblings, which are removed."""
    after = list(element.itersiblings())
    for sibling in after:
        parent.remove(sibling)
    return [f"{text_of(sibling) or ''} {sibling.tail or ''}" for sibling in after]
