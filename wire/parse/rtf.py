"""RTF (Rich Text Format 1.9): text, headings, tables, emphasis and web links of a document.

`wire.parse.sent.rtftext` reads the control words; here stands what the document means as a story.
"""

from __future__ import annotations

from collections.abc import Sequence

from wire.errors import NotAStory
from wire.parse.base import head_of
from wire.parse.sent.documents import described, story_fields
from wire.parse.sent.rtftext import RtfText
from wire.story import Draft, RawFile


class RtfParser:
    """Reads RTF documents."""

    name = "rtf"

    def evidence(self, raw: RawFile) -> int:
        """100 for the first group of the format."""
        return 100 if head_of(raw).startswith(b"{\\rtf") else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft. Raises NotAStory when there is no text, UnsafeInput when it has no bounds."""
        text = RtfText(raw.data, raw.source.charset)
        blocks = text.blocks()
        title = text.info.pop("headline", None)
        starts = blocks and (blocks[0].heading or len(blocks[0].text) < 200)
        fields, warnings = story_fields(blocks, title=None if starts else title, sent=raw.arrived_at)
        told = described(fields, text.info)
        if not (told.get("body_html") or told.get("headline")):
            raise NotAStory("there is no text in this RTF document")
        return [Draft(format=self.name, charset=text.charset, warnings=(*text.warnings, *warnings), **told)]
