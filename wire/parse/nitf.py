"""NITF 3.x, with and without its namespace or DOCTYPE, one story a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from wire.errors import Malformed
from wire.iptc.qcodes import is_qcode
from wire.parse.base import head_of
from wire.parse.items.nitf_body import read_body
from wire.parse.items.nitf_head import Head, read_head
from wire.parse.items.said import Said
from wire.parse.markup import local_name, named
from wire.parse.xml_input import read_root
from wire.story import Concept, Draft, RawFile

_ROOT = re.compile(rb"<(?:[\w.-]+:)?nitf[\s>]")
#: What holds a NITF document in a NewsML-G2 item, and may come without the rest of it.
_WRAPPERS = ("contentSet", "inlineXML")
_MAY_PRECEDE = re.compile(
    rb"<(?!\?|!--|!DOCTYPE|(?:[\w.-]+:)?nitf[\s>]|contentSet[\s>]|inlineXML[\s>])[A-Za-z]"
)
_REVISION = re.compile(r"_(\d{2,3})$")


class NITFParser:
    """Reads NITF documents."""

    name = "nitf"

    def evidence(self, raw: RawFile) -> int:
        """100 for the root element of NITF; nothing when another root holds it."""
        head = head_of(raw)
        root = _ROOT.search(head) if head.startswith(b"<") else None
        if root is None or _MAY_PRECEDE.search(head[: root.start()]):
            return 0
        return 100

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft. Raises Malformed or UnsafeInput."""
        root, charset, warnings = read_root(raw)
        if local_name(root) in _WRAPPERS:
            root = next(named(root, "nitf"), root)
        if local_name(root) != "nitf":
            raise Malformed(f"this is no NITF: its root is {local_name(root)}")
        said = Said(warnings)
        said.say("language", root.get("baselang"))
        identity = _read(root, said)
        guid = identity.doc_id if "}" in root.tag else _uncounted(identity)
        _read_dialect(identity, guid, said)
        return [said.draft(self.name, guid=guid, version=identity.version or None, charset=charset)]


def _read(root: etree._Element, said: Said) -> Head:
    """The body before the head, whose title is only a fallback; but the head's names and dates win."""
    head = next(root.iterchildren("{*}head"), None)
    body = Said()
    read_body(root, body)
    said.say("headline", body.fields.get("headline"))
    identity = read_head(head, said) if head is not None else Head(said)
    for name, value in body.fields.items():
        if isinstance(value, tuple):
            for one in value:
                said.add(name, one)
        else:
            said.say(name, value)
    said.say("version_created", said.fields.get("first_created"))
    for warning in body.warnings:
        said.warn(warning)
    return identity


def _read_dialect(identity: Head, guid: str | None, said: Said) -> None:
    """What NITF leaves to the agency: its own category, and where its slug stands."""
    profile = said.profile(guid)
    if profile is None:
        return
    code, keywords = identity.category, said.fields.get("keywords")
    if code and is_qcode(qcode := f"{profile.scheme}:{code}"):
        said.add_subjects(profile.subjects(code) or (Concept(qcode=qcode),))
    if profile.slug == "scope and keyword" and identity.scope and keywords:
        said.fields["slugline"] = f"{identity.scope} {keywords[0]}"


def _uncounted(identity: Head) -> str | None:
    """The id without the count of versions that some agencies append to it (``…_07`` of version 8).

    They use no namespace; what we write ourselves does, and its ids may end as they like.
    """
    guid = identity.doc_id
    counted = _REVISION.search(guid) if guid else None
    if guid and counted and identity.version is not None and 0 <= identity.version - int(counted[1]) <= 1:
        return guid[: counted.start()]
    return guid
