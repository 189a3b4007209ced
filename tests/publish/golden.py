"""Golden pairs: ``tests/golden-out/CASE.json`` beside the documents it must become.

The JSON is the story's documented form with the desk's decision beside it under ``_desk``. After a wanted
change of the output, ``python -m tests.publish.golden`` writes the documents anew: read the diff.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from tests.strategies import HOUSE
from wire import storyjson
from wire.publish.newsml_g2 import NewsMLG2Renderer
from wire.publish.plain import PlainTextRenderer
from wire.story import Action, Revision, Standing

FOLDER = Path(__file__).parent.parent / "golden-out"
CASES = sorted(FOLDER.glob("*.json"))
RENDERERS = (NewsMLG2Renderer(), PlainTextRenderer())


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


if __name__ == "__main__":
    for case in CASES:
        for renderer in RENDERERS:
            document = renderer.render(revision_of(case), HOUSE)
            case.with_suffix(f".{document.suffix}").write_bytes(document.body)
