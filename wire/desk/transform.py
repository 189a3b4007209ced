"""What a feed or an endpoint gets other than it came: ``transform`` tables made into functions of a story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from wire.config import Transform
from wire.iptc import media_topics
from wire.ports import House, Renderer
from wire.story import Concept, Document, Revision, Story

Change = Callable[[Story], Story]


def compile(transform: Transform) -> Change | None:
    """The changes as one function; None where there are none."""
    if transform == Transform():
        return None
    blank: dict[str, Any] = {field: None if field == "slugline" else () for field in transform.strip}

    def change(story: Story) -> Story:
        return replace(story, **{**dict(_changes(transform, story)), **blank})

    return change


def _changes(transform: Transform, story: Story) -> Iterator[tuple[str, Any]]:
    """The fields that change, with their new values."""
    if transform.subjects:
        mapped = (_mapped(subject, transform) for subject in story.subjects)
        yield "subjects", tuple({subject.qcode or subject: subject for subject in mapped}.values())
    if transform.provider is not None:
        yield "provider", transform.provider
    if transform.rights is not None and transform.rights not in (story.copyright_notice or ""):
        yield "copyright_notice", " ".join(filter(None, (story.copyright_notice, transform.rights)))
    if transform.headline_prefix is not None and story.headline is not None:
        yield "headline", _prefixed(story.headline, transform.headline_prefix)
    if transform.slugline_prefix is not None and story.slugline is not None:
        yield "slugline", _prefixed(story.slugline, transform.slugline_prefix)


def _prefixed(text: str, prefix: str) -> str:
    return text if text.startswith(prefix) else f"{prefix}{text}"


def _mapped(subject: Concept, transform: Transform) -> Concept:
    """The subject, or what stands in the place of it or of the nearest topic above it."""
    if subject.qcode is None:
        return subject
    for qcode in (subject.qcode, *media_topics.ancestors(subject.qcode)):
        if target := transform.subjects.get(qcode):
            return replace(subject, qcode=target, name=media_topics.label(target))
    return subject


class ChangedRenderer:
    """Writes a format from changed stories (`wire.ports.Renderer`); its documents bear an edition's name."""

    def __init__(self, renderer: Renderer, change: Change, edition: str) -> None:
        """``edition``: what tells these documents from those of the unchanged story."""
        self._renderer = renderer
        self._change = change
        self.format = edition
        self.media_type = renderer.media_type

    def render(self, revision: Revision, house: House) -> Document:
        """The changed revision as a document. Raises RenderError."""
        changed = replace(revision, story=self._change(revision.story))
        return replace(self._renderer.render(changed, house), format=self.format)
