"""The steps joined: draft in, story out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter

from wire.common.words import count_words
from wire.normalise.body import clean_body
from wire.normalise.countries import settle_countries
from wire.normalise.enrich import enrich, settle_urgency
from wire.normalise.fields import clean_fields
from wire.normalise.headline import settle_headline
from wire.normalise.language import settle_language
from wire.normalise.provider import settle_provider
from wire.normalise.times import settle_times
from wire.normalise.wording import text_of
from wire.ports import Step
from wire.story import Copy, Draft, Origin, RawFile, Story
from wire.xmltools import clean_line

STANDARD_STEPS: tuple[Step, ...] = (
    clean_fields,
    clean_body,
    settle_times,
    settle_language,
    settle_provider,
    settle_countries,
    enrich,
    settle_urgency,
    settle_headline,
)


class StoryNormaliser:
    """Runs the steps in order and freezes what they made (`wire.ports.Normaliser`)."""

    def __init__(self, steps: Iterable[Step] = STANDARD_STEPS) -> None:
        """``steps`` are gone through anew for each draft."""
        self._steps = steps

    def __call__(self, draft: Draft, raw: RawFile) -> Story:
        """The one normal form. Raises IntakeError when the draft is no story."""
        for step in self._steps:
            draft = step(draft, raw)
        return _story(draft, raw)


_SHARED = tuple(field.name for field in fields(Copy))
_VALUES = attrgetter(*_SHARED)


def _story(draft: Draft, raw: RawFile) -> Story:
    return Story(
        **dict(zip(_SHARED, _VALUES(draft), strict=True)),
        guid=draft.guid,
        version=draft.version,
        body_html=draft.body_html,
        word_count=count_words(text_of(draft.body_html)),
        origin=Origin(
            format=draft.format,
            source=raw.source.id,
            file=clean_line(raw.name),
            sha256=raw.sha256,
            charset=draft.charset,
            warnings=tuple(dict.fromkeys(clean_line(warning) for warning in draft.warnings)),
        ),
    )
