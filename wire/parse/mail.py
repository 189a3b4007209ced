"""E-mail (RFC 5322, MIME), also malformed: its text as a story, attachments as pictures or further stories.

Attachments are read through the function that detection hands over, as if they had come by themselves;
this module knows no other format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import Any

from wire.common.words import html_to_text
from wire.errors import IntakeError, Malformed, NotAStory, UnsafeInput
from wire.parse.base import head_of, read_date
from wire.parse.sent.covers import is_cover
from wire.parse.sent.documents import described
from wire.parse.sent.mailparts import Letter, Part, header, letter_of
from wire.parse.sent.mailtext import text_fields
from wire.ports import ReadPart
from wire.story import Draft, Link, Picture, RawFile

_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):", re.MULTILINE)
_FIELD_LINE = re.compile(rb"(?:From [^\n]*\r?\n)?[A-Za-z][A-Za-z0-9-]{1,40}:")
_SURE = frozenset((b"received", b"message-id", b"mime-version", b"return-path", b"delivered-to"))
_USUAL = frozenset((b"from", b"to", b"subject", b"date", b"content-type", b"reply-to", b"cc"))
_PARAMETERS = re.compile(rb"^content-(?:type|disposition):.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_LONGEST_PARAMETERS = 4000  #: bytes
_MAX_BOUNDARIES = 10_000
_MAX_HEADER_LINES = 5000
_REPLY = re.compile(r"^(?:\s*(?:re|aw|fwd?|wg|tr|rv|antw|sv|vs)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_CORRECTION = re.compile(r"\W*(?:correct(?:ion|ed)|berichtigung|korrektur|rectificatif)\b", re.IGNORECASE)
_UPDATE = re.compile(
    r"\W*(?:updated?|aktualisiert|aktualisierung|mise à jour)\b\s*\d*\s*[:|-]", re.IGNORECASE
)
#: What proves who sent the mail.
_SEALS = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)


class MailParser:
    """Reads e-mail; a `wire.ports.Container`."""

    name = "mail"

    def evidence(self, raw: RawFile) -> int:
        """90 for headers that only mail has, 75 for a sender and subject, 60 for the name and a header."""
        head = head_of(raw)
        if not _FIELD_LINE.match(head):
            return 0
        fields = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        names = {name.lower() for name in _FIELD.findall(fields)}
        if names & _SURE and len(names & (_SURE | _USUAL)) > 1:
            return 90
        if {b"from", b"subject"} <= names and names & {b"to", b"date", b"content-type"}:
            return 75
        return 60 if raw.name.lower().endswith((".eml", ".mbox")) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """The mail's own text; attachments are said in a warning. Raises IntakeError as `parse_parts`."""
        return self.parse_parts(raw, _unread)

    def parse_parts(self, raw: RawFile, read_part: ReadPart) -> Sequence[Draft]:
        """The mail's text, then each attachment and enclosed message that is a story.

        Raises NotAStory for delivery reports and mail without a text or story, UnsafeInput for mail
        that nests without bounds, Malformed for headers that cannot be read.
        """
        data = raw.data.lstrip()
        headers = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        if data.count(b"\n--") > _MAX_BOUNDARIES or headers.count(b"\n") > _MAX_HEADER_LINES:
            raise UnsafeInput("this mail has more headers or parts than any mail")
        try:
            return _drafts(_message_of(data), raw, read_part)
        except RecursionError as exc:
            raise UnsafeInput("this mail nests without bounds") from exc


def _message_of(data: bytes) -> Message:
    """The mail; of parameters without end the first few kB, since the library reads them over and over."""
    try:
        return message_from_bytes(_PARAMETERS.sub(lambda header: header[0][:_LONGEST_PARAMETERS], data))
    except (TypeError, ValueError) as exc:  # it trips over a boundary in pieces half numbered
        raise Malformed(f"the headers of this mail cannot be read: {exc}") from exc


def _unread(part: RawFile) -> Sequence[Draft]:
    raise NotAStory(f"attachments are not read here: {part.name}")


def _drafts(message: Message, raw: RawFile, read_part: ReadPart) -> list[Draft]:
    if message.get_content_type() == "multipart/report":
        raise NotAStory("this is a report on a delivery, not a story")
    letter = letter_of(message, raw.source.charset)
    attached = _Attached(letter, raw, read_part)
    drafts = [] if letter.is_empty() else _own(message, letter, attached, raw, read_part)
    further = [
        *attached.drafts,
        *(draft for inner in letter.enclosed for draft in _inner(inner, raw, read_part)),
    ]
    if len(drafts) == 1 and further and is_cover(html_to_text(drafts[0].body_html)):
        return _distinct(_covered(drafts[0], further), message, raw)
    if not drafts and not further:
        reason = "; ".join(attached.warnings) or "it has neither a text nor a readable attachment"
        raise NotAStory(f"there is no story in this mail: {reason}")
    return _distinct([*drafts, *further], message, raw)


def _covered(cover: Draft, drafts: Sequence[Draft]) -> list[Draft]:
    """The stories that came with a few words to the desk: these are a note of each, and of their identity."""
    note = " ".join(html_to_text(cover.body_html).split())
    told = [replace(draft, ed_notes=(*cover.ed_notes, note, *draft.ed_notes)) for draft in drafts]
    first = replace(told[0], guid=told[0].guid or cover.guid, pictures=(*told[0].pictures, *cover.pictures))
    return [first, *told[1:]]


def _inner(message: Message, raw: RawFile, read_part: ReadPart) -> list[Draft]:
    """The stories of an enclosed message; none when it holds none."""
    try:
        return _drafts(message, raw, read_part)
    except NotAStory:
        return []


def _distinct(drafts: Sequence[Draft], message: Message, raw: RawFile) -> list[Draft]:
    """The drafts, each with a guid of its own when they are several."""
    if len(drafts) == 1:
        return list(drafts)
    name = header(message, "Message-ID") or f"mail:{raw.sha256[:20]}"
    taken: set[str] = set()
    named: list[Draft] = []
    for n, draft in enumerate(drafts):
        guid = draft.guid if draft.guid and draft.guid not in taken else f"{name}#{n}" if n else name
        taken.add(guid)
        named.append(replace(draft, guid=guid))
    return named


class _Attached:
    """What the attachments are: pictures of the story, further stories, or neither."""

    def __init__(self, letter: Letter, raw: RawFile, read_part: ReadPart) -> None:
        self.pictures: list[Picture] = []
        self.drafts: list[Draft] = []
        self.warnings: list[str] = []
        for part in letter.attachments:
            self._take(part, raw, read_part)

    def _take(self, part: Part, raw: RawFile, read_part: ReadPart) -> None:
        if part.media_type in _SEALS:
            return
        try:
            drafts = read_part(_file(part, raw))
        except IntakeError as exc:
            drafts = ()
            if not part.media_type.startswith("image/"):
                self.warnings.append(f"attachment {part.name or part.media_type} is no story: {exc}")
        if part.media_type.startswith("image/"):
            self._take_picture(part, drafts)
        else:
            self.drafts += drafts

    def _take_picture(self, part: Part, drafts: Sequence[Draft]) -> None:
        """A picture: what it says of itself, else what the mail calls it."""
        picture = next((picture for draft in drafts for picture in draft.pictures), None)
        if picture is not None:
            self.pictures.append(replace(picture, caption=picture.caption or part.description))
        elif part.description:
            self.pictures.append(
                Picture(caption=part.description, mimetype=part.media_type, size=len(part.data))
            )
        elif not part.inline:
            self.warnings.append(f"picture {part.name or part.media_type} left out: it has no caption")


def _file(part: Part, raw: RawFile) -> RawFile:
    """An attachment as if it had come by itself."""
    return replace(raw, data=part.data, name=part.name or "attachment", sha256=sha256(part.data).hexdigest())


def _own(
    message: Message, letter: Letter, attached: _Attached, raw: RawFile, read_part: ReadPart
) -> list[Draft]:
    """The mail's own text as a story, or as what it is: a document of another format in a mail."""
    if letter.plain.strip():
        try:
            data = letter.plain.encode("utf-8", "replace")
            found = read_part(replace(raw, data=data, name="body", sha256=sha256(data).hexdigest()))
        except IntakeError:
            found = ()
        if found and all(
            draft.format not in ("text", "html", "markdown", MailParser.name) for draft in found
        ):
            return list(found)
    sent = read_date(header(message, "Date"))
    subject = _REPLY.sub("", header(message, "Subject") or "").strip() or None
    fields, warnings = text_fields(letter, subject, sent)
    stated = _stated(message, subject, sent)
    notes = (*stated.pop("ed_notes"), *fields.pop("ed_notes", ()))
    return [
        Draft(
            format=MailParser.name,
            charset=letter.charset,
            pictures=(*fields.pop("pictures", ()), *attached.pictures),
            ed_notes=notes,
            warnings=(*letter.warnings, *warnings, *attached.warnings),
            **described(fields, stated),
        )
    ]


def _stated(message: Message, subject: str | None, sent: datetime | None) -> dict[str, Any]:
    """What the mail's header says. The sender is for editors: an address is no byline."""
    sender = header(message, "From")
    previous = header(message, "Supersedes") or header(message, "Replaces")
    signals = (("correction",) if _CORRECTION.match(subject or "") else ()) + (
        ("update",) if _UPDATE.match(subject or "") else ()
    )
    return {
        "guid": header(message, "Message-ID"),
        "headline": subject,
        "version_created": sent,
        "language": (header(message, "Content-Language") or "").partition(",")[0].strip() or None,
        "keywords": tuple(k.strip() for k in (header(message, "Keywords") or "").split(",") if k.strip()),
        "signals": signals,
        "links": (Link(rel="irel:previousVersion", residref=previous),) if previous else (),
        "ed_notes": (f"From: {sender}",) if sender else (),
    }
