"""Languages by their tags (BCP 47): what is one, and which way it is written."""

from __future__ import annotations

import re

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"))
_RIGHT_TO_LEFT_SCRIPTS = frozenset(("adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"))


def language_tag(text: str) -> str:
    """The text, if it has the form of a tag. Raises ValueError."""
    if not _TAG.fullmatch(text):
        raise ValueError(f"{text!r} is no language tag (BCP 47), such as en or pt-BR")
    return text


def direction(language: str | None) -> str:
    """``rtl`` or ``ltr``, by the script that a BCP 47 tag names or its language is written in.

    ``auto`` where there is no tag, so that a browser goes by the text itself.
    """
    if not language:
        return "auto"
    primary, *subtags = language.lower().split("-")
    scripts = [subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if primary in _RIGHT_TO_LEFT else "ltr"
