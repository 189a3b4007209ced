"""What a document's fields hold that is for editors alone, whatever its format: kept from all readers.

A note to editors in the place of a standfirst or at the end of a caption becomes one; a story that is headed
as not for publication is withheld, until somebody releases it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, filterfalse, islice

from wire.parse.for_editors import any_opens_notes, heads_notes, may_tell_editors, opens_notes
from wire.story import Draft, Picture, PubStatus

_HEADED = "its headline says that it is for editors alone: withheld"
_LINES = ("headline", "subheadline", "slugline", "byline", "dateline")
#: Where a note may begin behind what readers are told: a sentence, or a word in capitals.
_SENTENCE = re.compile(r"(?<=[.!?)\]/])\s|\s(?=\W{0,3}[A-Z]{3,9}\b)")
_MOST_SENTENCES = 100


def keep_back(draft: Draft) -> Draft:
    """The draft without what its fields tell editors alone, which becomes notes."""
    told = [draft.description or "", *(picture.caption or "" for picture in draft.pictures)]
    ends = chain.from_iterable(map(_ends, filter(may_tell_editors, told)))
    if not any_opens_notes([*_lines(draft).values(), *draft.keywords, *ends]):
        return draft
    lines = _lines_for_editors(draft)
    (description, _), *captions = parted = [_parted(text) for text in told]
    notes = (
        *lines.values(),
        *filter(None, (note for _, note in parted)),
        *filter(opens_notes, draft.keywords),
    )
    kept = replace(
        draft,
        **dict.fromkeys(lines),  # type: ignore[arg-type]  # each of these may be unknown
        description=description,
        pictures=tuple(map(_captioned, draft.pictures, captions)),
        keywords=tuple(filterfalse(opens_notes, draft.keywords)),
        ed_notes=tuple(dict.fromkeys((*draft.ed_notes, *notes))),
    )
    if "headline" not in lines:
        return kept
    return replace(kept, pub_status=PubStatus.WITHHELD, warnings=(*draft.warnings, _HEADED))


def _lines(draft: Draft) -> dict[str, str]:
    return {name: line for name in _LINES if (line := getattr(draft, name))}


def _lines_for_editors(draft: Draft) -> dict[str, str]:
    """Those that are notes as a whole; a headline of what is taken back anyway is none."""
    found = {name: line for name, line in _lines(draft).items() if opens_notes(line)}
    if draft.pub_status is not PubStatus.USABLE or not heads_notes(found.get("headline", "")):
        found.pop("headline", None)
    return found


def _captioned(picture: Picture, parted: tuple[str | None, str | None]) -> Picture:
    return replace(picture, caption=parted[0]) if parted[1] else picture


def _ends(text: str) -> Iterator[str]:
    """The text from each of its sentences on."""
    if text:
        yield text
        yield from (text[start.end() :] for start in islice(_SENTENCE.finditer(text), _MOST_SENTENCES))


def _parted(text: str) -> tuple[str | None, str | None]:
    """What a text tells its readers, and from where on it tells editors."""
    note = next(filter(opens_notes, _ends(text)), None)
    return (text[: len(text) - len(note)].strip() if note else text) or None, note
