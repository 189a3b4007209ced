"""Whether the outbox shows what the store holds: the audit's half that looks at files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from wire.ports.feeds import FeedShelf
from wire.publish.feeds.archives import Archives
from wire.publish.outbox.folder import FORMATS, hidden
from wire.story import Document, Revision, Standing

_ABSENT = "missing or unreadable"
_TO_OTHER_DAYS = re.compile(rb'<link [^<>]*rel="(?:prev|next)-archive"[^<>]*/>')


def feed_files(folder: Path, feeds: FeedShelf) -> Iterator[str]:
    """Every feed file that is not the feed as the store gives it, in words. Raises StoreError."""
    for info in feeds.infos():
        for format in FORMATS:
            path = folder / "feeds" / f"{info.id}.{format}"
            rendition = feeds.rendition(info.id, format)
            if rendition is not None and (held := _content(path)) != rendition.body:
                yield f"{path} is {_ABSENT if held is None else 'not the feed as the store gives it'}"


def archive_files(folder: Path, archives: Archives, until: datetime) -> Iterator[str]:
    """Every archive page that is not the day as the store gives it, in words. Raises StoreError.

    Where it leads is not looked at, since that may change a little later.

    until  pages that changed afterwards may not be written yet
    """
    for file in sorted((folder / "feeds").glob("*/archive/*.atom")):
        made = archives.page(file.parent.parent.name, file.stem)
        if made is None:
            yield f"{file} lies there although nothing became public in the feed on that day"
        elif made.modified <= until and _alone(_content(file) or b"") != _alone(made.body):
            yield f"{file} is not what became public in the feed on that day"


def _alone(page: bytes) -> bytes:
    return _TO_OTHER_DAYS.sub(b"", page)


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
            if (held := _content(path)) != document.body:
                yield f"{path} is {_ABSENT if held is None else 'not the version in force'}"
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
