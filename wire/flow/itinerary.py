"""Where the stories of a file would go, rule by rule and with reasons, without keeping anything.

It is said of the story as it reads, were it live: a kill, an embargo or a late version is for the desk to
judge when the file comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wire.common.input_files import InputFile
from wire.config import Settings, Where
from wire.desk.explain import Reason, explain
from wire.errors import CommandError, IntakeError
from wire.flow.reading import Reader
from wire.story import Source, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A feed or an endpoint, and whether a story goes there."""

    kind: str  #: ``feed`` or ``endpoint``
    id: str
    met: bool
    reasons: tuple[Reason, ...]  #: every condition of its rule that is met; or the first that is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """Where one story of a file would go."""

    file: str
    headline: str | None
    source: str
    stops: tuple[Stop, ...]  #: in the order of the configuration


def itineraries(
    name: str, file: InputFile, source: Source, reader: Reader, settings: Settings
) -> Iterator[Itinerary | IntakeError]:
    """An itinerary for each story of a file, or why it cannot be read."""
    for item in reader.items(file.raw(source)):
        if isinstance(item, IntakeError):
            yield item
        else:
            story = item.story
            stops = tuple(_stops(story, settings))
            yield Itinerary(file=name, headline=story.headline, source=source.id, stops=stops)


def source_of(name: str, source_id: str | None, settings: Settings) -> Source:
    """The source that is named, or that of the file's folder in the inbox, or else that of the inbox itself.

    Raises CommandError when no source of that name is configured.
    """
    if source_id is not None:
        folders = {source.id: source.place for source in settings.sources}
        if source_id not in folders:
            known = ", ".join(folders) or "none"
            raise CommandError(f"there is no source {source_id!r}; configured are: {known}")
        return settings.source(folders[source_id])
    folder = Path(name).resolve().parent
    inbox = settings.inbox.path.resolve()
    return settings.source(str(folder.relative_to(inbox)) if folder.is_relative_to(inbox) else "")


def _stops(story: Story, settings: Settings) -> Iterator[Stop]:
    rules: list[tuple[str, str, Where]] = [("feed", feed.id, feed.where) for feed in settings.feeds]
    rules += [("endpoint", endpoint.id, endpoint.where) for endpoint in settings.endpoints]
    for kind, id, where in rules:
        found = explain(where, story)
        yield Stop(kind=kind, id=id, met=found.met, reasons=found.reasons)
