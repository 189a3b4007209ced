"""From a file to the root of its XML, with what real feeds get wrong repaired."""

from __future__ import annotations

import re

from lxml import etree

from wire.errors import Malformed, UnsafeInput
from wire.parse.charset import declared_charset, decode
from wire.story import RawFile
from wire.xmltools import clean_text, parse_untrusted

_MAX_PREFIXES = 5
_UNBOUND = re.compile(r"Namespace prefix ([A-Za-z_][\w-]{0,40}) (?:for \S+ )?on \S+ is not defined", re.ASCII)
_ROOT_NAME = re.compile(rb"<[A-Za-z_][\w:.-]*(?=[\s/>])")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
#: A DOCTYPE whose only declarations name further DTDs, as NewsML 1 with NITF has it. We read none of them.
_OUTSIDE_DTD = re.compile(
    rb"""<!DOCTYPE\s+[\w:.-]{1,40}[^<>\[\]]{0,400}\[
    (?:\s*(?:<!ENTITY\s+%\s+[\w.-]{1,40}\s+(?:SYSTEM|PUBLIC)[^<>]{1,400}>|%[\w.-]{1,40};))+\s*\]\s*>""",
    re.VERBOSE,
)


def read_root(raw: RawFile) -> tuple[etree._Element, str, tuple[str, ...]]:
    """The root, the charset it was read in, and warnings.

    A charset that was declared wrongly is found out and said, and so is a prefix that was not declared.
    Raises Malformed or UnsafeInput.
    """
    data, notes = _without_outside_dtd(raw.data)
    for _ in range(_MAX_PREFIXES):
        try:
            return _root(data, notes, raw)
        except Malformed as broken:
            unbound = _UNBOUND.search(str(broken))
            if unbound is None:
                raise
            data = _declared(data, unbound[1].encode())
            notes = (*notes, f"the namespace prefix {unbound[1]} is not declared")
    return _root(data, notes, raw)


def _declared(data: bytes, prefix: bytes) -> bytes:
    """The document with a namespace for a prefix on its root."""
    root = _ROOT_NAME.search(data)
    end = root.end() if root else len(data)
    return data[:end] + b' xmlns:%s="urn:unbound:%s"' % (prefix, prefix) + data[end:]


def _root(data: bytes, notes: tuple[str, ...], raw: RawFile) -> tuple[etree._Element, str, tuple[str, ...]]:
    try:
        return parse_untrusted(data), declared_charset(data) or "utf-8", notes
    except Malformed as broken:
        if "encoding" not in str(broken) and "bytes" not in str(broken):
            raise
        decoded = decode(data, raw.source.charset)
        text = clean_text(_DECLARATION.sub("", decoded.text.lstrip("\ufeff")))
        try:
            return parse_untrusted(text.encode()), decoded.charset, decoded.warnings + notes
        except (Malformed, UnsafeInput):
            raise broken from None


def _without_outside_dtd(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    if b"<!ENTITY" not in data[:4096] or (found := _OUTSIDE_DTD.search(data[:4096])) is None:
        return data, ()
    return data[: found.start()] + data[found.end() :], ("the DTDs that it names were not read",)
