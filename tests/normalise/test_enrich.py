"""Enriching: what nobody states is read out of the words, marked, and left out when the words do not tell."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.reading import raw_file
from wire.iptc import media_topics
from wire.normalise.enrich import CONCEPTS
from wire.normalise.keywords import guess_keywords
from wire.normalise.normaliser import StoryNormaliser
from wire.normalise.tables import DATA, lines
from wire.normalise.urgency import guess_urgency
from wire.normalise.wording import wording_of
from wire.story import Concept, Draft, Guess, PubStatus, Source, Story

RAW = raw_file("x")
TALKS = {
    "headline": "Ministers meet in Oslo",
    "body_html": "<p>Ministers of Norway and Sweden met on Monday to talk of fishing in the North Sea.</p>",
}


def enriched(source: Source = RAW.source, **fields: object) -> Story:
    draft = Draft(format="text", **fields)  # type: ignore[arg-type]
    return StoryNormaliser()(draft, replace(RAW, source=source))


def test_guessed_concepts_are_marked() -> None:
    assert enriched(**TALKS).places == (
        Concept(name="Norway", qcode="iso3166-1a2:NO", guessed=True),
        Concept(name="Sweden", qcode="iso3166-1a2:SE", guessed=True),
        Concept(name="Oslo", guessed=True),
    )


@pytest.mark.parametrize("guess", Guess)
def test_a_source_may_forbid_each_guess(guess: Guess) -> None:
    found = enriched(Source(id="s", enrich=frozenset(Guess) - {guess}), **TALKS)
    assert not getattr(found, guess)


def test_a_source_may_forbid_all_guesses() -> None:
    found = enriched(Source(id="s", enrich=frozenset()), dateline="OSLO", **TALKS)
    assert (found.language, found.places, found.located, found.origin.warnings) == (None, (), None, ())


def test_of_a_kill_only_the_language_is_read() -> None:
    found = enriched(guid="g", pub_status=PubStatus.CANCELED, **TALKS)
    assert (found.language, found.places) == ("en", ())


def test_english_that_opens_with_foreign_names_is_english() -> None:
    names = "Szczęsny; Kędziora, Glik, Rybus; Błaszczykowski, Krychowiak, Zieliński; Milik, Lewandowski"
    clubs = "for Legia Warszawa, Wisła Kraków, Śląsk Wrocław, Górnik Zabrze i Zagłębie Lubin, Pogoń Szczecin."
    told = "They were named by the coach, who said that his team had been training and would be ready."
    body = paragraphs(f"{names} {clubs} {told}")
    assert enriched(headline="Lewandowski, Krychowiak", body_html=body).language == "en"


def test_a_headline_in_capitals_names_places_too() -> None:
    assert [place.name for place in enriched(headline="FLOODS REACH GERMANY", language="en").places] == [
        "Germany"
    ]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


FOOTBALL = paragraphs(
    "The goalkeeper saved a penalty in stoppage time as the home team won the Champions League.",
    "The striker scored twice and the midfielder once; the coach praised them all before 40,000 fans.",
)
COURT = paragraphs(
    "A judge sentenced the former accountant to four years in prison for fraud on Tuesday.",
    "Prosecutors said he had embezzled money from a fund; his lawyer said he would appeal the verdict.",
)


@pytest.mark.parametrize(
    ("language", "body", "finest"),
    [
        ("en", FOOTBALL, "medtop:20001065"),
        ("en-GB", FOOTBALL, "medtop:20001065"),
        ("en", COURT, "medtop:02000000"),
        (
            "de",
            paragraphs(
                "Das Gericht verurteilte den Angeklagten am Dienstag zu vier Jahren Haft wegen Betrugs.",
                "Die Staatsanwaltschaft hatte mehr gefordert; der Anwalt will das Urteil anfechten.",
            ),
            "medtop:02000000",
        ),
        (
            "fr",
            paragraphs(
                "L’équipe a gagné le match en finale du championnat, devant un stade plein de supporters.",
                "L’entraîneur a félicité ses joueurs, dont l’auteur de deux buts pendant la saison.",
            ),
            "medtop:15000000",
        ),
        (
            "sv",
            paragraphs(
                "Regeringen lade fram ett förslag till riksdagen om nya regler för väljare i höstens val.",
                "Statsministern sade att partierna är överens, men oppositionen vill se en ny utredning.",
            ),
            "medtop:11000000",
        ),
    ],
)
def test_a_story_is_about_what_its_words_speak_of(language: str, body: str, finest: str) -> None:
    found = enriched(headline="News", language=language, body_html=body).subjects
    assert finest in {subject.qcode for subject in found}
    assert all(subject.guessed and subject.name for subject in found)


def test_a_finer_topic_stands_before_its_top_level_one() -> None:
    found = enriched(headline="A late goal", language="en", body_html=FOOTBALL).subjects
    assert [subject.qcode for subject in found][-1] == "medtop:15000000"


def test_topics_are_named_in_the_storys_language() -> None:
    found = enriched(
        headline="x", language="de", body_html=paragraphs("Fußball Bundesliga Trainer Tor Stürmer " * 6)
    )
    assert found.subjects[-1].name == "Sport"


@pytest.mark.parametrize(
    "body",
    [
        paragraphs("The river is long and the night was quiet, and everyone went home in the end."),
        paragraphs("Goal."),
        paragraphs(
            "A judge of the flower show said the roses were better than in any other year he could recall."
        ),
    ],
)
def test_words_that_do_not_tell_say_nothing(body: str) -> None:
    assert enriched(headline="Short notes", language="en", body_html=body).subjects == ()


def test_stated_subjects_stay_alone() -> None:
    stated = (Concept(qcode="medtop:17000000"),)
    assert enriched(headline="x", subjects=stated, language="en", body_html=FOOTBALL).subjects == stated


def test_of_a_tagged_story_no_people_organisations_or_keywords_are_guessed() -> None:
    body = "<p>Minister Anna Example met the Ministry of Fishing of Norway. Fishing is fishing, fishing.</p>"
    tagged = enriched(headline="x", subjects=(Concept(qcode="medtop:11000000"),), body_html=body)
    assert (tagged.people, tagged.organisations, tagged.keywords) == ((), (), ())
    assert [place.name for place in tagged.places] == ["Norway"]


def test_every_topic_of_a_lexicon_is_live_and_named_as_the_vocabulary_names_it() -> None:
    for path in sorted(DATA.glob("topics.*.txt")):
        for line in lines(path.stem):
            code, _, name = line.partition(": ")[0].partition(" ")
            assert media_topics.label(f"medtop:{code}") == name, line[:60]
            assert not media_topics.is_retired(f"medtop:{code}")


def test_every_entry_of_a_lexicon_is_a_word_and_how_loud_it_is() -> None:
    for path in sorted(DATA.glob("topics.*.txt")):
        for line in lines(path.stem):
            for entry in line.partition(": ")[2].split(", "):
                assert re.fullmatch(r"[^*]+?(\*[123])?", entry), f"{path.name}: {entry}"
                assert entry == entry.lower(), f"{path.name}: {entry}"


def people_in(text: str, language: str = "en") -> list[str | None]:
    found = enriched(headline="News", language=language, body_html=paragraphs(text)).people
    assert all(person.guessed for person in found)
    return [person.name for person in found]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "The plan of Prime Minister Jane Example was welcomed.", ["Jane Example"]),
        ("en", "Talks with U.S. Secretary of State John Q. Sample’s envoy", ["John Q. Sample"]),
        ("en", "The driver was Jane Example, 43, of the harbour authority.", ["Jane Example"]),
        ("en", "Jane Example, chief of the harbour authority, agreed.", ["Jane Example"]),
        ("en", "“We will see,” said Jane Example. Example had hoped for more.", ["Jane Example"]),
        ("en", "said Jane Example on the phone", []),
        ("en", "“No,” said Lady Example. Example left. Prince Jan Example stayed.", ["Jan Example"]),
        ("en", "President Jane Example Tuesday signed the law.", ["Jane Example"]),
        ("en", "The South Harbour Road, a street of shops, and Example Town were closed.", []),
        ("en", "Sources near the Ministry of Fishing said Metropolitan Police said nothing.", []),
        (
            "de",
            "Bundeskanzlerin Erika Muster sprach mit Bürgermeister Jan van der Probe.",
            ["Erika Muster", "Jan van der Probe"],
        ),
        ("de", "Der neue Bahnhof, die Brücke und das Rathaus sind geschlossen.", []),
        (
            "fr",
            "La ministre Jeanne Exemple a rencontré le maire Jean de la Preuve.",
            ["Jeanne Exemple", "Jean de la Preuve"],
        ),
        ("es", "El presidente Juan Ejemplo y la ministra Ana Prueba", ["Juan Ejemplo", "Ana Prueba"]),
        ("sv", "Statsminister Anna Exempel besökte staden.", ["Anna Exempel"]),
        ("xx", "President Jane Example spoke.", []),
    ],
)
def test_people_are_named_where_the_text_introduces_them(language: str, text: str, names: list[str]) -> None:
    assert people_in(text, language) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Shares of Example Harbour Holdings plc fell.", ["Example Harbour Holdings plc"]),
        ("The Ministry of Fishing and Foreign Trade agreed.", ["Ministry of Fishing and Foreign Trade"]),
        ("a study of the University of Exampletown’s laboratory", ["University of Exampletown"]),
        ("At Example Bank of Exampletown nobody answered.", ["Example Bank of Exampletown"]),
        ("the town’s largest shop, Jane’s Example Holdings, closed", ["Example Holdings"]),
        ("NATO and the United Nations said so.", ["NATO", "United Nations"]),
        ("EXAMPLETOWN (Example Agency) - Rain. Photo: Jane Example/Example Agency", []),
        ("The bank, the group and the ministry said nothing in the West Bank.", []),
    ],
)
def test_organisations_are_named_where_they_cannot_be_anything_else(text: str, names: list[str]) -> None:
    found = enriched(headline="News", language="en", body_html=paragraphs(text)).organisations
    assert sorted(str(one.name) for one in found) == sorted(names)


@pytest.mark.parametrize(
    ("headline", "urgency"),
    [
        ("FLASH: Dam bursts above Exampletown", 1),
        ("URGENT - Dam bursts", 2),
        ("+++ EIL +++ Damm gebrochen", 2),
        ("EILMELDUNG: Damm gebrochen", 2),
        ("URGENTE: Se rompe la presa", 2),
        ("Urgent care is hard to find", None),
        ("FLASH FLOODS HIT EXAMPLETOWN", None),
        ("Breaking: a history of glass", None),
    ],
)
def test_urgency_is_read_from_the_marks_of_urgent_copy(headline: str, urgency: int | None) -> None:
    found = enriched(headline=headline, language="en")
    assert found.urgency == urgency
    assert any("urgency guessed" in warning for warning in found.origin.warnings) == (urgency is not None)


def test_a_stated_urgency_wins_over_marks_and_marks_over_the_source() -> None:
    source = Source(id="s", urgency=5)
    assert enriched(source, headline="FLASH: Dam bursts", urgency=4).urgency == 4
    assert enriched(source, headline="FLASH: Dam bursts").urgency == 1
    assert enriched(source, headline="Dam is mended").urgency == 5


def test_keywords_are_what_a_story_keeps_saying_and_others_do_not() -> None:
    body = paragraphs(
        *["The lighthouse keeper said the lighthouse would be painted.", "He likes MacExample."] * 4
    )
    found = enriched(headline="Lighthouse gets new paint", language="en", body_html=body)
    assert found.keywords[:1] == ("lighthouse",)
    assert "MacExample" in found.keywords
    assert "said" not in found.keywords
    assert "keywords guessed" in found.origin.warnings


@pytest.mark.parametrize("language", ["xx", "eo"])
def test_without_a_list_of_common_words_there_are_no_keywords(language: str) -> None:
    assert enriched(headline="x", language=language, body_html=paragraphs("faro " * 30)).keywords == ()


@settings(deadline=None)
@given(st.text(alphabet="AaBbÉéß .,'’-\n1İ中US", max_size=300), st.sampled_from(["en", "de", "zh", "xx", ""]))
def test_whatever_the_words_are_nothing_fails(text: str, language: str) -> None:
    wording = wording_of(Draft(format="text", headline=text[:40], body_html=f"<p>{text}</p>"), language)
    for read in (*CONCEPTS.values(), guess_keywords, guess_urgency):
        read(wording)
