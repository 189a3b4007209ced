"""Normalising: what the document states stays, what is guessed says so."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.reading import ARRIVED, raw_file
from wire.errors import NotAStory
from wire.normalise.gazetteer import Place
from wire.normalise.headline import first_words
from wire.normalise.normaliser import StoryNormaliser
from wire.normalise.places import named_places
from wire.normalise.wording import wording_of
from wire.story import OPEN_ENDED, Concept, Draft, Link, Location, Picture, PubStatus, Source, Story

RAW = raw_file("x")


def normalised(source: Source = RAW.source, **fields: object) -> Story:
    draft = Draft(format="text", **{"headline": "A headline", **fields})  # type: ignore[arg-type]
    return StoryNormaliser()(draft, replace(RAW, source=source))


def test_every_text_is_one_clean_line() -> None:
    found = normalised(headline=" A\n\x93head\x94  line ", keywords=("a ", "", "a"), byline="\x00 ")
    assert (found.headline, found.keywords, found.byline) == ("A “head” line", ("a",), None)


@pytest.mark.parametrize(
    ("stated", "language", "named"),
    [
        (Concept(qcode="iso3166-1a3:BEL"), "es-ES", Concept(name="Bélgica", qcode="iso3166-1a2:BE")),
        (Concept(qcode="iso3166-1a2:ch"), "en", Concept(name="Switzerland", qcode="iso3166-1a2:CH")),
        (Concept(name="Norge", qcode="iso3166-1a3:NOR"), "nb", Concept(name="Norge", qcode="iso3166-1a2:NO")),
        (Concept(qcode="iso3166-1a3:XYZ"), "en", Concept(qcode="iso3166-1a3:XYZ")),
        (Concept(qcode="x:BEL"), "en", Concept(qcode="x:BEL")),
    ],
)
def test_a_country_has_its_code_in_two_letters_and_its_name(
    stated: Concept, language: str, named: Concept
) -> None:
    assert normalised(places=(stated,), language=language).places == (named,)


@pytest.mark.parametrize(
    ("stated", "code"), [("SWE", "SE"), ("SE", "SE"), ("Sverige", "Sverige"), ("UAE", "UAE")]
)
def test_the_country_where_it_was_written_has_a_code_in_two_letters(stated: str, code: str) -> None:
    found = normalised(located=Location(name="Stockholm", country=stated))
    assert found.located == Location(name="Stockholm", country=code)


def test_the_country_where_it_was_written_may_stand_in_the_places_own_code() -> None:
    found = normalised(located=Location(name="Beijing", qcode="iso3166-1a3:CHN"))
    assert found.located == Location(name="Beijing", country="CN", qcode="iso3166-1a3:CHN")


def test_a_headline_without_end_is_cut_between_words_and_said() -> None:
    found = normalised(headline="Long " * 1000)
    assert found.headline == "Long " * 199 + "Long…"
    assert "headline of 4999 characters cut short" in found.origin.warnings
    kept = "Long " * 199 + "Longs"
    assert normalised(headline=kept).headline == kept


def test_creators_are_names_without_the_word_of_a_byline() -> None:
    assert normalised(creators=("By ANN EXAMPLE", "Bye Sample", "Bo By ")).creators == (
        *("ANN EXAMPLE", "Bye Sample", "Bo By"),
    )


def test_a_heading_that_opens_the_body_and_repeats_the_headline_goes() -> None:
    body = "<p>PORT (AP) — It opened.</p>"
    found = normalised(headline="Port &  lock open", body_html=f"<h2>Port &amp; Lock open</h2>\n{body}")
    assert found.body_html == body
    assert normalised(headline="Port", body_html=f"<h2>Lock</h2>{body}").body_html == f"<h2>Lock</h2>{body}"
    assert normalised(headline="Port", body_html="<h2>Port</h2>").body_html == "<h2>Port</h2>"


def test_a_heading_of_which_the_headline_is_made_goes() -> None:
    found = normalised(headline=None, body_html="<h2>Port opens</h2><p>It opened on Monday.</p>")
    assert (found.headline, found.body_html) == ("Port opens", "<p>It opened on Monday.</p>")


def test_a_made_headline_leaves_out_the_dateline() -> None:
    made = normalised(headline=None, dateline="PORT (AP)", body_html="<p>PORT (AP) — It opened.</p>")
    assert made.headline == "It opened."


@pytest.mark.parametrize(
    "printed", ["By Jane Example", "BY JANE EXAMPLE.", "Jane  Example", "by: Jane Example"]
)
def test_a_byline_that_is_stated_is_not_printed_again(printed: str) -> None:
    body = "<p>PORT (AP) — It opened.</p>"
    found = normalised(byline="By Jane Example", body_html=f"<p>{printed}</p>\n{body}")
    assert (found.byline, found.body_html) == ("By Jane Example", body)


@pytest.mark.parametrize("body", ["<p>By Jane Example</p>", "<p>By Jo Sample</p><p>It opened.</p>"])
def test_what_a_body_alone_says_stays_in_it(body: str) -> None:
    assert normalised(byline="By Jane Example", body_html=body).body_html == body


def test_values_that_name_nothing_are_gone() -> None:
    found = normalised(
        people=(Concept(name=" "), Concept(name="x ")),
        located=Location(name="\x00"),
        pictures=(Picture(caption=""),),
    )
    assert (found.people, found.located, found.pictures) == ((Concept(name="x"),), None, ())


@pytest.mark.parametrize("word", ["None", "nil.", "–"])
def test_a_word_for_none_states_no_rights(word: str) -> None:
    found = normalised(usage_terms=word, copyright_notice=word)
    assert (found.usage_terms, found.copyright_notice) == (None, None)


def test_a_time_without_zone_is_in_its_sources() -> None:
    berlin = Source(id="b", timezone="Europe/Berlin")
    found = normalised(berlin, first_created=datetime(2026, 1, 2, 3, 4), embargoed=datetime(2026, 7, 1))
    assert found.first_created is not None
    assert found.first_created.isoformat() == "2026-01-02T03:04:00+01:00"
    assert found.embargoed is not None
    assert found.embargoed.isoformat() == "2026-07-01T00:00:00+02:00"


@pytest.mark.parametrize("moment", [ARRIVED + timedelta(days=3), datetime(1492, 1, 1, tzinfo=UTC)])
def test_a_time_that_cannot_be_true_is_dropped_and_said(moment: datetime) -> None:
    found = normalised(version_created=moment)
    assert found.version_created is None
    assert any("version_created cannot be true" in warning for warning in found.origin.warnings)


def test_an_embargo_that_cannot_be_true_holds_without_an_end() -> None:
    assert normalised(embargoed=datetime(9999, 12, 30, tzinfo=UTC)).embargoed == OPEN_ENDED


@pytest.mark.parametrize(
    ("stated", "tag"),
    [("EN_us", "en-US"), ("zh-hans", "zh-Hans"), ("German", "de"), ("no", "nb"), ("pt-br", "pt-BR")],
)
def test_a_stated_language_is_brought_to_its_usual_spelling(stated: str, tag: str) -> None:
    assert normalised(language=stated).language == tag


def test_the_source_says_the_language_where_the_document_does_not() -> None:
    assert normalised(Source(id="s", language="fi")).language == "fi"


def test_the_language_is_guessed_from_more_than_the_first_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    names = "Alabama Arizona California Colorado Florida Georgia Idaho Kansas Nevada Ohio Oregon Texas Utah."
    german = "Der Stadtrat hat am Montag beschlossen, die Brücke vor dem Winter zu erneuern. " * 5
    assert normalised(headline=names, body_html=f"<p>{german}</p>").language == "de"
    assert caplog.messages == []


_PLAIN_ENGLISH = """
import sys
from wire.normalise.language import guess_language
from wire.story import Draft
body = "<p>The council said that it had approved the plan, which was to be put before voters by March.</p>"
print(guess_language(Draft(format="text", body_html=body)), "fasttext" in sys.modules)
"""


def test_plain_english_is_known_without_the_model() -> None:
    command = [sys.executable, "-c", _PLAIN_ENGLISH]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "en False\n"


def test_an_english_title_makes_no_german_story_english() -> None:
    film = "<p>Im Kino: „The Man Who Fell From the Sky“; „Death of the Harbour“, beide bis Montag.</p>"
    assert normalised(body_html=film).language == "de"


def test_a_guessed_language_is_said_and_an_unsure_one_left_out() -> None:
    german = normalised(body_html="<p>Die Brücke über den Hafen ist am Montag eröffnet worden.</p>")
    assert german.language == "de"
    assert "language guessed: de" in german.origin.warnings
    assert normalised(headline="12 : 3").language is None


def test_the_provider_comes_from_the_source_unless_stated() -> None:
    agency = Source(id="s", provider="Example Agency")
    assert normalised(agency).provider == "Example Agency"
    assert normalised(agency, provider="Other").provider == "Other"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Officials met in Jordan on Tuesday.", ["JO"]),
        ("Michael Jordan met Georgia Smith and Chad Jones.", []),
        ("The Iraqi and Jordanian governments", []),
        ("Iraq’s army and U.S.-led forces", ["IQ", "US"]),
        ("New Mexico and New England", []),
        ("South Sudan, not Sudan", ["SS", "SD"]),
        ("the Democratic Republic of Congo", ["CD"]),
        ("Congo and the Democratic Republic of Congo, Mexico City before Mexico", ["CD", "CD", "MX", "MX"]),
        ("The Hague, not the Hague", ["NL"]),
        ("speaking to France 24 in Paris", ["FR"]),
        ("Papua New Guinea", ["PG"]),
        ("tell us more", []),
        ("Turkey is roasted for three hours", []),
        ("Talks in Ankara: Turkey hopes for more", ["TR", "TR"]),
        ("Voters in Georgia went to the polls after Atlanta closed early", ["US"]),
        ("Protests in Georgia went on as Tbilisi woke", ["GE", "GE"]),
        ("A fire in Lebanon, Pa., and one in Paris, Texas", []),
        ("The harbour of Athens, Georgia", []),
    ],
)
def test_places_are_named_conservatively(text: str, codes: list[str]) -> None:
    assert [place.country for place in places_in(text, "en")] == codes


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("de", "Russlands Präsident und die Vereinigten Staaten", ["RU", "US"]),
        ("de", "Auf Island und in Köln", ["IS", "DE"]),
        ("fr", "Les États-Unis et l’Allemagne, à Genève", ["US", "DE", "CH"]),
        ("fr", "Maurice et Dominique arrivent", []),
        ("es", "Estados Unidos, Alemania y Pekín", ["US", "DE", "CN"]),
        ("es", "La Alhambra de Granada", []),
        ("pt", "Moscovo e Genebra, na Suíça", ["RU", "CH", "CH"]),
        ("it", "La Germania e gli Stati Uniti a Ginevra", ["DE", "US", "CH"]),
        ("nl", "Duitsland en het Verenigd Koninkrijk in Keulen", ["DE", "GB", "DE"]),
        ("sv", "Sveriges grannar Norge och Danmark", ["SE", "NO", "DK"]),
        ("da", "Tyskland og Sverige", ["DE", "SE"]),
        ("nb", "Tyskland og Sverige i Brussel", ["DE", "SE", "BE"]),
        ("fi", "Saksa ja Ruotsi", ["DE", "SE"]),
        ("zh", "德国和南苏丹", ["DE", "SS"]),
        ("xx", "Germany and France", ["DE", "FR"]),
    ],
)
def test_each_language_spells_the_world_in_its_own_way(language: str, text: str, codes: list[str]) -> None:
    assert [place.country for place in places_in(text, language)] == codes


def places_in(text: str, language: str) -> list[Place]:
    return list(named_places(wording_of(Draft(format="text", headline=text), language)))


def test_stated_places_stay_alone() -> None:
    stated = (Concept(name="Norge", qcode="iso3166-1a2:NO"),)
    assert normalised(places=stated, body_html="<p>Syria</p>").places == stated


def test_a_dateline_says_where_the_story_was_written() -> None:
    found = normalised(dateline="KYIV, Ukraine (AP)")
    assert found.located == Location(name="Kyiv", country="UA", guessed=True)
    assert Concept(name="Ukraine", qcode="iso3166-1a2:UA", guessed=True) in found.places


@pytest.mark.parametrize(
    ("dateline", "located"),
    [
        ("CHATHAM-ON-SEA, Mass. (AP)", Location(name="Chatham-On-Sea", guessed=True)),
        ("Waghausen (dpa)", Location(name="Waghausen", guessed=True)),
        ("HARBOUR TOWN, Kenya, May 5 (Reuters)", Location(name="Harbour Town", country="KE", guessed=True)),
        ("(ANSA) - ROME, MAY 5", Location(name="Rome", country="IT", guessed=True)),
        ("Harbour Town", None),  # whatever it is, no agency says so
        ("5 May (Reuters)", None),
    ],
)
def test_a_dateline_of_an_agency_names_its_town_whether_or_not_we_know_it(
    dateline: str, located: Location | None
) -> None:
    assert normalised(dateline=dateline).located == located


def test_a_dateline_that_contradicts_itself_says_nothing() -> None:
    assert normalised(dateline="PARIS, United States (X)").located is None


def test_a_missing_headline_is_made_of_the_first_words_and_said() -> None:
    found = normalised(headline=None, body_html="<p>Short copy.</p>")
    assert found.headline == "Short copy."
    assert "headline made from the first words of the text" in found.origin.warnings
    assert first_words(f"{'One ' * 20}sentence. Another one.") == f"{'One ' * 20}sentence…"


@settings(deadline=None)
@given(st.text(alphabet="ab \u0301\u200d👩🏽🇫🇷한中", min_size=1, max_size=200))
def test_a_made_headline_is_short_and_never_begins_its_cut_inside_a_character(text: str) -> None:
    words = first_words(text)
    assert len(words) <= 91
    assert not words.endswith("\u200d…")


def test_a_draft_without_any_words_is_no_story_unless_it_takes_one_back() -> None:
    with pytest.raises(NotAStory):
        normalised(headline=None)
    assert normalised(headline=None, guid="g", pub_status=PubStatus.CANCELED).guid == "g"


def test_pictures_are_named_by_absolute_harmless_addresses() -> None:
    pictures = (Picture(href="/a.jpg"), Picture(href="javascript:x"), Picture(href="data:x", caption="c"))
    found = normalised(pictures=pictures, base_url="https://example.org/x")
    assert found.pictures == (Picture(href="https://example.org/a.jpg"), Picture(caption="c"))


def test_links_are_named_by_absolute_harmless_addresses() -> None:
    links = (Link(href="/a"), Link(href="javascript:x"), Link(href="data:x", residref="urn:x"))
    found = normalised(links=links, base_url="https://example.org/x")
    assert found.links == (Link(href="https://example.org/a"), Link(residref="urn:x"))


def test_warnings_keep_their_order_without_repetitions() -> None:
    assert normalised(language="en", warnings=("b", "a", "b")).origin.warnings == ("b", "a")


def test_a_step_of_ones_own_may_join() -> None:
    normaliser = StoryNormaliser(steps=(lambda draft, raw: replace(draft, urgency=1),))
    assert normaliser(Draft(format="text", headline="x"), RAW).urgency == 1
