"""What a headline or a slugline says of the version itself, as Reuters, AP and others label them."""

from __future__ import annotations

import re

from wire.parse.anpalines import signals_of, version_in

_CORRECTION = re.compile(
    r"(?:CORRECT(?:ED|ION|IF|ING)|RECTIFICATIF|BERICHTIGUNG|KORREKTUR|R[ÄE]TTELSE|RETTING|CORRECCIÓN|RECTIFICACIÓN"
    r"|RETTIFICA|CORREÇÃO|/?C O R R E C T I O N)\b[^:–—-]{0,40}(?: ?[:–—]| --? |-(?=[A-Z]))|Corrections?: "
)
_UPDATE = re.compile(
    r"(?:UPDATE|WRAPUP) ?\d{0,2} ?[:–—-]|\((?:\d(?:st|nd|rd|th) )?(?:LEAD|LD)\) |\d(?:st|nd|rd|th) L[dD]: "
)
_IN_SLUG = re.compile(r"\(([^()]*)\)$")  #: Reuters' ``(UPDATE 1, PIX, CORRECTED)``


def signals_in(headline: str, slugline: str) -> tuple[str, ...]:
    """``correction`` and ``update``, where the label of one of them says so."""
    found = set(signals_of(version_in(slugline)))
    in_slug = _IN_SLUG.search(slugline)
    marks = in_slug[1].split(", ") if in_slug else ()
    if _CORRECTION.match(headline) or "CORRECTED" in marks:
        found.add("correction")
    if _UPDATE.match(headline) or any(mark.startswith("UPDATE ") for mark in marks):
        found.add("update")
    return tuple(sorted(found))
