"""Text for receivers whose charset is ISO 8859-1: what that lacks is transliterated or visibly replaced.

Nothing ever becomes a bare question mark: a character that nobody can spell in Latin letters stands as its
code point, ``[U+4E2D]``. The fields in which anything changed are remembered as losses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from unicodedata import combining, normalize

_NOT_LATIN_1 = re.compile("[^\x01-\x08 -~\xa0-\xff]")


def _pairs(text: str) -> dict[str, str]:
    """Characters and their spellings, taking turns."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _with_capitals(letters: Mapping[str, str]) -> dict[str, str]:
    return {**letters, **{small.upper(): latin.capitalize() for small, latin in letters.items()}}


_SPELLED: Mapping[str, str] = {
    **_pairs("""‘ ' ’ ' ‚ ' ‛ ' ′ ' “ " ” " „ " ‟ " ″ " ‹ ' › ' ‐ - ‑ - ‒ - – - − - — -- ― -- … ... • *"""),
    **_pairs("€ EUR ™ (TM) № No. ⁄ / → -> ← <- ≤ <= ≥ >= ≠ != ≈ ~"),
    **_pairs("ł l Ł L đ d Đ D œ oe Œ OE ı i ĸ k ŋ ng Ŋ NG ŧ t Ŧ T ħ h Ħ H ſ s ə a Ə A ẞ SS ƒ f ȷ j"),
    **_with_capitals(_pairs("α a β b γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s")),
    **_with_capitals(_pairs("τ t υ y φ f χ ch ψ ps ω o")),
    **_with_capitals(_pairs("а a б b в v г g д d е e ж zh з z и i й y к k л l м m н n о o п p р r с s")),
    **_with_capitals(_pairs("т t у u ф f х kh ц ts ч ch ш sh щ shch ы y э e ю yu я ya ё yo є ye і i")),
    **_with_capitals(_pairs("ї yi ґ g ђ dj ј j љ lj њ nj ћ c џ dz ў u")),
    **dict.fromkeys("ς", "s"),
    **dict.fromkeys("ъЪьЬ", "'"),
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", ""),
}


class Narrow:
    """Writes texts in ISO 8859-1 and remembers whose characters had to change.

    marks  characters that mean something else to the format, and how to spell them
    own  what the format carries in spellings of its own, as pattern and spelling: this counts as unchanged
    """

    def __init__(
        self, *, marks: Mapping[str, str] | None = None, own: Sequence[tuple[re.Pattern[str], str]] = ()
    ) -> None:
        self.losses: set[str] = set()
        self._marks = marks or {}
        self._spell_marks = str.maketrans(dict(self._marks))
        self._own = own

    def __call__(self, field: str, text: str | None) -> str:
        """The text on one line, in letters that the receiver has; empty when there is none.

        field  named in the losses when anything changed
        """
        return self.set_line(field, " ".join((text or "").split()))

    def set_line(self, field: str, line: str) -> str:
        """The same of a line that keeps its blanks."""
        for number, (pattern, _) in enumerate(self._own, 1):  # set aside as controls, which no text holds
            line = pattern.sub(chr(number), line)
        if _NOT_LATIN_1.search(line) or not self._marks.keys().isdisjoint(line):
            self.losses.add(f"{field}.characters")
            line = _NOT_LATIN_1.sub(_spelled, line.translate(self._spell_marks))
        for number, (_, spelling) in enumerate(self._own, 1):
            line = line.replace(chr(number), spelling)
        return line


def _spelled(match: re.Match[str]) -> str:
    """One character in Latin-1: as the tables have it, without its accents, or as its code point."""
    character = match[0]
    if character in _SPELLED:
        return _SPELLED[character]
    plain = "".join(part for part in normalize("NFKD", character) if not combining(part))
    plain = "".join(_SPELLED.get(part, part) for part in plain)
    if plain and not _NOT_LATIN_1.search(plain):
        return plain
    return "" if not plain and combining(character) else f"[U+{ord(character):04X}]"
