"""Small IPTC code lists, as qcodes: what `wire` writes, and what it understands when reading."""

from __future__ import annotations

from typing import Final

from wire.story import PubStatus

#: ``itemMeta/itemClass`` (scheme ``ninat``).
TEXT: Final = "ninat:text"
PICTURE: Final = "ninat:picture"
COMPOSITE: Final = "ninat:composite"

#: ``itemMeta/pubStatus`` (scheme ``stat``) to ours; whatever else a document says counts as withheld.
PUB_STATUSES: Final = {f"stat:{status}": status for status in PubStatus}

#: ``itemMeta/signal`` (scheme ``sig``).
UPDATE: Final = "sig:update"
CORRECTION: Final = "sig:correction"

#: ``newsMessage/header/signal`` (scheme ``nmsig``): its items are to be taken in together.
ATOMIC: Final = "nmsig:atomic"

#: ``link/@rel`` (scheme ``irel``).
PREVIOUS_VERSION: Final = "irel:previousVersion"
ASSOCIATED_WITH: Final = "irel:associatedWith"

#: ``description/@role`` (scheme ``drol``).
SUMMARY: Final = "drol:summary"
CAPTION: Final = "drol:caption"

#: ``@type`` of a concept (scheme ``cpnat``).
ABSTRACT: Final = "cpnat:abstract"
PERSON: Final = "cpnat:person"
ORGANISATION: Final = "cpnat:organisation"
GEO_AREA: Final = "cpnat:geoArea"

#: ``@how`` of a value that a program read out of the text (scheme ``howextr``).
BY_TOOL: Final = "howextr:tool"
