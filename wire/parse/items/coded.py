"""Concepts as documents name them: a web address, a scheme and a code, or a word."""

from __future__ import annotations

from functools import cache

from wire.iptc import media_topics
from wire.iptc.qcodes import catalogue, is_qcode
from wire.parse.items.said import Said
from wire.parse.profiles import load
from wire.story import Concept


def qcode_of(uri: str) -> str:
    """A concept's web address as a qcode, where the IPTC catalogue knows its scheme; else as it stands."""
    scheme, slash, code = uri.rpartition("/")
    alias = _aliases().get(scheme.replace("https://", "http://", 1).lower())
    return f"{alias}:{code}" if alias and slash and code else uri


def code_in(scheme: str | None, code: str) -> str | None:
    """A scheme's address or name and a code as one qcode or address; None when both together are none."""
    if not scheme:
        return qcode_of(code) if "://" in code else code if is_qcode(code) else None
    if "://" in scheme:
        base = scheme if scheme.endswith("/") else scheme.rstrip("#") + "/"
        qcode = qcode_of(code if "://" in code else base + code)
        return code if _is_whole(code, qcode) else qcode
    qcode = f"{scheme.rstrip(':')}:{code}"
    return code if _is_whole(code, qcode) else qcode if is_qcode(qcode) else None


def _is_whole(code: str, qcode: str) -> bool:
    """Whether a code names its scheme itself, so that it stood there twice: ``medtop:medtop:04000000``."""
    alias = qcode.partition(":")[0]
    return "://" not in code and code.startswith(f"{alias}:") and is_qcode(code)


def add_subject(said: Said, name: str | None, code: str | None) -> None:
    """Add a subject; an old subject code, however it is written, with the Media Topics it stands for."""
    digits = subject_code(code)
    if digits is None:
        if code and not name and code.startswith("medtop:"):
            name = media_topics.label(code, "en-GB")
        said.add("subjects", Concept(name=name, qcode=code) if name or code else None)
    else:
        said.add_subject_code(digits, name)


def subject_code(code: str | None) -> str | None:
    """The 8 digits of an old IPTC subject code; None for Media Topics and anything else.

    Agencies write the digits alone or after an address or alias of their own.
    """
    if not code or code.startswith("medtop:"):
        return None
    digits = code.rpartition("/")[2].rpartition(":")[2]
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    ours = code == digits or code.startswith("subj:")
    return digits if ours or ("01" <= digits[:2] <= "17" and media_topics.topics_of(digits).qcodes) else None


def add_category(said: Said, code: str, name: str | None = None) -> None:
    """Add a category of ANPA 1312 and, as a guess, the topic it stands for."""
    qcode = f"a1312cat:{code}"
    if is_qcode(qcode):
        said.add_subjects(load("default").subjects(code) or (Concept(qcode=qcode, name=name),))


def country(code: str) -> Concept:
    """A country by its ISO 3166 code of two or three letters; anything else is its name."""
    if len(code) in {2, 3} and code.isascii() and code.isalpha() and code.isupper():
        return Concept(qcode=f"iso3166-1a{len(code)}:{code}")
    return Concept(name=code)


@cache
def _aliases() -> dict[str, str]:
    return {uri.rstrip("/").lower(): alias for alias, uri in catalogue().items()}
