"""What a document said so far, gathered field by field while its parts are read.

Every format says the same things in other words; the words that need judging (states, embargoes,
urgencies, old subject codes) are judged here, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from wire.common.words import says_none
from wire.iptc import media_topics
from wire.parse.base import read_date
from wire.parse.embargo import embargo_until, note_that_holds, opens_held, titles_held
from wire.parse.items.itemcopy import read_copy
from wire.parse.items.itemnotes import is_initials, is_notice, without_teaser
from wire.parse.items.labels import signals_in
from wire.parse.not_public import part_body
from wire.parse.profiles import Profile, load, profile_said_by
from wire.story import OPEN_ENDED, Concept, Draft, Picture, PubStatus

MAX_VALUES = 500  #: of a list field; no story has so many, and each is compared with all before it
MAX_WARNINGS = 100
#: What agencies call their states; anything else counts as withheld.
_STATES = {
    **dict.fromkeys(("usable", "published", "released", "unembargoed", "embargoed"), PubStatus.USABLE),
    **dict.fromkeys(("withheld", "hold", "held", "unpublished", "draft", "pending"), PubStatus.WITHHELD),
    **dict.fromkeys(("canceled", "cancelled", "killed", "kill", "deleted", "recalled"), PubStatus.CANCELED),
    **dict.fromkeys(("retracted", "withdrawn"), PubStatus.CANCELED),
}

#: A first paragraph that is nothing but "By" and names.
_NAME = r"[A-Z][\w'’.-]+(?: (?:de |van |von |al-|d')?[A-Z][\w'’.-]*){1,3}"
_BYLINE = re.compile(rf"\s*<p>\s*(By {_NAME}(?:, {_NAME}){{0,3}}(?:,? and {_NAME})?)\s*</p>")
_AND = re.compile(r",? and |, ")
_NOBODY = re.compile(r"\b(?:Staff(?: Reporters?| Writers?)?|News ?room|News ?desk)\b", re.IGNORECASE)


class Said:
    """The fields of a Draft as far as they are known; the first word on a field counts."""

    def __init__(self, warnings: tuple[str, ...] = ()) -> None:
        self.fields: dict[str, Any] = {}
        self.warnings: list[str] = list(warnings)
        self._until = ""  #: when an embargo ends, in words
        self._held = False  #: called embargoed, whether or not it says until when

    def say(self, name: str, value: Any) -> None:
        """Set a field unless it is set already or the value is unknown."""
        if value:
            self.fields.setdefault(name, value)

    def add(self, name: str, value: Any) -> None:
        """Add to a list field; unknown values and repetitions are left out, and floods cut."""
        if not value:
            return
        values: tuple[Any, ...] = self.fields.get(name, ())
        if len(values) >= MAX_VALUES:
            self.warn(f"more than {MAX_VALUES} {name}: the others were left out")
        elif value not in values:
            self.fields[name] = (*values, value)

    def add_pictures(self, pictures: Iterable[Picture]) -> None:
        """Add pictures; of one that is known under its address, what was not yet known of it."""
        for picture in pictures:
            known: tuple[Picture, ...] = self.fields.get("pictures", ())
            same = next((n for n, other in enumerate(known) if other.href == picture.href), None)
            if picture.href is None or same is None:
                self.add("pictures", picture)
            else:
                parts = {
                    part.name: value for part in fields(Picture) if (value := getattr(known[same], part.name))
                }
                whole = replace(picture, **parts)
                self.fields["pictures"] = (*known[:same], whole, *known[same + 1 :])

    def warn(self, message: str) -> None:
        """Note what was ignored or repaired, once."""
        if len(self.warnings) < MAX_WARNINGS and message not in self.warnings:
            self.warnings.append(message)

    def say_date(self, name: str, text: str | None) -> None:
        """Set a time; warn of what is none."""
        moment = read_date(text)
        if text and text.strip() and moment is None:
            self.warn(f"{name} is no date: {text.strip()[:40]}")
        self.say(name, moment)

    def say_embargo(self, text: str | None) -> None:
        """Hold until a time; without one, or with one that cannot be read, without an end.

        A word for "none" holds nothing.
        """
        if text and says_none(text):
            return
        moment = read_date(text)
        if text and text.strip() and moment is None and "embargoed" not in self.fields:
            self._until = text
        self.say("embargoed", moment or OPEN_ENDED)

    def say_status(self, text: str | None) -> None:
        """Set the publishing status; a state that nobody knows counts as withheld."""
        word = (text or "").strip().lower().rpartition(":")[2].rpartition("/")[2]
        if not word:
            return
        self._held = self._held or word == "embargoed"
        if word not in _STATES:
            self.warn(f"unknown status {word[:40]!r}: treated as withheld")
        self.say("pub_status", _STATES.get(word, PubStatus.WITHHELD))

    def say_state(self, text: str | None) -> None:
        """The same of what may be the state of anything: words that nobody knows say nothing."""
        if (text or "").strip().lower() in _STATES:
            self.say_status(text)

    def say_urgency(self, value: str | int | float | None) -> None:
        """Set the urgency, 1 to 9; warn of anything else."""
        if value is None or value == "":
            return
        text = str(value).strip().removesuffix(".0")
        if len(text) == 1 and text in "123456789":
            self.say("urgency", int(text))
        else:
            self.warn(f"urgency is not 1 to 9: {text[:40]}")

    def add_subjects(self, concepts: Iterable[Concept]) -> None:
        """Add subjects of which none of the same code is known: a guess adds nothing to what is stated."""
        known = {subject.qcode for subject in self.fields.get("subjects", ())}
        for concept in concepts:
            self.add("subjects", None if concept.qcode in known else concept)

    def add_subject_code(self, code: str, name: str | None = None) -> None:
        """Add an old subject code (8 digits, scheme ``subj``) and the Media Topics it stands for."""
        self.add("subjects", Concept(qcode=f"subj:{code}", name=name))
        topics, inferred = media_topics.topics_of(code)
        if not topics:
            self.warn(f"no media topic for subject code {code}")
        for topic in topics:
            self.add(
                "subjects", Concept(qcode=topic, name=media_topics.label(topic, "en-GB"), guessed=inferred)
            )

    def draft(self, format: str, **identity: Any) -> Draft:
        """The draft, its body without what is not for publication.

        identity  its guid, version, charset, base_url
        """
        if self._held:
            self.say("embargoed", OPEN_ENDED)
        profile = self.profile(identity.get("guid"))
        if profile is not None:
            self.say("provider", profile.provider)
            self.add_subjects(profile.subjects(profile.always or ""))
            self._sort(profile.schemes)
        self._read_body()
        self._read_embargo(profile or load("default"))
        for signal in signals_in(self.fields.get("headline") or "", self.fields.get("slugline") or ""):
            self.add("signals", signal)
        self._sign_off()
        return Draft(
            format=format,
            warnings=tuple(self.warnings),
            timezone=None if profile is None else profile.timezone,
            **identity,
            **self.fields,
        )

    def _read_body(self) -> None:
        """The body without what only editors read, which becomes notes, and what else it says."""
        body, notes = part_body(self.fields.get("body_html", ""))
        copy = read_copy(without_teaser(body, self.fields.get("description")))
        if notes or copy.html != body:
            self.fields["body_html"] = copy.html
        self.say("dateline", copy.dateline)
        for note in (*notes, *copy.notes):
            if note[:1] in "©C(" and is_notice(note):
                self.say("copyright_notice", note)
            else:
                self.add("ed_notes", note)
        if (opening := _BYLINE.match(copy.html)) is not None:
            self._say_byline(opening[1])

    def _read_embargo(self, profile: Profile) -> None:
        """An embargo of which only the headline, a note or the beginning of another text tells."""
        fields = self.fields
        sent = fields.get("version_created") or fields.get("first_created")
        if self._until:
            fields["embargoed"] = embargo_until(self._until, sent, profile)
            if fields["embargoed"] == OPEN_ENDED:
                self.warn(f"embargo is no date: {self._until.strip()[:40]}; held without an end")
        if "embargoed" in fields:
            return
        headline, notes = fields.get("headline") or "", fields.get("ed_notes", ())
        note = headline if titles_held(headline) else note_that_holds(notes) if notes else None
        note = note or next(filter(opens_held, self._texts()), None)
        if note is not None:
            self.warn(f"embargo read from the text: {note[:80]}")
            self.say("embargoed", embargo_until(note, sent, profile))

    def _texts(self) -> Iterator[str]:
        """Those beside the copy that readers are shown first."""
        yield from filter(
            None, (self.fields.get(name) for name in ("description", "slugline", "usage_terms"))
        )
        yield from (picture.caption for picture in self.fields.get("pictures", ()) if picture.caption)

    def _sort(self, schemes: Mapping[str, str]) -> None:
        """Put the codes of an agency's own schemes where they belong: to other codes, or into a note."""
        for name in ("subjects", "genres") if schemes else ():
            for concept in self.fields.get(name, ()):
                scheme, _, code = (concept.qcode or "").partition(":")
                belongs = schemes.get(scheme, name)
                if belongs != name:
                    self.fields[name] = tuple(one for one in self.fields[name] if one != concept)
                    self.add(
                        belongs, f"{concept.name or scheme}: {code}" if belongs == "ed_notes" else concept
                    )

    def _sign_off(self) -> None:
        """The initials of who wrote and edited the copy are a note where they stand as its byline."""
        byline = self.fields.get("byline", "")
        if byline[:1] == "*":  # as Lusa sets it
            byline = self.fields["byline"] = byline.strip("* ")
        if is_initials(byline):
            del self.fields["byline"]
            self.fields["creators"] = tuple(one for one in self.fields.get("creators", ()) if one != byline)
            self.add("ed_notes", f"Sign off: {byline}")

    def _say_byline(self, printed: str) -> None:
        """The byline that opens the copy, where none is stated or only one that names nobody."""
        if _NOBODY.search(self.fields.get("byline", "Staff")):
            self.fields["byline"] = printed
            named = [one for one in self.fields.get("creators", ()) if not _NOBODY.search(one)]
            self.fields["creators"] = tuple(named or _AND.split(printed.removeprefix("By ")))

    def profile(self, guid: str | None) -> Profile | None:
        """That of the provider; where none is stated, of whoever stands for it, or whose guid it is."""
        fields = self.fields
        stated = [fields["provider"]] if "provider" in fields else self._sources()
        return profile_said_by("\n".join([*stated, guid or ""]))

    def _sources(self) -> list[str]:
        fields = self.fields
        holders = (fields.get(name) for name in ("creditline", "copyright_holder"))
        return [*fields.get("info_sources", ()), *filter(None, holders)]
