"""Golden pairs: ``tests/golden-out/CASE.json`` beside the documents it must become.

NewsML-G2 and text lie beside it, the other wire formats in a folder of their format.

The JSON is the story's documented form with the desk's decision beside it under ``_desk``. After a wanted
change of the output, ``python -m tests.publish.golden`` writes the documents anew: read the diff.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from tests.strategies import HOUSE
from wire import plugins, storyjson
from wire.publish.newsml_g2 import NewsMLG2Renderer
from wire.publish.plain import PlainTextRenderer
from wire.story import Action, Document, Revision, Standing

FOLDER = Path(__file__).parent.parent / "golden-out"
CASES = sorted(FOLDER.glob("*.json"))
RENDERERS = (NewsMLG2Renderer(), PlainTextRenderer())
#: Formats with a folder of their own.
FOLDERS = (
    *("newsml-g2-message", "nitf", "ninjs", "ninjs-2.2", "ninjs-1.6"),
    *("iptc7901", "anpa1312"),
)


def revision_of(case: Path) -> Revision:
    """The revision that a golden JSON file describes."""
    fields = json.loads(case.read_text("utf-8"))
    story, desk = storyjson.load(fields), fields["_desk"]
    accepted_at = datetime.fromisoformat(desk["accepted_at"])
    return Revision(
        seq=1,
        story_id="0123456789ab",
        guid=story.guid or "",
        version=story.version or 1,
        action=Action(desk["action"]),
        standing=Standing(desk["standing"]),
        story=story,
        accepted_at=accepted_at,
        published=accepted_at,
        updated=accepted_at,
    )


def in_folder(case: Path, format: str) -> tuple[Path, Document]:
    """Where the golden document of a case lies that has its format's folder, and what we write now."""
    document = plugins.load("wire.renderers", format)().render(revision_of(case), HOUSE)
    return FOLDER / format / f"{case.stem}.{document.suffix}", document


if __name__ == "__main__":
    for case in CASES:
        for renderer in RENDERERS:
            document = renderer.render(revision_of(case), HOUSE)
            case.with_suffix(f".{document.suffix}").write_bytes(document.body)
        for format in FOLDERS:
            path, document = in_folder(case, format)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(document.body)
