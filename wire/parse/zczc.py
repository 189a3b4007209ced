"""Telex bulletins between ``ZCZC`` and ``NNNN``, as Australian Associated Press and others send them.

Fields stand in lines of their own before the copy, each behind a mark. What a mark means depends on what
stands behind it and on what other marks there are, so one reading does for desks that use them differently;
a second dialect has two letters and ``#``. There is no specification to be had: the marks are those of
documents seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import zip_longest

from wire.errors import NotAStory, UnsafeInput
from wire.parse.base import HEAD_BYTES, head_of
from wire.parse.copyblocks import blocks_html, blocks_of, dateline_of, joined
from wire.parse.embargo import embargo_until, holds_back
from wire.parse.items.said import Said
from wire.parse.profiles import Profile, load, profile_for
from wire.parse.wirelines import MAX_MESSAGES, read_text
from wire.story import Concept, Draft, RawFile

_FRAME = re.compile(rb"zczc(?=[ \r\n])", re.IGNORECASE)
_BEGIN = re.compile(r"^[ \t]*zczc\b[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"^[ \t]*nnnn\b", re.IGNORECASE | re.MULTILINE)
_MARK = re.compile(r"([%#$:^=*&+@])[ \t]*(.*)")
_TAG = re.compile(r"([A-Z]{2})#[ \t]*(.*)")
_ROUTING = re.compile(r"[A-Z]{2}(?: [A-Z0-9()]+)+")
#: Ends of typeset lines, and controls that no text holds.
_TYPESET = re.compile(r"[ .]{0,8}[<=]!$|[\x00-\x08\x0e-\x1f\x7f]", re.MULTILINE)
_INDENTED = re.compile(r" {2}(?=\S)")  #: begins a paragraph as three blanks do elsewhere
_NEXT_NAME = re.compile(r"\s{1,8}:")
_IN_BRACKETS = re.compile(r"\(([^()]{2,60})\)")
_LONGEST_FIELD = 500  #: characters
_LONGEST_HEADLINE = 150  #: characters of a first line that stands for it
_OPENING = 150  #: characters of the copy within which an embargo is told
_WIDE = 45  #: characters of a line that goes on in the next
_STOPS = (".", "!", "?", ":")

#: Fields of the dialect of two letters; ``TX`` begins the copy.
_TAGS: Mapping[str, str] = {"TI": "headline", "AB": "description", "BY": "byline", "KN": "provider"}
_ADDED: Mapping[str, str] = {"SO": "info_sources", "KY": "keywords"}
_DATE_TAG, _TEXT_TAG = "PD", "TX"


class ZCZCParser:
    """Reads bulletins of the telex frame."""

    name = "zczc"

    def evidence(self, raw: RawFile) -> int:
        """100 for the group that begins every message."""
        return 100 if _FRAME.match(head_of(raw)) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft a message. Raises NotAStory when no message holds text, UnsafeInput for a flood."""
        signs = raw.data[:HEAD_BYTES] + b"\n" + raw.data[-HEAD_BYTES:]
        warnings: tuple[str, ...] = ()
        try:
            profile = profile_for(raw.source, signs.decode("latin-1").replace("\r", "\n"))
        except KeyError:
            profile = load("default")
            warnings = (f"there is no profile {raw.source.profile!r}; read without one",)
        text, charset, told = read_text(raw, profile)
        found = [part for part in _messages(_TYPESET.sub("", text)) if part.strip()]
        if not found:
            raise NotAStory("this file holds no message with a text")
        drafts = []
        for number, part in enumerate(found, 1):
            said = Said((*warnings, *told))
            _Reading(said, profile, raw).read(part.split("\n"))
            guid = f"zczc:{raw.sha256[:20]}:{number}" if len(found) > 1 else None
            drafts.append(said.draft(self.name, charset=charset, guid=guid))
        return drafts


def _messages(text: str) -> Iterator[str]:
    """What stands between each ``ZCZC`` line and its end; without an end, up to the next one."""
    begins = list(_BEGIN.finditer(text))
    if len(begins) > MAX_MESSAGES:
        raise UnsafeInput(f"this file has more than {MAX_MESSAGES} messages")
    for begin, after in zip_longest(begins, begins[1:]):
        part = text[begin.end() : after.start() if after else None]
        end = _END.search(part)
        yield part[: end.start()] if end else part


class _Reading:
    """One message on its way to a draft."""

    def __init__(self, said: Said, profile: Profile, raw: RawFile) -> None:
        self._said = said
        self._profile = profile
        self._arrived = raw.arrived_at
        self._tabular = False
        if raw.source.language is None:
            said.say("language", profile.language)
        if raw.source.provider is None:
            said.say("provider", profile.provider)

    def read(self, lines: Sequence[str]) -> None:
        """Read fields and copy into what is said."""
        start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
        if _TAG.fullmatch(lines[start].strip() if start < len(lines) else ""):
            copy = self._tags(lines[start:])
        else:
            copy = self._marks(lines[start:])
        self._copy(self._unsigned(copy))

    def _tags(self, lines: Sequence[str]) -> Sequence[str]:
        """The fields of two letters; returns the copy."""
        for n, line in enumerate(lines):
            tag = _TAG.fullmatch(line.strip())
            if tag is None or tag[1] == _TEXT_TAG:
                return [tag[2], *lines[n + 1 :]] if tag else lines[n:]
            name, value = tag.groups()
            if name in _TAGS:
                self._said.say(_TAGS[name], value)
            elif name in _ADDED:
                self._said.add(_ADDED[name], value)
            elif name == _DATE_TAG:
                self._said.say_date("version_created", value)
            elif value.strip("*"):
                self._said.add("ed_notes", f"{name}: {value}")
        return ()

    def _marks(self, lines: Sequence[str]) -> Sequence[str]:
        """The fields behind marks; returns the copy."""
        found: dict[str, list[str]] = {}
        start = 0
        for n, line in enumerate(lines):
            text = line.strip()
            if match := _MARK.match(text):
                found.setdefault(match[1], []).append(match[2][:_LONGEST_FIELD])
            elif text and not (n == 0 and _ROUTING.fullmatch(text)):
                start = n
                break
            elif text:
                self._said.add("ed_notes", text)
        else:
            start = len(lines)
        self._names(found)
        self._codes(found)
        for value in filter(None, found.get("%", ())):
            self._said.add("ed_notes", f"distribution: {value}")
        for value in filter(None, found.get("&", ())):
            self._said.add("ed_notes", f"{'filed by' if len(value) > 1 else 'service level'}: {value}")
        for place in found.get("@", ()):
            self._said.add("places", Concept(name=place) if place else None)
        return lines[start:]

    def _names(self, found: Mapping[str, Sequence[str]]) -> None:
        """Slug, headline and place: ``:`` is whichever of them no other mark gives."""
        said = self._said
        said.say("headline", next(iter(found.get("^", ())), None))
        said.say("headline", next((value for value in found.get("$", ()) if len(value) > 1), None))
        slugs = [value for value in found.get("#", ()) if value]
        for value in found.get(":", ()):
            if place := _IN_BRACKETS.fullmatch(value):
                said.say("dateline", place[1])
                continue
            for part in filter(None, _NEXT_NAME.split(value)):
                if not slugs and ("headline" in said.fields or part != value):
                    slugs.append(part)
                elif "headline" in said.fields:
                    said.add("ed_notes", part)
                else:
                    said.say("headline", part)
        slugs += found.get("=", ())
        said.say("slugline", "/".join(slugs))
        for slug in slugs:
            said.add("keywords", slug)

    def _codes(self, found: Mapping[str, Sequence[str]]) -> None:
        """Subject codes, the letter of the category, and whether the copy is a table."""
        for value in (*found.get("+", ()), *found.get("*", ())):
            if len(value) == 8 and value.isascii() and value.isdigit():
                self._said.add_subject_code(value)
            elif value == "T":
                self._tabular = True
            elif value not in ("", "X"):
                self._said.warn(f"code not understood: {value[:40]}")
        for value in found.get("$", ()):
            if len(value) == 1:
                concepts = self._profile.subjects(value)
                if not concepts:
                    self._said.warn(f"category not known: {value}")
                self._said.add_subjects(concepts)

    def _unsigned(self, lines: Sequence[str]) -> Sequence[str]:
        """The lines without the agency's name at their end."""
        end = len(lines)
        while end and not lines[end - 1].strip():
            end -= 1
        last = lines[end - 1].strip() if end else ""
        if self._profile.provider is None or not last.startswith(self._profile.provider):
            return lines[:end]
        if self._profile.signature.fullmatch(last) is None:
            return lines[:end]
        self._said.add("info_sources", last)
        return lines[: end - 1]

    def _copy(self, lines: Sequence[str]) -> None:
        """Dateline, embargo and body."""
        said, copy = self._said, self._unheaded(lines)
        indented = (_INDENTED.sub("   ", line) if _INDENTED.match(line) else line for line in copy)
        blocks = [part for block in blocks_of(indented) for part in _broken(block)]
        opening = joined(blocks[0]) if blocks else ""
        if found := dateline_of(opening):
            said.say("dateline", found[0])
        heads = (said.fields.get("headline", ""), opening[:_OPENING])
        if (note := next(filter(holds_back, heads), None)) is not None:
            said.warn(f"embargo read from the text: {note[:80]}")
            said.say("embargoed", embargo_until(note, self._arrived, self._profile))
        if self._tabular:
            text = "\n".join(line.rstrip() for line in copy).strip("\n")
            said.say("body_html", f"<pre>{escape(text, quote=False)}</pre>")
        else:
            said.say("body_html", blocks_html(blocks))

    def _unheaded(self, lines: Sequence[str]) -> Sequence[str]:
        """The lines without a headline that opens them; where no field gave one, the first line is it."""
        first = next((n for n, line in enumerate(lines) if line.strip()), None)
        if first is None:
            return ()
        opening = lines[first].strip()
        if "headline" not in self._said.fields and len(opening) <= _LONGEST_HEADLINE:
            self._said.say("headline", opening)
            self._said.warn("the first line is taken for the headline")
        heads = opening.casefold() == self._said.fields.get("headline", "").casefold()
        return lines[first + 1 :] if heads else lines


def _broken(block: Sequence[str]) -> Iterator[Sequence[str]]:
    """A block whose lines do not go on in the next as one for each; columns stay together."""
    going_on = sum(len(line) > _WIDE and not line.endswith(_STOPS) for line in block[:-1])
    columns = sum("   " in line.strip() for line in block)
    if going_on > len(block[:-1]) // 2 or columns > len(block) // 2:
        yield block
    else:
        yield from ([line] for line in block)
