"""The one parser of XML and HTML for what came from outside: it loads nothing and refuses floods."""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Never

from lxml import etree

from wire.errors import Malformed, UnsafeInput
from wire.xmltools.texts import legalised

MAX_ATTRIBUTES = 1000  #: of one element; reading them back is far worse than linear
MAX_PREFIXES = 200  #: of namespaces in a document; the parser looks through those declared for each new one

#: What libxml2 tells programmers, in the middle of what it says to everybody.
_ADVICE = re.compile(r", (?:use|see|try) (?:XML_|xml)\w+(?: option)?")
_FLOOD = re.compile(r"amplification|loop|Excessive depth|Resource limit|huge", re.IGNORECASE)
#: A script, style or comment, else (group 1) a start tag up to its end with what is quoted in it; linear,
#: whatever is left open.
_TAG_OR_SCRIPT = re.compile(
    r"""<script\b[^<]*+(?:<(?!/script)[^<]*+)*+|<style\b[^<]*+(?:<(?!/style)[^<]*+)*+|"""
    r"""<!--[^-]*+(?:-(?!->)[^-]*+)*+|(<[a-z](?:[^>"']++|"[^"]*+"|'[^']*+')*+)""",
    re.IGNORECASE,
)
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_PREFIX = re.compile(rb"xmlns:[^\s=]{0,100}")
_UNDEFINED = re.compile(r"Entity '(\w+)' not defined")
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,7});")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))


class _NoFetch(etree.Resolver):
    """Makes any attempt to load a DTD or an entity an error."""

    def resolve(self, system_url: str, *_: object) -> Never:
        raise OSError(f"refused to load {system_url!r}")


def parse_untrusted(data: bytes) -> etree._Element:
    """The root of an XML document from outside; the caller has capped ``len(data)``.

    HTML's entity names are understood without a DTD, since NITF uses them.

    Raises UnsafeInput for declared entities, floods and bottomless nesting; Malformed for anything
    that is not well-formed.
    """
    if data.count(b"xmlns:") > MAX_PREFIXES and len(set(_PREFIX.findall(data))) > MAX_PREFIXES:
        raise UnsafeInput(f"the document declares more than {MAX_PREFIXES} namespace prefixes")
    try:
        root = _parse(data)
    except etree.XMLSyntaxError as exc:
        undefined = _UNDEFINED.search(str(exc))
        if undefined is None or b"<!ENTITY" in data or undefined[1] not in name2codepoint:
            raise _translated(exc, data) from exc
        try:
            root = _parse(_without_html_entities(data))
        except etree.XMLSyntaxError as again:
            raise _translated(again, data) from again
    _refuse_hidden_work(root, data)
    return root


def parse_html(text: str) -> etree._Element:
    """The root of an HTML page, repaired as browsers do; comments and instructions left out.

    Raises Malformed when nothing is left of it.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(_without_floods(legalised(text)[0]).encode("utf-8"), parser)
    if root is None:
        raise Malformed("this HTML page holds no element")
    return root


def _without_floods(html: str) -> str:
    """HTML without the attributes of tags that have too many: the parser takes the square of their number."""
    if not any(map(_is_flood, _TAG_OR_SCRIPT.findall(html))):
        return html
    return _TAG_OR_SCRIPT.sub(
        lambda tag: tag[1].split(None, 1)[0] if _is_flood(tag[1] or "") else tag[0], html
    )


def _is_flood(tag: str) -> bool:
    return len(tag) > 2 * MAX_ATTRIBUTES and len(_QUOTED.sub("", tag).split()) > MAX_ATTRIBUTES


def _parse(data: bytes) -> etree._Element:
    # collect_ids, attribute_defaults and load_dtd stay off: each would open what a DOCTYPE names
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know booleans only
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    parser.resolvers.add(_NoFetch())
    return etree.fromstring(data, parser)


def _refuse_hidden_work(root: etree._Element, data: bytes) -> None:
    """Raise UnsafeInput for what the parser let pass but later code would pay for."""
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():  # type: ignore[attr-defined]
        raise UnsafeInput("the document declares entities of its own; remove its <!ENTITY …> lines")
    if data.count(b"=") > MAX_ATTRIBUTES and any(len(e.attrib) > MAX_ATTRIBUTES for e in root.iter("*")):
        raise UnsafeInput(f"an element has more than {MAX_ATTRIBUTES} attributes")


def _translated(exc: etree.XMLSyntaxError, data: bytes) -> Malformed | UnsafeInput:
    reason = " ".join(str(exc.msg or exc).split())
    if b"<!ENTITY" in data:
        return UnsafeInput(
            f"the document declares entities of its own and uses them unsafely: {_ADVICE.sub('', reason)}"
        )
    if _FLOOD.search(reason):
        return UnsafeInput(f"the document nests or grows without bounds: {_ADVICE.sub('', reason)}")
    return Malformed(f"the XML is broken: {reason}")


def _without_html_entities(data: bytes) -> bytes:
    """HTML's entity names as character references, in any encoding that extends ASCII."""

    def reference(match: re.Match[bytes]) -> bytes:
        name = match[1].decode("ascii")
        known = name in name2codepoint and name not in _XML_ENTITIES
        return b"&#%d;" % name2codepoint[name] if known else match[0]

    first, *rest = data.split(b"<![CDATA[")
    pieces = [_ENTITY.sub(reference, first)]
    for piece in rest:
        literal, end, markup = piece.partition(b"]]>")
        pieces += (b"<![CDATA[", literal, end, _ENTITY.sub(reference, markup))
    return b"".join(pieces)
