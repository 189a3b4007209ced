"""The format of an imaginary agency: a line of codes, a headline in capitals, paragraphs, and END.

ZZ 0417 U 2
STORM CLOSES HARBOUR BRIDGE
SYDNEY - The bridge was closed on Monday.
END
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from wire.errors import Malformed
from wire.story import Draft, RawFile

_CODES = re.compile(rb"ZZ (?P<number>\d{4}) (?P<what>[UK]) (?P<urgency>[1-9])\r?\n")


class TeletypeParser:
    """Reads the format; `wire.ports.Parser`. Stateless: several threads use one at once."""

    name = "teletype"

    def evidence(self, raw: RawFile) -> int:
        """How surely the file is ours. Looks at its beginning alone, never raises."""
        return 95 if _CODES.match(raw.data[:4096]) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """What the document says, and nothing else: wire cleans it and guesses the rest."""
        codes = _CODES.match(raw.data)
        lines = [line.strip() for line in raw.data.decode("ascii", "replace").splitlines()[1:]]
        if codes is None or "END" not in lines:
            raise Malformed("a teletype message without END: it was cut off on the way")
        headline, *body = [line for line in lines[: lines.index("END")] if line]
        return [
            Draft(
                format=self.name,
                guid=f"teletype:{raw.source.id}:{codes['number'].decode()}",
                headline=headline.capitalize(),
                body_html="".join(f"<p>{escape(line)}</p>" for line in body),
                urgency=int(codes["urgency"]),
            )
        ]
