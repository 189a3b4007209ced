"""Qcodes (``alias:code``) and the catalogue that gives their aliases a scheme URI.

Catalogues are resolved from the table shipped with the package, never over the network
(NewsML-G2 guidelines, "Controlled values").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

#: What the standard allows as a qcode (``QCodeType``): an alias without blank or colon, then a code.
_QCODE = re.compile(r"[^\s:]+:\S+")
_DECLARABLE = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*:\S+")

#: Every edition of the IPTC catalogue that a document may refer to; aliases are only ever added to it.
_IPTC_CATALOGUE = re.compile(r"https?://(www\.)?iptc\.org/std/catalog/catalog\.IPTC-G2-Standards_\d+\.xml")


def is_qcode(text: str) -> bool:
    """Whether the text has the form of a qcode; says nothing of its alias."""
    return _QCODE.fullmatch(text) is not None


def is_declarable(code: str) -> bool:
    """Whether the code is a qcode whose alias a catalogue can declare (``xs:NCName``)."""
    return _DECLARABLE.fullmatch(code) is not None


def split(qcode: str) -> tuple[str, str]:
    """Alias and code. Raises ValueError when the text is no qcode."""
    if not is_qcode(qcode):
        raise ValueError(f"{qcode!r} is no qcode: it must read alias:code, without blanks")
    alias, _, code = qcode.partition(":")
    return alias, code


def catalogue_href() -> str:
    """Where IPTC publishes the edition of the catalogue that we ship and declare."""
    return str(table("catalogue")["href"])


def catalogue() -> Mapping[str, str]:
    """The IPTC catalogue: alias to scheme URI."""
    schemes: Mapping[str, str] = table("catalogue")["schemes"]
    return schemes


def is_iptc_catalogue(href: str) -> bool:
    """Whether a ``catalogRef/@href`` names the IPTC catalogue, in whatever edition."""
    return _IPTC_CATALOGUE.fullmatch(href) is not None


def is_known_alias(alias: str) -> bool:
    """Whether the IPTC catalogue resolves this alias."""
    return alias in catalogue()


@cache
def table(name: str) -> Mapping[str, Any]:
    """One of the shipped tables (``data/NAME.json``), read when first asked for."""
    text = Path(__file__).with_name("data").joinpath(f"{name}.json").read_bytes()
    return MappingProxyType(json.loads(text))
