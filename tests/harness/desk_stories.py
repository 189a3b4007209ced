"""Stories as a desk gets them on one afternoon: agencies, languages, urgencies, corrections, an embargo, a
kill.

Made up; every name of a place, a house or a person is as plain as an example can be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.harness.copydesk import paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file for the inbox, with the source whose folder it goes to."""

    source: str
    name: str
    data: bytes


_SENTENCES = {
    "de": "Die Entscheidung fiel nach wochenlangen Gesprächen. Die Arbeiten sollen im Frühjahr beginnen.",
    "fr": "La décision a été prise après des semaines de discussions. Les travaux commencent au printemps.",
    "ar": "جاء القرار بعد أسابيع من المحادثات. ومن المقرر أن تبدأ الأعمال في الربيع وأن تستمر عامين.",
    "he": "ההחלטה התקבלה לאחר שבועות של דיונים. העבודות יחלו באביב ויימשכו שנתיים.",
}

_NEWS: tuple[tuple[str, str, int, str, str, str], ...] = (
    ("agency", "en", 2, "HARBOUR-WALL", "City to rebuild harbour wall after winter storm", "medtop:03000000"),
    ("agency", "en", 4, "RATES", "Central bank holds rates and hints at a cut in spring", "medtop:04000000"),
    (
        "presse",
        "fr",
        3,
        "TRAINS-GRÈVE",
        "La grève des trains suspendue après un accord dans la nuit",
        "medtop:09000000",
    ),
    ("presse", "de", 5, "HAFEN", "Hafen baut die Mauer neu, die im Sturm brach", "medtop:03000000"),
    ("wires", "ar", 3, "ميناء", "المدينة تعيد بناء جدار الميناء بعد عاصفة الشتاء", "medtop:03000000"),
    (
        "agency",
        "en",
        1,
        "QUAKE",
        "Strong quake shakes coast, no reports of injuries so far",
        "medtop:03000000",
    ),
    ("wires", "he", 5, "רכבת", "קו הרכבת החדש ייפתח בקיץ", "medtop:04000000"),
    (
        "agency",
        "en",
        6,
        "FOOTBALL-CUP",
        "Second-division side knocks out holders on penalties",
        "medtop:15000000",
    ),
    ("presse", "fr", 5, "MUSÉE", "Le musée rouvre ses portes après dix ans de travaux", "medtop:01000000"),
    ("agency", "en", 5, "HOSPITAL", "New hospital wing opens with 200 beds", "medtop:07000000"),
    ("agency", "en", 7, "WEATHER", "Rain easing from the west, brighter by evening", "medtop:17000000"),
    ("presse", "de", 4, "WAHL", "Knapper Vorsprung für die Regierung vor der Stichwahl", "medtop:11000000"),
    (
        "agency",
        "en",
        3,
        "PORT-STRIKE",
        "Dock workers end strike, first ships unloaded at noon",
        "medtop:09000000",
    ),
)


def arrivals() -> Iterator[Arrival]:
    """Files in the order in which they came."""
    for number, (source, language, urgency, slug, headline, topic) in enumerate(_NEWS, 1):
        yield _arrival(number, source, language, urgency, slug, headline, topic)
    correction = {
        "version": 2,
        "signals": ["update", "correction"],
        "ed_notes": ["Corrects the number of beds to 180."],
    }
    changed = "New hospital wing opens with 180 beds"
    yield _arrival(10, "agency", "en", 5, "HOSPITAL", changed, "medtop:07000000", **correction)
    later = {"embargoed": "2099-01-01T06:00:00Z"}
    report = "Report on flood defences calls for twelve new barriers"
    yield _arrival(30, "agency", "en", 3, "FLOOD-REPORT", report, "medtop:06000000", **later)
    killed = {"version": 2, "pub_status": "canceled", "ed_notes": ["Wrong names. Please do not use."]}
    yield _arrival(13, "agency", "en", 3, "PORT-STRIKE", _NEWS[12][4], "medtop:09000000", **killed)


def _arrival(
    number: int,
    source: str,
    language: str,
    urgency: int,
    slug: str,
    headline: str,
    topic: str,
    **more: object,
) -> Arrival:
    random = Random(number)
    texts = [_SENTENCES[language]] if language in _SENTENCES else [paragraph(random) for _ in range(4)]
    story = {
        "guid": f"urn:newsml:example.org:20261129:{number}",
        "version": 1,
        "pub_status": "usable",
        "language": language,
        "headline": headline,
        "slugline": slug,
        "byline": "By Our Reporter",
        "dateline": "EXAMPLEVILLE",
        "urgency": urgency,
        "subjects": [{"qcode": topic}],
        "keywords": [slug.lower()],
        "body_html": "".join(f"<p>{text}</p>" for text in (f"{headline}.", *texts)),
        "origin": {"format": "json", "source": source, "file": f"{number}.json", "sha256": "0" * 64},
        **more,
    }
    name = f"{slug.lower()}-{story['version']}.json"
    return Arrival(source=source, name=name, data=json.dumps(story, ensure_ascii=False).encode())
