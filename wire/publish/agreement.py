"""Whether the outbox shows what the store holds: the audit's half that looks at files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC
from pathlib import Path

from wire.ports import FeedShelf
from wire.publish.outbox import FORMATS, hidden
from wire.story import Document, Revision, Standing


def feed_files(folder: Path, feeds: FeedShelf) -> Iterator[str]:
    """Every feed file that is not the feed as the store gives it, in words. Raises StoreError."""
    for info in feeds.infos():
        for format in FORMATS:
            path = folder / "feeds" / f"{info.id}.{format}"
            rendition = feeds.rendition(info.id, format)
            if rendition is not None and _content(path) != rendition.body:
                yield f"{path} is not the feed as the store gives it"


def story_files(
    folder: Path, versions: Iterable[tuple[Revision, Document]], private: Collection[str] = ()
) -> Iterator[str]:
    """Every story file that is not as it should be, in words.

    versions  the version in force of each story, with its NewsML-G2
    private   feeds that are not for everybody
    """
    for revision, document in versions:
        day = folder / "newsml" / f"{revision.published.astimezone(UTC):%Y/%m/%d}"
        path = day / f"{revision.story_id}-v{revision.version}.{document.suffix}"
        if hidden(revision, private):
            for file in day.glob(f"{revision.story_id}-v*"):
                yield f"{file} lies there although the story stands in private feeds alone"
        elif revision.standing is Standing.LIVE:
            if _content(path) != document.body:
                yield f"{path} is not the story's version in force"
        elif revision.standing is not Standing.EXPIRED:
            for file in day.glob(f"{revision.story_id}-v*"):
                yield f"{file} lies there although the story is {revision.standing.value}"


def strays(folder: Path) -> Iterator[str]:
    """Temporary files left behind."""
    for file in folder.rglob(".*.tmp"):
        yield f"{file} was left behind by a write that never ended"


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
