"""NewsML 1 metadata: ``NewsManagement`` and the lines and metadata of a NewsComponent.

Values stand in ``@FormalName``; agencies pad them with blanks and leave them empty. Private
``Property`` elements are part of the standard's design and are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree

from wire.parse.base import read_date
from wire.parse.items.coded import add_subject, country
from wire.parse.items.said import Said
from wire.parse.markup import local_name, text_of
from wire.story import OPEN_ENDED, Concept, Link, Location, PubStatus

Element = etree._Element
_Reader = Callable[[Element, Said], None]

_CORRECTIONS = frozenset(("correction", "corrective", "rectify", "rectification", "corrected"))
_KILLS = frozenset(("kill", "cancel", "canceled", "cancelled", "delete", "mandatorykill"))
_UPDATES = frozenset(("update", "updated", "writethru", "lead"))


def formal_name(element: Element, path: str = "") -> str | None:
    """``@FormalName`` of the element, or of the first one at a path of names below it; without padding."""
    for name in filter(None, path.split("/")):
        found = next(element.iterchildren(f"{{*}}{name}"), None)
        if found is None:
            return None
        element = found
    return (element.get("FormalName") or "").strip() or None


def line(element: Element) -> str | None:
    """The text of a line in one line; None when it is empty."""
    return " ".join((text_of(element) or "").split()) or None


def read_management(management: Element, said: Said) -> None:
    """``NewsManagement``: times, state, urgency, relations, instructions."""
    for part in management:
        reader = _MANAGEMENT.get(local_name(part))
        if reader is not None:
            reader(part, said)
        elif local_name(part) not in _MANAGEMENT_PASSED_OVER:
            said.warn(f"ignored: NewsManagement/{local_name(part)}")


def read_component_metadata(component: Element, said: Said) -> None:
    """The lines, administrative, rights and descriptive metadata of a component."""
    for part in component:
        readers = _METADATA.get(local_name(part))
        if readers is None:
            continue
        for inner in part:
            reader = readers.get(local_name(inner))
            if reader is not None:
                reader(inner, said)
            elif local_name(inner) not in _PASSED_OVER:
                said.warn(f"ignored: {local_name(part)}/{local_name(inner)}")


def properties(element: Element) -> dict[str, str]:
    """``Property`` values by their name in lower case; the first of a name counts, empty ones do not."""
    found: dict[str, str] = {}
    for part in element.iterchildren("{*}Property"):
        name, value = formal_name(part), (part.get("Value") or "").strip()
        if name and value:
            found.setdefault(name.lower(), value)
    return found


def _status_will_change(part: Element, said: Said) -> None:
    """A usable future ends an embargo; a canceled one is the expiry."""
    future = (formal_name(part, "FutureStatus") or "").lower()
    when = next((read_date(text_of(date)) for date in part.iterchildren("{*}DateAndTime")), None)
    if future == "usable":
        said.say("embargoed", when or OPEN_ENDED)
    elif future.startswith("cancel"):
        said.say("expires", when)
    else:
        said.warn(f"ignored: StatusWillChange to {future or 'nothing'}")


def _instruction(part: Element, said: Said) -> None:
    """An instruction that acts is a signal; every one is told to the editors."""
    name = formal_name(part) or ""
    word = name.lower().replace(" ", "").replace("-", "")
    if word in _CORRECTIONS:
        said.add("signals", "correction")
    elif word in _UPDATES:
        said.add("signals", "update")
    elif word in _KILLS:
        said.fields["pub_status"] = PubStatus.CANCELED
    told = " ".join(filter(None, (name, line(part))))
    said.add("ed_notes", f"Instruction: {told}" if told else None)


def _related(rel: str) -> _Reader:
    def read(part: Element, said: Said) -> None:
        residref = (part.get("NewsItem") or "").strip()
        said.add("links", Link(rel=rel, residref=residref, title=line(part)) if residref else None)

    return read


def _news_line(part: Element, said: Said) -> None:
    """A line of a kind that the agency names itself."""
    kind = (formal_name(part, "NewsLineType") or "").lower()
    for text in filter(None, (line(inner) for inner in part.iterchildren("{*}NewsLineText"))):
        if kind in {"advisoryline", "advisory", "ednote", "editorsnote", "editorialnote", "note"}:
            said.add("ed_notes", text)
        elif kind in {"catchword", "catchline", "slug"}:
            said.say("slugline", text)
        elif kind in {"abstract", "abstractline", "summary", "lead"}:
            said.say("description", text)
        elif kind not in {"productline", "storytype"}:
            said.warn(f"ignored: NewsLine of type {kind or 'unknown'}")


def _party(field: str, *, several: bool) -> _Reader:
    def read(part: Element, said: Said) -> None:
        for party in part.iterchildren("{*}Party"):
            name = formal_name(party)
            if several:
                said.add(field, name)
            else:
                said.say(field, name)

    return read


def _usage(part: Element, said: Said) -> None:
    """The terms of use, one a line."""
    told = [text for inner in part if local_name(inner) in _TERMS and (text := line(inner))]
    said.say("usage_terms", "\n".join(told))


def _copyright(part: Element, said: Said) -> None:
    for holder in part.iterchildren("{*}CopyrightHolder"):
        said.say("copyright_holder", line(holder))


def _subject_code(part: Element, said: Said) -> None:
    """Every subject, matter, detail and qualifier, each with its 8 digits."""
    for inner in part:
        code = formal_name(inner)
        if code:
            add_subject(said, inner.get("cat") if not code.isdigit() else None, code)


def _location(part: Element, said: Said) -> None:
    """Where it was written (``HowPresent="Origin"``) or what it tells of."""
    told = properties(part)
    name = told.get("city") or told.get("sublocation") or told.get("area") or told.get("countryarea")
    land = told.get("country")
    if (part.get("HowPresent") or "").lower() == "origin" and (name or land):
        said.say("located", Location(name=name or land or "", country=land))
    else:
        said.add("places", Concept(name=name) if name else None)
        said.add("places", country(land) if land else None)


def _property(part: Element, said: Said) -> None:
    value = (part.get("Value") or "").strip()
    if (formal_name(part) or "").lower() in {"keyword", "keywords"} and value:
        if (part.get("Role") or "").lower() == "personinimage":
            said.add("people", Concept(name=value))
        else:
            said.add("keywords", value)


def _author(part: Element, said: Said) -> None:
    if (formal_name(part) or "").lower() == "author":
        said.add("creators", (part.get("Value") or "").strip())


def _language(part: Element, said: Said) -> None:
    code = formal_name(part)
    said.say("language", code.lower() if code and code.isupper() else code)


def _genre(part: Element, said: Said) -> None:
    name = formal_name(part)
    said.add("genres", Concept(name=name) if name else None)


def _says(field: str) -> _Reader:
    return lambda part, said: said.say(field, line(part))


def _says_date(field: str) -> _Reader:
    return lambda part, said: said.say_date(field, text_of(part))


_MANAGEMENT: Mapping[str, _Reader] = {
    "FirstCreated": _says_date("first_created"),
    "ThisRevisionCreated": _says_date("version_created"),
    "Status": lambda part, said: said.say_status(formal_name(part)),
    "StatusWillChange": _status_will_change,
    "Urgency": lambda part, said: said.say_urgency(formal_name(part)),
    "DerivedFrom": _related("irel:evolvedFrom"),
    "AssociatedWith": _related("irel:associatedWith"),
    "Instruction": _instruction,
}
_MANAGEMENT_PASSED_OVER = frozenset(("NewsItemType", "RevisionHistory", "Property"))
_METADATA: Mapping[str, Mapping[str, _Reader]] = {
    "NewsLines": {
        "HeadLine": _says("headline"),
        "SubHeadLine": _says("subheadline"),
        "ByLine": _says("byline"),
        "DateLine": _says("dateline"),
        "CreditLine": _says("creditline"),
        "CopyrightLine": _says("copyright_notice"),
        "RightsLine": _says("usage_terms"),
        "SlugLine": _says("slugline"),
        "KeywordLine": lambda part, said: said.add("keywords", line(part)),
        "NewsLine": _news_line,
    },
    "AdministrativeMetadata": {
        "Provider": _party("provider", several=False),
        "Creator": _party("creators", several=True),
        "Source": _party("info_sources", several=True),
        "Property": _author,
    },
    "RightsMetadata": {"Copyright": _copyright, "UsageRights": _usage},
    "DescriptiveMetadata": {
        "Language": _language,
        "Genre": _genre,
        "SubjectCode": _subject_code,
        "DateLineDate": _says_date("content_created"),
        "Location": _location,
        "Property": _property,
    },
}
_TERMS = frozenset(("UsageType", "Geography", "Limitations", "StartDate", "EndDate"))
_PASSED_OVER = frozenset(
    (
        *("ByLineTitle", "SeriesLine", "FileName", "SystemIdentifier", "Contributor", "OfInterestTo"),
        *("TopicOccurrence", "Property", "AssignedTo", "Relevance"),
    )
)
