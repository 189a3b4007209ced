"""A headline for stories without one: the first words of what they say."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from wire.common.words import html_to_text
from wire.errors import NotAStory
from wire.normalise.body import without_headline
from wire.normalise.leftovers import without_tags
from wire.story import Draft, PubStatus, RawFile

_MAX = 90  #: characters
_JOINERS = "\u200d\ufe0e\ufe0f"


def settle_headline(draft: Draft, raw: RawFile) -> Draft:  # noqa: ARG001
    """The draft with a headline. Raises NotAStory when there is nothing to make one of.

    A canceled or withheld item may come without content, and stays without a headline then.
    """
    if draft.headline:
        return draft
    body = draft.body_html
    text = html_to_text(body).strip() or draft.description or _caption(draft)
    if text:
        opening = text.split("\n", 1)[0]
        opening = without_tags(opening).strip() or opening
        headline = first_words(opening.removeprefix(draft.dateline or "").lstrip(" -–—_:") or opening)
        body, of = without_headline(body, headline), "the first words of the text"
    elif draft.slugline:
        headline, of = draft.slugline, "the slugline"
    elif draft.pub_status is not PubStatus.USABLE:
        return draft
    else:
        raise NotAStory("this holds neither a headline nor a text")
    warnings = (*draft.warnings, f"headline made from {of}")
    return replace(draft, headline=headline, body_html=body, warnings=warnings)


def first_words(text: str, limit: int = _MAX) -> str:
    """At most ``limit`` characters, cut between words where there are any, never inside a visible one."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text.rfind(" ", limit // 2, limit)
    if cut < 0:
        cut = limit - 1
        while cut > 1 and _continues(text, cut):
            cut -= 1
    return text[:cut].rstrip(" .,;:–—-") + "…"


def _continues(text: str, n: int) -> bool:
    """Whether the character at ``n`` belongs to the one before it."""
    return (
        unicodedata.category(text[n])[0] == "M"
        or text[n] in _JOINERS
        or text[n - 1] == "\u200d"
        or ("\U0001f1e6" <= text[n] <= "\U0001f1ff" or "\U0001f3fb" <= text[n] <= "\U0001f3ff")
    )


def _caption(draft: Draft) -> str | None:
    return next((picture.caption for picture in draft.pictures if picture.caption), None)
