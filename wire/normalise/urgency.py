"""Urgency from the words that agencies put before urgent copy: FLASH, URGENT, EILMELDUNG, URGENTE …"""

from __future__ import annotations

import re

from wire.normalise.wording import Wording

#: In capitals, at the very beginning, set off from what follows: "URGENT - Dam bursts", "+++ EIL +++".
_MARKS = {
    1: ("FLASH", "FLASH INFO", "BLITZ", "BLITZMELDUNG"),
    2: (
        *("URGENT", "BULLETIN", "ALERT", "NEWS ALERT", "BREAKING", "BREAKING NEWS", "SNAP", "NEWSALERT"),
        *("EIL", "EILMELDUNG", "EILT", "ALERTE", "ALERTE INFO", "URGENTE", "ALERTA", "ÚLTIMA HORA"),
        *("ULTIM'ORA", "ULTIMORA", "SPOED", "BRÅDSKANDE", "HASTER", "JUST IN", "JUSTIN"),
    ),
}
_URGENCY = {mark: urgency for urgency, marks in _MARKS.items() for mark in marks}
_MARK = re.compile(
    r"[+*#\[(<|\s]{0,10}("
    + "|".join(sorted(map(re.escape, _URGENCY), key=len, reverse=True))
    + r")(?:\s?[:\])>|+*/!]|\s?[–—-]|\s\(?[A-Z]{2,8}\)?\s?[:–—-])"
)


def guess_urgency(wording: Wording) -> tuple[int, str] | None:
    """The urgency, 1 or 2, and the word that says so; None without one."""
    for line in (wording.said_headline, wording.body[:100]):
        if match := _MARK.match(line):
            return _URGENCY[match[1]], match[1]
    return None
