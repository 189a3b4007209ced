"""The provider that a source's configuration names, where the document names none."""

from __future__ import annotations

from dataclasses import replace

from wire.story import Draft, RawFile


def settle_provider(draft: Draft, raw: RawFile) -> Draft:
    """The draft with its source's provider, unless it has its own."""
    if draft.provider or not raw.source.provider:
        return draft
    return replace(draft, provider=raw.source.provider)
