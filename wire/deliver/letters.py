"""Documents as e-mail. Pure: the same documents give the same bytes, whichever attempt it is.

A text or an HTML page that is UTF-8 becomes the mail itself; any other document is attached.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from datetime import UTC
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from wire.deliver.bundle import bundle_key, digest_of
from wire.deliver.filing import errand
from wire.story import Action, Delivery, Document

_POLICY = SMTP.clone(cte_type="7bit")  # not every server takes eight
_TITLE = 180  #: characters of a subject
_LOOKED_AT = 64 << 10  #: bytes of a document in which its title is looked for
_MARKUP_TITLE = re.compile(r"<(title|headline|hl1)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TEXT_TITLE = re.compile(r"^Headline: (.+)$", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")
_WORDS = {
    Action.KILL: "KILL",
    Action.WITHHOLD: "WITHHELD",
    Action.CORRECTION: "CORRECTION",
    Action.UPDATE: "UPDATE",
}


def letter(deliveries: Sequence[Delivery], *, sender: str, to: Sequence[str], prefix: str = "") -> bytes:
    """One story, or several as a digest, as RFC 5322 has it.

    The Message-ID is made from the delivery's key, or from those of all, so that a mail that comes twice is
    one. Versions of a story refer to one id, by which mail programs show them together. Raises Refused when
    an id is none of ours.

    prefix  what the subject begins with
    """
    domain = sender.rpartition("@")[2].rstrip(">")
    first, many = deliveries[0], len(deliveries) > 1
    titles = [title(delivery) for delivery in deliveries]
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Subject"] = prefix + (f"{len(deliveries)} stories: {titles[0]}" if many else titles[0])
    mail["Date"] = format_datetime(max(delivery.created_at for delivery in deliveries).astimezone(UTC))
    mail["Message-ID"] = f"<{bundle_key(deliveries) if many else first.key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if many:
        mail.set_content("\n".join(titles) + "\n")
        for delivery in deliveries:
            _attach(mail, delivery, inline=True)
    else:
        mail["References"] = f"<story.{first.story_id}@{domain}>"
        _say_which(mail, first)
        _fill(mail, first, titles[0])
    if mail.is_multipart():
        mail.set_boundary(f"=_{digest_of(delivery.document.body for delivery in deliveries)}")
    return mail.as_bytes()


def title(delivery: Delivery) -> str:
    """What a subject calls a story: its headline, if the document has one, and what has become of it."""
    found = " ".join(_clean(_headline(delivery.document)).split())
    words = [word for word in (_WORDS.get(delivery.action), found or delivery.story_id) if word]
    return ": ".join(words)[:_TITLE]


def _headline(document: Document) -> str:
    if document.media_type.partition(";")[0].endswith(("/json", "+json")):
        return _json_headline(document.body)
    text = document.body[:_LOOKED_AT].decode("utf-8", "replace")
    if stated := _TEXT_TITLE.search(text):
        return stated[1]
    marked = _MARKUP_TITLE.search(text)
    return html.unescape(_TAG.sub("", marked[2])) if marked else ""


def _json_headline(body: bytes) -> str:
    try:
        story: Any = json.loads(body)
        found = story.get("headline") or story["headlines"][0]["value"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _fill(mail: EmailMessage, delivery: Delivery, headline: str) -> None:
    text = _text(delivery.document)
    if text is None:
        mail.set_content(f"{headline}\n")
        _attach(mail, delivery, inline=False)
    else:
        mail.set_content(text, subtype=_kind(delivery.document)[1])


def _attach(mail: EmailMessage, delivery: Delivery, *, inline: bool) -> None:
    where: dict[str, Any] = {
        "filename": errand(delivery, "versions").name,
        "disposition": "inline" if inline else "attachment",
    }
    text, (main, sub) = _text(delivery.document), _kind(delivery.document)
    if text is None:
        charset = delivery.document.media_type.partition("charset=")[2]
        stated = {"charset": charset} if charset else {}
        mail.add_attachment(delivery.document.body, maintype=main, subtype=sub, params=stated, **where)
    else:
        mail.add_attachment(text, subtype=sub, **where)
    if inline:
        part = list(mail.iter_attachments())[-1]
        part["Content-ID"] = f"<{delivery.key}@wire>"
        _say_which(part, delivery)


def _say_which(part: EmailMessage | MIMEPart, delivery: Delivery) -> None:
    part["Wire-Story"] = delivery.story_id
    part["Wire-Version"] = str(delivery.version)
    part["Wire-Action"] = delivery.action.value


def _kind(document: Document) -> tuple[str, str]:
    main, _, sub = document.media_type.partition(";")[0].strip().partition("/")
    return main, sub


def _text(document: Document) -> str | None:
    """The document as text that a mail may hold as its own."""
    if _kind(document) not in {("text", "plain"), ("text", "html")}:
        return None
    try:
        text = document.body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if all(char.isprintable() or char in "\r\n\t\u00a0\u00ad\u2028" for char in text) else None
