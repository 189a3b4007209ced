"""NewsML 1.0 to 1.2: a message of NewsItems, each one story of nested NewsComponents.

Agencies nest and name the parts differently, so that parts are known by their role and media type
wherever they stand; the first text is the body, further alternatives of it are left out with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from wire.errors import IntakeError, Malformed, NotAStory
from wire.parse.base import head_of
from wire.parse.items.newsml_1_content import Content
from wire.parse.items.newsml_1_meta import formal_name, read_component_metadata, read_management
from wire.parse.items.said import Said
from wire.parse.markup import local_name, text_of, whole
from wire.parse.xml_input import read_root
from wire.story import Draft, Link, PubStatus, RawFile
from wire.xmltools import clean_line

Element = etree._Element

_ROOT = re.compile(rb"<(?:[\w.-]+:)?NewsML[\s>]")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class NewsML1Parser:
    """Reads NewsML 1 messages."""

    name = "newsml-1"

    def evidence(self, raw: RawFile) -> int:
        """100 for the root element of NewsML 1."""
        head = head_of(raw)
        return 100 if head.startswith(b"<") and b"NewsML" in head and _ROOT.search(head) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft | IntakeError]:
        """One draft a NewsItem; in the place of one that is a mere patch, why it is set aside.

        Raises Malformed, UnsafeInput, or NotAStory when no item is a story.
        """
        root, charset, warnings = read_root(raw)
        if local_name(root) != "NewsML":
            raise Malformed(f"this is no NewsML 1: its root is {local_name(root)}")
        items = [item for item in root.iterchildren("{*}NewsItem") if _is_story(item)]
        if not items:
            raise NotAStory("this NewsML 1 document holds no NewsItem with content")
        return [_draft(item, root, charset, warnings) for item in items]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identity:
    """``NewsIdentifier``: the guid stays for the story's life, so it leaves out the revision."""

    guid: str | None = None
    version: int | None = None
    previous: int | None = None
    update: str = "N"  #: N whole, U update, A management data only, D deletion


def _is_story(item: Element) -> bool:
    return next(item.iterchildren("{*}NewsComponent", "{*}NewsManagement", "{*}Update"), None) is not None


def _draft(item: Element, root: Element, charset: str, warnings: tuple[str, ...]) -> Draft | NotAStory:
    said = Said(warnings)
    identity = _identity(item)
    _say_update(identity, said)
    for management in item.iterchildren("{*}NewsManagement"):
        read_management(management, said)
    content = Content(said)
    for component in item.iterchildren("{*}NewsComponent"):
        _read_component(component, said, content)
    content.finish()
    said.say("language", _language(item))
    _read_envelope(root, said)
    patched = [patch.get("DuidRef") or "?" for patch in item.iterfind("{*}Update/{*}*")]
    if patched and not {"headline", "body_html"} & said.fields.keys():
        if said.fields.get("pub_status", PubStatus.USABLE) is PubStatus.USABLE:
            return _patch(identity, patched)
        said.warn("the Update in it was left out: it patches an earlier revision")
    elif patched:
        said.warn(
            "the Update in it was left out: it patches an earlier revision, and whole copy stands beside it"
        )
    return said.draft(NewsML1Parser.name, guid=identity.guid, version=identity.version, charset=charset)


def _patch(identity: _Identity, patched: Sequence[str]) -> NotAStory:
    """Why an item is set aside that says how an earlier document is to be changed, and nothing else."""
    named = ", ".join(patched[:5])
    before = f"revision {identity.previous}" if identity.previous else "an earlier revision"
    return NotAStory(
        f"it is a patch of {before} of {identity.guid or 'an item that it does not name'} (elements {named}) "
        "and no story: what stands in force stays; ask for the whole item (Update N)"
    )


def _language(item: Element) -> str | None:
    """``xml:lang`` of the item or of its outermost component that has one."""
    stated = item.get(_XML_LANG) or next(
        (lang for part in item.iter("{*}NewsComponent") if (lang := part.get(_XML_LANG))), None
    )
    return stated.lower() if stated and stated.isupper() else stated


def _identity(item: Element) -> _Identity:
    identifier = next(item.iter("{*}NewsIdentifier"), None)
    if identifier is None:
        return _Identity()
    said = {local_name(part): clean_line(text_of(part) or "") for part in identifier}
    revision = next(identifier.iterchildren("{*}RevisionId"), None)
    update = (revision.get("Update") or "N").upper() if revision is not None else "N"
    return _Identity(
        guid=_guid(said, update),
        version=whole(said.get("RevisionId")) or None,
        previous=whole(revision.get("PreviousRevision")) if revision is not None else None,
        update=update,
    )


def _guid(said: dict[str, str], update: str) -> str | None:
    """The public identifier without its revision; made of its parts where it does not name the item.

    Its form is ``urn:newsml:{ProviderId}:{DateId}:{NewsItemId}:{RevisionId}{Update}`` (RFC 3085).
    """
    public, item = said.get("PublicIdentifier", ""), said.get("NewsItemId", "")
    provider, day = said.get("ProviderId", ""), said.get("DateId", "")
    if item and item not in public and provider and day:
        return f"urn:newsml:{provider}:{day}:{item}"
    for letter in ("", update):
        ending = f":{said.get('RevisionId', '')}{letter}"
        if len(ending) > 1 and public.endswith(ending):
            return public.removesuffix(ending)
    return public if item or public.count(":") >= 4 else None


def _say_update(identity: _Identity, said: Said) -> None:
    if identity.update == "D":
        said.say("pub_status", PubStatus.CANCELED)
    if identity.update == "U":
        said.add("signals", "update")
    if identity.previous and identity.guid:
        said.add("links", Link(rel="irel:previousVersion", residref=identity.guid, version=identity.previous))


def _read_component(component: Element, said: Said, content: Content) -> None:
    """What a component says of the story, what it holds, and its parts; without recursion."""
    waiting = [(component, content.picture_of(None))]
    while waiting:
        component, picture = waiting.pop()
        role = (formal_name(component, "Role") or "").lower()
        if not content.is_part(role):
            read_component_metadata(component, said)
        inner = list(component.iterchildren("{*}NewsComponent"))
        if inner:
            picture = content.picture_of(component)
        items = list(component.iterchildren("{*}ContentItem"))
        if items:
            content.read(items, role, picture)
        for reference in component.iterchildren("{*}NewsItemRef"):
            said.add("links", Link(rel="irel:seeAlso", residref=reference.get("NewsItem")))
        waiting += [(part, picture) for part in reversed(inner)]


def _read_envelope(root: Element, said: Said) -> None:
    """What the message says where its items do not."""
    for envelope in root.iterchildren("{*}NewsEnvelope"):
        said.say("provider", formal_name(envelope, "SentFrom/Party"))
        if "urgency" not in said.fields:
            said.say_urgency(formal_name(envelope, "Priority"))
        for date in envelope.iterchildren("{*}DateAndTime"):
            said.say_date("version_created", text_of(date))
