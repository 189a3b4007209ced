"""Proves NewsML-G2 documents right: our own grammar, second-level rules, and the official schema on request.

The grammar (``newsml-g2-wire.rng``) describes only what `wire` itself writes, so it is held against our own
documents alone; the rules (`wire.publish.rules`) hold for anybody's. Nothing is fetched, whatever a
document names.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from wire.errors import CommandError, IntakeError
from wire.publish.rules import RULES, Finding, Item, items_of
from wire.xmltools import parse_untrusted

__all__ = ["Finding", "validate"]

GRAMMAR = Path(__file__).with_name("newsml-g2-wire.rng")


def validate(data: bytes, schema: Path | None = None) -> list[Finding]:
    """Everything wrong with a NewsML-G2 document, in the document's order within each check.

    ``data`` is size-capped by the caller; ``schema`` is an XSD to check against as well, such as IPTC's
    official one. An empty list means: nothing to object to.

    Raises CommandError when the schema itself cannot be used.
    """
    try:
        root = parse_untrusted(data)
    except IntakeError as exc:
        return [Finding(rule="well-formed", where="document", message=str(exc))]
    items = items_of(root)
    findings = [] if schema is None else _against_schema(root, schema)
    if not items:
        findings.append(_no_item(root))
    for item in items:
        if item.own and item.element is root:
            findings.extend(_against_grammar(item))
        for rule in RULES:
            findings.extend(rule(item))
    return findings


def _no_item(root: etree._Element) -> Finding:
    name = etree.QName(root)
    space = name.namespace or "no namespace"
    return Finding(
        rule="newsml-g2",
        where=f"line {root.sourceline}: /{name.localname}",
        message=f"holds no NewsML-G2 item: its root is {name.localname!r} in {space}",
    )


def _against_grammar(item: Item) -> Iterator[Finding]:
    grammar = _grammar()
    if not grammar.validate(item.element):
        # libxml2 reports the same fault once for each way it tried to match; the first is the deepest
        yield next(_reported("grammar", grammar.error_log))


def _against_schema(root: etree._Element, path: Path) -> list[Finding]:
    schema = _schema(path)
    return [] if schema.validate(root) else list(_reported("schema", schema.error_log))


def _reported(rule: str, log: Any) -> Iterator[Finding]:
    """lxml's log of faults, an iterable of its entries, as findings."""
    for entry in log:
        yield Finding(rule=rule, where=f"line {entry.line}", message=entry.message)


@lru_cache(maxsize=1)
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(str(GRAMMAR)))


@lru_cache(maxsize=4)
def _schema(path: Path) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True)))
    except (OSError, etree.LxmlError) as exc:
        raise CommandError(f"{path} cannot be used as an XML schema: {exc}") from exc
