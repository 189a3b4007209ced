"""The official schemas beside the project, each compiled once; tests skip where they are absent."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from jsonschema import FormatChecker
from jsonschema.validators import validator_for
from lxml import etree
from referencing import Registry, Resource

from tests.parse.reading import shared
from wire.story import Document

#: The ninjs schemas refer to the one of GeoJSON on the web; nothing of ours holds any.
_GEOJSON = "https://geojson.org/schema/GeoJSON.json"
_STUB = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": _GEOJSON, "type": "object"}

_XSD = {
    "newsml-g2": ("newsml-g2", "NewsML-G2_2.35-spec-All-Power.xsd"),
    "newsml-g2-message": ("newsml-g2", "NewsML-G2_2.35-spec-All-Power.xsd"),
    "nitf": ("nitf", "nitf-3-6.xsd"),
}
_NINJS = {"ninjs": "3.1", "ninjs-2.2": "2.2", "ninjs-1.6": "1.6"}

#: Formats that an official schema describes.
DESCRIBED = (*_XSD, *_NINJS)


def assert_valid(document: Document) -> None:
    """Fail with the schema's own words when the document is not valid; skip without the schema."""
    if document.format in _XSD:
        _xml_schema(*_XSD[document.format]).assertValid(etree.fromstring(document.body))
    else:
        _ninjs(_NINJS[document.format]).validate(json.loads(document.body))


@cache
def _xml_schema(*path: str) -> etree.XMLSchema:
    found = shared("schemas", *path)
    return etree.XMLSchema(etree.parse(str(found)))


@cache
def _formats() -> FormatChecker:
    """Times as RFC 3339 writes them; jsonschema alone does not look."""
    checker = FormatChecker(())
    checker.checks("date-time", raises=ValueError)(
        lambda text: datetime.fromisoformat(text).tzinfo is not None
    )
    return checker


@cache
def _ninjs(version: str) -> Any:
    schema = json.loads(shared("schemas", "ninjs", f"ninjs-schema_{version}.json").read_text("utf-8"))
    registry: Any = Registry().with_resource(_GEOJSON, Resource.from_contents(_STUB))
    kind = validator_for(schema)
    return kind(schema, registry=registry, format_checker=_formats())
